"""The life of a visit as a state machine (pure): what may follow what, and what stands against letting somebody in."""

from __future__ import annotations

from typing import Final, Literal

from ..errors import Conflict

#: invited: a link was given out; announced: name and telephone are known; inside: has a pass for the day.
State = Literal["invited", "announced", "inside", "left", "refused", "cancelled", "missed"]
Step = Literal["announce", "admit", "take_back", "leave", "refuse", "cancel", "miss"]
#: What screening came to: not asked yet, nothing found, something found, or nobody could be asked.
Verdict = Literal["none", "clear", "hit", "unscreened"]

_NEXT: Final[dict[Step, tuple[frozenset[State], State]]] = {
    # Once more by who made a slip; at the window by the guard.
    "announce": (frozenset({"invited", "announced"}), "announced"),
    "admit": (frozenset({"announced"}), "inside"),
    # Let in by a slip.
    "take_back": (frozenset({"inside"}), "announced"),
    "leave": (frozenset({"inside"}), "left"),
    "refuse": (frozenset({"invited", "announced"}), "refused"),
    "cancel": (frozenset({"invited", "announced"}), "cancelled"),
    "miss": (frozenset({"invited", "announced"}), "missed"),
}
#: Still to come.
EXPECTED: Final[frozenset[State]] = frozenset({"invited", "announced"})
#: Nothing follows any more.
OVER: Final[frozenset[State]] = frozenset({"left", "refused", "cancelled", "missed"})


def advance(state: State, step: Step) -> State:
    """The state after a step.

    Raises:
        Conflict: the step does not follow from there.
    """
    sources, target = _NEXT[step]
    if state not in sources:
        raise Conflict(f"a visit that is {state} cannot {step}")
    return target


def objection(verdict: Verdict, decided: bool) -> str:
    """What stands against letting somebody in; "": nothing. Nobody goes in unscreened but by a person's decision."""
    if verdict == "clear" or (decided and verdict != "none"):
        return ""
    return {
        "none": "not screened yet",
        "hit": "on a list: a person decides, with a reason",
        "unscreened": "could not be screened: a person decides, with a reason",
    }[verdict]
