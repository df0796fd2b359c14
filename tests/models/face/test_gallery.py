"""The gallery: exact, honest about the second best, and closed to foreign templates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.face.embed import fuse, unit
from zhian_models.face.errors import BadTemplate, ForeignTemplate
from zhian_models.face.gallery import CROWD, CROWD_SHARE, NOBODY, Gallery

KEY = "a" * 64


def directions(count: int, seed: int, size: int = 32) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32))


@given(st.integers(1, 60), st.integers(0, 10_000))
def test_search_equals_the_plain_loop_over_everybody(persons: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    gallery = Gallery(KEY)
    score = {}
    probe = directions(1, seed + 1)[0]
    for number in range(persons):
        templates = directions(int(rng.integers(1, 5)), seed * 100 + number)
        gallery.add(f"p{number}", templates)
        mean = unit(templates.mean(axis=0, keepdims=True))
        score[f"p{number}"] = float((templates @ probe).max() + (mean @ probe)[0]) / 2
    match = gallery.search(probe)
    ranked = sorted(score, key=score.__getitem__, reverse=True)
    crowd = sum(score[person] for person in ranked[1 : CROWD + 1]) / CROWD
    assert match.person_id == ranked[0]
    assert match.cosine == pytest.approx(score[ranked[0]], abs=1e-5)
    assert match.score == pytest.approx(score[ranked[0]] - CROWD_SHARE * crowd, abs=1e-5)
    if persons > 1:
        assert match.second_id == ranked[1]
        assert match.margin == pytest.approx(score[ranked[0]] - score[ranked[1]], abs=1e-5)


def test_the_second_best_is_another_person_not_another_picture() -> None:
    face, other = directions(2, 1)
    gallery = Gallery(KEY)
    gallery.add("twice", np.stack([face, fuse(np.stack([face, face, other]))]))
    gallery.add("other", other[None])
    match = gallery.search(face)
    assert (match.person_id, match.second_id) == ("twice", "other")


def test_who_looks_like_many_must_look_more_like_one() -> None:
    face, *rest = directions(CROWD + 2, 5)
    alone, crowded = Gallery(KEY), Gallery(KEY)
    alone.add("p", face[None])
    crowded.add("p", face[None])
    for number, one in enumerate(rest):
        alone.add(f"q{number}", -one[None])
        crowded.add(f"q{number}", unit((one + face)[None]))
    assert crowded.search(face).cosine == alone.search(face).cosine
    assert crowded.search(face).score < alone.search(face).score


def test_an_empty_gallery_knows_nobody() -> None:
    assert Gallery(KEY).search(directions(1, 0)[0]) == NOBODY


def test_a_gallery_of_one_has_no_second() -> None:
    gallery = Gallery(KEY)
    gallery.add("only", directions(1, 0))
    match = gallery.search(directions(1, 0)[0])
    assert (match.person_id, match.second_id, match.second) == ("only", None, -1.0)
    assert match.score == pytest.approx(1.0)


def test_templates_of_another_network_are_refused_loudly() -> None:
    gallery = Gallery(KEY)
    with pytest.raises(ForeignTemplate, match=r"enrol the pictures again"):
        gallery.add("p", directions(1, 0), key="b" * 64)
    assert gallery.size == 0


@pytest.mark.parametrize(
    "templates", [np.zeros((0, 32)), np.zeros((1, 32)), np.full((1, 32), 2.0), np.full((1, 32), np.nan)]
)
def test_what_is_no_template_is_refused(templates: np.ndarray) -> None:
    gallery = Gallery(KEY)
    with pytest.raises(BadTemplate, match="p:"):
        gallery.add("p", templates.astype(np.float32))


def test_templates_of_another_length_are_refused() -> None:
    gallery = Gallery(KEY)
    gallery.add("p", directions(1, 0))
    with pytest.raises(BadTemplate, match="16 numbers"):
        gallery.add("q", directions(1, 0, size=16))
    with pytest.raises(BadTemplate, match="32 numbers"):
        gallery.search(directions(1, 0, size=16)[0])


def test_adding_to_a_person_keeps_what_was_there() -> None:
    gallery = Gallery(KEY)
    first, second = directions(2, 3)
    gallery.add("p", first[None], group="child")
    assert gallery.search(second).cosine < 0.5
    gallery.add("p", second[None], group="child")
    assert gallery.size == 1
    assert len(gallery.templates("p")) == 2
    assert gallery.search(second).cosine > 0.8
    assert gallery.search(second).group == gallery.group("p") == "child"


def test_a_removed_person_is_never_found_again() -> None:
    gallery = Gallery(KEY)
    first, second = directions(2, 3)
    gallery.add("p", first[None])
    gallery.add("q", second[None])
    gallery.search(first)
    gallery.remove("p")
    assert gallery.persons == ("q",)
    assert gallery.search(first).person_id == "q"


@given(st.integers(1, 12), st.integers(0, 500))
def test_a_claim_of_the_best_person_scores_as_the_search_does(persons: int, seed: int) -> None:
    gallery, probe = Gallery(KEY), directions(1, seed + 1)[0]
    for number, row in enumerate(directions(persons, seed)):
        gallery.add(str(number), row[None])
    match = gallery.search(probe)
    assert match.person_id is not None
    assert gallery.verify(match.person_id, probe) == pytest.approx(match.score, abs=1e-5)
    for other in gallery.persons:
        assert gallery.verify(other, probe) <= match.score + 1e-5


def test_a_claim_alone_is_the_bare_cosine_and_a_stranger_s_claim_is_refused() -> None:
    gallery = Gallery(KEY)
    first, second = directions(2, 3)
    gallery.add("q", second[None])
    assert gallery.verify("q", first) == pytest.approx(float(first @ second), abs=1e-6)
    with pytest.raises(KeyError):
        gallery.verify("nobody", first)
    with pytest.raises(BadTemplate, match="32 numbers"):
        gallery.verify("q", directions(1, 0, size=16)[0])


@given(st.integers(1, 8), st.integers(0, 1000))
def test_a_fused_template_is_a_unit_vector_between_its_parts(count: int, seed: int) -> None:
    templates = directions(count, seed)
    weights = np.random.default_rng(seed).uniform(0.1, 1, count).astype(np.float32)
    fused = fuse(templates, weights)
    assert np.linalg.norm(fused) == pytest.approx(1.0, abs=1e-5)
    assert float((templates @ fused * weights).sum()) >= 0


@pytest.mark.parametrize("weights", [[0.0, 0.0], [1.0, -1.0], [1.0]])
def test_senseless_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="fusing"):
        fuse(directions(2, 0), np.array(weights, np.float32))
