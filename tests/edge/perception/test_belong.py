"""One person is one subject, whichever of face and body is found first, lost or found again; two are two."""

from __future__ import annotations

import numpy as np
import pytest
from zhian_edge.config.types import Sense
from zhian_edge.perception.belong import AnyDossier, join
from zhian_edge.perception.bodies import BodyView
from zhian_edge.perception.dossier import Dossier, Place, View
from zhian_edge.perception.types import Box
from zhian_wire.events import BodyKind

BODY: Box = (100, 50, 100, 300)
FACE: Box = (130, 60, 40, 50)
PLATE: Box = (150, 280, 60, 20)


def seen(track: int, kind: Sense, box: Box, *, at_ms: int = 1000, label: BodyKind = "person") -> AnyDossier:
    dossier: AnyDossier = Dossier(track, kind, "gate", "gate.mp4", track, 0, 0.0)
    dossier.path.append(Place(at_ms, box))
    dossier.last_ms = at_ms
    nothing = np.zeros((2, 2, 3), np.uint8)
    if kind == "body":
        colours = np.zeros(4, np.float32)
        made: View = BodyView(
            frame=0, at_ms=at_ms, media_time_s=0, box=box, quality=1, picture=nothing, label=label, colours=colours
        )
    else:
        made = View(frame=0, at_ms=at_ms, media_time_s=0, box=box, quality=1, picture=nothing)
    dossier.views.append(made)
    return dossier


def test_a_face_takes_the_number_of_its_body() -> None:
    body, face = seen(1, "body", BODY), seen(2, "face", FACE)
    join([[body], [face]])
    assert (body.subject, face.subject) == (1, 1)


@pytest.mark.parametrize("how", ["said", "crossed"])
def test_a_body_found_after_its_face_was_spoken_of_takes_the_faces_number(how: str) -> None:
    face = seen(1, "face", FACE)
    join([[], [face]])
    setattr(face, how, ("ann", None) if how == "said" else True)
    body = seen(2, "body", BODY)
    join([[body], [face]])
    assert (body.subject, face.subject) == (1, 1)


def test_a_body_whose_track_broke_is_found_anew_as_the_same() -> None:
    body, face = seen(1, "body", BODY), seen(2, "face", FACE)
    join([[body], [face]])
    face.said = ("ann", None)
    again = seen(3, "body", BODY)
    join([[again], [face]])
    assert again.subject == face.subject == 1


def test_a_face_whose_track_broke_is_found_anew_as_the_same() -> None:
    body, face = seen(1, "body", BODY), seen(2, "face", FACE)
    join([[body], [face]])
    again = seen(3, "face", FACE)
    join([[body], [again]])
    assert again.subject == 1


def test_numbers_that_are_both_spoken_of_stay() -> None:
    body, face = seen(1, "body", BODY), seen(2, "face", FACE)
    body.crossed, face.said = True, ("ann", None)
    join([[body], [face]])
    assert (body.subject, face.subject) == (1, 2)


def test_a_body_has_one_face_and_who_looks_out_behind_it_is_another() -> None:
    body, own, other = seen(1, "body", BODY), seen(2, "face", FACE), seen(3, "face", (128, 90, 30, 36))
    join([[body], [own]])
    join([[body], [own, other]])
    assert (own.subject, other.subject) == (1, 3)


@pytest.mark.parametrize("box", [(95, 60, 30, 36), (180, 60, 24, 36), (135, 300, 30, 36), (300, 60, 40, 50)])
def test_a_face_beside_below_or_outside_a_body_is_not_its(box: Box) -> None:
    body, face = seen(1, "body", BODY), seen(2, "face", box)
    join([[body], [face]])
    assert face.subject == 2


def test_of_two_abreast_each_has_its_own_body() -> None:
    bodies = [seen(1, "body", BODY), seen(2, "body", (190, 60, 95, 290))]
    faces = [seen(3, "face", (215, 70, 40, 50)), seen(4, "face", FACE)]
    join([bodies, faces])
    assert [face.subject for face in faces] == [2, 1]


def test_one_who_stands_before_another_gets_the_smaller_body() -> None:
    behind, before = seen(1, "body", (60, 20, 180, 340)), seen(2, "body", BODY)
    face = seen(3, "face", FACE)
    join([[behind, before], [face]])
    assert face.subject == 2


def test_what_was_seen_at_another_time_is_not_joined() -> None:
    body, face = seen(1, "body", BODY, at_ms=1000), seen(2, "face", FACE, at_ms=2000)
    join([[body], [face]])
    assert face.subject == 2


@pytest.mark.parametrize(("label", "subject"), [("car", 1), ("truck", 1), ("person", 2), ("bicycle", 2)])
def test_a_plate_belongs_to_a_vehicle_not_to_who_stands_before_it(label: BodyKind, subject: int) -> None:
    body, plate = seen(1, "body", (80, 100, 300, 220), label=label), seen(2, "plate", PLATE)
    join([[body], [plate]])
    assert plate.subject == subject
