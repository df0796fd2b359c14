"""The node's benchmark turns its truth with its films, counts operations rightly, and says what it leaves out."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper
from zhian_models.store import Store
from zhian_wire.roster import Roster

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts" / "bench"))

from edge_parts import baselines, floor, footage, live, machine, peers  # noqa: E402
from reel import Wanted, read_truth  # noqa: E402

LONG_S = 100.0

passages = st.lists(
    st.tuples(st.floats(0, 90), st.floats(0.5, 9)).map(lambda p: Wanted("face", "a", p[0], p[0] + p[1])), max_size=8
)


@given(passages, st.floats(0, LONG_S))
def test_a_film_is_turned_where_nobody_is_and_keeps_every_passage(truth: list[Wanted], near: float) -> None:
    cut = footage.empty_moment(truth, near, LONG_S)
    assert not any(p.first_s < cut < p.last_s for p in truth)
    turned = footage.turned_truth(truth, cut, LONG_S)
    lengths = sorted(round(p.last_s - p.first_s, 6) for p in truth)
    assert sorted(round(p.last_s - p.first_s, 6) for p in turned) == lengths
    assert all(p.first_s >= -1e-6 and p.last_s <= LONG_S + 1e-6 for p in turned)


def test_a_looped_film_shows_every_passage_again_while_there_is_time() -> None:
    film = footage.Footage("c", Path("c.mp4"), "face", (Wanted("face", "a", 2, 4), Wanted("face", "b", 8, 9)), 10.0)
    assert [(p.name, p.first_s) for p in film.truth_until(15)] == [("a", 2), ("b", 8), ("a", 12)]
    assert [p.name for p in film.truth_until(5)] == ["a"]


@pytest.fixture
def reel(tmp_path: Path) -> Path:
    """Two seconds at 25 frames a second that grow brighter."""
    path = tmp_path / "reel.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(50):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 5 * number, np.uint8), format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, 25)
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def brightness(film: Path) -> list[float]:
    with av.open(str(film)) as container:
        return [float(picture.to_ndarray(format="gray").mean()) for picture in container.decode(video=0)]


def test_a_camera_sends_fifteen_frames_a_second_from_where_its_film_begins(reel: Path, tmp_path: Path) -> None:
    footage._write(tmp_path / "film.mp4", reel, 1.0)
    seen = brightness(tmp_path / "film.mp4")
    assert len(seen) == 30
    assert seen[0] > seen[15] < seen[29] < seen[0] + 5, "the second half comes first"
    assert seen[:15] == sorted(seen[:15])


def test_a_convolution_is_counted_by_its_definition() -> None:
    conv = helper.make_node("Conv", ["x", "w"], ["y"], group=4)
    shapes = {"x": (1, 8, 10, 10), "w": (16, 2, 3, 3), "y": (1, 16, 8, 8)}
    assert floor._node(conv, shapes) == (16 * 8 * 8 * 2 * 3 * 3, 8 * 100 + 16 * 64)
    product = helper.make_node("MatMul", ["x", "w"], ["y"])
    assert floor._node(product, {"x": (5, 7), "w": (7, 3), "y": (5, 3)})[0] == 5 * 7 * 3


def test_no_network_is_faster_than_its_floor(models_home: Path) -> None:
    store = Store(models_home)
    work = floor.work_of(store, store.manifest.get("fr_feature"))
    assert 200e6 < work.multiplies < 240e6  # MobileFaceNet: about 220 million (Chen et al. 2018)
    assert work.weights == pytest.approx(store.manifest.get("fr_feature").size, rel=0.05)


def test_the_machine_is_named() -> None:
    facts = machine.describe()
    assert facts["cores"] >= 1
    assert facts["versions"]["onnxruntime"] != "not installed"


def test_only_whole_plates_count_as_read() -> None:
    assert peers.plates_in(["京C·X8888", "奥杰汽车网", "F512H", "京CX8888", "粤 B12345D"]) == ("京CX8888", "粤B12345D")


@pytest.mark.thorough
def test_a_peer_that_cannot_run_is_left_out_with_its_reason(tmp_path: Path) -> None:
    picture = tmp_path / "none.png"
    with pytest.raises(peers.PeerMissing, match=r"hyperlpr2 does not run here: .*hyperlpr2"):
        peers.read(peers.PEERS[2], Path(sys.executable), [picture])
    nothing = peers.Peer("nobody", "nobody", (("--no-index", "zhian-nobody"),))
    with pytest.raises(peers.PeerMissing, match=r"nobody: .*zhian-nobody"):
        peers.python_of(nothing, tmp_path)


def test_a_baseline_is_not_blamed_for_saying_the_same_in_every_frame() -> None:
    baseline = baselines.Baseline()
    for tenth in (0, 2, 4, 20, 60):
        baseline.tell("face", "a", tenth / 10)
    assert [said.at_s for said in baseline.said] == [0, 6]


def test_growth_of_memory_is_told_apart_from_warming_up() -> None:
    flat = [(float(s), 300.0 if s > 12 else 20.0 * s) for s in range(13, 100)]
    assert live.memory(flat)["growth_per_minute"] == 0
    grows = [(float(s), 300 + s / 60) for s in range(120)]
    assert live.memory(grows)["growth_per_minute"] == pytest.approx(1.0)


@pytest.mark.slow
@pytest.mark.parametrize("senses", ["own", "all"])
def test_the_very_process_of_a_node_is_measured(shared: Path, models_home: Path, tmp_path: Path, senses: str) -> None:
    reel = shared / "reels" / "cars.mp4"
    first = min(read_truth(reel.with_suffix(".truth.json")), key=lambda passage: passage.first_s)
    cars = footage.Footage("camera1", reel, "plate", (), 100.8)
    config = live.configuration([cars], senses, "onnxruntime", loop=False)
    run = live.Run(config, tmp_path, Roster(version=1)).looping()
    spent = run.go(8.0)
    assert run.meters.frames["camera1"] + run.meters.reports["camera1"].dropped > 100
    assert 0 < spent["capture_s"] < spent["cpu_s"]
    assert first.name in {p.plate for p in run.meters.passages}
    assert run.meters.memory
    assert "frame" in run.meters.delays
