"""The rush is a fair judge: it counts what goes wrong, and a small school passes it."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.tiers import one_fast
from zhian_edge.delivery.database import Database
from zhian_wire.codec import decode
from zhian_wire.events import Actuated, Decision, Passage

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
    assert told["pulses"] == told["decisions"] > 100
    assert (told["pulsed_twice"], told["opened_wrongly"], told["not_opened"], told["pulsed_before_commit"]) == (0,) * 4
    assert told["pulse_p99_ms"] > told["pulse_p50_ms"] > 0


def test_lanes_that_compare_the_face_with_the_card_open_for_nobody_else(rush: Any, tmp_path: Path) -> None:
    told = run(rush, tmp_path, SMALL + 'policies = ["card_and_face", "card"]\nface_unknown = 0.3')
    assert told["right_pct"] >= 99.0
    assert told["pulses"] < told["decisions"]  # some were refused
    assert (told["pulsed_twice"], told["opened_wrongly"], told["not_opened"], told["pulsed_before_commit"]) == (0,) * 4
    assert (told["swapped"], told["doubled"], told["false_alerts"]) == (0, 0, 0)


def test_the_doors_contacts_are_read_back_by_the_node(rush: Any, tmp_path: Path) -> None:
    run(rush, tmp_path)
    lines = (tmp_path / "home-3" / "barrier-1.jsonl").read_text().splitlines()
    orders = [json.loads(line) for line in lines]
    assert {order["order"] for order in orders} == {"pulse"}
    with Database(tmp_path / "home-3" / "node.sqlite3").reading() as db:
        events = [decode(body).data for (body,) in db.execute("SELECT body FROM event ORDER BY id")]
    actuated = [e for e in events if isinstance(e, Actuated) and e.lane == "lane-1"]
    assert len(actuated) == len(orders)
    assert {e.result for e in actuated} == {"done"}


def test_one_seed_is_one_morning(rush: Any, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = run(rush, tmp_path / "a"), run(rush, tmp_path / "b")
    changing = {"latency_p50_ms", "latency_p99_ms", "latency_max_ms", "pulse_p50_ms", "pulse_p99_ms", "decision_cpu_s"}
    changing.add("wall_s")
    assert {k: v for k, v in one.items() if k not in changing} == {k: v for k, v in two.items() if k not in changing}


def test_the_truth_is_written_first_and_what_the_node_says_otherwise_is_counted(rush: Any, tmp_path: Path) -> None:
    score, truth, gates = (importlib.import_module(f"rush_parts.{name}") for name in ("score", "truth", "gates"))
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
    pulsed = [gates.Pulse(e.data.lane, e.data.transaction, e.mono_ms, 1.0, committed=True)
              for e in events if isinstance(e.data, Decision) and e.data.verdict == "open"]  # fmt: skip
    fair = score.score(truths, events, busy, pulsed)
    assert (fair.pulses, fair.pulsed_twice, fair.opened_wrongly, fair.not_opened) == (len(pulsed), 0, 0, 0)
    again = score.score(truths, events, busy, [*pulsed, replace(pulsed[0], committed=False)])
    assert (again.pulsed_twice, again.opened_wrongly, again.pulsed_before_commit) == (1, 1, 1)
    nobody = score.score(truths, events, busy, [*pulsed[1:], replace(pulsed[0], transaction="none")])
    assert (nobody.opened_wrongly, nobody.not_opened) == (1, 1)
    pair = [msgspec.structs.replace(a, data=msgspec.structs.replace(a.data, evidence=b.data.evidence))
            for a, b in zip(passed[:2], passed[1::-1], strict=True)]  # fmt: skip
    assert score.score(truths, [*pair, *passed[2:]], busy).wrong_name >= 2


def test_the_truth_says_beforehand_what_nothing_can_show(rush: Any) -> None:
    truth, crowd, senses, profile = (
        importlib.import_module(f"rush_parts.{name}") for name in ("truth", "crowd", "senses", "profile")
    )
    pupils = tuple(crowd.Pupil(n, "hidden") for n in range(4))
    visits = [
        crowd.Visit(0, pupils[0], 0, 20.0, "plain", "hidden", (pupils[0],)),
        crowd.Visit(1, None, 0, 20.6, "tailgater", "hidden", ()),
        crowd.Visit(2, pupils[2], 1, 20.0, "plain", "hidden", (pupils[2],)),
        crowd.Visit(3, pupils[3], 1, 21.0, "plain", "hidden", (pupils[3],)),
    ]
    told = {
        0: senses.Told(card_s=19.2, cards={"p00000": 19.2}),  # no camera saw this one
        1: senses.Told(crossed=1, seen=True),
        2: senses.Told(card_s=19.9, cards={"p00002": 19.9}, crossed=1, seen=True),
        3: senses.Told(card_s=19.5, cards={"p00003": 19.5}, crossed=1, seen=True),
    }
    unseen, behind, *swapped = truth.truth_of(crowd.Crowd(pupils, tuple(visits), 60.0), told, profile.Profile())
    assert (unseen.expected, unseen.unseen, unseen.readable) == ("p00000", True, False)
    assert (behind.shown, behind.bare) == (False, True)
    assert [(each.reversed, each.readable) for each in swapped] == [(True, False)] * 2
    in_order = told | {3: senses.Told(card_s=20.3, cards={"p00003": 20.3}, crossed=1, seen=True)}
    later = truth.truth_of(crowd.Crowd(pupils, tuple(visits), 60.0), in_order, profile.Profile())
    assert [each.readable for each in later[2:]] == [True, True]


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
        ("policies = []", "length >= 1"),
        ('policies = ["face"]', "Invalid enum value 'face'"),
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
    one_fast(
        [
            "students = 1\nborrowed_cards = 0\ntailgaters = 0\nturn_backs = 0",
            "students = 3\nsibling_share = 1\nborrowed_cards = 0\ntailgaters = 9\nturn_backs = 3",
            "students = 30\nlanes = 8\nminutes = 1\npeak_minutes = 1\ngroup_max = 9\n"
            "borrowed_cards = 28\nturn_backs = 2",
            "students = 20\nlanes = 1\nheadway_min_s = 0.1\ncard_miss = 1\nface_unknown = 1\nturn_backs = 0",
            'students = 20\nlanes = 3\nborrowed_cards = 2\nturn_backs = 2\npolicies = ["card", "card_and_face"]',
            "students = 20\ncard_double = 1\npeak_share = 0\nclock_step_s = 1e9\nborrowed_cards = 0\nturn_backs = 0",
        ]
    ),
)
def test_an_odd_profile_is_run_to_its_end(rush: Any, tmp_path: Path, text: str) -> None:
    told = run(rush, tmp_path, text)
    assert told["crossings"] >= 0
    assert 0 <= told["right_pct"] <= 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("profile", ["school", "verified"])
def test_a_school_of_1300_reaches_the_targets(rush: Any, tmp_path: Path, seed: int, profile: str) -> None:
    told = run(rush, tmp_path, (BENCH / "profiles" / f"{profile}.toml").read_text(), seed)
    assert told["right_pct"] >= 99.9
    assert (told["swapped"], told["doubled"]) == (0, 0)
    assert told["false_alerts_per_1000"] <= 1
    assert told["tailgaters_raised"] == told["tailgaters_shown"]
    assert told["borrowed_raised"] == told["borrowed_shown"]
    assert (told["pulsed_twice"], told["opened_wrongly"], told["pulsed_before_commit"]) == (0, 0, 0)
