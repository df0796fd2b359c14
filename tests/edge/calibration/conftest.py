"""A small film of a gate, and a configuration around it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Three seconds of a chequered yard with noise, 320x180 at 25 frames a second."""
    chance = np.random.default_rng(1)
    yard = chance.integers(60, 200, (9, 16, 3)).astype(np.uint8).repeat(20, 0).repeat(20, 1)
    path = tmp_path / "gate.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for _ in range(75):
            noisy = np.clip(yard + chance.normal(0, 3, yard.shape), 0, 255).astype(np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="bgr24")))
        out.mux(stream.encode(None))
    return path


@pytest.fixture
def config(tmp_path: Path, film: Path) -> Path:
    """A node with two cameras that need no network to be judged."""
    path = tmp_path / "node.toml"
    path.write_text(
        f"""\
# the porter's node
[site]
id = "school"
[node]
id = "gate"
[gateway]
brokers = ["mqtt://127.0.0.1:1883"]
url = "http://127.0.0.1:8000"

[[cameras]]
id = "door"
source = "{film.name}"
senses = ["body"]  # no faces here

# the way for cars
[[cameras]]
id = "drive"
source = "{film.name}"
senses = ["body"]
line = [[0.2, 0.5], [0.8, 0.5]]
"""
    )
    return path
