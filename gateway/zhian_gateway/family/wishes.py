"""What a carer wants: in which language, when not to be woken, and whether this phone shows messages first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, select, update

from ..notices.naming import WEBPUSH
from ..people.guardians import place_first
from ..store.tables import carer_browsers, carer_children, carers, guardians, notices
from .carers import Carer, note

#: What a phone shows of the past.
MOST_NOTICES: Final = 60


def quiet_of(link: Connection, carer: Carer) -> list[str]:
    """When this carer is not woken; the school may have said so for one child alone, which is shown too."""
    spans: dict[str, None] = {}
    for text in link.execute(select(guardians.c.quiet).where(_theirs(carer))).scalars():
        spans |= dict.fromkeys(json.loads(text))
    return list(spans)


def prefer(link: Connection, carer: Carer, *, language: str, quiet: Sequence[str], site: str, now: str) -> None:
    """For all children; other channels of the school (a message, a letter) follow the same wishes."""
    link.execute(update(carers).where(carers.c.id == carer.id).values(language=language))
    values = {"language": language, "quiet": json.dumps(list(quiet))}
    link.execute(update(guardians).where(_theirs(carer)).values(values))
    said = f"{language}; quiet {', '.join(quiet) or 'never'}"
    note(link, carer, "family.prefer", said, site=site, now=now)


def place_browsers(link: Connection, carer: Carer) -> None:
    """Messages go to the phones first while there are any, and by the school's channels where those fail."""
    shows = link.execute(select(carer_browsers.c.digest).where(carer_browsers.c.carer_id == carer.id).limit(1)).first()
    mine = list(link.execute(select(guardians.c.id).where(_theirs(carer))).scalars())
    place_first(link, mine, [f"{WEBPUSH}://carer/{carer.id}"] if shows else [])


def told(link: Connection, carer: Carer) -> Sequence[RowMapping]:
    """The latest messages about the own children, newest first, as they were written."""
    mine = select(carer_children.c.guardian_id).where(carer_children.c.carer_id == carer.id)
    query = select(notices).where(notices.c.guardian_id.in_(mine), notices.c.title != "")
    return link.execute(query.order_by(notices.c.id.desc()).limit(MOST_NOTICES)).mappings().all()


def _theirs(carer: Carer) -> ColumnElement[bool]:
    mine = select(carer_children.c.guardian_id).where(carer_children.c.carer_id == carer.id)
    return guardians.c.id.in_(mine)
