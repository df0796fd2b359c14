"""What open cases need: their passages, the events behind these, and the crops of both."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, select, union
from zhian_wire.alerts import CLOSED

from ..cases.pieces import from_text
from ..store.tables import alert_passages, alert_repeats, alerts, case_pictures, passages

#: Found by its look, so that one case whose evidence is damaged holds up nobody else's deletion.
_CROP: Final = re.compile(r'"picture":"([0-9a-f]{64})"')
OPEN: Final[ColumnElement[bool]] = alerts.c.state.not_in(sorted(CLOSED))


def held_passages() -> Select[tuple[int]]:
    """The ids of passages that belong to an open case."""
    shown = select(alert_passages.c.passage_id).join(alerts, alerts.c.id == alert_passages.c.alert_id).where(OPEN)
    latest = select(alerts.c.passage_id).where(OPEN, alerts.c.passage_id.is_not(None))
    both = union(shown, latest).subquery()
    return select(both.c.passage_id)


def held_pictures(link: Connection) -> frozenset[str]:
    """The crops that an open case shows, and the photos that people brought for any case that is still kept."""
    brought = frozenset(link.execute(select(case_pictures.c.sha256)).scalars())
    shown = select(alerts.c.evidence).where(OPEN)
    before = select(alert_repeats.c.evidence).join(alerts, alerts.c.id == alert_repeats.c.alert_id).where(OPEN)
    led = select(passages.c.evidence).where(passages.c.id.in_(held_passages()))
    queries = (shown, before, led)
    return brought | {
        crop for query in queries for text in link.execute(query).scalars() for crop in _CROP.findall(text)
    }


def crops(evidence: str) -> tuple[str, ...]:
    """The sha256 of the pictures in a row's evidence."""
    return tuple(piece.picture for piece in from_text(evidence) if piece.picture)
