"""Enrolment by the real networks, which nodes and replays use too."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from zhian_gateway.errors import PeopleError
from zhian_gateway.people.networks import PORTRAIT_SIDE, NetworkEnroller
from zhian_models.store import Store


@pytest.fixture(scope="module")
def enroller(models_home: Path) -> NetworkEnroller:
    return NetworkEnroller(Store(models_home))


@pytest.fixture
def portraits(models_home: Path) -> Path:
    folder = models_home / "models" / "portraits"
    if not folder.is_dir():
        pytest.skip("needs the demo's portraits: run scripts/test, which brings them")
    return folder


def test_each_usable_picture_gives_a_template_that_finds_the_person_again(
    enroller: NetworkEnroller, portraits: Path, tmp_path: Path
) -> None:
    for name in ("obama.jpg", "obama2.jpg"):
        shutil.copy(portraits / name, tmp_path)
    found = enroller.enrol("a", tmp_path)
    one, two = (np.frombuffer(vector, "<f4") for vector in found.templates)
    assert found.pictures == ("obama.jpg", "obama2.jpg")
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-3)
    assert float(one @ two) > 0.5
    assert [each.code for each in found.complaints if each.picture is None] == ["few_pictures"]


def test_the_portrait_is_small_and_says_nothing_of_where_it_was_taken(
    enroller: NetworkEnroller, portraits: Path, tmp_path: Path
) -> None:
    shutil.copy(portraits / "obama.jpg", tmp_path)
    portrait = enroller.enrol("a", tmp_path).portrait
    assert portrait is not None
    assert b"Exif" not in portrait[:64]
    picture = cv2.imdecode(np.frombuffer(portrait, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert max(picture.shape) <= PORTRAIT_SIDE


def test_a_picture_without_a_face_is_said_to_be_one(enroller: NetworkEnroller, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "wall.jpg"), np.full((200, 200, 3), 128, np.uint8))
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    found = enroller.enrol("a", tmp_path)
    assert (found.templates, found.portrait) == ((), None)
    assert {each.code for each in found.complaints} == {"no_face", "unreadable", "nothing_usable"}


def test_an_empty_folder_is_named_with_what_belongs_there(enroller: NetworkEnroller, tmp_path: Path) -> None:
    with pytest.raises(
        PeopleError, match=rf"{tmp_path}: no picture in it: put .* 1\.jpg, .* face = false in person\.toml"
    ):
        enroller.enrol("a", tmp_path)


def test_missing_networks_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="zhian-models pull"):
        NetworkEnroller(Store(tmp_path))
