"""Lines of keys are found in one pass, whatever stands in strings and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from zhian_wire import toml_edit, toml_lines
from zhian_wire.toml_edit import with_value
from zhian_wire.toml_lines import find_extents

TEXT = """\
# [no] = "table"
[a]  # [[x]]
one = [  # ]
  "]", '[', # }
  { "b c" = "}" },
]
two = \"\"\"
[c]
three = 3
\"\"\"
  [[ d ]]
  "four" = '\\'  # '
"""


def test_brackets_in_strings_and_comments_are_none() -> None:
    assert find_extents(TEXT) == {
        ("a",): (2, 2),
        (): (2, 2),
        ("a", "one"): (3, 6),
        ("a", "two"): (7, 10),
        ("d", 0): (11, 11),
        ("d",): (11, 11),
        ("d", 0, "four"): (12, 12),
    }


def test_the_last_line_may_have_no_end() -> None:
    assert find_extents("a = 1\nb = [\n]") == {("a",): (1, 1), ("b",): (2, 3)}


@pytest.mark.parametrize("lines", [100, 200])
def test_a_long_array_is_read_once(lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a = [\n" + "1, # one\n" * lines + "] # end\n"
    seen = 0
    real = toml_lines._PIECE

    class Counting:
        def finditer(self, part: str) -> Iterator[Any]:
            nonlocal seen
            seen += len(part)
            return real.finditer(part)

    monkeypatch.setattr(toml_lines, "_PIECE", Counting())
    parsed = 0
    loads = toml_edit.tomllib.loads

    def counted(part: str) -> dict[str, Any]:
        nonlocal parsed
        parsed += 1
        return loads(part)

    monkeypatch.setattr(toml_edit.tomllib, "loads", counted)
    assert find_extents(text) == {("a",): (1, lines + 2)}
    assert seen <= len(text) + 1
    assert with_value(text, ("a",), [2]) == "a = [2] # end\n"
    assert parsed <= 2
