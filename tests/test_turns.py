"""Files of tests that run side by side begin by turns: no folder is done before the others, none is left out."""

from __future__ import annotations

from pathlib import PurePath

from support.turns import taking_turns

FILES = [PurePath(name) for name in ("gates/a", "gates/b/c", "gates/d", "gates/e", "pages/a", "pages/b", "alone")]


def test_each_folder_is_spread_evenly_and_keeps_its_order() -> None:
    turns = taking_turns(FILES)
    begun = [str(file) for file in sorted(FILES, key=lambda file: turns[file])]
    assert begun == ["gates/a", "pages/a", "gates/b/c", "alone", "gates/d", "pages/b", "gates/e"]


def test_one_folder_by_itself_stays_as_it_is() -> None:
    turns = taking_turns(FILES[:4])
    assert sorted(turns, key=lambda file: turns[file]) == FILES[:4]
