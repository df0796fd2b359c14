"""Photos that people bring for a case: by their sha256, a few for each, and kept as long as the case."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from ..errors import BadInput, Conflict
from ..store import audit
from ..store.tables import case_pictures, pictures

#: Enough for a day at one place; more is a mistake, or somebody who fills the disk.
MOST: Final = 20


def check(link: Connection, alert_id: int, sha256: str) -> None:
    """BadInput for a picture that nobody brought for this case: naming it would open it to who may not look."""
    query = select(case_pictures.c.who).where(case_pictures.c.alert_id == alert_id, case_pictures.c.sha256 == sha256)
    if link.execute(query).first() is None:
        raise BadInput("picture: no such picture was brought for this case")


def check_room(link: Connection, alert_id: int, sha256: str) -> None:
    """Conflict when the case has as many as it may have, and this is not one of them."""
    query = select(case_pictures.c.sha256).where(case_pictures.c.alert_id == alert_id)
    kept = set(link.execute(query).scalars())
    if sha256 not in kept and len(kept) >= MOST:
        raise Conflict(f"the case has {MOST} pictures already")


class Photo(NamedTuple):
    """A picture's sha256, its bytes and its type."""

    sha256: str
    size: int
    media_type: str


def keep(link: Connection, alert_id: int, photo: Photo, *, site: str, who: str, now: str) -> None:
    """Write down that `who` brought it; the same one again changes nothing.

    Raises:
        Conflict: the case has as many as it may have.
    """
    check_room(link, alert_id, photo.sha256)
    if link.execute(select(pictures.c.sha256).where(pictures.c.sha256 == photo.sha256)).first() is None:
        link.execute(pictures.insert(), photo._asdict() | {"node": "", "received_at": now})
    ours = (case_pictures.c.alert_id == alert_id) & (case_pictures.c.sha256 == photo.sha256)
    if link.execute(select(case_pictures.c.who).where(ours)).first() is None:
        link.execute(case_pictures.insert(), {"alert_id": alert_id, "sha256": photo.sha256, "who": who[:64], "at": now})
        detail = f"brought {photo.sha256}"
        audit.record(link, site=site, at=now, who=who, action="alert.picture", subject=str(alert_id), detail=detail)
