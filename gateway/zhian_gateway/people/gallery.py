"""The gallery that is stored, looked over: who might be taken for whom, and which picture does harm. Heavy import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np
from sqlalchemy import Connection, select
from zhian_models.face.audit import Finding, Note, audit
from zhian_models.face.enrol import Enrolment, Warn

from ..store.tables import enrolment_pictures, people, templates

#: What only a look at everybody together shows; an import has said the rest already, person by person.
AMONG_ALL: Final[frozenset[Finding]] = frozenset({"alike", "attracts_strangers", "outlier"})


def look_over(link: Connection) -> tuple[Note, ...]:
    """Everything that is wrong with the stored gallery; templates of different networks are never compared."""
    groups: dict[str, list[Enrolment]] = defaultdict(list)
    for one in _enrolments(link):
        groups[one.key].append(one)
    notes = [note for group in groups.values() for note in audit(group)]
    return tuple(sorted(notes, key=lambda note: note.person_id))


def _enrolments(link: Connection) -> Iterator[Enrolment]:
    """Everybody enrolled, once per network that they have templates of."""
    vectors: dict[str, dict[str, dict[str, bytes]]] = defaultdict(lambda: defaultdict(dict))
    for row in link.execute(select(templates).order_by(templates.c.id)):
        if row.vector:
            vectors[row.person_id][row.key][row.picture] = row.vector
    warnings = _warnings(link)
    query = select(people.c.id).where(people.c.withdrawn_at.is_(None)).order_by(people.c.id)
    for person_id in link.execute(query).scalars():
        said = warnings.pop(person_id, [])
        for key, found in vectors[person_id].items() or [("", {})]:
            yield _enrolment(person_id, key, found, said)
            # Once is enough, however many networks there are.
            said = []


def _enrolment(person_id: str, key: str, found: dict[str, bytes], said: list[Warn]) -> Enrolment:
    rows = [np.frombuffer(vector, "<f4") for vector in found.values()]
    table = np.stack(rows).astype(np.float32) if rows else np.zeros((0, 0), np.float32)
    return Enrolment(person_id, key, table, tuple(found), (), tuple(said))


def _warnings(link: Connection) -> dict[str, list[Warn]]:
    found: dict[str, list[Warn]] = defaultdict(list)
    query = select(enrolment_pictures).order_by(enrolment_pictures.c.person_id, enrolment_pictures.c.name)
    for row in link.execute(query):
        for code, text in msgspec.json.decode(row.faults, type=list[tuple[str, str]]):
            found[row.person_id].append(Warn(code, text, row.name, used=row.sha256 is not None))  # type: ignore[arg-type]
    return found
