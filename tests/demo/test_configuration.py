"""What the demo writes is what node and gateway read, whatever stands at its cameras."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo_parts import configuration
from demo_parts.cameras import Camera, Gate
from demo_parts.prompting import Timetable
from zhian_edge.config import reading as edge
from zhian_gateway import config as gateway

GATES = {
    "observing": None,
    "card": Gate(("card",), Timetable(9.0), ((0.75, 1.0), (0.75, 0.0))),
    "two factors": Gate(("card_and_face",), Timetable(9.0)),
    "either": Gate(("card_and_face", "plate"), Timetable(9.0)),
}


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
def test_node_and_gateway_read_what_is_written(gate: Gate | None, tmp_path: Path) -> None:
    for name in ("token", "password"):
        (tmp_path / name).write_text("secret\n")
        (tmp_path / name).chmod(0o600)
    link = configuration.Link(1883, "http://127.0.0.1:1", "token")
    cameras = [Camera("gate", "reel.mp4", ("face",), synthetic=True, gate=gate)]
    (tmp_path / "node.toml").write_text(configuration.node("demo", "gate-1", link, cameras))
    (tmp_path / "gateway.toml").write_text(configuration.gateway("demo", 8420, 1883, "password", cameras))
    node = edge.load(tmp_path / "node.toml")
    (rule,) = gateway.load(tmp_path / "gateway.toml").rules.lanes
    assert node.lanes[0].policy == ("observe" if gate is None else gate.ways[0] if len(gate.ways) == 1 else "any_of")
    assert [reader.id for reader in node.readers] == ([] if gate is None else ["gate-reader"])
    # Where a lane decides and sees its line, it says itself who had no right to come in.
    assert rule.closed_to_strangers == (gate is None or gate.line is None)
