"""The audit names the people and pictures somebody should look at, and nobody else."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from zhian_models.face.audit import ALIKE, ALIKE_MOST, Note, alike_limit, audit
from zhian_models.face.embed import unit
from zhian_models.face.enrol import Enrolment, Warn, open_enroller, read_picture
from zhian_models.face.errors import ForeignTemplate
from zhian_models.manifest import Manifest
from zhian_models.runtime import Runtime

KEY = "c" * 64
RNG = np.random.default_rng(8)
OTHER = unit(np.random.default_rng(321).normal(size=(3, 512)).astype(np.float32)[:1].repeat(3, axis=0))
PEOPLE = unit(RNG.normal(size=(40, 512)).astype(np.float32))


def pictures_of(person: NDArray[np.float32], count: int = 3, seed: int = 0) -> NDArray[np.float32]:
    """Templates with a cosine of about .9 with the person's."""
    noise = np.random.default_rng(seed).normal(0, 0.02, (count, 512))
    return unit((person + noise).astype(np.float32))


def enrolled(person_id: str, templates: NDArray[np.float32], *warnings: Warn, key: str = KEY) -> Enrolment:
    names = tuple(f"{n}.jpg" for n in range(len(templates)))
    return Enrolment(person_id, key, templates, names, (), warnings)


def crowd() -> list[Enrolment]:
    return [enrolled(f"p{n:02}", pictures_of(person, seed=n)) for n, person in enumerate(PEOPLE)]


def findings(notes: tuple[Note, ...]) -> set[tuple[str, str]]:
    return {(note.finding, note.person_id) for note in notes}


def test_a_gallery_without_faults_is_left_in_peace() -> None:
    assert audit(crowd()) == ()
    assert audit([]) == ()


def test_a_twin_or_a_double_entry_is_named_once_with_the_other() -> None:
    notes = audit([*crowd(), enrolled("again", pictures_of(PEOPLE[3], 4, seed=99))])
    assert [(n.finding, n.person_id, n.other_id) for n in notes] == [("alike", "p03", "again")]
    assert notes[0].score is not None
    assert notes[0].score > 0.7


def test_a_picture_that_attracts_strangers_is_named() -> None:
    common = unit(np.random.default_rng(777).normal(size=(1, 512)).astype(np.float32))
    alike = unit(PEOPLE + 0.5 * common)
    people = [enrolled(f"p{n:02}", pictures_of(person, seed=n)) for n, person in enumerate(alike)]
    bad = np.concatenate([pictures_of(PEOPLE[0]), common])
    notes = [n for n in audit([*people[1:], enrolled("bad", bad)]) if n.finding == "attracts_strangers"]
    assert [(n.person_id, n.picture) for n in notes] == [("bad", "3.jpg")]


def test_another_person_s_picture_among_one_s_own_is_named() -> None:
    mixed = np.concatenate([pictures_of(PEOPLE[0]), pictures_of(PEOPLE[1], 1)])
    notes = audit([enrolled("p", mixed)])
    assert [(n.finding, n.picture) for n in notes] == [("outlier", "3.jpg")]


def test_few_or_no_usable_pictures_are_named() -> None:
    blurred = Warn("blurred", "out of focus", "a.jpg")
    nothing = enrolled("none", np.zeros((0, 512), np.float32), blurred)
    notes = audit([enrolled("few", pictures_of(PEOPLE[0], 2)), nothing])
    assert findings(notes) == {("few_pictures", "few"), ("poor_picture", "none"), ("nothing_usable", "none")}


def summary(notes: tuple[Note, ...]) -> set[tuple[str, str | None, frozenset[str | None]]]:
    """What was found, of which picture, between whom; of two alike people either may be named first."""
    return {(n.finding, n.picture, frozenset({n.person_id, n.other_id})) for n in notes}


@given(st.permutations(range(42)), st.integers(0, 39), st.integers(1, 4))
def test_a_planted_double_is_found_wherever_it_stands(order: list[int], whose: int, pictures: int) -> None:
    people = [*crowd(), enrolled("again", pictures_of(PEOPLE[whose], pictures, 99)), enrolled("new", OTHER)]
    shuffled = audit([people[index] for index in order])
    assert summary(shuffled) == summary(audit(people))
    assert ("alike", None, frozenset({"again", f"p{whose:02}"})) in summary(shuffled)


@given(st.integers(2, 100_000), st.integers(2, 100_000))
def test_a_larger_gallery_names_pairs_more_carefully(one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert ALIKE <= alike_limit(small) <= alike_limit(large) <= ALIKE_MOST


def test_real_faults_are_found_in_a_real_gallery_and_no_others(
    networks: Runtime, manifest: Manifest, shared: Path
) -> None:
    """One woman entered twice, another's picture among a third one's, and pictures that are no good."""
    enroller = open_enroller(networks, manifest)
    folders = sorted((shared / "faces" / "asian").iterdir())[:4]
    shown = {f.name: [(p.name, read_picture(p)) for p in sorted(f.iterdir())[:7]] for f in folders}
    first, second, third, fourth = shown
    good = shown[fourth][0][1]
    assert good is not None
    spoiled = [
        ("blurred.jpg", cv2.GaussianBlur(good, (0, 0), good.shape[1] / 16)),
        ("dark.jpg", (good * 0.01).astype(np.uint8)),
        ("two.jpg", np.hstack([good, good])),
        ("small.jpg", cv2.resize(good, None, fx=14 / good.shape[1], fy=14 / good.shape[1])),
        ("nobody.jpg", np.full((200, 200, 3), 90, np.uint8)),
    ]
    entries = {
        "one": shown[first][:3],
        "again": shown[first][3:6],
        "mixed": [*shown[second][:3], shown[third][6]],
        "third": shown[third][:3],
        "spoiled": [*shown[fourth][:3], *((name, np.asarray(picture, np.uint8)) for name, picture in spoiled)],
        "few": [shown[second][6]],
    }
    notes = audit([enroller.enrol_pictures(name, pictures) for name, pictures in entries.items()])
    found = {(n.finding, n.person_id, n.picture, n.other_id) for n in notes}
    assert ("alike", "one", None, "again") in found
    assert ("alike", "mixed", None, "few") in found
    assert ("outlier", "mixed", shown[third][6][0], "third") in found
    assert ("few_pictures", "few", None, None) in found
    assert {("poor_picture", "spoiled", name, None) for name, _ in spoiled} <= found
    pairs = {(n.person_id, n.other_id) for n in notes if n.finding == "alike"}
    assert pairs == {("one", "again"), ("mixed", "few"), ("mixed", "third")}
    assert {(n.person_id, n.picture) for n in notes if n.finding == "outlier"} == {("mixed", shown[third][6][0])}


def test_notes_come_in_the_order_of_the_people() -> None:
    people = [enrolled(name, pictures_of(PEOPLE[n], 1)) for n, name in enumerate("cab")]
    assert [note.person_id for note in audit(people)] == ["c", "a", "b"]


def test_galleries_of_two_networks_are_not_compared() -> None:
    with pytest.raises(ForeignTemplate):
        audit([enrolled("a", pictures_of(PEOPLE[0])), enrolled("b", pictures_of(PEOPLE[1]), key="d" * 64)])
