"""Takes somebody out of evidence that is somebody else's, with the crops that bear their name.

A card in another's hand: the passage is the face's, and a piece of its evidence names the card's owner.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, false, not_, or_, select, update

from ..cases.pieces import Piece, from_text, to_text
from ..retention.holds import held_pictures
from ..services import Services
from ..store.tables import alert_passages, alert_repeats, alerts, passages
from .unwanted import let_go

#: Whom something was about that is nobody's any more: one word for all, so that no two can be told to be one's.
ERASED: Final = "erased"
#: Passages that one look goes over, by their text alone.
WINDOW: Final = 20_000
#: Most rows that are written in one transaction.
AT_ONCE: Final = 200
_SUBJECT: Final = re.compile(r'"subject":"([^"\\]+)"')


def names(table: FromClause, opaque: Collection[str]) -> ColumnElement[bool]:
    """Which rows have a piece of evidence that names one of these; for a few of them, and few rows."""
    return or_(false(), *(table.c.evidence.contains(f'"subject":"{each}"', autoescape=True) for each in opaque))


def named_in(link: Connection, cases: ColumnElement[bool]) -> frozenset[str]:
    """Whom evidence of these cases names: of the case, of its repeats, or of a passage that it shows."""
    again = select(alert_repeats.c.evidence).join(alerts, alerts.c.id == alert_repeats.c.alert_id).where(cases)
    led = select(passages.c.evidence).join(alert_passages, alert_passages.c.passage_id == passages.c.id)
    led = led.join(alerts, alerts.c.id == alert_passages.c.alert_id).where(cases)
    last = select(passages.c.evidence).join(alerts, alerts.c.passage_id == passages.c.id).where(cases)
    queries: tuple[Select[Any], ...] = (select(alerts.c.evidence).where(cases), again, led, last)
    texts = (text for query in queries for text in link.execute(query).scalars())
    return frozenset(who for text in texts for who in _SUBJECT.findall(text))


def everywhere(parts: Services, opaque: Collection[str]) -> None:
    """Take them out of everybody else's passages, however old: the bytes of their events may be gone since long."""
    for ids in others_passages(parts, opaque):
        for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
            with parts.store.write() as link:
                shown = of_passages(link, some, opaque)
                gone = let_go(link, shown - held_pictures(link), parts.now()) if shown else ()
            parts.pictures.delete(gone)


def others_passages(parts: Services, opaque: Collection[str]) -> Iterator[list[int]]:
    """The passages of everybody else that name them in their evidence, by number; so many are gone over at once."""
    after: int | None = 0
    while after is not None:
        with parts.store.read() as link:
            window = select(passages.c.id).where(passages.c.id > after).order_by(passages.c.id)
            end = link.execute(window.offset(WINDOW - 1).limit(1)).scalar()
            these = window.where(not_theirs(opaque), names(passages, opaque))
            ids = list(link.execute(these if end is None else these.where(passages.c.id <= end)).scalars())
        yield ids
        after = end


def not_theirs(opaque: Collection[str]) -> ColumnElement[bool]:
    """Which passages are somebody else's, or nobody's."""
    return or_(passages.c.person.is_(None), not_(passages.c.person.in_(opaque)))


def of_passages(link: Connection, ids: Collection[int], opaque: Collection[str]) -> set[str]:
    """Take them out of these passages, as far as these are somebody else's; the crops that bore their name."""
    query = select(passages.c.id, passages.c.person, passages.c.evidence).where(passages.c.id.in_(ids))
    rows = [row for row in link.execute(query) if row.person not in opaque]
    return _write(link, passages, rows, opaque)


def of_cases(link: Connection, opaque: Collection[str]) -> set[str]:
    """Likewise of every case, in which no row is about them any more."""
    shown: set[str] = set()
    for table in (alerts, alert_repeats):
        said = or_(false(), *(table.c.detail.contains(each, autoescape=True) for each in opaque))
        rows = link.execute(select(table).where(or_(names(table, opaque), said))).all()
        for row in rows:
            # A node says in words by whose face it knew that a card was not its holder's.
            detail = row.detail
            for each in opaque:
                detail = detail.replace(each, ERASED)
            link.execute(update(table).where(table.c.id == row.id).values(detail=detail))
        shown |= _write(link, table, rows, opaque)
    return shown


def _write(link: Connection, table: Table, rows: Iterable[Any], opaque: Collection[str]) -> set[str]:
    shown: set[str] = set()
    for row in rows:
        before = from_text(row.evidence)
        theirs = {piece.picture for piece in before if piece.subject in opaque and piece.picture}
        after = tuple(_without(piece, theirs, opaque) for piece in before)
        if after != before:
            link.execute(update(table).where(table.c.id == row.id).values(evidence=to_text(after)))
        shown |= theirs
    return shown


def _without(piece: Piece, gone: Collection[str], opaque: Collection[str]) -> Piece:
    subject = None if piece.subject in opaque else piece.subject
    return replace(piece, subject=subject, picture=None if piece.picture in gone else piece.picture)
