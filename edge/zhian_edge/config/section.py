"""What every section of a configuration is made of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from zhian_wire.events import PLAIN_NAME

#: What can stand in an id and in a topic.
Name = Annotated[str, msgspec.Meta(pattern=PLAIN_NAME)]
#: Share of a picture's width or height.
Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A misspelt key is an error, never a silent default."""
