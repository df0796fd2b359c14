"""Whose or what the pictures are of that somebody looked at, as far as their passages and cases are still kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select
from zhian_wire import times

from .. import moments
from ..cases.pieces import from_text
from ..store.tables import alerts, case_pictures, passages, people, pictures
from .looks import MOST

#: A picture follows its event at once, and waits that long behind others; of one that came later its node alone is
#: told, since a day of a gate is not read through for each line of a page.
BEFORE: Final = timedelta(minutes=15)
AFTER: Final = timedelta(minutes=1)


class Pictured(NamedTuple):
    """What a picture is of.

    Attributes:
        case: the case's number; None: it is of a passage, or of nothing that is kept.
        kind: of the passage or the case; "": neither is kept.
        person: whose passage or case it was, by their id; the face in the picture need not be theirs.
        place: camera or lane, else the node. at: when that was, else when the picture came (RFC 3339).
    """

    case: str | None
    kind: str
    person: str | None
    plate: str | None
    place: str
    at: str


def pictured(link: Connection, sha256s: Collection[str]) -> dict[str, Pictured]:
    """By their sha256; what is not in it nobody knows any more."""
    if not sha256s:
        return {}
    came = link.execute(select(pictures).where(pictures.c.sha256.in_(sha256s))).all()
    found = {row.sha256: Pictured(None, "", None, None, row.node, row.received_at) for row in came}
    found |= _of_cases(link, set(sha256s))
    found |= {row.sha256: _shown(passed) for row in came if (passed := _passage(link, row)) is not None}
    return _named(link, found)


def _passage(link: Connection, picture: Any) -> Any:
    came = times.from_text(picture.received_at)
    about_then = passages.c.time.between(moments.text(came - BEFORE), moments.text(came + AFTER))
    theirs = about_then & (passages.c.node == picture.node) & passages.c.evidence.contains(picture.sha256)
    return link.execute(select(passages).where(theirs).limit(1)).first()


def _of_cases(link: Connection, wanted: set[str]) -> dict[str, Pictured]:
    """Of the latest cases, and what people photographed for any."""
    latest = link.execute(select(alerts).order_by(alerts.c.id.desc()).limit(MOST)).all()
    found = {sha256: _shown(row, case=True) for row in latest for sha256 in _crops(row.evidence) if sha256 in wanted}
    taken = select(case_pictures.c.sha256, alerts).join(alerts, alerts.c.id == case_pictures.c.alert_id)
    brought = link.execute(taken.where(case_pictures.c.sha256.in_(wanted))).all()
    return found | {row.sha256: _shown(row, case=True) for row in brought}


def _crops(evidence: str) -> Iterable[str]:
    return (piece.picture for piece in from_text(evidence) if piece.picture)


def _shown(row: Any, *, case: bool = False) -> Pictured:
    """`person` is the opaque id still."""
    return Pictured(
        case=str(row.id) if case else None,
        kind=row.kind,
        person=row.person,
        plate=row.plate,
        place=row.camera or row.lane or row.node,
        at=row.raised_at if case else row.time,
    )


def _named(link: Connection, found: dict[str, Pictured]) -> dict[str, Pictured]:
    """With everybody's own id; of who is not enrolled any more none is told."""
    opaque = {each.person for each in found.values() if each.person is not None}
    rows = link.execute(select(people.c.opaque, people.c.id).where(people.c.opaque.in_(opaque))).all()
    ids: dict[str | None, str] = {row.opaque: row.id for row in rows}
    return {sha256: each._replace(person=ids.get(each.person)) for sha256, each in found.items()}
