"""One value of a TOML text is set, and nothing else of it moves."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire.errors import Unchangeable
from zhian_wire.toml_edit import literal, with_value
from zhian_wire.toml_lines import Where

TEXT = """\
[recognition]   # how certain
fpir = 0.01     # a share
[[lanes]]
id = "main"
policy = "card" # "card" # is a word
[[cameras]]
id = "door"
line = [
  [0.1, 0.2],   # left
  [0.3, 0.4],
]
[[cameras]]
id = "yard"
"""


@pytest.mark.parametrize(
    ("where", "value", "old", "new"),
    [
        (("recognition", "fpir"), 0.02, "fpir = 0.01     # a share", "fpir = 0.02     # a share"),
        (("lanes", 0, "policy"), "plate", '"card" # "card" # is a word', '"plate" # "card" # is a word'),
        (("cameras", 1, "loop"), True, 'id = "yard"\n', 'id = "yard"\n'),
        (
            ("cameras", 0, "line"),
            [[0.5, 1.0], [0.5, 0.0]],
            "line = [\n  [0.1, 0.2],   # left\n  [0.3, 0.4],\n]\n",
            "line = [[0.5, 1.0], [0.5, 0.0]]\n",
        ),
    ],
)
def test_only_that_value_changes(where: Where, value: Any, old: str, new: str) -> None:
    edited = with_value(TEXT, where, value)
    if where[-1] == "loop":
        assert edited == TEXT.replace('[[cameras]]\nid = "yard"', '[[cameras]]\nloop = true\nid = "yard"')
    else:
        assert edited == TEXT.replace(old, new)


def test_a_table_that_is_missing_is_added_at_the_end() -> None:
    assert with_value(TEXT, ("storage", "ring_days"), 9) == TEXT + "\n[storage]\nring_days = 9\n"


def test_what_is_said_already_is_left_alone() -> None:
    assert with_value(TEXT, ("recognition", "fpir"), 0.01) == TEXT


@pytest.mark.parametrize("where", [("lanes", 4, "policy"), ("cameras", "x", "line")])
def test_what_has_no_place_is_for_a_person(where: Where) -> None:
    with pytest.raises(Unchangeable):
        with_value(TEXT, where, "card")


def test_inside_of_an_inline_table_only_a_person_changes_something() -> None:
    with pytest.raises(Unchangeable, match=r"lane\.policy: change it in the text"):
        with_value('lane = { policy = "card" }\n', ("lane", "policy"), "plate")


VALUES = st.recursive(
    st.text(max_size=10) | st.integers(-(2**31), 2**31) | st.booleans() | st.floats(-10, 10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=6,
)


@given(
    VALUES,
    st.sampled_from([("recognition", "fpir"), ("lanes", 0, "policy"), ("cameras", 0, "line"), ("cameras", 1, "x")]),
)
def test_any_value_is_read_again_as_it_was_set(value: Any, where: Where) -> None:
    found: Any = tomllib.loads(with_value(TEXT, where, value))
    for step in where:
        found = found[step]
    assert found == value
    assert tomllib.loads(f"x = {literal(value)}")["x"] == value
