"""Plans and models for tests: a school's yard as an installer would draw it, and a GLB made of nothing."""

from __future__ import annotations

import json
import struct
from typing import Any

SQUARE = [[10.0, 10.0], [50.0, 10.0], [50.0, 40.0], [10.0, 40.0]]


def drawing(**changes: Any) -> dict[str, Any]:
    """A hall with a zone in it, a gate and a camera, as JSON."""
    return {
        "sheet": {"picture": None, "width": 200.0, "height": 100.0, "metres_wide": 80.0},
        "model": None,
        "buildings": [
            {"id": "b1", "name": "教学楼", "outline": SQUARE, "floors": 3, "floor_height_m": 3.5, "base_m": 0.0}
        ],
        "zones": [
            {"id": "z1", "name": "大厅", "zone": "hall", "outline": SQUARE, "floor": 2, "building": "b1"},
        ],
        "gates": [
            {
                "id": "g1", "name": "正门", "at": [30.0, 90.0], "heading": 0.0, "width_m": 4.0,
                "node": "gate-1", "lane": "main",
            },
        ],
        "cameras": [
            {
                "id": "c1", "name": "门口", "at": [40.0, 90.0], "heading": 270.0, "height_m": 3.0,
                "node": "gate-1", "camera": "cam-1",
            },
        ],
    } | changes  # fmt: skip


def document(**changes: Any) -> dict[str, Any]:
    """What a model of one triangle says of itself."""
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                "min": [0, 0, 0], "max": [20, 15, 20],
            },
        ],
        "bufferViews": [{"buffer": 0, "byteOffset": 0, "byteLength": 36}],
        "buffers": [{"byteLength": 36}],
    } | changes  # fmt: skip


TRIANGLE = struct.pack("<9f", 0, 0, 0, 20, 0, 0, 0, 15, 20)


def glb(said: dict[str, Any] | None = None, binary: bytes = TRIANGLE) -> bytes:
    """A model in one file."""
    text = json.dumps(document() if said is None else said).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text
    if binary:
        body += struct.pack("<II", len(binary), 0x004E4942) + binary
    return b"glTF" + struct.pack("<II", 2, 12 + len(body)) + body
