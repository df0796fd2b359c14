"""What the demo writes is what node and gateway read, whatever stands at its cameras."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from demo_parts import configuration
from demo_parts.cameras import ZONE, Camera, Gate
from demo_parts.prompting import Timetable
from zhian_edge.config import reading as edge
from zhian_gateway import config as gateway
from zhian_gateway.people.timetable_files import read_hours

GATES = {
    "observing": None,
    "card": Gate(("card",), Timetable(9.0), ((0.75, 1.0), (0.75, 0.0))),
    "two factors": Gate(("card_and_face",), Timetable(9.0)),
    "either": Gate(("card_and_face", "plate"), Timetable(9.0), inside=ZONE),
}


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
def test_node_and_gateway_read_what_is_written(gate: Gate | None, tmp_path: Path) -> None:
    for name in ("token", "password"):
        (tmp_path / name).write_text("secret\n")
        (tmp_path / name).chmod(0o600)
    link = configuration.Link(1883, "http://127.0.0.1:1", "token")
    cameras = [Camera("gate", "reel.mp4", ("face",), synthetic=True, gate=gate, name="正门摄像机", place="正门")]
    (tmp_path / "node.toml").write_text(configuration.node("demo", "gate-1", link, cameras))
    (tmp_path / "gateway.toml").write_text(configuration.gateway("demo", 8420, 1883, "password", cameras))
    node = edge.load(tmp_path / "node.toml")
    (rule,) = gateway.load(tmp_path / "gateway.toml").rules.lanes
    assert node.lanes[0].policy == ("observe" if gate is None else gate.ways[0] if len(gate.ways) == 1 else "any_of")
    assert [reader.id for reader in node.readers] == ([] if gate is None else ["gate-reader"])
    assert node.lanes[0].inside == ("" if gate is None else gate.inside)
    read = gateway.load(tmp_path / "gateway.toml")
    assert read.camera_names() == {"gate": "正门摄像机"} and read.lane_names() == {"gate": "正门"}
    # Where a lane decides and sees its line, it says itself who had no right to come in.
    assert rule.closed_to_strangers == (gate is None or gate.line is None)


@pytest.mark.parametrize(
    ("now", "bell"), [("2026-10-12T06:20", "07:20"), ("2026-10-12T22:59", "23:57"), ("2026-10-12T23:30", "23:57")]
)
def test_who_comes_now_is_in_time_for_the_classes_bell(now: str, bell: str, tmp_path: Path) -> None:
    hours = tmp_path / "hours.toml"
    hours.write_text(configuration.bells(["3-2", "grade-2"], datetime.fromisoformat(now)), encoding="utf-8")
    read = read_hours(hours).groups
    assert [(each.id, each.arrive_by, each.leave_from) for each in read] == [
        ("3-2", bell, "23:58"),
        ("grade-2", bell, "23:58"),
    ]
