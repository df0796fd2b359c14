"""By which approved template a happening goes out, and which happenings have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...config_notices import Notices, Route, Sms, SmsTemplate

OTHER: Final = "other"
#: Whose templates stand in, the nearest first: an account that was set up before a happening was known has none for it,
#: and an approval takes days. Nothing flat stands in for `not_arrived_unheard`: a gate that falls silent would have
#: every family of a school told that its child is missing.
KIN: Final[Mapping[str, tuple[str, ...]]] = {
    "not_back": ("not_arrived",),
    "not_back_unheard": ("not_arrived_unheard", "not_back", "not_arrived"),
    "not_back_taken_back": ("correction",),
}


def templates(account: Sms, happening: str, language: str) -> list[SmsTemplate]:
    """Those by which a happening may go out: its own alone, or else those that stand in for it, the best first."""
    if own := _best(account, happening, language):
        return [own]
    kin = (_best(account, each, language) for each in (*KIN.get(happening, ()), OTHER))
    return [one for one in kin if one is not None]


def _best(account: Sms, happening: str, language: str) -> SmsTemplate | None:
    """In the reader's language, else in any."""
    own = [one for one in account.templates if one.happening == happening]
    return min(own, key=lambda one: one.language != language, default=None)


def without(account: Sms, settings: Notices) -> dict[str, Route]:
    """What is routed to somebody, and has no template at all of this account."""
    routes = settings.every_route().items()
    return {each: route for each, route in routes if route.to and not templates(account, each, "")}
