"""A node that is switched on accepts a card, knows a face and reads a plate in twenty seconds, whatever it finds."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench"


@pytest.fixture
def startup(monkeypatch: pytest.MonkeyPatch, models_home: Path) -> Any:
    monkeypatch.syspath_prepend(str(BENCH))
    monkeypatch.setenv("ZHIAN_HOME", str(models_home))
    for name in [name for name in sys.modules if name.startswith("startup")]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("startup")


@pytest.mark.slow
def test_every_kind_of_start_decides_in_time(startup: Any, tmp_path: Path) -> None:
    out = tmp_path / "startup.json"
    assert startup.main(["--events", "5000", "--people", "300", "--json", str(out)]) == 0
    report = json.loads(out.read_text())
    assert len(report["starts"]) == 5
    assert report["slowest_card_s"] <= report["target_s"]
    for start in report["starts"]:
        assert all(start[name] is not None for name in ("card_s", "face_s", "plate_s")), start
