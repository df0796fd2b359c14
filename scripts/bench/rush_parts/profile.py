"""The profile of a rush: every rate of it, from a TOML file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Some = Annotated[int, msgspec.Meta(ge=1)]
Span = Annotated[float, msgspec.Meta(gt=0)]
Policy = Literal["card", "card_and_face", "any_of"]


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many come, how closely, and what goes wrong.

    Attributes:
        minutes: in which everybody comes; `peak_share` of them within `peak_minutes`.
        headway_min_s: least time between two pupils over one line; tailgaters come closer.
        group_max: those who come together, from one up to so many.
        card_miss: presentations without any read; `card_double`: those that are read again.
        face_unknown: pupils whose face is not recognised that morning.
        sibling_share: pupils with a sibling among the others who looks like them and comes along.
        borrowed_cards, tailgaters, turn_backs: how many of these happen.
        clock_step_s: the wall clock steps by this in the middle.
        policies: of the lanes, in turn: with fewer than lanes they begin again.
    """

    students: Some = 1300
    lanes: Some = 4
    minutes: Span = 20
    peak_share: Share = 0.6
    peak_minutes: Span = 6
    headway_min_s: Span = 0.7
    group_max: Some = 5
    card_miss: Share = 0.03
    card_double: Share = 0.1
    face_unknown: Share = 0.05
    sibling_share: Share = 0.06
    borrowed_cards: Count = 12
    tailgaters: Count = 15
    turn_backs: Count = 20
    clock_step_s: float = 0.0
    policies: Annotated[tuple[Policy, ...], msgspec.Meta(min_length=1)] = ("any_of",)

    def policy(self, lane: int) -> Policy:
        """By which a lane lets people in."""
        return self.policies[lane % len(self.policies)]


def load(path: Path) -> Profile:
    """The profile in `path`; SystemExit with what is wrong with it."""
    try:
        profile = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Profile)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise SystemExit(f"{path}: {error}") from error
    for wrong in _wrong(profile):
        raise SystemExit(f"{path}: {wrong}")
    return profile


def _wrong(profile: Profile) -> Iterator[str]:
    """What types cannot say."""
    for name, value in msgspec.structs.asdict(profile).items():
        if isinstance(value, float) and not math.isfinite(value):
            yield f"{name}: expected a number, got {value}"
    if profile.peak_minutes > profile.minutes:
        yield f"peak_minutes: expected at most minutes, {profile.minutes}"
    if profile.borrowed_cards + profile.turn_backs > profile.students:
        yield "borrowed_cards and turn_backs: expected at most students together"
    # Each needs somebody to lend the card who stays at home, and is no sibling.
    if profile.borrowed_cards > max(profile.students - 2, 0):
        yield f"borrowed_cards: expected at most {max(profile.students - 2, 0)}, with {profile.students} students"
