"""What every section of the gateway's configuration is made of."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from zhian_wire.events import PLAIN_NAME

Name = Annotated[str, msgspec.Meta(pattern=PLAIN_NAME)]
Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Shown = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]
#: `22:00-06:00`, on the site's wall.
SPAN: Final = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
Span = Annotated[str, msgspec.Meta(pattern=SPAN)]
#: Where somebody is told: `scheme://...`.
ADDRESS: Final = r"^[a-z0-9+]+://.+"
Address = Annotated[str, msgspec.Meta(pattern=ADDRESS, max_length=1000)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A misspelt key is an error, never a silent default."""
