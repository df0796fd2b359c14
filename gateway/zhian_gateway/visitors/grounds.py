"""On what grounds a visitor is listed and compared: each ends with the visit, or when it is kept no more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select

from .. import moments
from ..people import consents
from ..people.consent import LISTING, NO_TEXT, RECOGNITION, Ground
from ..services import Services
from ..store.tables import templates
from . import rows
from .rows import Visit


def listing(parts: Services, row: Visit, *, who: str) -> Ground:
    """As long as the visit is kept."""
    kept = rows.moment(row, "ends") + timedelta(days=parts.config.retention.visits_days or 36_500)
    until = moments.text(kept)
    return Ground(text=_text(row), until=until, granted_by=who, text_version=NO_TEXT, purpose=LISTING)


def comparing(row: Visit, *, who: str) -> Ground:
    """Until the visit ends."""
    about = {"text_version": NO_TEXT, "purpose": RECOGNITION, "given_by": "visitor"}
    return Ground(text=_text(row), until=row.ends, granted_by=who, **about)


def renew(link: Connection, parts: Services, row: Visit, *, who: str) -> None:
    """The visit ends at another time: so do its grounds. A face that was not given, or is forgotten, stays so."""
    found = [listing(parts, row, who=who)]
    if link.execute(select(templates.c.person_id).where(templates.c.person_id == row.person_id)).first() is not None:
        found.append(comparing(row, who=who))
    for each in found:
        consents.record(link, parts.site, row.person_id, each, parts.now())


def _text(row: Visit) -> str:
    return f"visit {row.id}, text {row.text_version}"
