"""Rules that are data: what fits, what is changed, and by which key repeats merge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.events import START, event, passage
from zhian_gateway.cases.signals import Raise
from zhian_gateway.config_types import Lane, Rules
from zhian_gateway.rules.judging import judge
from zhian_gateway.rules.matching import Ruleset, is_within, key_of
from zhian_gateway.rules.rule_files import read_rules
from zhian_gateway.rules.rule_types import ChangeRule, RaiseRule
from zhian_gateway.rules.situation import Known, Situation
from zhian_wire import times
from zhian_wire.events import Alert

SHANGHAI = ZoneInfo("Asia/Shanghai")
SITE = Rules(lanes=(Lane(lane="back", direction="reversed"),))


def raised(data: Any, *, raises: Any = (), change: Any = (), at: datetime = START, **known: Any) -> list[Raise]:
    case = Situation(row=1, event=event(data, at=at), rules=SITE, **known)
    found = judge(case, Ruleset(tuple(raises), tuple(change), SHANGHAI)).signals
    return [signal for signal in found if isinstance(signal, Raise)]


def rule(**changes: Any) -> RaiseRule:
    return RaiseRule(**({"id": "r", "kind": "after_hours", "severity": "major"} | changes))


def tailgating(key: str, lane: str = "main") -> Alert:
    return Alert(key=key, kind="tailgating", severity="major", device="cam-1", lane=lane)


@pytest.mark.parametrize(
    ("asked", "seen", "fits"),
    [
        ({}, {}, True),
        ({"seen": ("plate",)}, {}, False),
        ({"lanes": ("main",)}, {}, True),
        ({"lanes": ("other",)}, {}, False),
        ({"lanes": ("cam-1",)}, {"lane": None}, True),
        ({"nodes": ("gate-2",)}, {}, False),
        ({"cameras": ("cam-2",)}, {}, False),
        ({"reasons": ("below_threshold",)}, {}, True),
        ({"directions": ("in",)}, {}, True),
        ({"directions": ("in",)}, {"lane": "back"}, False),
        ({"directions": ("in",)}, {"lane": "back", "direction": "out"}, True),
        ({"hours": ("15:00-16:00",)}, {}, True),
        ({"hours": ("15:31-16:00",)}, {}, False),
        ({"days": ("mon",)}, {}, True),
        ({"days": ("sat", "sun")}, {}, False),
    ],
)
def test_a_passage_is_a_case_only_where_all_of_the_rule_fits(asked: Any, seen: Any, fits: bool) -> None:
    assert bool(raised(passage(**seen), raises=[rule(**asked)])) is fits


@pytest.mark.parametrize(
    ("known", "who"),
    [
        ({}, "stranger"),
        ({"person": Known("p")}, "known"),
        ({"owner": Known("p")}, "known"),
        ({"person": Known("p", watch=True)}, "watched"),
        ({"person": Known("p"), "owner": Known("q", watch=True)}, "watched"),
    ],
)
def test_who_it_is_decides(known: Any, who: str) -> None:
    for asked in ("stranger", "known", "watched"):
        kinds = [found.kind for found in raised(passage(), raises=[rule(who=(asked,))], **known)]
        assert ("after_hours" in kinds) is (asked == who)


def test_the_first_change_that_fits_decides_alone() -> None:
    first = ChangeRule(id="a", kinds=("tailgating",), lanes=("main",), severity="minor")
    second = ChangeRule(id="b", kinds=("tailgating",), severity="critical")
    assert [found.severity for found in raised(tailgating("k"), change=[first, second])] == ["minor"]
    assert [found.severity for found in raised(tailgating("k", "back"), change=[first, second])] == ["critical"]


def test_what_is_dropped_is_told_to_nobody() -> None:
    assert raised(tailgating("k"), change=[ChangeRule(id="a", kinds=("tailgating",), drop=True)]) == []


def test_tailgaters_at_one_lane_within_minutes_are_one_case_and_those_elsewhere_another() -> None:
    built_in = read_rules(None, SHANGHAI).change
    keys = {
        (lane, minute): raised(tailgating(f"t{minute}", lane), change=built_in, at=START + timedelta(minutes=minute))
        for lane in ("main", "back")
        for minute in (0, 5, 14, 16)
    }
    found = {place: signals[0].key for place, signals in keys.items()}
    assert found["main", 0] == found["main", 5] == found["main", 14] != found["main", 16]
    assert found["main", 0] != found["back", 0]


def test_a_rule_can_have_each_person_s_repeats_apart() -> None:
    asked = rule(subject="person")
    keys = {raised(passage(), raises=[asked], person=Known(name))[0].key for name in ("p", "q", "p")}
    assert len(keys) == 2


@given(st.integers(0, 86_399), st.integers(0, 1439), st.integers(0, 1439))
def test_hours_are_those_of_the_wall_also_past_midnight(second: int, start: int, end: int) -> None:
    moment = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=second)
    span = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    now = second // 60
    inside = start <= now < end if start < end else now >= start or now < end
    assert is_within(moment, [span], []) is inside


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 86_400))
def test_two_repeats_share_a_key_exactly_within_one_window(one: int, other: int, window: int) -> None:
    def key(second: int) -> str:
        at = times.to_text(datetime.fromtimestamp(second, UTC))
        return key_of("k", Raise(key="", kind="k", severity="minor", node="n", at=at), "none", window)

    assert (key(one) == key(other)) is (one // window == other // window)
