"""Whom the demo's other pages are shown to: the classes and children that an import folder has."""

from __future__ import annotations

from pathlib import Path

from demo_parts.doors import CLASS, Door, classes


def test_everybody_has_a_class_whatever_their_file_says(tmp_path: Path) -> None:
    said = {"ann": 'group = "grade-2"\n', "bob": "", "cat": "group = \n", "dan": "group = 7\n"}
    for name, text in said.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "person.toml").write_text(text)
    for name in ("eve", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "notes.txt").write_text("nobody")
    assert classes(tmp_path) == {"ann": "grade-2", "bob": CLASS, "cat": CLASS, "dan": CLASS, "eve": CLASS}


def test_a_door_says_whose_it_is_where_it_is_and_what_to_type_there() -> None:
    assert str(Door("Guard", "the gate", "http://h/#/login?ticket=x")) == (
        "  Guard: the gate\n    http://h/#/login?ticket=x"
    )
    assert str(Door("Parent", "a phone", "http://h/family.html", "AB-CD")).endswith("family.html\n    code: AB-CD")
