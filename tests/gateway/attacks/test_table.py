"""The tables of docs/security.md name tests that there are, and every attack that is tried stands there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAMED = set(re.findall(r"\btest_\w+", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))


def names(folder: Path) -> set[str]:
    """Every test in a folder, and every file of tests."""
    files = list(folder.rglob("test_*.py"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.M)} | {
        path.stem for path in files
    }


def test_every_test_that_the_tables_name_is_there() -> None:
    assert NAMED - names(ROOT / "tests") == set()


def test_every_attack_that_is_tried_over_http_stands_in_the_tables() -> None:
    tried = {
        name for name in re.findall(r"^def (test_\w+)", (Path(__file__).parent / "test_http.py").read_text(), re.M)
    }
    assert tried - NAMED == set()
