"""What vision tells after a card was read lets in its owner whoever else is in view, and nobody without them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from scripted import Scene, ScriptedSense, frame
from support.lanes import BOTH, Node, plan, read
from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Camera
from zhian_edge.decision.actions import Compare
from zhian_edge.perception.dossier import Dossier, Judgement
from zhian_edge.perception.eye import Eye
from zhian_edge.perception.meter import Meter
from zhian_edge.perception.pipeline import keep_nothing
from zhian_edge.signals import Check, Observation, Signal
from zhian_wire import reasons

STEP_MS = 100
OPEN, REFUSED = ("open", reasons.CONFIRMED), ("refuse", reasons.MISSING_FACTOR)
BORROWED = ("refuse", reasons.FACE_DIFFERS)


class Claimed(ScriptedSense):
    """Compares whoever is in view with those whose cards were read."""

    claimed: tuple[str, ...] = ()
    finds = 0

    def find(self, frame: Frame, where: object = None) -> list:  # type: ignore[override, type-arg]
        self.finds += 1
        return list(super().find(frame))

    def judge(self, dossier: Dossier) -> Judgement | None:  # type: ignore[type-arg]
        told = super().judge(dossier)
        if told is None:
            return None
        who = dossier.views[-1].name
        checks = tuple(_check(person, alike=person == who) for person in self.claimed)
        return Judgement(
            view=told.view, reason=told.reason, certain=told.certain, person_id=told.person_id, score=told.score,
            shots=told.shots, checks=checks,
        )  # fmt: skip


def _check(person_id: str, *, alike: bool) -> Check:
    return Check(person_id=person_id, score=0.9 if alike else 0.01, verdict="same" if alike else "other")


class Gate:
    """A lane's vision and its decision, as the two processes are: what one says the other hears after it.

    `scene`: who is where in frame n, which comes `late_ms` after it was taken; `cut`: from this one on it is another
    place.
    """

    def __init__(
        self, scene: Callable[[int], Scene], enrolled: tuple[str, ...] = (), late_ms: int = 0, cut: int = 10_000
    ) -> None:
        self._scene, self._late_ms, self._cut = scene, late_ms, cut
        self.scenes: list[Scene] = []
        self.sense = Claimed(self.scenes, enrolled=enrolled)
        camera = Camera(id="cam", source="cam.mp4")
        self.eye = Eye(camera, [self.sense], count(1), rate=10.0, keep=keep_nothing, meter=Meter())
        self.node = Node(plan(BOTH))
        self.heard: list[Observation] = []
        self.asked = 0

    def until(self, until_ms: int, *reads_ms: int) -> Gate:
        """Time goes on, and ann's card is read at these moments."""
        for moment in range(self.node.now + 1, until_ms + 1):
            if moment in reads_ms:
                self.node.at(read("A1", moment))
            if (moment - self._late_ms) % STEP_MS == 0 and moment >= self._late_ms:
                self._look((moment - self._late_ms) // STEP_MS)
            self.node.until(moment)
            self._compare()
        return self

    def _look(self, number: int) -> None:
        while len(self.scenes) <= number:
            self.scenes.append(self._scene(len(self.scenes)))
        room, who = 2 if number >= self._cut else 1, list(self.scenes[number].values())
        seen = frame(number, camera="cam", room=room, who=who, step_ms=STEP_MS)
        self._hear(self.eye.step(seen, seen.at_ms))

    def _compare(self) -> None:
        compares = [act for act in self.node.acts if isinstance(act, Compare)]
        for compare in compares[self.asked :]:
            self.asked += 1
            self.sense.claimed = compare.person_ids
            self._hear(self.eye.again("face", compare.awaited))

    def _hear(self, signals: list[Signal]) -> None:
        for signal in signals:
            if isinstance(signal, Observation):
                self.heard.append(signal)
            self.node.at(signal, self.node.now)

    def leave(self) -> None:
        """The camera ends: what is in view has its last word."""
        self._hear(self.eye.flush())

    @property
    def answers(self) -> list[tuple[str, str]]:
        return [(decision.verdict, decision.reason) for decision in self.node.decisions]

    def said_of(self, person_id: str, since_ms: int) -> list[Observation]:
        alike = [o for o in self.heard if any(c.person_id == person_id and c.verdict == "same" for c in o.checks)]
        return [o for o in alike if round(o.last_s * 1000) >= since_ms]


def crowd(*who: str, since: int = 15, until: int = 10_000) -> Callable[[int], Scene]:
    """A teacher always, the others in these frames."""
    places = {"teacher": 200.0, "ann": 60.0, "bob": 120.0}

    def scene(number: int) -> Scene:
        here = [name for name in who if name == "teacher" or since <= number < until]
        return {name: (places[name] + number % 3 * 4, 60.0, 40.0, 50.0) for name in here}

    return scene


def still(number: int) -> Scene:
    """Both came a while ago, and nobody moves any more."""
    shift = min(number, 30) % 3 * 4
    return {"teacher": (200.0 + shift, 60.0, 40.0, 50.0), "ann": (60.0 + shift, 60.0, 40.0, 50.0)}


@pytest.mark.parametrize("enrolled", [(), ("ann", "teacher")], ids=["known by the card", "known by name"])
@pytest.mark.parametrize("late_ms", [0, 350])
def test_the_first_tap_of_who_stood_there_beside_somebody_else_opens(enrolled: tuple[str, ...], late_ms: int) -> None:
    gate = Gate(crowd("teacher", "ann"), enrolled, late_ms).until(9000, 4030)
    assert gate.answers == [OPEN]


def test_a_look_from_before_the_read_that_comes_after_it_opens_nothing() -> None:
    gate = Gate(crowd("teacher", "ann", until=41), late_ms=350).until(9000, 4030)
    assert gate.answers == [REFUSED]


@pytest.mark.parametrize("heir", [(), ("bob",)], ids=["the teacher", "a child who comes"])
def test_whoever_left_their_card_with_others_and_went_confirms_nothing(heir: tuple[str, ...]) -> None:
    before, after = crowd("teacher", "ann", until=39), crowd("teacher", *heir, since=39)
    gate = Gate(lambda number: {**after(number), **before(number)}).until(9000, 4030)
    assert gate.answers == [REFUSED]


def test_what_is_known_is_told_once_more_for_each_card_and_no_oftener() -> None:
    gate = Gate(crowd("teacher", "ann")).until(20_000, 4030, 12_030)
    assert gate.answers == [OPEN, OPEN]
    assert len(gate.said_of("ann", 4030)) == 2
    assert len(gate.heard) <= 6  # what the card made news of, of both, and of ann with each card


def test_alone_a_card_opens_long_after_the_face_was_known() -> None:
    gate = Gate(crowd("ann")).until(30_000, 4030, 12_030, 22_030)
    assert gate.answers == [OPEN] * 3


def test_who_stands_still_is_looked_at_with_the_next_picture_and_the_camera_stays_awake_for_it() -> None:
    gate = Gate(still).until(9020)
    finds = gate.sense.finds
    gate.until(9040, 9030)
    assert gate.eye.busy
    gate.until(9110)
    assert gate.answers == [OPEN]
    assert gate.sense.finds - finds <= 1
    assert not gate.eye.busy


def test_a_card_for_whose_owner_nobody_is_taken_costs_no_look() -> None:
    gate = Gate(lambda number: {k: v for k, v in still(number).items() if k != "ann"}).until(9020)
    looks = gate.sense.finds
    gate.until(9110, 9030)
    assert gate.sense.finds == looks
    assert not gate.eye.busy


def in_turn(before: str, after: str, cut: int) -> Callable[[int], Scene]:
    """One stays in view up to a cut, one from there on; elsewhere in the picture, as after a jump."""
    first, second = crowd(before, until=cut), crowd(after, since=cut)
    return lambda number: {**first(number), **{who: (x + 90, y, w, h) for who, (x, y, w, h) in second(number).items()}}


@pytest.mark.parametrize("read_ms", [4430, 6030], ids=["at once", "later"])
def test_who_was_named_right_before_the_picture_jumped_opens_with_a_card_after_it(read_ms: int) -> None:
    gate = Gate(in_turn("ann", "ann", 41), ("ann",), cut=41).until(12_000, read_ms)
    assert gate.answers == [OPEN]
    assert gate.heard[-1].first_s > 4.1


def test_whom_a_jump_shows_again_is_told_for_a_card_alone_and_then_to_the_end() -> None:
    silent = Gate(in_turn("ann", "ann", 41), ("ann",), cut=41).until(9000)
    assert {o.track for o in silent.heard} == {1}
    told = Gate(in_turn("ann", "ann", 41), ("ann",), cut=41).until(9000, 6030)
    told.leave()
    assert [o.final for o in told.heard if o.track != 1][-1]


def test_nobody_inherits_over_a_cut_who_stood_there_before_it() -> None:
    gate = Gate(in_turn("ann", "bob", 41), ("ann", "bob"), cut=41).until(12_000, 6030)
    assert gate.answers == [REFUSED]
    assert not gate.said_of("ann", 4200)


def test_the_borrowed_card_of_who_was_named_right_before_a_jump_is_seen_for_one() -> None:
    gate = Gate(in_turn("bob", "bob", 41), ("ann", "bob"), cut=41).until(12_000, 6030)
    assert gate.answers == [BORROWED]
