"""Liveness: each network sees its own surroundings of the face, and a track is judged by all its looks."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from zhian_models.face.detect import open_detector
from zhian_models.face.enrol import read_picture
from zhian_models.face.errors import UnknownFaceNetwork
from zhian_models.face.liveness import CONTRACTS, Liveness, over_track, surroundings
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store

from .stand_ins import Scripted, drawn_face

PICTURE = np.random.default_rng(2).integers(0, 256, (200, 300, 3), np.uint8)


def test_the_view_is_the_box_widened_about_its_centre() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[80:120, 130:170] = 255
    view = surroundings(picture, (140.0, 90.0, 20.0, 20.0), 4.0, 80)
    assert view.shape == (80, 80, 3)
    assert view[40, 40].min() == 255
    assert view[:15].max() == 0
    assert np.mean(view > 0) == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    "box", [(0.0, 0.0, 40.0, 40.0), (270.0, 170.0, 30.0, 30.0), (0.0, 0.0, 300.0, 200.0), (5.0, 5.0, 0.0, 0.0)]
)
def test_a_face_at_the_edge_or_filling_the_picture_still_gives_a_view(box: tuple[float, float, float, float]) -> None:
    assert surroundings(PICTURE, box, 2.7, 128).shape == (128, 128, 3)


def test_logits_become_shares_and_shares_stay() -> None:
    runtime = Scripted(
        fr_liveness={"output": np.array([[2.0, 0.0, 0.0]], np.float32)},
        minifasnet_v2={"output": np.array([[0.1, 0.7, 0.2]], np.float32)},
        minifasnet_v1se={"output": np.array([[0.2, 0.5, 0.3]], np.float32)},
    )
    box = (100.0, 60.0, 60.0, 80.0)
    assert Liveness(runtime).score(PICTURE, box) == pytest.approx(np.exp(2) / (np.exp(2) + 2), abs=1e-5)
    assert Liveness(runtime, ("minifasnet_v2", "minifasnet_v1se")).score(PICTURE, box) == pytest.approx(0.6, abs=1e-6)
    sides = {name: next(iter(arrays.values())).shape for name, arrays in runtime.asked}
    assert sides == {name: (1, 3, contract.side, contract.side) for name, contract in CONTRACTS.items()}


def test_a_face_inside_a_rectangle_is_not_live_whatever_the_networks_say() -> None:
    runtime = Scripted(fr_liveness={"output": np.array([[9.0, 0.0, 0.0]], np.float32)})
    room = np.full((480, 640, 3), (168, 150, 140), np.uint8)
    room[120:360, 160:480] = drawn_face()
    assert Liveness(runtime).score(room, (272.0, 181.0, 93.0, 114.0)) > 0.9
    cv2.rectangle(room, (160, 120), (479, 359), (240, 240, 240), 10)
    assert Liveness(runtime).score(room, (272.0, 181.0, 93.0, 114.0)) == 0.0


def test_one_lucky_look_does_not_make_a_track_live() -> None:
    assert over_track([]) is None
    assert over_track([0.1, 0.9, 0.2]) == pytest.approx(0.4)


def test_an_unknown_network_is_named() -> None:
    with pytest.raises(UnknownFaceNetwork, match="depth"):
        Liveness(Scripted(), ("depth",))


def test_fr_liveness_answers_the_drawn_face_as_it_did_before(networks: Runtime) -> None:
    assert Liveness(networks).score(drawn_face(), (112, 60, 96, 116)) == pytest.approx(0.367, abs=0.02)


def test_the_live_picture_is_live_and_the_print_is_not(networks: Runtime, shared: Path, models_home: Path) -> None:
    """Two pictures prove no rate; they prove that colours, box and index are the right way round."""
    store = Store(models_home)
    pair = ("minifasnet_v2", "minifasnet_v1se")
    judges = [Liveness(networks)]
    if all(store.has(name) for name in pair):
        judges.append(Liveness(open_runtime(store, pair), pair))
    detector = open_detector(networks)
    for judge in judges:
        score = {}
        for name in ("live-1", "print-1"):
            picture = read_picture(shared / "liveness" / f"{name}.jpg")
            assert picture is not None
            upright = np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), np.uint8)
            (face,) = detector.detect(upright)
            score[name] = judge.score(upright, face.box)
        assert score["live-1"] > 0.8
        assert score["print-1"] < 0.3
