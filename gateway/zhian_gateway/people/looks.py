"""What an audit's entries are about when they are about somebody: the person, their pictures, and their cases."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from ..cases.pieces import from_text
from ..store.tables import alerts, passages, people

#: The latest of each that are looked through.
MOST: Final = 400


def subjects_of(link: Connection, person_id: str) -> list[str]:
    """The id itself, the sha256 of crops that show this person, and the numbers of cases about them."""
    opaque = link.execute(select(people.c.opaque).where(people.c.id == person_id)).scalar()
    if opaque is None:
        return [person_id]
    shown = select(passages.c.evidence).where(passages.c.person == opaque).order_by(passages.c.time.desc())
    about = select(alerts.c.id, alerts.c.evidence).where(alerts.c.person == opaque).order_by(alerts.c.id.desc())
    cases = link.execute(about.limit(MOST)).all()
    texts = [*link.execute(shown.limit(MOST)).scalars(), *(row.evidence for row in cases)]
    crops = {piece.picture for text in texts for piece in from_text(text) if piece.picture}
    return [person_id, *(str(row.id) for row in cases), *sorted(crops)]
