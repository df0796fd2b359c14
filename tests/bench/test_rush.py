"""The rush is a fair judge: it counts what goes wrong, and a small school passes it."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from zhian_edge.delivery.database import Database
from zhian_wire.codec import decode
from zhian_wire.events import Passage

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench"
SMALL = """
students = 120
lanes = 2
minutes = 4
peak_minutes = 1.5
borrowed_cards = 3
tailgaters = 4
turn_backs = 4
clock_step_s = -7200
"""


@pytest.fixture
def rush(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCH))
    for name in [name for name in sys.modules if name == "rush" or name.startswith("rush_parts")]:
        monkeypatch.delitem(sys.modules, name)
    module = importlib.import_module("rush")
    monkeypatch.setattr(module, "_one_core", lambda: None)
    return module


def run(rush: Any, folder: Path, text: str = SMALL, seed: int = 3) -> dict[str, Any]:
    profile, out = folder / "profile.toml", folder / f"{seed}.json"
    profile.write_text(text)
    rush.main(
        ["--profile", str(profile), "--seed", str(seed), "--home", str(folder / f"home-{seed}"), "--json", str(out)]
    )
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def test_a_small_school_passes(rush: Any, tmp_path: Path) -> None:
    told = run(rush, tmp_path)
    assert told["right_pct"] >= 99.0
    assert (told["swapped"], told["doubled"], told["missed"], told["undecided"]) == (0, 0, 0, 0)
    assert told["false_alerts"] == 0
    assert told["tailgaters_raised"] == told["tailgaters_shown"] > 0
    assert told["borrowed_raised"] == told["borrowed_shown"] > 0
    assert told["latency_p99_ms"] > told["latency_p50_ms"] > 0


def test_one_seed_is_one_morning(rush: Any, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = run(rush, tmp_path / "a"), run(rush, tmp_path / "b")
    changing = {"latency_p50_ms", "latency_p99_ms", "latency_max_ms", "pulse_p50_ms", "pulse_p99_ms", "decision_cpu_s"}
    changing.add("wall_s")
    assert {k: v for k, v in one.items() if k not in changing} == {k: v for k, v in two.items() if k not in changing}


def test_the_truth_is_written_first_and_what_the_node_says_otherwise_is_counted(rush: Any, tmp_path: Path) -> None:
    score, truth = (importlib.import_module(f"rush_parts.{name}") for name in ("score", "truth"))
    run(rush, tmp_path)
    home = tmp_path / "home-3"
    truths = truth.read(home / "truth.json")
    with Database(home / "node.sqlite3").reading() as db:
        events = [decode(body) for (body,) in db.execute("SELECT body FROM event ORDER BY id")]
    busy = dict.fromkeys((event.mono_ms for event in events), 1.0)
    honest = score.score(truths, events, busy)
    passed = [e for e in events if isinstance(e.data, Passage) and e.data.direction == "in" and e.data.person_id]
    wrong = msgspec.structs.replace(passed[0], data=msgspec.structs.replace(passed[0].data, person_id="nobody"))
    renamed = score.score(truths, [wrong if e is passed[0] else e for e in events], busy)
    assert (renamed.right, renamed.wrong_name) == (honest.right - 1, honest.wrong_name + 1)
    assert score.score(truths, [e for e in events if e is not passed[0]], busy).missed == honest.missed + 1
    assert score.score(truths, [*events, passed[0]], busy).doubled == honest.doubled + 1
    pair = [msgspec.structs.replace(a, data=msgspec.structs.replace(a.data, evidence=b.data.evidence))
            for a, b in zip(passed[:2], passed[1::-1], strict=True)]  # fmt: skip
    assert score.score(truths, [*pair, *passed[2:]], busy).wrong_name >= 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("students = 0", "Expected `int` >= 1"),
        ("card_mis = 0.1", "unknown field `card_mis`"),
        ("card_miss = 1.1", "<= 1"),
        ("peak_minutes = 60", "peak_minutes: expected at most minutes"),
        ("students = 5\nborrowed_cards = 9", "at most students"),
        ("students = 40\nborrowed_cards = 39\nturn_backs = 0", "borrowed_cards: expected at most 38, with 40 students"),
        ("clock_step_s = nan", "clock_step_s: expected a number, got nan"),
        ("headway_min_s = inf", "headway_min_s: expected a number, got inf"),
        ("lanes = 0", "Expected `int` >= 1"),
        ("students = ", "Invalid value"),
    ],
)
def test_a_bad_profile_is_said(rush: Any, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(SystemExit, match=r"bad\.toml") as caught:
        rush.main(["--profile", str(tmp_path / "bad.toml")])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "students = 1\nborrowed_cards = 0\ntailgaters = 0\nturn_backs = 0",
        "students = 3\nsibling_share = 1\nborrowed_cards = 0\ntailgaters = 9\nturn_backs = 3",
        "students = 30\nlanes = 8\nminutes = 1\npeak_minutes = 1\ngroup_max = 9\nborrowed_cards = 28\nturn_backs = 2",
        "students = 20\nlanes = 1\nheadway_min_s = 0.1\ncard_miss = 1\nface_unknown = 1\nturn_backs = 0",
        "students = 20\ncard_double = 1\npeak_share = 0\nclock_step_s = 1e9\nborrowed_cards = 0\nturn_backs = 0",
    ],
)
def test_an_odd_profile_is_run_to_its_end(rush: Any, tmp_path: Path, text: str) -> None:
    told = run(rush, tmp_path, text)
    assert told["crossings"] >= 0
    assert 0 <= told["right_pct"] <= 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_school_of_1300_reaches_the_targets(rush: Any, tmp_path: Path, seed: int) -> None:
    told = run(rush, tmp_path, (BENCH / "profiles" / "school.toml").read_text(), seed)
    assert told["right_pct"] >= 99.9
    assert (told["swapped"], told["doubled"]) == (0, 0)
    assert told["false_alerts_per_1000"] <= 1
    assert told["tailgaters_raised"] == told["tailgaters_shown"]
    assert told["borrowed_raised"] == told["borrowed_shown"]
