"""Thresholds: a larger gallery, a stricter rate or a child never make it easier to be named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.face.thresholds import LOOK, OTHERS, RATES, SIZES, TRACK, VERIFY, name_threshold, verify_threshold

sizes = st.integers(1, 1_000_000)
rates = st.floats(1e-5, 1.0)
shots = st.integers(1, 20)


@given(sizes, sizes, rates, shots)
def test_a_larger_gallery_never_asks_for_less(one: int, other: int, rate: float, looks: int) -> None:
    small, large = sorted((one, other))
    assert name_threshold(small, rate, looks) <= name_threshold(large, rate, looks) + 1e-12


@given(sizes, rates, rates, shots)
def test_fewer_false_names_never_ask_for_less(size: int, one: float, other: float, looks: int) -> None:
    strict, loose = sorted((one, other))
    assert name_threshold(size, loose, looks) <= name_threshold(size, strict, looks) + 1e-12


@given(sizes, rates, shots)
def test_a_child_is_named_more_strictly_than_anybody_else(size: int, rate: float, looks: int) -> None:
    assert name_threshold(size, rate, looks, "child") >= name_threshold(size, rate, looks)


@pytest.mark.parametrize(("table", "looks"), [(LOOK, 1), (TRACK, 5)])
def test_the_measured_values_are_kept(table: dict[float, tuple[float, ...]], looks: int) -> None:
    for rate in RATES:
        for size, value in zip(SIZES, table[rate], strict=True):
            assert name_threshold(size, rate, looks) == pytest.approx(value)


def test_beyond_the_measured_galleries_the_threshold_rises() -> None:
    at = [name_threshold(size, shots=5) for size in (300, 1300, 10_000)]
    assert at == sorted(at)
    assert at[2] > at[1] > at[0]


def test_one_false_match_in_a_thousand_is_asked_for_by_default() -> None:
    for place, others in enumerate(OTHERS):
        assert verify_threshold(others=others) == pytest.approx(VERIFY[1e-3][0][place])
        assert verify_threshold(pictures=3, others=others) == pytest.approx(VERIFY[1e-3][1][place])
        assert verify_threshold(pictures=2, others=others) == verify_threshold(pictures=3, others=others)
        for many in (4, 5, 9):
            assert verify_threshold(pictures=many, others=others) == pytest.approx(VERIFY[1e-3][2][place])
    assert verify_threshold(1e-6) > verify_threshold(1e-4) > verify_threshold(1e-2) == verify_threshold(0.5)


@given(st.floats(min(VERIFY), 1.0), st.integers(1, 9), sizes, sizes)
def test_a_claim_is_asked_for_less_where_more_others_make_up_the_crowd(
    rate: float, pictures: int, one: int, other: int
) -> None:
    few, many = sorted((one, other))
    assert verify_threshold(rate, pictures, few) >= verify_threshold(rate, pictures, many) - 1e-12
    assert verify_threshold(rate, 3, few) >= verify_threshold(rate, 1, few) - 1e-12


@pytest.mark.parametrize("wrong", [(0, 0.01, 1), (10, 0.0, 1), (10, 1.5, 1), (10, 0.01, 0)])
def test_senseless_questions_are_refused(wrong: tuple[int, float, int]) -> None:
    with pytest.raises(ValueError, match="no threshold"):
        name_threshold(*wrong)
    with pytest.raises(ValueError, match="no threshold"):
        verify_threshold(0.0)
    with pytest.raises(ValueError, match="no threshold"):
        verify_threshold(others=-1)
