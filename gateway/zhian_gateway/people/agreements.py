"""Records that somebody agreed to a purpose, in the transaction of whoever writes it down."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, update

from ..errors import NotFound
from ..services import Services
from ..store import audit, counters
from ..store.tables import people
from . import consents
from .consent import NO_TEXT, Purpose, ground


class Agreement(NamedTuple):
    """What somebody agreed to.

    Attributes:
        until: its last day, `YYYY-MM-DD`; on: the day on which it was given, "": today.
        by: the guardian, or the person, who gave it; "": it is no consent but a law's or contract's ground.
        version: of the text; None: the present one.
        words: the text itself, as it was shown; "": it was on paper.
    """

    purpose: Purpose
    until: str
    by: str
    on: str = ""
    text: str = "written consent"
    version: str | None = None
    words: str = ""


def give(link: Connection, parts: Services, person_id: str, said: Agreement, *, who: str) -> None:
    """Record it; it takes the place of what stood for the same purpose, and nodes hear of it.

    Raises:
        NotFound: nobody is enrolled by that id.
        NoGround: it says nothing, or its last day is none or over.
    """
    now = parts.clock()
    present = consents.texts(link).get(said.purpose)
    version = (said.version or (present.version if present else "1")) if said.by else NO_TEXT
    day = said.on or now.astimezone(parts.zone).date().isoformat()
    more = {"purpose": said.purpose, "text_version": version, "given_by": said.by, "given_on": day, "words": said.words}
    basis = ground(text=said.text, until=said.until, granted_by=who, now=now, zone=parts.zone, **more)
    where = (people.c.id == person_id) & people.c.withdrawn_at.is_(None)
    if link.execute(update(people).where(where).values(version=counters.take(link, "roster"))).rowcount == 0:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
    consents.record(link, parts.site, person_id, basis, parts.now())
    told = f"{said.purpose}: {basis.text}, text {version or '-'}, until {basis.until}"
    audit.record(link, site=parts.site, at=parts.now(), who=who, action="consent.give", subject=person_id, detail=told)
