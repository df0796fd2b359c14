"""A plate remembered badly is found, the likelier ones first; nothing of this ever opens a lane."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.plate.fuzzy import ALIKE, OTHER, PROVINCE, distance, edits, near

FLEET = ["川AM1186", "川AM1185", "川AM1106", "渝AM1186", "苏ED51712", "粤B5PQ23"]


@pytest.mark.parametrize(
    ("one", "other", "cost"),
    [
        ("川AM1186", "川AM1186", 0.0),
        ("川AM1186", "川a·m1186", 0.0),
        ("川AMII86", "川AM1186", 0.0),
        ("川AM1186", "川AM118G", ALIKE),
        ("川AM1186", "川AM1185", OTHER),
        ("川AM1186", "渝AM1186", PROVINCE),
        ("川AM1186", "川AM186", OTHER),
        ("川AM1186", "川AM11865", OTHER),
        ("粤B5PQ23", "粤BSP0Z3", 3 * ALIKE),
    ],
)
def test_look_alikes_are_near_and_others_far(one: str, other: str, cost: float) -> None:
    assert distance(one, other) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("川AM118G", ["川AM1186", "渝AM1186", "川AM1185", "川AM1106"]),
        ("1186", ["川AM1186", "渝AM1186", "川AM1106", "川AM1185"]),
        ("鄂AM1186", ["川AM1186", "渝AM1186"]),
        ("苏E051712", ["苏ED51712"]),
        ("吉KK9999", []),
    ],
)
def test_the_likeliest_plates_come_first(wanted: str, found: list[str]) -> None:
    assert [plate for plate, _ in near(wanted, FLEET)] == found


texts = st.text(alphabet="京川AB8G6Q0·", max_size=9)


@given(texts, texts)
def test_a_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert distance(one, one) == 0


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [("", "", 0), ("京A1", "京A1", 0), ("京A1", "京B1", 1), ("京A1", "A1", 1), ("abc", "", 3)],
)
def test_edits_are_counted_the_same_in_both_directions(one: str, other: str, number: int) -> None:
    assert edits(one, other) == edits(other, one) == number
