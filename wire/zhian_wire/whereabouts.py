"""Who went where, by others than a node itself, so that gates agree on who is inside: opaque ids, today only."""

from __future__ import annotations

from typing import Final

import msgspec

#: In place of a node: a guard recorded the passage, or took it back, so that the lane's node and all who have siblings
#: are told. No node has this id.
BY_HAND: Final = "by-hand"


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where somebody went last.

    Attributes:
        person: opaque id of the roster.
        zone: as the node's configuration names it; "": out of every zone.
        node: where they passed, or `BY_HAND`.
        age_ms: how long ago, when this was answered; no clock of the asking node is needed to place it.
    """

    person: str
    zone: str
    node: str
    age_ms: int


class SitePresence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Answer to `GET /presence`, whole or what changed after the version that the node named.

    A later word on a person replaces the one before, and the same again changes nothing. A node without siblings asks
    with `by_hand=true`, and hears of what guards recorded or took back at its own lanes, and of nothing else.

    Attributes:
        store: the database whose versions these are; the node names it with `since`, and gets the whole from another.
        siblings: per other node, how many milliseconds ago it said how far it had decided, of those moments the last
            up to which everything that it decided is told here. A node that is missing was not heard of.
    """

    version: int
    store: str
    since: int = 0
    people: tuple[Whereabouts, ...] = ()
    siblings: dict[str, int] = {}
