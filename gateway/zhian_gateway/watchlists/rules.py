"""The life of an entry, and who may move it: whoever proposes never approves.

proposed ──▶ active ──▶ withdrawn | expired
    └──────▶ refused | lapsed

Only an active one is looked for. `expired`: its ground ended; `lapsed`: nobody approved it in time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from ..errors import Conflict, NotAllowed

State = Literal["proposed", "active", "refused", "withdrawn", "expired", "lapsed"]
Decision = Literal["approved", "refused"]

OVER: Final[frozenset[State]] = frozenset({"refused", "withdrawn", "expired", "lapsed"})
#: A proposal that nobody approved by then is over, and its photographs are deleted.
WAITS: Final = timedelta(days=14)
#: The group of who is on a list: no lane names it, and names of it ask for more likeness.
GROUP: Final = "watch"
#: Photographs of one entry.
MOST_PICTURES: Final = 10


def check_decider(state: str, proposed_by: str, who: str) -> None:
    """Whether `who` may approve or refuse.

    Raises:
        Conflict: it is decided already.
        NotAllowed: it is their own proposal.
    """
    if state != "proposed":
        raise Conflict(f"the entry is {state}, not proposed")
    if who == proposed_by:
        raise NotAllowed("somebody else has to decide what you proposed")


def check_proposer(state: str, proposed_by: str, who: str) -> None:
    """Whether `who` may still change the proposal: what somebody approved is what they saw.

    Raises:
        Conflict: it is decided already.
        NotAllowed: somebody else proposed it.
    """
    if state != "proposed":
        raise Conflict(f"the entry is {state}, not proposed")
    if who != proposed_by:
        raise NotAllowed("only who proposed an entry adds to it")


def ended(state: str, until: str, proposed_at: str, waited_since: str, now: str) -> State | None:
    """What becomes of an entry by itself; all but `state` are moments, `waited_since` is `WAITS` ago. None: nothing."""
    if state == "active" and until <= now:
        return "expired"
    if state == "proposed" and (until <= now or proposed_at <= waited_since):
        return "lapsed"
    return None
