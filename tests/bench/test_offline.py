"""The bench of a day without a gateway measures both homes, and decides every card in each."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench"


def test_an_empty_home_and_one_with_events_are_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    for name in [name for name in sys.modules if name == "offline" or name.startswith("startup_parts")]:
        monkeypatch.delitem(sys.modules, name)
    offline = importlib.import_module("offline")
    out = tmp_path / "offline.json"
    offline.main(["--events", "500", "--people", "20", "--cards", "12", "--json", str(out)])
    empty, day = json.loads(out.read_text())["costs"]
    assert (empty["events"], day["events"]) == (0, 500)
    assert all(cost["decision_p50_ms"] > 0 for cost in (empty, day))
    assert day["recall_cpu_s"] >= empty["recall_cpu_s"]
