"""The scorer keeps the rules by which a reel is judged."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from zhian_wire import codec
from zhian_wire.events import Event, Passage

ROOT = Path(__file__).resolve().parents[2]


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("reel", ROOT / "scripts" / "bench" / "reel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reel"] = module
    spec.loader.exec_module(module)
    return module


reel = _load()


def said(name: str | None, at: float, kind: str = "face") -> Any:
    return reel.Said(kind, name, at)


def want(name: str | None, first: float, last: float, kind: str = "face", **more: Any) -> Any:
    return reel.Wanted(kind, name, first, last, **more)


def one(events: list[Any], passages: list[Any]) -> Any:
    (result,) = reel.score(events, passages)
    return result


@pytest.mark.parametrize(("at", "found"), [(8.4, 0), (8.5, 1), (10.0, 1), (13.5, 1), (13.6, 0)], ids=str)
def test_an_event_may_lie_a_second_and_a_half_outside(at: float, found: int) -> None:
    result = one([said("ann", at)], [want("ann", 10, 12)])
    assert (result.found, result.missed, result.invented) == (found, 1 - found, 1 - found)


def test_a_second_event_of_a_name_is_doubled() -> None:
    result = one([said("ann", 10), said("ann", 11)], [want("ann", 10, 12)])
    assert (result.found, result.doubled, result.wrong) == (1, 1, 0)


def test_the_same_person_who_comes_again_is_found_twice_in_any_order_of_events() -> None:
    passages = [want("ann", 10, 12), want("ann", 14, 16)]
    for events in ([said("ann", 13), said("ann", 11)], [said("ann", 13), said("ann", 15)]):
        result = one(events, passages)
        assert (result.found, result.doubled) == (2, 0)


def test_a_name_inside_anothers_passage_is_wrong() -> None:
    result = one([said("bob", 11)], [want("ann", 10, 12), want(None, 10, 12)])
    assert (result.wrong, result.stranger_named, result.missed) == (1, 0, 1)


def test_a_name_where_only_strangers_are_names_a_stranger() -> None:
    result = one([said("bob", 11)], [want(None, 10, 12)])
    assert (result.stranger_named, result.wrong, result.strangers_seen) == (1, 0, 0)


def test_a_name_where_nobody_is_is_invented() -> None:
    assert one([said("bob", 30)], [want("ann", 10, 12)]).invented == 1


def test_unknown_events_go_to_strangers_first_then_to_the_unnamed_then_to_optional_ones() -> None:
    passages = [want(None, 10, 12, optional=True), want("ann", 10, 12), want(None, 10, 12)]
    first = one([said(None, 11)], passages)
    assert (first.strangers_seen, first.unrecognised, first.unknown_beyond) == (1, 0, 0)
    second = one([said(None, 11)] * 2, passages)
    assert (second.strangers_seen, second.unrecognised, second.unknown_beyond) == (1, 1, 0)
    fourth = one([said(None, 11)] * 4, passages)
    assert fourth.unknown_beyond == 1


def test_an_unknown_event_does_not_find_a_known_person() -> None:
    result = one([said(None, 11)], [want("ann", 10, 12)])
    assert (result.found, result.missed, result.unrecognised) == (0, 1, 1)


def test_optional_passages_count_neither_way() -> None:
    passages = [want("ann", 10, 12, optional=True)]
    assert one([], passages).missed == 0
    result = one([said("ann", 11)], passages)
    assert (result.required, result.found, result.wrong, result.invented) == (0, 0, 0, 0)


def test_a_required_passage_comes_before_an_optional_one_of_the_same_name() -> None:
    result = one([said("ann", 11)], [want("ann", 10, 12, optional=True), want("ann", 10, 12)])
    assert (result.found, result.missed) == (1, 0)


def test_kinds_that_the_truth_does_not_list_are_not_scored() -> None:
    result = one([said("ann", 11), said("京A12345", 11, "plate")], [want("ann", 10, 12)])
    assert (result.found, result.invented, result.wrong) == (1, 0, 0)


def test_foreign_plates_are_not_scored() -> None:
    passages = [want("苏A0CP56", 3, 5, "plate"), want("LS15EBC", 10, 12, "plate", foreign=True)]
    result = one([said("沪S15EB0", 11, "plate"), said("苏A0CP56", 4, "plate")], passages)
    assert (result.required, result.found, result.invented, result.foreign_ignored) == (1, 1, 0, 1)


def test_a_body_passage_takes_one_body_event() -> None:
    result = one([said(None, 11, "body"), said(None, 12, "body")], [want(None, 10, 12, "body")])
    assert (result.found, result.unknown_beyond) == (1, 1)


def test_a_name_at_an_attack_is_told_apart() -> None:
    assert one([said("ann", 11)], [want(None, 10, 12, attack="print")]).attacks_named == 1


def _line(seq: int, **data: Any) -> bytes:
    passage = Passage(**{"person_id": None, "plate": None, "direction": "in", "camera": "a", **data})
    event = Event(
        site="s", node="n", epoch="e", seq=seq, boot="b", mono_ms=0, time="2026-01-01T00:00:00.000Z",
        clock="trusted", data=passage,
    )  # fmt: skip
    return codec.encode(event) + b"\n"


def test_files_are_read_scored_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events, truth, out = tmp_path / "e.jsonl", tmp_path / "t.json", tmp_path / "o.json"
    events.write_bytes(_line(1, kind="body", source="w.mp4", media_time_s=7.0))
    truth.write_text(json.dumps({"passages": [{"kind": "person", "first_s": 6, "last_s": 9}]}))
    assert reel.main([str(events), str(truth), "--json", str(out)]) == 0
    assert json.loads(out.read_text())["scores"][0]["found"] == 1
    assert "found 1 of 1" in capsys.readouterr().out


def test_a_broken_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events, truth = tmp_path / "e.jsonl", tmp_path / "t.json"
    events.write_bytes(_line(1, kind="body", source="w.mp4", media_time_s=7.0) + b"{}\n")
    truth.write_text(json.dumps({"passages": []}))
    assert reel.main([str(events), str(truth)]) == 2
    assert "e.jsonl, line 2" in capsys.readouterr().err


def test_a_truth_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.jsonl").write_bytes(b"")
    (tmp_path / "t.json").write_text("[]")
    assert reel.main([str(tmp_path / "e.jsonl"), str(tmp_path / "t.json")]) == 2
    assert "t.json is no truth" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("passage", "says"),
    [
        ('{"kind": "plate", "plate": "x", "first_s": 1}', "`last_s` - at `$.passages[0]`"),
        ('{"kind": "plate", "plate": 7, "first_s": 1, "last_s": 2}', "$.passages[0].plate"),
        ('{"kind": "dog", "first_s": 1, "last_s": 2}', "$.passages[0].kind"),
        ('{"kind": "face", "first_s": 1, "last_s": 2}', "$.passages[0]: a face needs `person_id`"),
        ('{"kind": "person", "first_s": 5, "last_s": 2}', "$.passages[0]: last_s 2.0 is before first_s 5.0"),
        ('\n{"kind": "person", "first_s": NaN, "last_s": 2}', "line 2"),
    ],
)
def test_what_is_wrong_in_a_truth_is_named_by_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], passage: str, says: str
) -> None:
    (tmp_path / "e.jsonl").write_bytes(b"")
    (tmp_path / "t.json").write_text(f'{{"passages": [{passage}]}}')
    assert reel.main([str(tmp_path / "e.jsonl"), str(tmp_path / "t.json")]) == 2
    error = capsys.readouterr().err
    assert "t.json" in error
    assert says in error


def test_a_score_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "events").write_bytes(b"")
    (tmp_path / "truth").write_text('{"passages": []}')
    unwritable = tmp_path / "nosuch" / "x"
    assert reel.main([str(tmp_path / "events"), str(tmp_path / "truth"), "--json", str(unwritable)]) == 2
    assert capsys.readouterr().err.startswith("reel.py: ")
