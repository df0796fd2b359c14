"""What readers and cameras make of the crowd: signals, late, doubled, missing and wrong, as such devices are.

Nothing here knows how anything is decided. A lane has one reader about a metre before the line and one camera that
looks at those who come. The camera gives a body and a face for each, mostly as one subject; the face is named when
enough looks agree, and again when it is out of view; whoever presents a card is compared with the faces in view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal, NamedTuple

from zhian_edge.signals import CardRead, Check, Crossing, InView, Observation, Signal
from zhian_wire.evidence import Direction, Evidence

from .crowd import Crowd, Pupil, Visit
from .profile import Profile


@dataclass(frozen=True)
class Noise:
    """How good reader and camera are; seconds, metres and shares.

    Attributes:
        reader_m: how far before the line the reader is; `hand_s`: spread of when a hand reaches it.
        frame_s: time between two looks of the camera; `late_s`: until a look has become a signal.
        apart: a face that was not joined to its body; `split`: a body followed under two numbers.
        unseen: nobody was followed at all. The body network misses one look in 200 (docs/recognition.md); fifteen in a
            row are missed only where somebody else stands in front all the time.
        stranger_named: strangers who are called by somebody's name.
        late_name: faces that are named only by their last word.
        known_s: a body is followed for so long, and so many looks, before it is told that it is there
            (`perception.bodies.LEAST_MS`, `LEAST_HITS`); a face comes into view `face_later_s` after its body.
        hold_s: how long after the last look a last word comes.
    """

    reader_m: float = 0.9
    hand_s: float = 0.12
    frame_s: float = 0.2
    late_s: tuple[float, float] = (0.08, 0.30)
    apart: float = 0.04
    split: float = 0.01
    unseen: float = 0.0003
    stranger_named: float = 0.005
    late_name: float = 0.15
    known_s: float = 0.5
    face_later_s: tuple[float, float] = (0.0, 1.0)
    hold_s: tuple[float, float] = (2.0, 6.0)


class Sent(NamedTuple):
    """A signal, when it reaches the node, and the visit that it is of."""

    at_s: float
    signal: Signal
    visit: int


@dataclass
class Told:
    """What became of a visit in the signals: the truth about the evidence.

    Attributes:
        card_s: when the first card read reached the node; None: no read.
        named_s: when its face was first named (rightly); None: never.
        called: the name that was given, right or wrong.
        called_s: when a name first reached the node, right or wrong.
        cards: whose cards were read, and when the node heard of each first.
        other: a face was shown not to be the card's owner.
        speaks: a face was named, confirmed, or plainly another's: it is not only by time that one knows who it is.
        same: by person, when a face was first confirmed 1:1 as theirs.
        crossed: line crossings that the camera told.
        seen: anything of the body or face was told.
    """

    card_s: float | None = None
    named_s: float | None = None
    called: str | None = None
    called_s: float | None = None
    cards: dict[str, float] = field(default_factory=dict)
    other: bool = False
    crossed: int = 0
    seen: bool = False
    speaks: bool = False
    same: dict[str, float] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)


def sense(crowd: Crowd, profile: Profile, random: Random, noise: Noise) -> tuple[list[Sent], dict[int, Told]]:
    """All signals in the order in which they reach the node, and what they tell of each visit."""
    told = {visit.number: Told() for visit in crowd.visits}
    acts = {visit.number: _Act.of(visit, random, noise) for visit in crowd.visits}
    reads = [read for act in acts.values() for read in _reads(act, profile, random, noise)]
    sent: list[Sent] = list(reads)
    for act in acts.values():
        near = [
            read
            for read in reads
            if isinstance(read.signal, CardRead)
            and read.signal.reader == _reader(act.visit.lane)
            and act.first_s <= read.at_s <= act.last_s + 1
        ]
        sent += _seen(act, near, crowd, random, noise)
    sent.sort(key=lambda s: s.at_s)
    for one in sent:
        _note(told[one.visit], one, crowd.visits[one.visit])
    return sent, told


def piece(evidence: Evidence) -> str:
    """What makes a piece of evidence recognisable in an event."""
    box = evidence.box or (0.0, 0.0, 0.0, 0.0)
    return f"{evidence.kind}/{evidence.device}/{evidence.at_ms}/{evidence.card or ''}/{box[0]:.0f}"


@dataclass(frozen=True)
class _Act:
    """A visit in space and time: where the body is when, and the numbers of its tracks."""

    visit: Visit
    pace: float
    first_s: float
    last_s: float
    unseen: bool
    split: bool
    apart: bool

    @classmethod
    def of(cls, visit: Visit, random: Random, noise: Noise) -> _Act:
        pace = min(max(random.gauss(1.2, 0.15), 0.8), 1.8)
        stays = max((after for after, _ in visit.ways), default=random.uniform(1.5, 4.0))
        return cls(
            visit,
            pace,
            visit.at_s - random.uniform(2.2, 4.0) / pace,
            visit.at_s + stays + random.uniform(0.4, 1.0),
            unseen=random.random() < noise.unseen,
            split=random.random() < noise.split,
            apart=random.random() < noise.apart,
        )

    @property
    def body(self) -> int:
        return 10 * self.visit.number + 1

    @property
    def face(self) -> int:
        return 10 * self.visit.number + 2

    @property
    def second_body(self) -> int:
        return 10 * self.visit.number + 3


def _reader(lane: int) -> str:
    return f"reader-{lane + 1}"


def camera_of(lane: int) -> str:
    """The camera that looks at those who come through a lane."""
    return f"camera-{lane + 1}"


def _reads(act: _Act, profile: Profile, random: Random, noise: Noise) -> Iterator[Sent]:
    visit = act.visit
    at = visit.at_s - noise.reader_m / act.pace + random.gauss(0, noise.hand_s)
    for owner in visit.cards:
        missed, again = random.random() < profile.card_miss, random.random() < profile.card_double
        moments = [at] if not again else [at, *(at + random.uniform(0.1, 1.2) for _ in range(random.choice((1, 1, 2))))]
        for moment in () if missed else moments:
            read = CardRead(reader=_reader(visit.lane), at_ms=_ms(moment), card=owner.card)
            yield Sent(moment + random.uniform(0.005, 0.04), read, visit.number)
        at += random.uniform(0.4, 0.8)


@dataclass(frozen=True)
class _Track:
    """Something that the camera follows: of which visit, under which number, as which subject, from when to when."""

    act: _Act
    number: int
    kind: Literal["face", "body"]
    subject: int
    first_s: float
    last_s: float


def _seen(act: _Act, reads: list[Sent], crowd: Crowd, random: Random, noise: Noise) -> Iterator[Sent]:
    if act.unseen:
        return
    yield from _body(act, random, noise)
    if act.visit.face != "hidden":
        yield from _face(act, reads, crowd, random, noise)


def _body(act: _Act, random: Random, noise: Noise) -> Iterator[Sent]:
    whole = _Track(act, act.body, "body", act.body, act.first_s, act.last_s)
    if not act.split:
        yield from _in_view(whole, noise)
        yield from _ways(whole, random, noise)
        yield _last(whole, random, noise)
        return
    lost = act.visit.at_s - random.uniform(0.4, 1.0)
    yield from _in_view(replace(whole, last_s=lost), noise)
    yield _last(replace(whole, last_s=lost), random, noise)
    second = _Track(act, act.second_body, "body", act.second_body, lost + 0.2, act.last_s)
    yield from _in_view(second, noise)
    yield from _ways(second, random, noise)
    yield _last(second, random, noise)


def _in_view(track: _Track, noise: Noise) -> Iterator[Sent]:
    """What is told of a body as soon as it is surely one, unless it is over the line, or lost, by then."""
    random = Random(f"{track.number}/{track.first_s}")
    visit = track.act.visit
    moment = track.first_s + noise.known_s + random.uniform(0, noise.frame_s)
    if moment > track.last_s or (visit.ways and moment > visit.at_s):
        return
    camera = camera_of(visit.lane)
    seen = InView(
        camera=camera,
        source=camera,
        track=track.number,
        subject=track.subject,
        kind="body",
        at_ms=_ms(moment),
        media_time_s=round(moment, 3),
        first_s=round(track.first_s, 3),
    )
    yield Sent(moment + random.uniform(*noise.late_s), seen, visit.number)


def _ways(track: _Track, random: Random, noise: Noise) -> Iterator[Sent]:
    """The camera sees only at its frames that somebody is over the line."""
    visit = track.act.visit
    for after, way in visit.ways:
        moment = visit.at_s + after + random.uniform(0.05, 0.05 + noise.frame_s)
        crossing = Crossing(
            camera=camera_of(visit.lane),
            source=camera_of(visit.lane),
            track=track.number,
            subject=track.subject,
            kind=track.kind,
            at_ms=_ms(moment),
            media_time_s=round(moment, 3),
            direction=way,
            box=_box(track),
            first_s=round(track.first_s, 3),
        )
        yield Sent(moment + random.uniform(*noise.late_s), crossing, visit.number)


def _face(act: _Act, reads: list[Sent], crowd: Crowd, random: Random, noise: Noise) -> Iterator[Sent]:
    """A face is in view until its owner is almost below the camera; who walks on is only a body."""
    visit = act.visit
    until = min(visit.at_s + random.uniform(-0.3, 0.3), act.last_s)
    subject = act.face if act.apart or act.split else act.body
    name = _name(visit, crowd, random, noise)
    early = visit.at_s - random.uniform(0.3, 1.5)
    later = Random(f"{act.face}/{act.first_s}").uniform(*noise.face_later_s)
    first = max(min(act.first_s + later, early - noise.frame_s, until - noise.frame_s), act.first_s)
    track = _Track(act, act.face, "face", subject, first, until)
    if random.random() < 0.7 and visit.ways:
        yield from _ways(track, random, noise)
    checks: tuple[Check, ...] = ()
    certain = name.person_id is not None and random.random() >= noise.late_name
    if certain:
        yield Sent(early + random.uniform(*noise.late_s), _observation(track, early, name), visit.number)
    compared = [
        (max(read.at_s, early) + random.uniform(*noise.late_s), _check(visit, read, crowd, random))
        for read in reads
        if read.at_s <= until and _owner(read, crowd).face != "not_enrolled"
    ]
    for moment, check in sorted(compared, key=lambda each: each[0]):
        checks = (*(known for known in checks if known.person_id != check.person_id), check)
        if certain or check.verdict != "unsure":
            yield Sent(moment, _observation(track, moment, name, checks), visit.number)
    end = until + random.uniform(*noise.hold_s)
    yield Sent(end, _observation(track, until, name, checks, final=True), visit.number)


class _Name(NamedTuple):
    """What 1:N finds."""

    person_id: str | None
    score: float
    margin: float | None
    reason: str


def _name(visit: Visit, crowd: Crowd, random: Random, noise: Noise) -> _Name:
    """Siblings are too alike for a name, one in two times."""
    score = random.gauss(0.62, 0.06)
    if visit.face == "clear" and visit.person is not None:
        if visit.person.twin is not None and random.random() < 0.5:
            return _Name(None, score, 0.03, "ambiguous")
        return _Name(visit.person.id, score, random.uniform(0.1, 0.4), "named")
    if visit.face == "stranger" and random.random() < noise.stranger_named:
        return _Name(random.choice(crowd.pupils).id, 0.5, 0.08, "named")
    return _Name(None, random.uniform(0.1, 0.3), None, "below_threshold")


def _check(visit: Visit, read: Sent, crowd: Crowd, random: Random) -> Check:
    """1:1: who is not seen well enough is neither confirmed nor denied; a sibling looks half like it."""
    owner = _owner(read, crowd)
    if visit.face == "poor":
        score = random.gauss(0.35 if visit.person == owner else 0.12, 0.06)
        return Check(person_id=owner.id, score=round(score, 4), verdict="same" if score > 0.515 else "unsure")
    alike = 0.62 if visit.person == owner else 0.45 if _twins(visit.person, owner) else 0.1
    score = random.gauss(alike, 0.06)
    verdict: Literal["same", "unsure", "other"] = "same" if score > 0.515 else "other" if score < 0.2 else "unsure"
    return Check(person_id=owner.id, score=round(score, 4), verdict=verdict)


def _twins(one: Pupil | None, other: Pupil) -> bool:
    return one is not None and one.twin == other.number


def _owner(read: Sent, crowd: Crowd) -> Pupil:
    assert isinstance(read.signal, CardRead)
    return crowd.pupils[(int(read.signal.card, 16) - 0x04A1000000) // 7919]


def _last(track: _Track, random: Random, noise: Noise) -> Sent:
    """A body's only word."""
    said = _observation(track, (track.first_s + track.last_s) / 2, _Name(None, 0.8, None, "seen"), final=True)
    return Sent(track.last_s + random.uniform(*noise.hold_s), said, track.act.visit.number)


def _observation(
    track: _Track, moment: float, name: _Name, checks: tuple[Check, ...] = (), *, final: bool = False
) -> Observation:
    visit = track.act.visit
    camera, moment = camera_of(visit.lane), min(moment, track.last_s)
    way: Direction = "in" if visit.ways else "none"
    evidence = Evidence(
        kind=track.kind,
        device=camera,
        at_ms=_ms(moment),
        media_time_s=round(moment, 3),
        frame=round(moment * 25),
        box=_box(track),
        score=round(name.score, 4),
        margin=name.margin,
        person_id=name.person_id,
        shots=5,
    )
    return Observation(
        camera=camera,
        source=camera,
        track=track.number,
        subject=track.subject,
        kind=track.kind,
        at_ms=_ms(moment),
        media_time_s=round(moment, 3),
        first_s=round(track.first_s, 3),
        last_s=round(track.last_s if final else max(moment, track.first_s), 3),
        final=final,
        direction=way,
        person_id=name.person_id,
        body="person" if track.kind == "body" else None,
        reason=name.reason,
        evidence=evidence,
        checks=checks,
        joined=track.kind == "face" and track.subject == track.act.body,
    )


def _box(track: _Track) -> tuple[float, float, float, float]:
    """Where it is matters to nobody here; its first number tells tracks apart."""
    return float(track.number), 100.0, 80.0, 200.0


def _note(told: Told, sent: Sent, visit: Visit) -> None:
    signal = sent.signal
    if isinstance(signal, CardRead):
        told.pieces.append(piece(Evidence(kind="card", device=signal.reader, at_ms=signal.at_ms, card=signal.card)))
        told.card_s = sent.at_s if told.card_s is None else told.card_s
        owner = next(pupil for pupil in visit.cards if pupil.card == signal.card)
        told.cards.setdefault(owner.id, sent.at_s)
        return
    told.seen = True
    if isinstance(signal, InView):
        return
    if isinstance(signal, Crossing):
        told.pieces.append(piece(Evidence(kind="crossing", device=signal.camera, at_ms=signal.at_ms, box=signal.box)))
        told.crossed += signal.kind == "body" or visit.number * 10 + 2 == signal.track
        return
    assert isinstance(signal, Observation)
    told.pieces.append(piece(signal.evidence))
    if signal.person_id is not None and told.called is None:
        told.called, told.called_s = signal.person_id, sent.at_s
    if visit.person is not None and signal.person_id == visit.person.id and told.named_s is None:
        told.named_s = sent.at_s
    told.speaks |= signal.person_id is not None or any(check.verdict != "unsure" for check in signal.checks)
    for check in signal.checks:
        if check.verdict == "same":
            told.same.setdefault(check.person_id, sent.at_s)
    owners = {owner.id for owner in visit.cards}
    told.other |= any(check.verdict == "other" and check.person_id in owners for check in signal.checks)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
