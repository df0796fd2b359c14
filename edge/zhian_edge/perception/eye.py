"""One camera: motion, detections in time, subjects of every sense, who belongs together, who crossed the line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from zhian_wire import reasons

from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Camera
from zhian_edge.signals import Signal

from .awaited import Awaited
from .belong import join
from .dossier import Dossier, Judgement
from .follower import Follower, Sighting
from .lines import Tripwire, foothold, within
from .meter import Meter
from .motion import LUMA_WIDTH, MotionGate
from .observe import Keep, crossing, in_view, observation, seen_ms
from .sense import Sense
from .types import Box, Detection
from .vehicles import Vehicles

AnyDossier = Dossier[Any]

JUMP_MS = 600
"""Whoever is named again so soon after a cut as before it has stayed."""

LEAST_SIDE = 4.0
"""Pixels of a detection inside the frame."""


class Eye:
    """Everything that happens between a camera's frames and its signals.

    Attributes:
        looked: senses used on the last frame.
        urgent: somebody is about to cross the line; any thread may ask.
        busy: something moved up to the last frame, or a card waits for somebody in view; any thread may ask. Who stands
            still is no reason to stay awake.
    """

    def __init__(
        self,
        camera: Camera,
        senses: Sequence[Sense[Any]],
        ids: Iterable[int],
        *,
        rate: float,
        keep: Keep,
        meter: Meter,
    ) -> None:
        self._camera = camera
        self._gate = MotionGate()
        self._followers: list[Follower[Any]] = [Follower(sense, ids, rate, meter) for sense in senses]
        self._keep = keep
        self._meter = meter
        self._wire: Tripwire | None = None
        self._waiting: list[AnyDossier] = []
        self._ending: list[AnyDossier] = []
        self._before_cut: dict[str | None, int] = {}
        self._shown: dict[int, AnyDossier] = {}
        self._vehicles = Vehicles()
        self._awaited = Awaited()
        self.looked: tuple[str, ...] = ()
        self.busy = True
        self.urgent = False
        self._pressure = 1.0

    def step(self, frame: Frame, now_ms: int, looks: Collection[str] | None = None) -> list[Signal]:
        """The signals that `frame` gives rise to; `looks` names the senses that look, instead of the schedule."""
        with self._meter.stage("motion"):
            change = self._gate.step(frame.luma(LUMA_WIDTH), now_ms)
        signals: list[Signal] = []
        if change.cut:
            self._meter.count("cuts")
            signals += self.flush()
            self._before_cut = {d.judgement.person_id: d.last_ms for d in self._ending if d.judgement is not None}
        looked: list[str] = []
        self._hasten(now_ms)
        for follower in self._followers:
            due = not change.unsure and follower.due(now_ms, change.moved)
            if due if looks is None else follower.sense.kind in looks:
                looked.append(follower.sense.kind)
                sightings = follower.step(frame, self._found(follower, frame, now_ms), now_ms, change)
                join([f.active for f in self._followers])
                signals += self._told(follower, sightings, frame, now_ms)
        self.looked = tuple(looked)
        self.busy = change.moved or self._holds_up
        self._hurry(frame)
        if looked:
            self._gate.looked()
        signals += self._finished([d for f in self._followers for d in f.expired(now_ms)])
        return signals + self._vanished()

    def flush(self) -> list[Signal]:
        """The source ended or was cut: everything is finished."""
        if self._wire is not None:
            self._wire.clear()
        signals = self._finished([dossier for follower in self._followers for dossier in follower.cut()])
        self._vehicles.forget()
        return signals + self._vanished()

    def again(self, kind: str, awaited: Mapping[str, int]) -> list[Signal]:
        """Judge all subjects of a kind anew, since they are to be compared with somebody else.

        `awaited`: whose card waits for their face, and when it was read: who is known as them already is told once
        more with the first look since then.
        """
        self._awaited.use(awaited)
        signals: list[Signal] = []
        for follower in self._followers:
            for dossier in follower.open if follower.sense.kind == kind else ():
                dossier.judgement = follower.sense.judge(dossier) or dossier.judgement
                signals += self._news(dossier)
        self.busy = self.busy or self._holds_up
        return signals

    def _hasten(self, now_ms: int) -> None:
        """Whoever is known, and whose card was just read, is looked at in the next frame, though nothing moves."""
        if self._awaited.asks(self._known, now_ms):
            for follower in self._followers:
                if any(self._awaited.since(dossier) is not None for dossier in follower.active):
                    follower.schedule.restart()

    @property
    def _holds_up(self) -> bool:
        """Whether a card waits until somebody in view was looked at once more."""
        return any(self._awaited.since(dossier) is not None for dossier in self._known)

    @property
    def _known(self) -> Sequence[AnyDossier]:
        return [dossier for follower in self._followers for dossier in follower.active]

    def press(self, pressure: float) -> None:
        """Look less often by this factor (1: as configured)."""
        self._pressure = pressure
        self._schedule_pressure()

    def _hurry(self, frame: Frame) -> None:
        """Whoever is about to cross the line is looked at as often as ever, whatever the node has to do."""
        subjects = [d for f in self._followers for d in f.active] if self._wire is not None else []
        before, self.urgent = self.urgent, any(self._is_near(d, frame) for d in subjects)
        if before != self.urgent:
            self._schedule_pressure()

    def _is_near(self, dossier: AnyDossier, frame: Frame) -> bool:
        place = foothold(dossier.kind, dossier.box, frame.width, frame.height)
        return self._wire is not None and self._wire.is_near(place)

    def _schedule_pressure(self) -> None:
        for follower in self._followers:
            follower.schedule.pressure = 1.0 if self.urgent else self._pressure

    def _found(self, follower: Follower[Any], frame: Frame, now_ms: int) -> Sequence[Detection]:
        with self._meter.stage(f"{follower.sense.kind}_detect"):
            found = follower.find(frame, now_ms)
        found = [detection for detection in found if _is_whole(detection.box, frame)]
        zone = self._camera.zone
        if zone is None:
            return found
        return [d for d in found if within(zone, foothold(d.kind, d.box, frame.width, frame.height))]

    def _told(
        self, follower: Follower[Any], sightings: Sequence[Sighting[Any]], frame: Frame, now_ms: int
    ) -> list[Signal]:
        signals: list[Signal] = []
        for sighting in sightings:
            dossier = sighting.dossier
            if sighting.learnt:
                dossier.judgement = follower.sense.judge(dossier)
            signals += self._in_view(dossier)
            signals += self._crossed(dossier, frame, now_ms)
            signals += self._news(dossier)
        return signals

    def _news(self, dossier: AnyDossier) -> list[Signal]:
        """What is new about it, or what a card that waits must hear once more."""
        if dossier.judgement is None or not (_is_news(dossier, dossier.judgement) or self._awaited.seen(dossier)):
            return []
        return self._said(dossier, dossier.judgement, final=False)

    def _in_view(self, dossier: AnyDossier) -> list[Signal]:
        """Before a line it is told at once that somebody is there: who they are, and what they do, takes longer."""
        known = dossier.kind != "body" or dossier.judgement is None or dossier.crossed or dossier.track in self._shown
        if known or self._camera.line is None:
            return []
        self._shown[dossier.track] = dossier
        return [in_view(dossier)]

    def _vanished(self) -> list[Signal]:
        """Of whom it was told that they are there, and nothing will be said: shadows, and second numbers of others."""
        alive = {dossier.track for dossier in self._unsaid}
        gone = [dossier for track, dossier in self._shown.items() if track not in alive]
        self._shown = {track: dossier for track, dossier in self._shown.items() if track in alive}
        return [in_view(dossier, over=True) for dossier in gone]

    @property
    def _unsaid(self) -> Sequence[AnyDossier]:
        """Whoever has not had their last word."""
        return (*self._waiting, *(dossier for follower in self._followers for dossier in follower.open))

    def _crossed(self, dossier: AnyDossier, frame: Frame, now_ms: int) -> list[Signal]:
        if self._camera.line is None:
            return []
        if self._wire is None:
            self._wire = Tripwire(self._camera.line, frame.width / frame.height)
        place = foothold(dossier.kind, dossier.box, frame.width, frame.height)
        way = self._wire.step(dossier.track, place)
        if way is None:
            return []
        dossier.crossed = True
        return [crossing(dossier, now_ms, frame.media_time_s, way)]

    def _finished(self, dossiers: Sequence[AnyDossier]) -> list[Signal]:
        """Last words, bodies after the faces and plates that belong to them."""
        waiting = self._waiting + list(dossiers)
        self._ending = waiting
        alive = {d.subject for f in self._followers for d in f.open if d.kind != "body"}
        self._waiting = [d for d in waiting if d.kind == "body" and d.subject in alive]
        done = [d for d in waiting if d not in self._waiting]
        return [signal for dossier in sorted(done, key=_faces_first) for signal in self._last_word(dossier)]

    def _last_word(self, dossier: AnyDossier) -> list[Signal]:
        if self._wire is not None:
            self._wire.forget(dossier.track)
        sense = next(f.sense for f in self._followers if f.sense.kind == dossier.kind)
        dossier.judgement = sense.judge(dossier) or dossier.judgement
        if dossier.judgement is None:
            return self._dismissed(dossier, sense.dismissal(dossier))
        if dossier.kind == "plate" and self._vehicles.knows(dossier, self._everything):
            return self._dismissed(dossier, "same_vehicle")
        if dossier.kind == "plate" and dossier.judgement.plate is None:
            self._meter.count(f"plate_unread_{sense.dismissal(dossier)}")
        return self._said(dossier, dossier.judgement, final=True)

    def _dismissed(self, dossier: AnyDossier, reason: str) -> list[Signal]:
        """Nothing is said of it, but that it was there is counted."""
        self._meter.count(f"{dossier.kind}_dismissed_{reason}")
        return []

    @property
    def _everything(self) -> Sequence[AnyDossier]:
        """All subjects that have not said their last word."""
        return (*self._ending, *(dossier for follower in self._followers for dossier in follower.open))

    def _said(self, dossier: AnyDossier, judgement: Judgement[Any], *, final: bool) -> list[Signal]:
        held = self._unless_elsewhere(dossier, judgement)
        if self._told_before_cut(dossier, held):
            return self._dismissed(dossier, "told_before_cut") if final else []
        dossier.said, dossier.verdicts, dossier.told_ms = held.claim, held.verdicts, seen_ms(dossier, held.view)
        if final:
            self._shown.pop(dossier.track, None)
        synthetic, joined = self._camera.synthetic, self._is_joined(dossier)
        return [observation(dossier, held, final=final, joined=joined, synthetic=synthetic, keep=self._keep)]

    def _is_joined(self, dossier: AnyDossier) -> bool:
        """Whether it is part of a body that is known for one, so that a last word of that will come."""
        bodies = (d for d in self._everything if d.kind == "body" and d.judgement is not None)
        return dossier.kind != "body" and any(body.subject == dossier.subject for body in bodies)

    def _told_before_cut(self, dossier: AnyDossier, judgement: Judgement[Any]) -> bool:
        """Whether somebody who is known anew right after a cut was known right before it: the picture jumped, he did
        not come again. Nothing is carried over: both were named by their own looks. A card that was read since must
        hear who is there now, and whoever was told for it has a last word.
        """
        before_ms = None if judgement.person_id is None else self._before_cut.get(judgement.person_id)
        if before_ms is None or dossier.first_ms - before_ms > JUMP_MS or dossier.said == judgement.claim:
            return False
        return not self._awaited.concerns(judgement, before_ms)

    def _unless_elsewhere(self, dossier: AnyDossier, judgement: Judgement[Any]) -> Judgement[Any]:
        """Nobody is in two places at once: the less alike of two simultaneous bearers of a name loses it."""
        if judgement.person_id is None:
            return judgement
        for other in self._everything:
            rival = other.judgement
            if other is dossier or rival is None or rival.person_id != judgement.person_id:
                continue
            if other.together_with(dossier) and (rival.score or 0.0) > (judgement.score or 0.0):
                self._meter.count("name_twice_at_once")
                return Judgement(
                    view=judgement.view, reason=reasons.AMBIGUOUS, score=judgement.score, key=judgement.key,
                    shots=judgement.shots, live=judgement.live, checks=judgement.checks,
                )  # fmt: skip
        return judgement


def _is_whole(box: Box, frame: Frame) -> bool:
    """Whether there is something to look at: networks also find slivers, and what is larger than it all."""
    x, y, w, h = box
    if w > frame.width or h > frame.height:
        return False
    return min(x + w, frame.width) - max(x, 0.0) >= LEAST_SIDE and min(y + h, frame.height) - max(y, 0.0) >= LEAST_SIDE


def _is_news(dossier: AnyDossier, judgement: Judgement[Any]) -> bool:
    """A certain claim that was not told yet, or one that takes back what was told; or whose face a card's claim met."""
    compared = judgement.verdicts - dossier.verdicts
    return bool(compared) or (judgement.claim != dossier.said and (judgement.certain or dossier.said is not None))


def _faces_first(dossier: AnyDossier) -> tuple[bool, int]:
    return dossier.kind == "body", dossier.track
