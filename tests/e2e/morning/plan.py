"""A school morning drawn from a seed: who comes when, by which lane, and who does not. It is the truth of the test."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

Lane = Literal["north", "south"]
LANES: Final[tuple[Lane, ...]] = ("north", "south")
FAMILY: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN: Final = ("子涵", "欣怡", "浩然", "梓萱", "宇轩", "一诺", "思远", "雨桐")
#: Between two pupils at one lane: at least so long, and on the average so much longer.
HEADWAY_S: Final = (0.25, 0.1)
CLASSES: Final = ("1-1", "1-2", "2-1", "2-2", "3-1", "3-2")


@dataclass(frozen=True)
class Pupil:
    """Somebody enrolled, with a card and a guardian."""

    id: str
    name: str
    group: str
    card: str

    @property
    def guardian(self) -> str:
        return f"inbox://{self.id}"


@dataclass(frozen=True)
class Arrival:
    """A pupil's card at a lane, so many seconds after the first of its part of the morning."""

    pupil: Pupil
    lane: Lane
    at_s: float


@dataclass(frozen=True)
class Morning:
    """`early`: who comes while all is well. `cut`: who comes by the north lane while its node's line is cut.

    `late` come after the bell, `absent` not at all.
    """

    pupils: tuple[Pupil, ...]
    early: tuple[Arrival, ...]
    cut: tuple[Arrival, ...]
    late: tuple[Arrival, ...]
    absent: frozenset[str]

    @property
    def come(self) -> dict[str, Lane]:
        """By which lane each pupil came."""
        return {each.pupil.id: each.lane for each in (*self.early, *self.cut, *self.late)}

    def of(self, group: str) -> dict[str, int]:
        """What the class's page has to say after the bell."""
        own = {pupil.id for pupil in self.pupils if pupil.group == group}
        late = own & {each.pupil.id for each in self.late}
        absent = own & self.absent
        return {"present": len(own - late - absent), "absent": len(absent), "late": len(late)}


def draw(seed: int, count: int = 300) -> Morning:
    """One seed is one morning."""
    random = Random(seed)
    pupils = tuple(_pupil(number, random) for number in range(count))
    order = random.sample(pupils, count)
    absent, late, cut, early = _split(order, (count // 25, count // 60 or 1, count // 15))
    return Morning(
        pupils,
        _arrivals(early, LANES, random),
        _arrivals(cut, ("north",), random),
        _arrivals(late, LANES, random),
        frozenset(pupil.id for pupil in absent),
    )


def _pupil(number: int, random: Random) -> Pupil:
    name = FAMILY[number % len(FAMILY)] + GIVEN[number // len(FAMILY) % len(GIVEN)]
    card = f"{random.getrandbits(32):08X}{number:06X}"
    return Pupil(f"p-{number:03d}", name, CLASSES[number % len(CLASSES)], card)


def _split(order: list[Pupil], sizes: tuple[int, ...]) -> list[list[Pupil]]:
    """So many for each, and the rest."""
    parts, start = [], 0
    for size in sizes:
        parts.append(order[start : start + size])
        start += size
    return [*parts, order[start:]]


def _arrivals(pupils: list[Pupil], lanes: tuple[Lane, ...], random: Random) -> tuple[Arrival, ...]:
    free = dict.fromkeys(lanes, 0.0)
    found = []
    for pupil in pupils:
        lane = random.choice(lanes)
        least, more = HEADWAY_S
        free[lane] += least + random.expovariate(1 / more)
        found.append(Arrival(pupil, lane, round(free[lane], 3)))
    return tuple(found)
