"""The table of the contract in the documents is that of a whole run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "contract"
TABLE = "<!-- contract -->\n{}\n<!-- /contract -->\n"


@pytest.mark.parametrize(
    ("chosen", "table"), [([], "a new table"), (["-k", "osdp"], "the table")], ids=["whole", "a part"]
)
def test_a_part_of_the_contract_leaves_the_table_of_the_whole(tmp_path: Path, chosen: list[str], table: str) -> None:
    for folder in ("scripts", "docs", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(SCRIPT, tmp_path / "scripts")
    docs = tmp_path / "docs" / "hardware.md"
    docs.write_text(TABLE.format("the table"))
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    runs = tmp_path / ".venv/bin/pytest"
    runs.write_text('#!/bin/sh\necho "a new table" > "${ZHIAN_CONTRACT%.json}.md"\n')
    runs.chmod(0o755)
    subprocess.run([tmp_path / "scripts" / "contract", *chosen], check=True, stdout=subprocess.DEVNULL)
    assert docs.read_text() == TABLE.format(table)
