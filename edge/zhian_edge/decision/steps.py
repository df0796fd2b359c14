"""Who went over which border a moment ago: the same way twice, and not back in between, cannot be one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from zhian_wire.evidence import Direction

from .claims import PATIENCE_MS

#: Nobody is in, out and in again so soon; nor out, in and out.
IMPOSSIBLE_MS: Final = 60_000
#: Passages are told in any order, and late.
_KEPT_MS: Final = 2 * IMPOSSIBLE_MS


@dataclass(frozen=True, kw_only=True)
class Step:
    """A passage over the border of a lane.

    Attributes:
        zone: where the lane leads; "": nowhere that has a name, so the lane is a place of its own.
        shown: when a card of theirs was read first and last; None: none was.
        seen: a camera saw them go over the line.
        far: the card was read by readers that see further than their own lane.
        stuck: the barrier did not open for it, as far as is known.
    """

    lane: str
    zone: str
    direction: Direction
    at_ms: int
    shown: tuple[int, int] | None = None
    seen: bool = True
    far: bool = False
    stuck: bool = False

    @property
    def place(self) -> str:
        """Between where and outside of it they went."""
        return self.zone or f"lane {self.lane}"

    def same_way(self, other: Step) -> bool:
        """Whether both lead over the same border in the same direction."""
        return self.place == other.place and self.direction == other.direction


class Again(NamedTuple):
    """The nearest step the same way; `explained`: both may be one person's, or it was raised already."""

    step: Step
    explained: bool


class Steps:
    """Of all lanes of a node, for a minute."""

    def __init__(self) -> None:
        self._by_person: dict[str, list[Step]] = {}
        self._nameless: list[Step] = []
        self._raised: dict[str, int] = {}

    def took(self, person_id: str | None, step: Step, now_ms: int) -> Again | None:
        """Somebody went; None: nobody of that name went the same way within a minute."""
        self._forget(now_ms)
        if person_id is None:
            self._nameless.append(step)
            return None
        mine = self._by_person.setdefault(person_id, [])
        near = [each for each in mine if each.same_way(step) and abs(each.at_ms - step.at_ms) <= IMPOSSIBLE_MS]
        nearest = min(near, key=lambda each: abs(each.at_ms - step.at_ms), default=None)
        explained = nearest is not None and self._explained(person_id, mine, *_in_order(nearest, step))
        mine.append(step)
        return None if nearest is None else Again(nearest, explained)

    def raised(self, person_id: str, now_ms: int) -> None:
        """That this person's card was at two places is told: what was read until now belongs to that."""
        self._raised[person_id] = now_ms

    def _explained(self, person_id: str, mine: Sequence[Step], first: Step, last: Step) -> bool:
        if first.stuck or last.stuck or _one_wish(first, last) or self._went_back(mine, first, last):
            return True
        raised_ms = self._raised.get(person_id)
        return raised_ms is not None and max(_begun(first), _begun(last)) <= raised_ms

    def _went_back(self, mine: Sequence[Step], first: Step, last: Step) -> bool:
        """Whether they, or somebody without a name who may have been them, went the other way in between.

        Who goes back shows no card to a free way out, and no face to a camera behind them.
        """
        theirs = [each for each in mine if each.place == last.place or not last.zone]
        others = [each for each in self._nameless if each.lane in (first.lane, last.lane)]
        return any(
            each.direction != last.direction and first.at_ms <= each.at_ms <= last.at_ms for each in (*theirs, *others)
        )

    def _forget(self, now_ms: int) -> None:
        since_ms = now_ms - _KEPT_MS
        self._nameless = [each for each in self._nameless if each.at_ms > since_ms]
        self._raised = {person: at_ms for person, at_ms in self._raised.items() if at_ms > since_ms}
        recent = {p: [each for each in steps if each.at_ms > since_ms] for p, steps in self._by_person.items()}
        self._by_person = {person: steps for person, steps in recent.items() if steps}


def _in_order(one: Step, other: Step) -> tuple[Step, Step]:
    return (one, other) if one.at_ms <= other.at_ms else (other, one)


def _begun(step: Step) -> int:
    return step.at_ms if step.shown is None else step.shown[0]


def _one_wish(first: Step, last: Step) -> bool:
    """Whether a card was shown twice for one going, where no camera saw two: the first time nobody heard it, or
    a reader that sees far read it at the next lane too."""
    if (first.seen and last.seen) or first.shown is None or last.shown is None:
        return False
    here = first.lane == last.lane or (first.far and last.far)
    return here and last.shown[0] - first.shown[1] <= PATIENCE_MS
