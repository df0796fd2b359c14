"""A photograph that an office brings for somebody: looked at only with their consent, and replacing those of before."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Connection, select

from ..errors import BadInput, Conflict, NotFound, PeopleError
from ..pictures import media_type
from ..services import Services
from ..store.tables import people
from . import consents
from .enrolment import Enrolled

#: A camera's picture.
MOST: Final = 16 << 20
SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png"}


def take(parts: Services, person_id: str, data: bytes, *, who: str) -> None:
    """Know somebody's face by this photograph from now on, here and at every node.

    Raises:
        NotFound: nobody of that id.
        NoGround: no consent to face recognition holds.
        Conflict: the face is switched off, or they are on a watch list, which has a way of its own.
        BadPicture: it is no JPEG or PNG.
        BadInput: there is no face in it that can be recognised; the text says why.
    """
    kind = media_type(data)
    with parts.store.read() as link:
        _check(link, parts, person_id)
    found = _looked(parts, person_id, data, SUFFIXES[kind])
    for picture in found.kept:
        parts.pictures.keep_portrait(picture)
    with parts.store.write() as link:
        _check(link, parts, person_id)
        orphans = parts.registry.replace_face(link, person_id, found, who=who, now=parts.now())
    parts.pictures.delete(orphans)


def _check(link: Connection, parts: Services, person_id: str) -> None:
    query = select(people.c.watch, people.c.face).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    row = link.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
    if row.watch:
        raise Conflict("this is an entry of a watch list, which two people agree on")
    if not row.face:
        raise Conflict("face recognition is switched off for this person")
    consents.check_face(link, person_id, parts.now())


def _looked(parts: Services, person_id: str, data: bytes, suffix: str) -> Enrolled:
    with TemporaryDirectory(prefix="zhian-") as folder:
        (Path(folder) / f"1{suffix}").write_bytes(data)
        try:
            found = parts.enroller.enrol(person_id, Path(folder))
        except PeopleError as error:
            raise BadInput(str(error)) from error
    if not found.templates:
        raise BadInput("; ".join(map(str, found.complaints)) or "no face can be recognised in it")
    return found
