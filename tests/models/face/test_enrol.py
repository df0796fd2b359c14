"""Enrolment: what can be used is used, and whatever is wrong with a picture is said with its name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_models.face.embed import Embedder
from zhian_models.face.enrol import Enroller, find_faces, open_enroller, pictures_in, read_picture
from zhian_models.face.errors import NoPictures
from zhian_models.face.gallery import Gallery
from zhian_models.face.thresholds import name_threshold
from zhian_models.face.types import Face, Picture
from zhian_models.manifest import Manifest
from zhian_models.runtime import Runtime

from .stand_ins import Scripted, drawn_face

POINTS = np.array([[139.5, 104.4], [180.9, 105.0], [159.4, 128.9], [142.8, 148.2], [175.5, 148.8]], np.float32)
FACE = Face((112.0, 61.0, 93.0, 114.0), POINTS, 0.9)


class Sees:
    """A detector that knows where the faces are, whatever it is shown."""

    def __init__(self, *faces: Face) -> None:
        self.faces = list(faces)

    def detect(self, bgr: Picture) -> list[Face]:
        return self.faces


def mean_colour(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    (tensor,) = arrays.values()
    return {"output": np.append(tensor.mean(axis=(0, 2, 3)), 1.0)[None].astype(np.float32)}


@pytest.fixture
def embedder(manifest: Manifest) -> Embedder:
    return Embedder(Scripted(fr_feature=mean_colour), manifest.get("fr_feature"))


def scaled(face: Face, factor: float) -> Face:
    x, y, w, h = (side * factor for side in face.box)
    return Face((x, y, w, h), face.points * np.float32(factor), face.score)


def sharp() -> Picture:
    """The drawn face with a texture on it, so that it is in focus."""
    noise = np.random.default_rng(3).normal(0, 14, (240, 320, 1))
    return np.clip(drawn_face().astype(float) + noise, 0, 255).astype(np.uint8)


def codes(enroller: Enroller, picture: NDArray[Any] | None) -> list[tuple[str, bool]]:
    enrolment = enroller.enrol_pictures("p", [("one.jpg", None if picture is None else picture.astype(np.uint8))])
    return [(warn.code, warn.used) for warn in enrolment.warnings if warn.picture == "one.jpg"]


def test_three_good_pictures_leave_nothing_to_say(embedder: Embedder) -> None:
    enrolment = Enroller(Sees(FACE), embedder).enrol_pictures("p", [(f"{n}.jpg", sharp()) for n in range(3)])
    assert enrolment.warnings == ()
    assert enrolment.templates.shape == (3, 4)
    assert enrolment.pictures == ("0.jpg", "1.jpg", "2.jpg")
    assert enrolment.key == embedder.key
    assert np.allclose(np.linalg.norm(enrolment.templates, axis=1), 1)


def test_fewer_than_three_are_enrolled_and_warned_of(embedder: Embedder) -> None:
    enrolment = Enroller(Sees(FACE), embedder).enrol_pictures("p", [("one.jpg", sharp())])
    assert len(enrolment.templates) == 1
    assert [warn.code for warn in enrolment.warnings] == ["few_pictures"]


def test_each_fault_is_named_and_the_worst_are_not_enrolled(embedder: Embedder) -> None:
    good = Enroller(Sees(FACE), embedder)
    assert codes(good, None) == [("unreadable", False)]
    assert codes(Enroller(Sees(), embedder), sharp()) == [("no_face", False)]
    assert codes(good, cv2.GaussianBlur(sharp(), (0, 0), 14)) == [("blurred", False)]
    assert codes(good, (sharp() * 0.02).astype(np.uint8)) == [("dark", False)]
    tiny = cv2.resize(sharp(), None, fx=0.1, fy=0.1, interpolation=cv2.INTER_AREA)
    assert codes(Enroller(Sees(scaled(FACE, 0.1)), embedder), tiny) == [("small", False)]
    small = cv2.resize(sharp(), None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    assert ("small", True) in codes(Enroller(Sees(scaled(FACE, 0.4)), embedder), small)


def test_a_turned_head_is_enrolled_with_a_warning(embedder: Embedder) -> None:
    aside = POINTS.copy()
    aside[2, 0] += 18
    assert ("turned", True) in codes(Enroller(Sees(Face(FACE.box, aside, 0.9)), embedder), sharp())


def test_of_two_faces_only_a_clearly_larger_one_is_meant(embedder: Embedder) -> None:
    beside = Face((10.0, 60.0, 80.0, 100.0), POINTS - np.array([100, 0], np.float32), 0.95)
    behind = Face((10.0, 60.0, 40.0, 50.0), POINTS * np.float32(0.4), 0.95)
    assert codes(Enroller(Sees(beside, FACE), embedder), sharp()) == [("two_faces", False)]
    assert codes(Enroller(Sees(behind, FACE), embedder), sharp()) == []


def test_a_face_that_fills_the_picture_is_found_with_a_rim_around_it() -> None:
    class OnlySmall:
        def detect(self, bgr: Picture) -> list[Face]:
            if bgr.shape[0] == 100:
                return []
            assert bgr.shape == (200, 180, 3)
            return [Face((50.0, 40.0, 90.0, 120.0), np.full((5, 2), 60, np.float32), 0.9)]

    (face,) = find_faces(OnlySmall(), np.zeros((100, 80, 3), np.uint8))
    assert face.box == (0.0, 0.0, 80.0, 100.0)
    assert np.all(face.points == 10)


def test_a_folder_is_read_in_the_order_of_its_names(embedder: Embedder, tmp_path: Path) -> None:
    for name in ("b.png", "a.png", "\u5f20\u4e09.png"):
        (tmp_path / name).write_bytes(cv2.imencode(".png", sharp())[1].tobytes())
    (tmp_path / "note.txt").write_text("not a picture")
    (tmp_path / "c.jpg").write_bytes(b"neither")
    enrolment = Enroller(Sees(FACE), embedder).enrol_folder("p", tmp_path)
    assert enrolment.pictures == ("a.png", "b.png", "\u5f20\u4e09.png")
    assert [(warn.code, warn.picture) for warn in enrolment.warnings] == [("unreadable", "c.jpg")]


def test_a_folder_without_pictures_is_an_error_that_names_it(embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(
        NoPictures, match=rf"{tmp_path}: no picture in it: put three or more of p there, such as 1\.jpg"
    ):
        Enroller(Sees(FACE), embedder).enrol_folder("p", tmp_path)
    for name in ("IMG_1.HEIC", "person.toml"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(NoPictures, match=r"in it \(IMG_1\.HEIC cannot be read as one\):"):
        Enroller(Sees(FACE), embedder).enrol_folder("p", tmp_path)


def test_hidden_files_folders_and_pipes_are_no_pictures(tmp_path: Path) -> None:
    (tmp_path / "._1.jpg").write_bytes(b"a Mac's own")
    (tmp_path / "2.jpg").mkdir()
    os.mkfifo(tmp_path / "3.jpg")
    (tmp_path / "4.jpg").symlink_to("4.jpg")
    (tmp_path / "5.JPG").touch()
    assert [path.name for path in pictures_in(tmp_path)] == ["4.jpg", "5.JPG"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"GIF89a", "GIF"),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (12000).to_bytes(4, "big") + (9000).to_bytes(4, "big"),
            "108 million pixels",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (90).to_bytes(4, "big") * 2, "cut off"),
        (b"<html>", "no picture"),
    ],
)
def test_a_picture_that_cannot_be_read_says_why(embedder: Embedder, tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "1.jpg").write_bytes(data)
    warn = Enroller(Sees(FACE), embedder).enrol_folder("p", tmp_path).warnings[0]
    assert (warn.code, warn.picture) == ("unreadable", "1.jpg")
    assert says in warn.text


def test_what_is_no_picture_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    assert read_picture(tmp_path / "empty.jpg") is None
    assert read_picture(tmp_path / "missing.jpg") is None


def test_the_drawn_face_is_enrolled_by_the_real_networks(networks: Runtime, manifest: Manifest) -> None:
    enrolment = open_enroller(networks, manifest).enrol_pictures("drawn", [("drawn", drawn_face())])
    assert enrolment.templates.shape == (1, 512)
    assert enrolment.key == manifest.get("fr_feature").template_key()


def pictures(folder: Path, count: int) -> Iterator[tuple[str, Picture | None]]:
    return ((path.name, read_picture(path)) for path in sorted(folder.iterdir())[:count])


def test_real_people_are_told_apart_and_strangers_stay_unknown(
    networks: Runtime, manifest: Manifest, shared: Path
) -> None:
    enroller = open_enroller(networks, manifest)
    gallery = Gallery(enroller.key)
    folders = sorted((shared / "faces" / "lfw").iterdir()) + sorted((shared / "faces" / "asian").iterdir())[:3]
    for folder in folders:
        enrolment = enroller.enrol_pictures(folder.name, pictures(folder, 3))
        gallery.add(f"{folder.parent.name}/{folder.name}", enrolment.templates, key=enrolment.key)
    threshold = name_threshold(gallery.size)
    for folder in folders:
        late = enroller.enrol_pictures(folder.name, list(pictures(folder, 6))[3:])
        for template in late.templates:
            match = gallery.search(template)
            assert match.score < threshold or match.person_id == f"{folder.parent.name}/{folder.name}"
    strangers = sorted((shared / "faces" / "strangers").iterdir())[:12]
    unknown = enroller.enrol_pictures("?", ((path.name, read_picture(path)) for path in strangers))
    assert all(gallery.search(template).score < threshold for template in unknown.templates)
