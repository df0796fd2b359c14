"""Names: said for fused looks above threshold and margin, never for the nearest."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scripted import frame
from zhian_edge.perception.dossier import Dossier
from zhian_edge.perception.face_finder import FaceFinder
from zhian_edge.perception.faces import FaceSense, FaceView, Naming
from zhian_edge.perception.types import Detection
from zhian_models.face.gallery import Gallery
from zhian_models.face.types import Face

Vector = NDArray[np.float32]


def axis(n: int) -> Vector:
    return np.eye(16, dtype=np.float32)[n]


def mixed(*parts: tuple[float, int]) -> Vector:
    vector = sum(share * axis(n) for share, n in parts)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


class NoDetector:
    def detect(self, bgr: np.ndarray) -> list[Face]:
        points = np.array([[40, 40], [60, 40], [50, 52], [43, 62], [57, 62]], np.float32)
        return [Face((30.0, 25.0, 40.0, 50.0), points, 0.9)]


class Reader:
    key = "key"

    def __init__(self, template: Vector, glance: Vector | None = None) -> None:
        self.template = template
        self.glanced = template if glance is None else glance
        self.reads = 0

    def read(self, bgr: np.ndarray, face: Face) -> Vector:
        self.reads += 1
        return self.template

    def glance(self, bgr: np.ndarray, face: Face) -> Vector:
        return self.glanced


def gallery(**people: Vector) -> Gallery:
    made = Gallery("key")
    for name, template in people.items():
        made.add(name, template)
    return made


def sense(known: Gallery, reader: Reader | None = None, threshold: float = 0.5) -> FaceSense:
    finder = FaceFinder(lambda _canvas: NoDetector())
    return FaceSense(finder, reader or Reader(axis(0)), known, Naming(lambda _n, _s, _g: threshold, 0.05))


def dossier(*templates: Vector, quality: float = 0.8) -> Dossier[FaceView]:
    made: Dossier[FaceView] = Dossier(1, "face", "gate", "gate.mp4", 1, 0, 0.0)
    for n, template in enumerate(templates):
        made.views.append(
            FaceView(
                frame=n, at_ms=200 * n, media_time_s=0.2 * n, box=(0, 0, 9, 9), quality=quality,
                picture=np.zeros((1, 1, 3), np.uint8), template=template,
            )
        )  # fmt: skip
        made.seen(frame(n), Detection("face", (0, 0, 9, 9), 0.9), 200 * n)
    return made


def test_several_looks_together_name_whom_one_would_not() -> None:
    known = gallery(ann=axis(0), bob=axis(1))
    weak = [mixed((0.45, 0), (0.89, n)) for n in (2, 3, 4, 5)]
    it = sense(known)
    assert it.judge(dossier(weak[0])) is None or it.judge(dossier(weak[0])).person_id is None  # type: ignore[union-attr]
    judged = it.judge(dossier(*weak))
    assert judged is not None
    assert (judged.person_id, judged.reason, judged.shots) == ("ann", "named", 4)


def test_below_the_threshold_nobody_is_named() -> None:
    judged = sense(gallery(ann=axis(0)), threshold=0.9).judge(dossier(*[mixed((0.8, 0), (0.6, 2))] * 3))
    assert judged is not None
    assert (judged.person_id, judged.reason) == (None, "below_threshold")


def test_two_who_look_alike_are_ambiguous() -> None:
    known = gallery(ann=mixed((1, 0), (0.1, 1)), twin=mixed((1, 0), (0.1, 2)))
    judged = sense(known, threshold=0.3).judge(dossier(*[axis(0)] * 3))
    assert judged is not None
    assert (judged.person_id, judged.reason) == (None, "ambiguous")


@pytest.mark.parametrize(
    ("glance", "whole", "denied", "reads"),
    [(axis(0), axis(5), False, 0), (axis(5), axis(0), False, 1), (axis(5), axis(5), True, 1)],
    ids=["plainly the same", "not the same at a glance only", "another"],
)
def test_a_doubtful_match_is_read_in_full_only_where_a_glance_does_not_confirm_it(
    glance: Vector, whole: Vector, denied: bool, reads: int
) -> None:
    reader = Reader(whole, glance)
    it, shown = sense(Gallery("key"), reader), frame(1)
    (found,) = it.find(shown)
    assert (it.denies(dossier(axis(0)), shown, found), reader.reads) == (denied, reads)


def test_an_empty_gallery_names_nobody() -> None:
    judged = sense(Gallery("key")).judge(dossier(*[axis(0)] * 3))
    assert judged is not None
    assert judged.person_id is None


def test_a_single_look_needs_more_than_the_threshold() -> None:
    look = mixed((0.52, 0), (0.85, 3))
    known = gallery(ann=axis(0))
    assert getattr(sense(known).judge(dossier(look)), "person_id", None) is None
    assert getattr(sense(known).judge(dossier(look, look)), "person_id", None) == "ann"


def test_a_look_that_resembles_no_other_is_left_out() -> None:
    judged = sense(gallery(ann=axis(0))).judge(dossier(axis(0), axis(0), axis(0), axis(7)))
    assert judged is not None
    assert judged.score == pytest.approx(1.0, abs=1e-3)
    assert judged.shots == 3


@pytest.mark.parametrize(("score", "from_looks"), [(1.0, 2), (0.67, 2), (0.6, 3), (0.55, 4), (0.52, 5)], ids=str)
def test_the_clearer_a_name_the_fewer_looks_make_it_certain(score: float, from_looks: int) -> None:
    it, look = sense(gallery(ann=axis(0))), mixed((score, 0), ((1 - score**2) ** 0.5, 3))
    certain = [getattr(it.judge(dossier(*[look] * n)), "certain", False) for n in range(1, 6)]
    assert certain == [n >= from_looks for n in range(1, 6)]


def test_somebody_far_from_everyone_is_told_to_be_unknown_while_still_there() -> None:
    it = sense(gallery(ann=axis(0)))
    told = [it.judge(dossier(*[axis(5)] * n)) for n in (3, 4)]
    assert [(j.person_id, j.certain) for j in told if j is not None] == [(None, False), (None, True)]


def test_somebody_near_the_threshold_is_not_called_unknown_too_soon() -> None:
    look = mixed((0.45, 0), (0.89, 3))
    judged = sense(gallery(ann=axis(0))).judge(dossier(*[look] * 5))
    assert judged is not None
    assert (judged.person_id, judged.certain) == (None, False)


def test_poor_looks_at_a_stranger_are_no_passage() -> None:
    assert sense(gallery(ann=axis(0))).judge(dossier(*[axis(3)] * 3, quality=0.05)) is None


def test_the_evidence_is_the_best_look() -> None:
    looked = dossier(axis(0), axis(0), axis(0))
    looked.views[1].quality = 0.9
    judged = sense(gallery(ann=axis(0))).judge(looked)
    assert judged is not None
    assert judged.view is looked.views[1]


def test_embeddings_per_subject_are_bounded() -> None:
    reader = Reader(axis(5))
    it = sense(gallery(ann=axis(0)), reader)
    looked = dossier()
    for n in range(200):
        shown = frame(n)
        (found,) = it.find(shown)
        looked.seen(shown, found, shown.at_ms)
        it.look(looked, shown, found)
        looked.judgement = it.judge(looked)
    assert 0 < reader.reads <= 14


def test_the_same_person_is_found_again_another_is_not() -> None:
    it = sense(gallery(ann=axis(0)))
    assert it.same(dossier(axis(0), axis(0)), dossier(mixed((0.8, 0), (0.6, 4))))
    assert not it.same(dossier(axis(0)), dossier(mixed((0.2, 0), (0.9, 4))))
    assert not it.same(dossier(), dossier(axis(0)))


@pytest.mark.parametrize(("likeness", "decided"), [(0.95, True), (0.6, False), (0.5, False), (0.1, True)])
def test_no_more_is_computed_once_no_look_could_change_the_outcome(likeness: float, decided: bool) -> None:
    seen = mixed((likeness, 0), ((1 - likeness**2) ** 0.5, 2))
    reader = Reader(seen)
    it = sense(gallery(ann=axis(0)), reader)
    made = dossier(*[seen] * 4, quality=0.4)
    made.judgement = it.judge(made)
    assert made.judgement is not None
    assert made.judgement.decided is decided
    assert it.settled(made) is decided


def test_few_or_poor_looks_decide_nothing() -> None:
    it = sense(gallery(ann=axis(0)))
    for made in (dossier(*[axis(0)] * 3), dossier(*[axis(0)] * 5, quality=0.2)):
        judged = it.judge(made)
        assert judged is not None
        assert not judged.decided
