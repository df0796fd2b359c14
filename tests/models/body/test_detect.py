"""Bodies are found where they are, once, and in the given picture's pixels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_models.body import KINDS, BodyDetector
from zhian_models.body.detect import BINS, FAMILY, STRIDES, decode, suppress
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store

from .drawn import CAR, PERSON, street

SIZE = (64, 96)


def blank_outputs() -> dict[str, NDArray[np.float32]]:
    cells = {s: (SIZE[0] // s) * (SIZE[1] // s) for s in STRIDES}
    return {f"cls_{s}": np.zeros((1, n, 80), np.float32) for s, n in cells.items()} | {
        f"reg_{s}": np.zeros((1, n, 44), np.float32) for s, n in cells.items()
    }


def naive_decode(outputs: dict[str, NDArray[np.float32]], threshold: float) -> list[tuple[float, float, float, float]]:
    """The contract read literally, cell by cell."""
    found = []
    for stride in STRIDES:
        columns = SIZE[1] // stride
        for cell, scores in enumerate(outputs[f"cls_{stride}"][0]):
            best = max((0, 1, 2, 3, 5, 7), key=lambda c: scores[c])
            if scores[best] < threshold:
                continue
            x, y = (cell % columns + 0.5) * stride, (cell // columns + 0.5) * stride
            sides = []
            for logits in outputs[f"reg_{stride}"][0, cell].reshape(4, BINS):
                weights = np.exp(logits)
                sides.append(float((weights / weights.sum()) @ np.arange(BINS)) * stride)
            found.append((x - sides[0], y - sides[1], x + sides[2], y + sides[3]))
    return found


def test_decoding_equals_the_contract_read_cell_by_cell() -> None:
    rng = np.random.default_rng(1)
    outputs = {name: rng.normal(0, 1, a.shape).astype(np.float32) for name, a in blank_outputs().items()}
    corners, scores, kinds = decode(outputs, SIZE, 2.0)
    assert 3 < len(scores) == len(kinds)
    np.testing.assert_allclose(corners, naive_decode(outputs, 2.0), atol=1e-3)


@pytest.mark.parametrize(("coco", "kind"), [(0, "person"), (1, "bicycle"), (3, "motorcycle"), (5, "bus"), (7, "truck")])
def test_only_the_wanted_classes_are_reported(coco: int, kind: str) -> None:
    outputs = blank_outputs()
    outputs["cls_16"][0, 3, coco] = 0.9
    outputs["cls_16"][0, 5, 16] = 0.99  # a dog
    _, scores, kinds = decode(outputs, SIZE, 0.4)
    assert [KINDS[k] for k in kinds] == [kind]
    assert scores == pytest.approx([0.9])


def test_nothing_is_found_in_nothing() -> None:
    corners, scores, kinds = decode(blank_outputs(), SIZE, 0.4)
    assert corners.shape == (0, 4)
    assert len(suppress(corners, scores, FAMILY[kinds])) == 0


def test_one_vehicle_is_one_body_whatever_it_is_called_and_its_driver_another() -> None:
    box = [0, 0, 100, 50]
    corners = np.array([box, box, box, [200, 0, 300, 50]], np.float32)
    kinds = np.array([KINDS.index(k) for k in ("car", "truck", "person", "car")])
    assert list(suppress(corners, np.array([0.6, 0.7, 0.5, 0.4], np.float32), FAMILY[kinds])) == [1, 2, 3]


def test_sizes_must_fit_the_network() -> None:
    with pytest.raises(ValueError, match="multiples of 32, not 250x416"):
        BodyDetector(None, (250, 416))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def runtime(models_home: Path) -> Runtime:
    return open_runtime(Store(models_home), ["nanodet"])


def close(box: tuple[float, ...], other: tuple[float, ...], pixels: float) -> bool:
    return bool(np.abs(np.array(box) - other).max() <= pixels)


@pytest.mark.parametrize("size", [(256, 416), (416, 416)])
def test_the_drawn_street_has_a_person_and_a_car(runtime: Runtime, size: tuple[int, int]) -> None:
    found = BodyDetector(runtime, size, threshold=0.25).detect(street())
    assert [b.kind for b in found] == ["car", "person"]
    assert close(found[0].box, CAR, 30)
    assert close(found[1].box, PERSON, 45)


def test_the_drawn_street_gives_the_golden_boxes(runtime: Runtime) -> None:
    found = BodyDetector(runtime, threshold=0.25).detect(street())
    golden = json.loads((Path(__file__).parent / "street.golden.json").read_text())
    assert [b.kind for b in found] == [g["kind"] for g in golden]
    for body, expected in zip(found, golden, strict=True):
        assert body.score == pytest.approx(expected["score"], abs=0.01)
        assert close(body.box, expected["box"], 1.0)


def test_a_picture_of_any_shape_is_answered_in_its_own_pixels(runtime: Runtime) -> None:
    tall = np.vstack([np.full((600, 1280, 3), 180, np.uint8), street()])
    found = BodyDetector(runtime, (416, 416), threshold=0.25).detect(tall)
    (person,) = (b for b in found if b.kind == "person")
    assert close(person.box, (PERSON[0], PERSON[1] + 600, *PERSON[2:]), 60)


def test_walkers_are_found_and_empty_frames_are_empty(runtime: Runtime, shared: Path) -> None:
    import av  # noqa: PLC0415

    truth = json.loads((shared / "reels" / "walkers.truth.json").read_text())
    detector, seen, walked, alarms = BodyDetector(runtime), 0, 0, 0
    with av.open(str(shared / "reels" / "walkers.mp4")) as reel:
        for index, frame in enumerate(reel.decode(video=0)):
            time = index / truth["fps"]
            here = any(p["first_s"] + 1.2 <= time <= p["last_s"] - 0.3 for p in truth["passages"])
            empty = any(first <= time <= last for first, last in truth["empty"])
            if index % 20 or not (here or empty):
                continue
            picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
            persons = [b for b in detector.detect(picture) if b.kind == "person"]
            walked, seen = walked + here, seen + (here and bool(persons))
            alarms += empty and bool(persons)
    assert walked > 40
    assert seen >= 0.98 * walked
    assert alarms == 0
