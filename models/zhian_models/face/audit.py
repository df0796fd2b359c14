"""Gallery audit: who might be taken for whom, and which picture does harm. It warns and changes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhian_models.face.embed import fuse
from zhian_models.face.enrol import ENOUGH, Enrolment
from zhian_models.face.errors import ForeignTemplate
from zhian_models.face.thresholds import PAIRS

Finding = Literal["alike", "attracts_strangers", "outlier", "poor_picture", "few_pictures", "nothing_usable"]

ALIKE = PAIRS[1e-4]
"""Cosine of two people's fused templates from which somebody should look: a sibling, a twin, or one person entered
twice. One pair of strangers in ten thousand reaches it; one person's two entries of three pictures each always did, of
two each 97 in 100, of one each 64 in 100 (docs/recognition.md)."""

ALIKE_MOST = 0.60
"""No two of 487 strangers reach more; one person's two entries of three pictures each do so 99 times in 100."""

EXPECTED = 5
"""Pairs of strangers that may be named beside the true ones; a larger gallery has more pairs and asks for more."""

STRANGER = PAIRS[1e-2]
"""Cosine that one pair of strangers in a hundred reaches."""

ATTRACTS = 0.1
"""A picture that so large a share of all other people resembles beyond STRANGER attracts strangers; for a good
picture it is .01, and .04 was the most among 487 good ones."""

CROWD_LEAST = 20
"""Other people needed before a share of them means anything."""

MORE_LIKE = 0.1
"""A picture that is so much more like somebody else's than like its own person's is probably theirs."""

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
    notes = [*_pictures(enrolments), *_comparisons(held)]
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


def _comparisons(held: Sequence[Enrolment]) -> Iterator[Note]:
    """Every person's pictures against each other and against everybody else's."""
    if not held:
        return
    rows = np.concatenate([one.templates for one in held])
    starts = np.cumsum([0, *(len(one.templates) for one in held[:-1])])
    fused = np.stack([fuse(one.templates) for one in held])
    limit = alike_limit(len(held))
    for index, one in enumerate(held):
        table = np.maximum.reduceat(one.templates @ rows.T, starts, axis=1)  # (pictures, persons)
        others = np.delete(table, index, axis=1)
        yield from _outliers(one, [*held[:index], *held[index + 1 :]], others)
        yield from _alike(one, held[index + 1 :], fused[index + 1 :] @ fused[index], limit)
        yield from _attracting(one, others)


def _outliers(one: Enrolment, others: Sequence[Enrolment], table: NDArray[np.float32]) -> Iterator[Note]:
    """Pictures unlike all of at least two others of their person, or more like somebody else."""
    if len(one.templates) < ENOUGH:
        return
    own = one.templates @ one.templates.T
    np.fill_diagonal(own, -1.0)
    nearest = table.max(axis=1, initial=-1.0)
    for row, (name, best) in enumerate(zip(one.pictures, own.max(axis=1), strict=True)):
        if nearest[row] >= max(ALIKE, float(best) + MORE_LIKE):
            other = others[int(table[row].argmax())]
            if float(fuse(np.delete(one.templates, row, axis=0)) @ fuse(other.templates)) >= ALIKE:
                continue  # the other pictures are like theirs, too: one person twice, which is said of both
            text = f"cosine {nearest[row]:.2f} with {other.person_id}, {best:.2f} with the person's own: theirs?"
            yield Note("outlier", one.person_id, text, name, other.person_id, float(nearest[row]))
        elif best < LIKE_SELF:
            text = f"cosine of at most {best:.2f} with the person's other pictures: somebody else?"
            yield Note("outlier", one.person_id, text, name, score=float(best))


def alike_limit(persons: int) -> float:
    """Cosine of two fused templates at which a gallery of `persons` should be looked at; from ALIKE to ALIKE_MOST."""
    pairs = persons * (persons - 1) / 2
    decades = math.log10(max(pairs * 1e-4 / EXPECTED, 1.0))
    return min(ALIKE_MOST, ALIKE + decades * (PAIRS[1e-4] - PAIRS[1e-3]))


def _alike(one: Enrolment, others: Sequence[Enrolment], scores: NDArray[np.float32], limit: float) -> Iterator[Note]:
    for index in np.nonzero(scores >= limit)[0]:
        other, score = others[int(index)], float(scores[index])
        text = f"cosine {score:.2f} with {other.person_id}: sibling, twin or entered twice?"
        yield Note("alike", one.person_id, text, other_id=other.person_id, score=score)


def _attracting(one: Enrolment, table: NDArray[np.float32]) -> Iterator[Note]:
    if table.shape[1] < CROWD_LEAST:
        return
    for name, share in zip(one.pictures, (table >= STRANGER).mean(axis=1), strict=True):
        if share >= ATTRACTS:
            text = f"{share:.0%} of all other people resemble this picture: replace it"
            yield Note("attracts_strangers", one.person_id, text, name, score=float(share))
