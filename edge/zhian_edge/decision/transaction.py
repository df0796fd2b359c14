"""One transaction: all evidence of one subject's passing, in whatever order it comes, and the passage it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhian_wire import reasons
from zhian_wire.events import Passage, SubjectKind
from zhian_wire.evidence import Direction, Evidence

from zhian_edge.signals import Check, Crossing, InView, Observation

TOGETHER_MS = 3000
"""A face and its body go over a line within this time of each other."""

STAYED_S = 3.0
"""An unknown face or unread plate before a line is an event when it was in view for so long; less is passing by."""

Subject = tuple[str, int]
"""Camera and subject number."""

_Weight = tuple[bool, float, int, float]


class Transaction:
    """Gathers observations and crossings of one subject; their order does not matter.

    `carried`: who it was by an earlier passage of the same subject; `doubtful`: it may be the body of somebody who was
    told without one (`doubt.py`).
    """

    def __init__(self, subject: Subject, *, over_line: bool) -> None:
        self.subject = subject
        self.over_line = over_line
        self._said: dict[int, Observation] = {}
        self._compared: dict[tuple[int, str], tuple[_Weight, Check]] = {}
        self._unlike: set[str] = set()
        self._crossings: list[Crossing] = []
        self._told: tuple[Crossing, ...] = ()
        self._in_view: InView | None = None
        self._ended = False
        self.carried: str | None = None
        self.doubtful = False

    def add(self, signal: Observation | Crossing) -> None:
        """Take over a signal; of a track's observations the latest counts."""
        if isinstance(signal, Crossing):
            if not _joins(signal, self._told):
                self._crossings.append(signal)
            return
        self._compare(signal)
        known = self._said.get(signal.track)
        if known is None or _weight(signal) > _weight(known):
            self._said[signal.track] = signal

    def sight(self, seen: InView) -> None:
        """It is in view; what it is will be said later."""
        self._in_view = seen

    @property
    def glimpsed(self) -> bool:
        """Whether nothing is known of it but that it is, or was, in view."""
        return not (self._said or self._crossings or self._told)

    @property
    def followed(self) -> bool:
        """Whether its body is in view still, as far as is told: its last word is to come."""
        told = any(said.kind == self._in_view.kind for said in self._said.values()) if self._in_view else True
        return not (told or self._ended)

    def _compare(self, said: Observation) -> None:
        """A comparison counts until a later word is about the same person: others may be compared by the same look."""
        for check in said.checks:
            key, weight = (said.track, check.person_id), _weight(said)
            known = self._compared.get(key)
            if known is None or (weight, _telling_most(check)) > (known[0], _telling_most(known[1])):
                self._compared[key] = weight, check
            if check.verdict == "other":
                self._unlike.add(check.person_id)

    @property
    def observations(self) -> Sequence[Observation]:
        """The best of each track, those that name somebody first."""
        return sorted(self._said.values(), key=telling)

    @property
    def crossings(self) -> Sequence[Crossing]:
        """Those that no passage told yet, in their order."""
        return _in_order(self._crossings)

    @property
    def kinds(self) -> frozenset[str]:
        """The senses that took part."""
        seen = () if self._in_view is None else (self._in_view,)
        return frozenset(each.kind for each in (*self._said.values(), *self._crossings, *seen))

    @property
    def person_id(self) -> str | None:
        """Whose face it is, above the threshold for a name."""
        return next((o.person_id for o in self.observations if o.kind == "face" and o.person_id is not None), None)

    @property
    def plate(self) -> str | None:
        """What the plate reads, where it is whole."""
        return next((o.plate for o in self.observations if o.plate is not None), None)

    def same(self, person_id: str) -> bool:
        """Whether the face is named, or was confirmed 1:1, as this person's; another's name counts more."""
        if self.person_id is not None:
            return self.person_id == person_id
        return any(c.verdict == "same" for c in self._checks(person_id))

    def other(self, person_id: str) -> bool:
        """Whether the face is named as another's, or was quite unlike this person's.

        It was seen well for that, so a later look that leaves it open takes nothing back; one that confirms it does.
        """
        if self.person_id is not None:
            return self.person_id != person_id
        return person_id in self._unlike and not self.same(person_id)

    def compared(self, person_id: str) -> bool:
        """Whether the face was compared with this person's."""
        return any(True for _ in self._checks(person_id))

    def likeness(self, person_id: str) -> float:
        """How alike the face is to this person's by what was compared, 0 to 1; 0 where nothing was."""
        return max((c.score for c in self._checks(person_id)), default=0.0)

    @property
    def confirmed(self) -> float:
        """How alike the face is to whom it was confirmed 1:1 as, best; 0: as nobody."""
        return max((check.score for _, check in self._compared.values() if check.verdict == "same"), default=0.0)

    def _checks(self, person_id: str) -> list[Check]:
        return [check for (_, whose), (_, check) in self._compared.items() if whose == person_id]

    @property
    def first_seen_ms(self) -> int:
        """When it came into view, as far as is told."""
        since_ms = self.since_ms
        return self.opened_ms if since_ms is None else min(self.opened_ms, since_ms)

    @property
    def since_ms(self) -> int | None:
        """Since when it was in view; None: nobody has said so yet."""
        known: list[Observation | Crossing | InView] = [*self._said.values(), *self._crossings, *self._told]
        known += [] if self._in_view is None else [self._in_view]
        return min((_moment(each, each.first_s) for each in known if each.first_s is not None), default=None)

    @property
    def last_seen_ms(self) -> int:
        """When it was in view last, as far as is told."""
        return max([self.last_ms, *(_moment(o, o.last_s) for o in self._said.values())])

    @property
    def looked_ms(self) -> int | None:
        """When its face was in view last, as far as is told; None: no face was."""
        return max((_moment(o, o.last_s) for o in self._said.values() if o.kind == "face"), default=None)

    @property
    def named(self) -> bool:
        """Whether a person or a plate is known."""
        return any(o.person_id is not None or o.plate is not None for o in self._said.values())

    @property
    def complete(self) -> bool:
        """Whether every track that spoke has said its last word."""
        return self._ended or (bool(self._said) and all(o.final for o in self._said.values()))

    @property
    def silent(self) -> bool:
        """Whether a word will come yet: of a track that went over the line, or of the body that a face belongs to."""
        if self._ended:
            return False
        waits = any(o.joined for o in self._said.values()) and all(o.kind != "body" for o in self._said.values())
        return waits or not {c.track for c in self._crossings} <= self._said.keys()

    def end(self) -> None:
        """Nobody looks any more: nothing will come of it."""
        self._ended = True

    @property
    def goes_on(self) -> bool:
        """Whether there is more to report, or more to come."""
        return bool(self._crossings) or (bool(self._said) and not self.complete)

    @property
    def crossed_ms(self) -> int | None:
        """When the line was first crossed."""
        return min((c.at_ms for c in self._crossings), default=None)

    @property
    def last_crossing(self) -> Crossing | None:
        """When it went over the line last, whether that is told or not."""
        return max((*self._told, *self._crossings), key=lambda crossing: crossing.at_ms, default=None)

    @property
    def told_ms(self) -> int | None:
        """When the line was crossed by the passage that was told last."""
        return min((c.at_ms for c in self._told), default=None)

    @property
    def opened_ms(self) -> int:
        """The first evidence."""
        return min(self._moments())

    @property
    def last_ms(self) -> int:
        """The last evidence."""
        return max(self._moments())

    @property
    def reportable(self) -> bool:
        """Whether a passage comes of it.

        Over a line a crossing does. Whoever came up to it and did not cross is an event too, with the direction none:
        always with a name or a read plate, else a face or plate that was seen well and stayed. Bodies only count, and
        nobody is told once more who crossed before.
        """
        if self._crossings or not self.over_line:
            return bool(self._crossings or self._said)
        return not self._told and (self.named or self._stayed)

    @property
    def _stayed(self) -> bool:
        seen = [o for o in self._said.values() if o.kind != "body"]
        return any(o.last_s - o.first_s >= STAYED_S for o in seen)

    def _moments(self) -> Iterable[int]:
        said = [
            *(o.at_ms for o in self._said.values()),
            *(c.at_ms for c in (self._crossings or (() if self._said else self._told))),
        ]
        return said or ([] if self._in_view is None else [self._in_view.at_ms])

    def after_passage(self) -> Transaction:
        """What goes on when the first crossing was reported: the same subject, known as it is, may cross again."""
        rest = Transaction(self.subject, over_line=self.over_line)
        rest._said = dict(self._said)
        rest._compared, rest._unlike = dict(self._compared), set(self._unlike)
        rest._told = tuple(self.first_crossing)
        rest.carried, rest._in_view = self.carried, self._in_view
        rest._crossings = [crossing for crossing in self._crossings if crossing not in rest._told]
        return rest

    def passage(self, *, run: str, lane: str | None, partners: Sequence[Transaction] = ()) -> Passage:
        """The passage of this subject, with what `partners` (other senses of the lane) saw of it."""
        observations = sorted([o for part in (self, *partners) for o in part.observations], key=telling)
        crossings = _in_order([c for part in (self, *partners) for c in part.first_crossing])
        crossing = crossings[0] if crossings else None
        return _passage(
            observations, crossing, crossings, transaction=self._id(run), lane=lane, over_line=self.over_line
        )

    @property
    def first_crossing(self) -> Sequence[Crossing]:
        """The crossing that the next passage is about, if there is one, as each of the subject's tracks made it."""
        first: list[Crossing] = []
        for crossing in _in_order(self._crossings):
            if not first or _joins(crossing, first):
                first.append(crossing)
        return first

    def _id(self, run: str) -> str:
        camera, subject = self.subject
        return f"{run}-{camera}-{subject}-{self.opened_ms if not self._crossings else self.crossed_ms}"


def _moment(signal: Observation | Crossing | InView, media_s: float) -> int:
    """Monotonic milliseconds of a media time of the signal's source."""
    return signal.at_ms + round((media_s - signal.media_time_s) * 1000)


def _joins(crossing: Crossing, others: Sequence[Crossing]) -> bool:
    """Whether it is the crossing that other tracks of the subject made as well."""
    return (
        bool(others)
        and crossing.direction == others[0].direction
        and abs(crossing.at_ms - others[0].at_ms) <= TOGETHER_MS
        and all(crossing.track != other.track for other in others)
    )


def _telling_most(check: Check) -> tuple[bool, bool, float]:
    return check.verdict == "same", check.verdict == "other", check.score


def _weight(observation: Observation) -> _Weight:
    """The last word counts most, then the later one: it may take back an earlier name."""
    return observation.final, observation.last_s, observation.evidence.shots, observation.evidence.score or 0.0


def telling(observation: Observation) -> tuple[int, float, int, int]:
    """Who names somebody first: face, plate; then unnamed faces, plates, bodies."""
    order = {"face": 0, "plate": 1, "body": 2}[observation.kind]
    named = observation.person_id is not None or observation.plate is not None
    return order + (0 if named else 3), -(observation.evidence.score or 0.0), observation.at_ms, observation.track


def _in_order(crossings: Iterable[Crossing]) -> list[Crossing]:
    return sorted(crossings, key=lambda crossing: (crossing.at_ms, crossing.kind, crossing.track))


def _passage(
    observations: Sequence[Observation],
    crossing: Crossing | None,
    crossings: Sequence[Crossing],
    *,
    transaction: str,
    lane: str | None,
    over_line: bool,
) -> Passage:
    """`observations` are not empty unless there is a crossing."""
    head: Observation | Crossing | None = observations[0] if observations else crossing
    assert head is not None
    moment = crossing or head
    telling = observations[0] if observations else None
    plate = next((o for o in observations if o.plate is not None), None)
    person = next((o for o in observations if o.person_id is not None), None)
    return Passage(
        kind=_kind(head),
        source=head.source,
        media_time_s=moment.media_time_s,
        person_id=person.person_id if person else None,
        plate=plate.plate if plate else None,
        direction=_direction(observations, crossing, over_line=over_line),
        camera=head.camera,
        lane=lane,
        transaction=transaction,
        reason=telling.reason if telling else reasons.SEEN,
        score=telling.evidence.score if telling else None,
        margin=telling.evidence.margin if telling else None,
        plate_colour=plate.evidence.plate_colour if plate else None,
        plate_kind=plate.evidence.plate_kind if plate else None,
        body=next((o.body for o in observations if o.body is not None), None),
        first_s=min((o.first_s for o in observations), default=None),
        last_s=max((o.last_s for o in observations), default=None),
        evidence=(*(o.evidence for o in observations), *map(crossed, crossings)),
    )


def _kind(head: Observation | Crossing) -> SubjectKind:
    return head.kind


def _direction(observations: Sequence[Observation], crossing: Crossing | None, *, over_line: bool) -> Direction:
    if crossing is not None:
        return crossing.direction
    if over_line:
        return "none"
    return next((o.direction for o in observations if o.direction != "none"), "none")


def crossed(crossing: Crossing) -> Evidence:
    return Evidence(
        kind="crossing",
        device=crossing.camera,
        at_ms=crossing.at_ms,
        media_time_s=crossing.media_time_s,
        box=crossing.box,
    )
