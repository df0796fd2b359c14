"""The gallery: whose templates are known, and exact search for the best and the second-best person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhian_models.face.embed import Templates, unit
from zhian_models.face.errors import BadTemplate, ForeignTemplate

CROWD = 5
"""So many of the best other persons make up the crowd."""

CROWD_SHARE = 0.4
"""Share of the crowd's mean that a score is lessened by.

With these two the threshold for a given share of strangers hardly depends on the gallery's size, nothing is lost where
everybody looks alike, and less is asked of who looks like nobody else (docs/recognition.md)."""


@dataclass(frozen=True)
class Match:
    """The nearest person and the next one; whether the nearest *is* meant is decided by `thresholds.name_threshold`.

    `score` is what thresholds are compared with: how far the best person stands out, that is `cosine` less two
    fifths of `crowd`, the mean cosine of the five best *other* persons (an absent one counts 0). Who looks like many
    must look more like one. `second` is the second-best person's, lessened by the same crowd. In an empty gallery
    `person_id` is None and the score -1; in a gallery of one `second_id` is None and `second` is -1.
    """

    person_id: str | None
    score: float
    second_id: str | None
    second: float
    cosine: float = -1.0
    crowd: float = 0.0
    group: str | None = None

    @property
    def margin(self) -> float:
        """How far the best person is ahead of the second best, in cosine."""
        return self.score - self.second


NOBODY = Match(person_id=None, score=-1.0, second_id=None, second=-1.0)


class Gallery:
    """Several templates per person, all of one `key`; search is exact.

    A person's cosine is the mean of two: with the best of their templates, and with all of them fused. The best alone
    rises with every picture, for strangers too; the fused one alone misses who was enrolled from two sides.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._templates: dict[str, Templates] = {}
        self._groups: dict[str, str] = {}
        self._index: _Index | None = None

    @property
    def size(self) -> int:
        """Persons enrolled: what the naming threshold follows from."""
        return len(self._templates)

    @property
    def persons(self) -> tuple[str, ...]:
        """Their ids, in the order they were added."""
        return tuple(self._templates)

    def templates(self, person_id: str) -> Templates:
        """Return the templates (n, d) of one person, as they were added."""
        return self._templates[person_id]

    def group(self, person_id: str) -> str:
        """Return the group whose thresholds hold for this person."""
        return self._groups[person_id]

    def add(self, person_id: str, templates: Templates, group: str = "default", *, key: str | None = None) -> None:
        """Add `templates` (n, d) to a person, or a person to the gallery.

        Pass the templates' `key` wherever they come from outside this process. Raises ForeignTemplate for another
        network's templates and BadTemplate for what is no set of unit vectors of this gallery's length.
        """
        if key is not None and key != self.key:
            raise ForeignTemplate(self.key, key)
        rows = np.array(templates, np.float32, ndmin=2)
        self._check(person_id, rows)
        known = self._templates.get(person_id)
        self._templates[person_id] = rows if known is None else np.concatenate([known, rows])
        self._templates[person_id].setflags(write=False)
        self._groups[person_id] = group
        self._index = None

    def remove(self, person_id: str) -> None:
        """Forget a person; KeyError if nobody has this id."""
        del self._templates[person_id], self._groups[person_id]
        self._index = None

    def search(self, template: NDArray[np.float32]) -> Match:
        """Return the best and the second-best person for one unit template (d,)."""
        if not self._templates:
            return NOBODY
        return self._match(*self._cosines(template))

    def verify(self, person_id: str, template: NDArray[np.float32]) -> float:
        """Score a claim (a card, a plate) to be `person_id`: the cosine with them, less two fifths of the crowd.

        The crowd is, as in a search, the five best *other* persons; compare with `thresholds.verify_threshold` for
        as many others. It needs not be the best person of the gallery. KeyError if nobody has this id.
        """
        if person_id not in self._templates:
            raise KeyError(person_id)
        persons, scores = self._cosines(template)
        others = np.delete(scores, persons.index(person_id))
        crowd = np.sort(others)[-CROWD:].sum() / CROWD
        return float(scores[persons.index(person_id)] - CROWD_SHARE * crowd)

    def _cosines(self, template: NDArray[np.float32]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        """Every person's cosine with a unit template (d,)."""
        index = self._index or self._build()
        if template.shape != (index.rows.shape[1],):
            raise BadTemplate(f"the gallery holds templates of {index.rows.shape[1]} numbers, not {template.shape}")
        best = np.maximum.reduceat(index.rows @ template, index.starts)
        return index.persons, np.asarray((best + index.fused @ template) / 2, np.float32)

    def _match(self, persons: tuple[str, ...], scores: NDArray[np.float32]) -> Match:
        top = min(CROWD + 1, len(persons))
        nearest = np.argpartition(-scores, top - 1)[:top]
        order = nearest[np.lexsort((nearest, -scores[nearest]))]
        best, others = int(order[0]), order[1:]
        crowd = float(scores[others].sum()) / CROWD
        less = CROWD_SHARE * crowd
        cosine = float(scores[best])
        return Match(
            person_id=persons[best],
            score=cosine - less,
            second_id=persons[int(others[0])] if len(others) else None,
            second=float(scores[others[0]]) - less if len(others) else -1.0,
            cosine=cosine,
            crowd=crowd,
            group=self._groups[persons[best]],
        )

    def _build(self) -> _Index:
        held = list(self._templates.values())
        starts = np.cumsum([0, *map(len, held[:-1])])
        fused = np.stack([_fused(templates) for templates in held])
        self._index = _Index(tuple(self._templates), np.concatenate(held), starts, fused)
        return self._index

    def _check(self, person_id: str, rows: Templates) -> None:
        if rows.ndim != 2 or not rows.size:
            raise BadTemplate(f"{person_id}: no template given")
        if not np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-3):
            raise BadTemplate(f"{person_id}: a template is not of length 1")
        held = next(iter(self._templates.values()), rows)
        if held.shape[1] != rows.shape[1]:
            raise BadTemplate(f"{person_id}: templates of {rows.shape[1]} numbers, the gallery's have {held.shape[1]}")


@dataclass(frozen=True, eq=False)
class _Index:
    """All templates person by person, `starts[i]` the first of `persons[i]`; and one fused template per person."""

    persons: tuple[str, ...]
    rows: Templates
    starts: NDArray[np.intp]
    fused: Templates


def _fused(templates: Templates) -> NDArray[np.float32]:
    return np.asarray(unit(templates.mean(axis=0, keepdims=True))[0], np.float32)
