"""The configuration of the visitors' desk: where visitors may go, for how long, and who else screens them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec

from .config_base import Name, Seconds, Section, Shown
from .config_notices import Url, secret_of

Minutes = Annotated[int, msgspec.Meta(ge=1, le=1440)]
Few = Annotated[int, msgspec.Meta(ge=1, le=90)]


class Area(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a visitor may go, and when.

    Attributes:
        name: what people call it.
        group: the visitors' group in the roster: lanes that name groups (`[[lanes]] groups`) let it through or not.
        schedule: of the nodes; "": the group's own.
    """

    id: Name
    name: Shown
    group: Name = "visitor"
    schedule: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Screening(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service that keeps a list, beside the site's own.

    Attributes:
        name: what guards read of it.
        url: asked by POST, one visitor at a time; docs/integrate.md says what it gets and answers.
        secret_file: its bearer token (relative to the configuration); `secret_env`: or the variable that holds it.
        timeout_s: an answer that takes longer is none, and a person decides.
        ca_file: trust these authorities instead of the usual ones.
    """

    name: Shown
    url: Url
    secret_file: str = ""
    secret_env: str = ""
    timeout_s: Seconds = 5.0
    ca_file: str = ""

    def secret(self) -> str:
        """The token, read when it is needed; OSError."""
        return secret_of(self.secret_file, self.secret_env)


class Visitors(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The visitors' desk.

    Attributes:
        areas: the first one is offered first.
        usual_minutes: how long a visit lasts if nobody says.
        longest_minutes: and at most.
        overdue_minutes: who is inside so long after the end is an alert.
        ahead_days: so far ahead somebody may be invited.
        screening: services that are asked beside the site's own list.
    """

    areas: Annotated[tuple[Area, ...], msgspec.Meta(min_length=1)] = (Area(id="visitor", name="访客区"),)
    usual_minutes: Minutes = 120
    longest_minutes: Minutes = 720
    overdue_minutes: Minutes = 15
    ahead_days: Few = 30
    screening: tuple[Screening, ...] = ()

    @property
    def grace(self) -> timedelta:
        """How long after its end a visit is overdue."""
        return timedelta(minutes=self.overdue_minutes)

    @property
    def services(self) -> tuple[str, ...]:
        """The names of those who are asked beside the site's own list."""
        return tuple(one.name for one in self.screening)

    def area(self, wanted: str) -> Area | None:
        """The area of that id."""
        return next((one for one in self.areas if one.id == wanted), None)
