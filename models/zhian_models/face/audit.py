"""Gallery audit: who might be taken for whom, and which picture does harm. It warns and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhian_models.face.enrol import ENOUGH, Enrolment
from zhian_models.face.errors import ForeignTemplate
from zhian_models.face.thresholds import PAIRS

Finding = Literal["alike", "attracts_strangers", "outlier", "poor_picture", "few_pictures", "nothing_usable"]

ALIKE = PAIRS[1e-4]
"""Cosine of two people's pictures that one pair of strangers in ten thousand reaches: a sibling, a twin, or one
person entered twice. In a school of a thousand a few such pairs are strangers after all: somebody has to look."""

STRANGER = PAIRS[1e-2]
"""Cosine that one pair of strangers in a hundred reaches."""

ATTRACTS = 0.1
"""A picture that so large a share of all other people resembles beyond STRANGER attracts strangers; for a good
picture it is .01, and .04 was the most among 487 good ones."""

CROWD_LEAST = 20
"""Other people needed before a share of them means anything."""

LIKE_SELF = PAIRS[1e-2]
"""A picture that is less like all other pictures of its person is probably another person's, or no good."""


@dataclass(frozen=True)
class Note:
    """One finding about a person, with the picture (and the other person) it concerns; `score` as its text says."""

    finding: Finding
    person_id: str
    text: str
    picture: str | None = None
    other_id: str | None = None
    score: float | None = None


def audit(enrolments: Sequence[Enrolment]) -> tuple[Note, ...]:
    """Return everything that is wrong with a gallery, by person in the given order. ForeignTemplate for mixed keys."""
    for one in enrolments:
        if one.key != enrolments[0].key:
            raise ForeignTemplate(enrolments[0].key, one.key)
    held = [one for one in enrolments if len(one.templates)]
    notes = [*_pictures(enrolments), *_outliers(held), *_comparisons(held)]
    place = {one.person_id: index for index, one in enumerate(enrolments)}
    return tuple(sorted(notes, key=lambda note: place[note.person_id]))


def _pictures(enrolments: Iterable[Enrolment]) -> Iterator[Note]:
    for one in enrolments:
        for warn in one.warnings:
            if warn.picture is not None:
                yield Note("poor_picture", one.person_id, f"{warn.code}: {warn.text}", warn.picture)
        if not len(one.templates):
            yield Note("nothing_usable", one.person_id, "no usable picture: will never be recognised")
        elif len(one.templates) < ENOUGH:
            yield Note("few_pictures", one.person_id, f"{len(one.templates)} usable pictures of at least {ENOUGH}")


def _outliers(held: Iterable[Enrolment]) -> Iterator[Note]:
    """Pictures that resemble none of at least two others of their person."""
    for one in held:
        if len(one.templates) < ENOUGH:
            continue
        table = one.templates @ one.templates.T
        np.fill_diagonal(table, -1.0)
        for name, best in zip(one.pictures, table.max(axis=1), strict=True):
            if best < LIKE_SELF:
                text = f"cosine of at most {best:.2f} with the person's other pictures: somebody else?"
                yield Note("outlier", one.person_id, text, name, score=float(best))


def _comparisons(held: Sequence[Enrolment]) -> Iterator[Note]:
    """Every person's pictures against everybody else's."""
    if len(held) < 2:
        return
    rows = np.concatenate([one.templates for one in held])
    starts = np.cumsum([0, *(len(one.templates) for one in held[:-1])])
    for index, one in enumerate(held):
        table = np.maximum.reduceat(one.templates @ rows.T, starts, axis=1)  # (pictures, persons)
        yield from _alike(one, held, table[:, index + 1 :].max(axis=0, initial=-1.0), index + 1)
        yield from _attracting(one, np.delete(table, index, axis=1))


def _alike(one: Enrolment, held: Sequence[Enrolment], best: NDArray[np.float32], first: int) -> Iterator[Note]:
    for index in np.nonzero(best >= ALIKE)[0]:
        other, score = held[first + int(index)], float(best[index])
        text = f"cosine {score:.2f} with {other.person_id}: sibling, twin or entered twice?"
        yield Note("alike", one.person_id, text, other_id=other.person_id, score=score)


def _attracting(one: Enrolment, table: NDArray[np.float32]) -> Iterator[Note]:
    if table.shape[1] < CROWD_LEAST:
        return
    for name, share in zip(one.pictures, (table >= STRANGER).mean(axis=1), strict=True):
        if share >= ATTRACTS:
            text = f"{share:.0%} of all other people resemble this picture: replace it"
            yield Note("attracts_strangers", one.person_id, text, name, score=float(share))
