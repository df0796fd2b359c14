"""Detection: every network's answer is read as its publisher reads it, in the given picture's pixels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from zhian_models.face.candidates import Candidates, overlap, suppress
from zhian_models.face.centerface import CenterFace
from zhian_models.face.detect import Contract, NetworkDetector, open_detector
from zhian_models.face.errors import UnknownFaceNetwork
from zhian_models.face.letterbox import letterbox
from zhian_models.face.scrfd import Scrfd
from zhian_models.face.yunet import YuNet
from zhian_models.fetching import pull
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store

from .stand_ins import Scripted, drawn_face

SIZE = (640, 384)


def centerface_maps(size: tuple[int, int] = SIZE) -> dict[str, NDArray[np.float32]]:
    """Silent maps of CenterFace for a canvas."""
    rows, columns = size[1] // 4, size[0] // 4
    return {
        name: np.zeros((1, n, rows, columns), np.float32)
        for name, n in zip(("537", "538", "539", "540"), (1, 2, 2, 10), strict=True)
    }


def one_face(row: int, column: int, height: float, width: float, score: float = 0.9) -> dict[str, NDArray[np.float32]]:
    """Maps in which one cell says: a face of `height` x `width` canvas pixels, its points in the box' middle."""
    maps = centerface_maps()
    maps["537"][0, 0, row, column] = score
    maps["538"][0, :, row, column] = np.log([height / 4, width / 4])
    maps["540"][0, :, row, column] = 0.5
    return maps


def test_a_face_is_found_where_the_heat_map_says() -> None:
    detector = open_detector(Scripted(centerface=one_face(30, 50, 40, 20)))
    (face,) = detector.detect(np.zeros((384, 640, 3), np.uint8))
    assert face.box == pytest.approx((192.5 - 0.5, 102.5 - 0.5, 20, 40), abs=1)
    assert np.allclose(face.points, [202, 122], atol=1)
    assert face.score == pytest.approx(0.9)


def test_answers_are_in_the_pixels_of_the_given_picture() -> None:
    small = open_detector(Scripted(centerface=one_face(30, 50, 40, 20))).detect(np.zeros((384, 640, 3), np.uint8))[0]
    large = open_detector(Scripted(centerface=one_face(30, 50, 40, 20))).detect(np.zeros((768, 1280, 3), np.uint8))[0]
    assert large.box == pytest.approx([2 * side for side in small.box], abs=1)
    assert np.allclose(large.points, small.points * 2 + 0.5, atol=0.01)  # a pixel's centre is at its middle


def test_a_face_cut_by_the_edge_keeps_its_points_and_loses_only_its_box() -> None:
    (face,) = open_detector(Scripted(centerface=one_face(2, 50, 60, 40))).detect(np.zeros((384, 640, 3), np.uint8))
    assert face.box[1] == 0
    assert face.box[3] < 60
    assert face.points[0, 1] == pytest.approx(9.5, abs=1)


@given(st.integers(20, 2000), st.integers(20, 2000), st.floats(0, 1), st.floats(0, 1))
def test_a_point_of_the_picture_survives_the_canvas_and_back(width: int, height: int, x: float, y: float) -> None:
    canvas, placed = letterbox(np.zeros((height, width, 3), np.uint8), SIZE)
    assert canvas.shape == (SIZE[1], SIZE[0], 3)
    point = np.array([[x * (width - 1), y * (height - 1)]], np.float32)
    on_canvas = (point + 0.5) * [placed.scale_x, placed.scale_y] - 0.5
    assert np.all(on_canvas <= [SIZE[0], SIZE[1]])
    assert np.allclose(placed.back(on_canvas.astype(np.float32)), point, atol=0.05)


def test_the_canvas_shows_the_whole_picture_and_black_beside_it() -> None:
    canvas, _ = letterbox(np.full((720, 1280, 3), 90, np.uint8), SIZE)
    assert canvas[:360].min() == canvas[:360].max() == 90
    assert canvas[360:].max() == 0


def test_of_two_boxes_on_one_face_the_surer_stays() -> None:
    corners = np.array([[0, 0, 10, 10], [1, 1, 11, 11], [50, 50, 60, 60]], np.float32)
    found = Candidates(corners, np.zeros((3, 5, 2), np.float32), np.array([0.6, 0.9, 0.7], np.float32))
    assert suppress(found, 0.3).scores.tolist() == pytest.approx([0.9, 0.7])


@given(st.integers(0, 40), st.integers(0, 1000))
def test_what_is_kept_never_overlaps(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 50, (count, 2))
    corners = np.concatenate([low, low + rng.uniform(1, 40, (count, 2))], axis=1).astype(np.float32)
    kept = suppress(Candidates(corners, np.zeros((count, 5, 2), np.float32), rng.random(count).astype(np.float32)), 0.3)
    table = overlap(kept.corners, kept.corners)
    assert np.all(table[~np.eye(len(kept), dtype=bool)] < 0.3)
    assert bool(count) == bool(len(kept))


def scrfd_outputs(size: tuple[int, int], seed: int) -> dict[str, NDArray[np.float32]]:
    """Nine noisy maps in SCRFD's order, few of which score."""
    rng = np.random.default_rng(seed)
    cells = [2 * (size[0] // s) * (size[1] // s) for s in (8, 16, 32)]
    maps = [rng.uniform(0, 0.51, (n, 1)) for n in cells]
    maps += [rng.uniform(0.5, 4, (n, 4)) for n in cells] + [rng.uniform(-3, 3, (n, 10)) for n in cells]
    return {f"{400 + index}": value.astype(np.float32) for index, value in enumerate(maps)}


@pytest.mark.filterwarnings("ignore")
def test_scrfd_is_read_as_insightface_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module = pytest.importorskip("insightface.model_zoo.scrfd")
    outputs = scrfd_outputs((320, 192), 5)
    theirs = module.SCRFD.__new__(module.SCRFD)
    theirs._feat_stride_fpn, theirs.fmc, theirs._num_anchors = [8, 16, 32], 3, 2
    theirs.use_kps, theirs.batched, theirs.center_cache = True, False, {}
    theirs.output_names, theirs.input_name = list(outputs), "input.1"
    seen: dict[str, Any] = {}

    class Session:
        def run(self, names: list[str], feed: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
            seen.update(feed)
            return [outputs[name] for name in names]

    monkeypatch.setattr(theirs, "_session_for_input_size", lambda size: Session(), raising=False)
    theirs.input_mean, theirs.input_std = 127.5, 128.0
    canvas = np.random.default_rng(1).integers(0, 256, (192, 320, 3), np.uint8)
    scores, boxes, points = theirs.forward(canvas, 0.5)
    ours = Scrfd().decode(outputs, (320, 192), 0.5)
    assert np.array_equal(ours.scores, np.concatenate(scores).ravel())
    assert np.allclose(ours.corners, np.concatenate(boxes), atol=1e-4)
    assert np.allclose(ours.points, np.concatenate(points), atol=1e-4)
    assert np.allclose(Scrfd().tensor(canvas), seen["input.1"], atol=1e-6)


def test_scrfd_packs_with_a_batch_dimension_are_read_alike() -> None:
    outputs = scrfd_outputs((320, 192), 6)
    plain = Scrfd().decode(outputs, (320, 192), 0.5)
    batched = Scrfd().decode({name: value[None] for name, value in outputs.items()}, (320, 192), 0.5)
    assert np.array_equal(plain.points, batched.points)


def test_a_network_without_an_adapter_is_named() -> None:
    with pytest.raises(UnknownFaceNetwork, match=r"'haar'.*centerface"):
        open_detector(Scripted(), "haar")


def test_a_canvas_that_no_network_can_take_is_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 32, not 640x360"):
        open_detector(Scripted(), size=(640, 360))


def test_centerface_sees_the_drawn_face_as_it_did_before(networks: Runtime) -> None:
    detector = NetworkDetector(networks, "centerface", Contract(CenterFace, threshold=0.3, overlap=0.3), SIZE)
    (face, *_) = detector.detect(drawn_face())
    assert np.array(face.box) == pytest.approx([112.2, 61.6, 92.8, 114.0], abs=2)
    assert np.abs(face.points - GOLDEN_POINTS).max() < 2


GOLDEN_POINTS = np.array([[139.5, 104.4], [180.9, 105.0], [159.4, 128.9], [142.8, 148.2], [175.5, 148.8]])


def test_yunet_is_read_as_opencv_reads_it(shared: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert pull(store, [store.manifest.get("yunet_dynamic")], folder=shared / "nets").failed == ()
    path = store.path("yunet_dynamic")
    picture = drawn_face(320, 192, (160, 96))
    theirs = cv2.FaceDetectorYN.create(str(path), "", (320, 192), 0.7, 0.3)
    (row,) = theirs.detect(picture)[1]
    detector = NetworkDetector(
        open_runtime(store, ["yunet_dynamic"]), "yunet_dynamic", Contract(YuNet, 0.7, 0.3), (320, 192)
    )
    (face,) = detector.detect(picture)
    assert np.allclose(face.box, row[:4], atol=0.2)
    assert np.allclose(face.points.ravel(), row[4:14], atol=0.2)
    assert face.score == pytest.approx(row[14], abs=1e-3)
