"""Who comes when, through which lane, with whose card: people as they are, before anything sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from .profile import Profile

Kind = Literal["plain", "borrowed", "two_cards", "tailgater", "turned_back", "came_back"]
Face = Literal["clear", "poor", "hidden", "not_enrolled", "stranger"]
Way = Literal["in", "out"]

LEAD_S = 10.0
"""Before the first one comes."""


@dataclass(frozen=True)
class Pupil:
    """Somebody enrolled. `twin`: the number of the sibling who looks like them."""

    number: int
    face: Face
    twin: int | None = None

    @property
    def id(self) -> str:
        return f"p{self.number:05d}"

    @property
    def card(self) -> str:
        return f"{0x04A1000000 + 7919 * self.number:010X}"


@dataclass(frozen=True)
class Visit:
    """One approach to a lane.

    Attributes:
        person: who it is; None: a stranger.
        at_s: when the line is reached (or the person turns before it).
        ways: the crossings, as seconds after `at_s` and the way; none: turned before the line.
        cards: whose cards are presented, if any.
        close: the gap to the one before, in seconds, is smaller than pupils keep.
    """

    number: int
    person: Pupil | None
    lane: int
    at_s: float
    kind: Kind
    face: Face
    cards: tuple[Pupil, ...]
    ways: tuple[tuple[float, Way], ...] = ((0.0, "in"),)
    close: bool = False


@dataclass(frozen=True)
class Crowd:
    """Everybody enrolled, those who come, and how long it takes."""

    pupils: tuple[Pupil, ...]
    visits: tuple[Visit, ...]
    end_s: float


def gather(profile: Profile, random: Random) -> Crowd:
    """A morning."""
    pupils = _pupils(profile, random)
    groups = _groups(pupils, profile, random)
    order = [pupil.number for group in groups for pupil in group]
    odd = _odd(order, profile, random)
    visits: list[Visit] = []
    absent: set[int] = set()
    for group in groups:
        arrival, lane = _arrival(profile, random), random.randrange(profile.lanes)
        for pupil in group:
            if pupil.number not in absent:
                plain = Visit(0, pupil, lane, arrival, "plain", pupil.face, (pupil,))
                visits += _visits(plain, odd.get(pupil.number), pupils, absent, random)
    # Whoever lent a card stays at home, even if their own visit was made before they lent it.
    visits = [visit for visit in visits if visit.person is None or visit.person.number not in absent]
    visits = _queued(visits, profile, random)
    visits = _tailgated(visits, profile, random)
    visits = [replace(visit, number=number) for number, visit in enumerate(sorted(visits, key=lambda v: v.at_s))]
    return Crowd(tuple(pupils), tuple(visits), max(visit.at_s for visit in visits) + 30)


def _pupils(profile: Profile, random: Random) -> list[Pupil]:
    twins = int(profile.students * profile.sibling_share / 2 + 0.5)
    twins = min(twins, profile.students // 2)
    pairs = {number: number ^ 1 for number in range(2 * twins)}
    return [Pupil(n, _face(profile, random), pairs.get(n)) for n in range(profile.students)]


def _face(profile: Profile, random: Random) -> Face:
    if random.random() >= profile.face_unknown:
        return "clear"
    return random.choices(("poor", "hidden", "not_enrolled"), (5, 3, 2))[0]


def _groups(pupils: list[Pupil], profile: Profile, random: Random) -> list[list[Pupil]]:
    """Siblings come together; the others as it happens."""
    units = [[p, pupils[p.twin]] for p in pupils if p.twin is not None and p.number < p.twin]
    units += [[p] for p in pupils if p.twin is None]
    random.shuffle(units)
    groups: list[list[Pupil]] = []
    while units:
        size = random.choices(range(1, profile.group_max + 1), [5, 3, 2, *[1] * profile.group_max][: profile.group_max])
        group = units.pop()
        while units and len(group) + len(units[-1]) <= size[0]:
            group = group + units.pop()
        random.shuffle(group)
        groups.append(group)
    return groups


def _odd(order: list[int], profile: Profile, random: Random) -> dict[int, Kind]:
    chosen = random.sample(order, min(len(order), profile.borrowed_cards + profile.turn_backs))
    borrowed, turned = chosen[: profile.borrowed_cards], chosen[profile.borrowed_cards :]
    kinds: dict[int, Kind] = {number: "two_cards" if n % 4 == 3 else "borrowed" for n, number in enumerate(borrowed)}
    return kinds | {number: "came_back" if n % 4 == 3 else "turned_back" for n, number in enumerate(turned)}


def _arrival(profile: Profile, random: Random) -> float:
    """The peak lies in the middle of the morning."""
    whole, peak = profile.minutes * 60, profile.peak_minutes * 60
    start = (whole - peak) / 2
    if random.random() < profile.peak_share or whole == peak:
        return LEAD_S + start + random.uniform(0, peak)
    when = random.uniform(0, whole - peak)
    return LEAD_S + (when if when < start else when + peak)


def _visits(plain: Visit, kind: Kind | None, pupils: list[Pupil], absent: set[int], random: Random) -> list[Visit]:
    """The visits of a pupil who would have come as `plain`, and does something else."""
    pupil, at_s = plain.person, plain.at_s
    assert pupil is not None
    if kind is None:
        return [plain]
    if kind in ("borrowed", "two_cards"):
        lender = _lender(pupil, pupils, absent, random)
        if kind == "two_cards":
            return [replace(plain, kind=kind, cards=(pupil, lender))]
        if random.random() < 0.3:  # a stranger came with it; the pupil comes too
            return [plain, replace(plain, person=None, kind=kind, face="stranger", cards=(lender,), at_s=at_s + 40)]
        return [replace(plain, kind=kind, cards=(lender,))]
    again = replace(plain, at_s=at_s + random.uniform(40, 200))
    if kind == "came_back":
        return [replace(plain, kind=kind, ways=((0.0, "in"), (random.uniform(3, 6), "out"))), again]
    cards = (pupil,) if random.random() < 0.8 else ()
    first = replace(plain, kind=kind, cards=cards, ways=())
    return [first, again] if random.random() < 0.7 else [first]


def _lender(pupil: Pupil, pupils: list[Pupil], absent: set[int], random: Random) -> Pupil:
    while True:
        lender = random.choice(pupils)
        if lender.number not in absent and lender not in (pupil,) and lender.number != pupil.twin:
            absent.add(lender.number)
            return lender


def _queued(visits: list[Visit], profile: Profile, random: Random) -> list[Visit]:
    """Nobody goes over a line sooner than the least headway after the one before."""
    free = [0.0] * profile.lanes
    queued: list[Visit] = []
    for visit in sorted(visits, key=lambda v: v.at_s):
        at_s = max(visit.at_s, free[visit.lane] + profile.headway_min_s + random.expovariate(1 / 0.25))
        # Whoever comes back against the stream holds the others up.
        free[visit.lane] = at_s + max((after for after, _ in visit.ways), default=1.5)
        queued.append(replace(visit, at_s=at_s))
    return queued


def _tailgated(visits: list[Visit], profile: Profile, random: Random) -> list[Visit]:
    """Strangers close behind somebody; everybody after them in that lane comes so much later."""
    leaders = [index for index, visit in enumerate(visits) if visit.kind == "plain"]
    chosen = set(random.sample(leaders, min(len(leaders), profile.tailgaters)))
    late = [0.0] * profile.lanes
    followed: list[Visit] = []
    for index, visit in enumerate(visits):
        moved = replace(visit, at_s=visit.at_s + late[visit.lane])
        followed.append(moved)
        if index in chosen:
            gap = random.uniform(0.4, 0.8)
            face: Face = random.choices(("stranger", "hidden"), (6, 4))[0]
            followed.append(Visit(0, None, visit.lane, moved.at_s + gap, "tailgater", face, (), close=True))
            late[visit.lane] += gap
    return followed
