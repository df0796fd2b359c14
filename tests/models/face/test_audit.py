"""The audit names the people and pictures somebody should look at, and nobody else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_models.face.audit import Note, audit
from zhian_models.face.embed import unit
from zhian_models.face.enrol import Enrolment, Warn
from zhian_models.face.errors import ForeignTemplate

KEY = "c" * 64
RNG = np.random.default_rng(8)
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


def test_notes_come_in_the_order_of_the_people() -> None:
    people = [enrolled(name, pictures_of(PEOPLE[n], 1)) for n, name in enumerate("cab")]
    assert [note.person_id for note in audit(people)] == ["c", "a", "b"]


def test_galleries_of_two_networks_are_not_compared() -> None:
    with pytest.raises(ForeignTemplate):
        audit([enrolled("a", pictures_of(PEOPLE[0])), enrolled("b", pictures_of(PEOPLE[1]), key="d" * 64)])
