"""Memory stays flat over half an hour: four cameras that always see somebody, and a fifth that comes and goes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from support.rtsp import RtspServer, require_rtsp
from zhian_edge.config.types import Camera
from zhian_models.store import Store

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts" / "bench"))

from edge_parts import footage, live  # noqa: E402

MINUTES = 30
WARM_MINUTES = 5
"""By then every buffer, cache and compiled shape has been used: the films are under two minutes long."""

MOST_MIB = 1.2 * 1024
FLAT_MIB = 30.0
"""Between the medians of the minutes after warming up and the last ones: less than what one leaked frame in each
reconnect, or a kilobyte a frame, would make."""

UP_S, DOWN_S = 14.0, 1.0


@contextmanager
def restless(server: RtspServer) -> Iterator[list[int]]:
    """The server goes and comes back all the time; how often it went."""
    over, gone = threading.Event(), [0]

    def trouble() -> None:
        while not over.wait(UP_S):
            server.kill()
            gone[0] += 1
            over.wait(DOWN_S)
            server.start()

    thread = threading.Thread(target=trouble)
    thread.start()
    try:
        yield gone
    finally:
        over.set()
        thread.join()
        server.kill()


@pytest.mark.slow
@pytest.mark.timeout(60 * MINUTES + 600)
def test_memory_is_flat_with_four_cameras_and_one_that_reconnects(
    shared: Path, models_home: Path, tmp_path: Path
) -> None:
    require_rtsp()
    films = footage.cameras(shared / "reels", tmp_path, 4)
    config = live.configuration(films, "own", "onnxruntime", loop=True)
    server = RtspServer()
    fifth = Camera(id="restless", source=server.address, senses=("face",))
    config = msgspec.structs.replace(config, cameras=(*config.cameras, fifth))
    run = live.Run(config, tmp_path, live.roster(shared / "reels" / "people", config, Store(models_home))).looping()
    with restless(server) as gone:
        run.go(60.0 * MINUTES)
    told = live.memory(run.meters.memory)
    print(f"{gone[0]} reconnects, {told}")
    begin = median(run.meters.memory, WARM_MINUTES, WARM_MINUTES + 5)
    end = median(run.meters.memory, MINUTES - 5, MINUTES)
    assert gone[0] > MINUTES * 3
    assert end - begin < FLAT_MIB, told
    assert told["most"] < MOST_MIB, told


def median(samples: list[tuple[float, float]], from_minute: int, to_minute: int) -> float:
    inside = sorted(mib for second, mib in samples if 60 * from_minute <= second < 60 * to_minute)
    return inside[len(inside) // 2]
