"""A service asks when it is told to, and after its time in any case; never sooner, never forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.delivery.asking import Asking

#: A power of two, so that whole naps add up exactly; about a microsecond.
_NAP_S = 2.0**-20


@given(st.integers(1, 5), st.lists(st.booleans(), max_size=40))
def test_it_is_time_after_a_word_or_after_so_many_naps(naps: int, words: list[bool]) -> None:
    asking, idle = Asking(every_s=naps * _NAP_S, nap_s=_NAP_S), 0
    for word in words:
        if word:
            asking.wake()
            asking.wake()
        idle = 0 if word else idle + 1
        due = word or idle >= naps
        assert asking.due() is due
        idle = 0 if due else idle


def test_a_word_is_heeded_once() -> None:
    asking = Asking(every_s=1.0, nap_s=_NAP_S)
    asking.wake()
    assert [asking.due(), asking.due()] == [True, False]
