"""At the window: photographed with a consent or a ground, and held against every list."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ..errors import BadInput, Conflict, PeopleError
from ..people.enrolment import Enrolled
from ..services import Services
from . import life, rows, screening
from .outside import Service
from .own_list import OwnList
from .rows import Visit
from .screening import Answer, Screener, Subject


def screeners(parts: Services) -> list[Screener]:
    """Everybody who is asked: the site's own list first."""
    config = parts.config
    others = [Service(each, config.outbound.private_hosts) for each in config.visitors.screening]
    return [OwnList(parts.store, parts.now()), *others]


def screen(parts: Services, visit: int, asked: Sequence[Screener], *, who: str) -> list[Answer]:
    """Ask every list, outside of any transaction, and write down what they said together.

    Raises:
        NotFound: no such visit.
        Conflict: nobody of that visit stands at the window, or they were described anew meanwhile.
    """
    with parts.store.read() as link:
        row = rows.find(link, visit)
    if row.state != "announced":
        raise Conflict(f"the visit is {row.state}")
    subject = _subject(parts, row)
    answers = [each.screen(subject) for each in asked]
    word = screening.verdict(answers)
    values = {"screening": word, "screening_detail": screening.to_text(answers), "screened_at": parts.now()}
    with parts.store.write() as link:
        if rows.find(link, visit)[:] != row[:]:
            raise Conflict("the visit was changed meanwhile: screen again")
        told = "; ".join(f"{each.source}: {each.word}" for each in answers)
        rows.change(link, parts, visit, values, action="visit.screen", who=who, why=f"{word}: {told}")
    return answers


def _subject(parts: Services, row: Visit) -> Subject:
    """With a face only where its owner agreed to that."""
    known = Subject(reference=f"{parts.site}/{row.id}", name=row.name, citizen=row.citizen, plate=row.plate)
    found = face_of(parts, row) if "face" in row.agreed.split() and row.photo else None
    if found is None or not found.templates:
        return known
    return replace(known, template=found.templates[0], template_key=found.key)


def keep_photo(link: Connection, parts: Services, visit: int, sha256: str, ground: str, *, who: str) -> str | None:
    """A photograph was taken; the one before, whose file is to be deleted.

    Raises:
        Conflict: they are in already, or it is over.
        BadInput: they have not agreed, and no ground is stated.
    """
    row = rows.find(link, visit)
    life.advance(row.state, "announce")
    stated = " ".join(ground.split())[: rows.REASON]
    if "photo" not in row.agreed.split() and not stated:
        raise BadInput("ground: without the visitor's consent a photograph needs a stated ground")
    values: dict[str, Any] = {"photo": sha256, "photo_ground": stated}
    # A face that may be looked for is another one now.
    values |= {"screening": "none", "screening_detail": "", "screened_at": None} if row.photo != sha256 else {}
    rows.change(link, parts, visit, values, action="visit.photo", who=who, why=stated)
    return row.photo if row.photo != sha256 else None


def face_of(parts: Services, row: Visit) -> Enrolled | None:
    """What the networks make of the photograph; None where they are not here, or nobody's face is on it."""
    with tempfile.TemporaryDirectory(prefix="zhian-visit-") as folder:
        (Path(folder) / "photo.jpg").write_bytes(parts.pictures.read_portrait(row.photo))
        try:
            return parts.enroller.enrol(f"visit-{row.id}", Path(folder))
        except PeopleError:
            return None
