"""What was heard before is known again, whoever else speaks meanwhile, and the memory has an end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.nodes.echoes import Echoes


@given(st.lists(st.tuples(st.sampled_from("ab"), st.binary(max_size=1)), max_size=60))
def test_only_what_the_same_node_said_before_is_an_echo(said: list[tuple[str, bytes]]) -> None:
    echoes, before = Echoes(), set[tuple[str, bytes]]()
    for node, body in said:
        assert echoes.heard(node, body) is ((node, body) in before)
        before.add((node, body))


def test_the_oldest_is_forgotten_beyond_the_bound() -> None:
    echoes = Echoes(most=2)
    for body in (b"1", b"2", b"3"):
        assert not echoes.heard("n", body)
    assert echoes.heard("n", b"2")
    assert not echoes.heard("n", b"1")
