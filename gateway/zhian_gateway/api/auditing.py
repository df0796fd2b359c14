"""What the auditor sees: who did, saw or was refused what, and whether the record is whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, or_, select

from ..anchors.keeping import anchor_of
from ..anchors.keeping import verify as compare
from ..auth.sessions import Session
from ..cases.reading import bounds
from ..errors import BadInput
from ..ledger.reading import read as read_ledger
from ..people import looks
from ..people.pictured import Pictured, pictured
from ..services import Services
from ..store import audit as chain
from ..store import counters
from ..store.tables import audit as entries
from ..store.tables import people
from . import audit_shapes as shapes
from . import looking
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .paging import Cursor, Limit, parse_id
from .passages import Filter
from .when import Day

router = GuardedRouter(prefix="/api/audit")
#: Lines of the ledger that are shown; the sums are of all.
LINES_MOST: Final = 1000

#: What an auditor asks for at once, by the beginnings of actions.
KINDS: Final[dict[shapes.Kind, tuple[str, ...]]] = {
    "look": (
        "picture.view",
        "portrait.view",
        "people.list",
        "people.day",
        "people.export",
        "passages.search",
        "attendance.view",
        "lane.decisions",
        "leave.view",
        "visit.find",
        "visit.list",
        "visit.picture",
        "visit.view",
        "visitor_list.view",
        "muster.look",
        "watch.list",
        "watch.picture",
        "audit.",
    ),
    "refused": ("access.refused",),
    "case": ("alert.", "emergency.", "muster.", "shift."),
    "person": (
        "people.",
        "card.",
        "consent.",
        "guardian.",
        "family.",
        "attendance.",
        "leave.",
        "group.",
        "schedule",
        "bells.",
        "calendar.",
    ),
    "visitor": ("visit.", "visitor_list."),
    "watch_list": ("watch.",),
    "police": ("police.",),
    "access": (
        "user.",
        "session.",
        "ticket.",
        "password.",
        "second_factor.",
        "push.",
        "node.",
        "lane",
        "authority.",
        "keys.",
        "plan.",
    ),
    "data": ("retention.", "backup", "restore", "store.", "audit.cut"),
}


@router.get("")
@users("admin", "auditor")
def list_entries(
    parts: Parts,
    caller: Caller,
    *,
    before: Cursor = None,
    limit: Limit = 50,
    user: Filter = None,
    person: Filter = None,
    kind: shapes.Kind | None = None,
    first_day: Day = None,
    last_day: Day = None,
) -> shapes.Entries:
    """Entries, latest first: by who, by kind, on days of the site, or all that is about one person.

    `person` (an id) also finds looks at the pictures and cases that show this person, as far as these are still kept.
    Reading the record is written into it too, each question once in 15 minutes.
    """
    days = {"first_day": first_day, "last_day": last_day}
    with parts.store.read() as link:
        where = [*_where(link, user=user, person=person, kind=kind), *_on_days(parts, first_day, last_day)]
        if before is not None:
            where.append(entries.c.id < parse_id(before, "before"))
        query = select(entries).where(*where).order_by(entries.c.id.desc()).limit(limit + 1)
        found = link.execute(query).mappings().all()
        items = _items(link, found[:limit])
        about = None if person is None else _known(link, person)
    _seen(parts, caller, user=user, person=about, kind=kind, **days)
    return shapes.Entries(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/ledger")
@users("admin", "auditor")
def count(parts: Parts) -> shapes.Ledger:
    """The proof that nothing is lost, per node and local day, latest day first: what `zhian-gateway ledger` prints."""
    with parts.store.read() as link:
        found = read_ledger(link, parts.site, parts.zone)
    latest = sorted(found, key=lambda line: (line.day, line.node), reverse=True)
    return shapes.Ledger(
        decided=sum(line.decided for line in found),
        stored=sum(line.stored for line in found),
        missing=sum(line.missing for line in found),
        items=[shapes.LedgerLine(**dataclasses.asdict(line)) for line in latest[:LINES_MOST]],
    )


@router.get("/state")
@users("admin", "auditor")
def verify(parts: Parts) -> shapes.RecordState:
    """Whether the chain of hashes is whole, and is what its anchor outside the database says. It reads all entries."""
    anchor = anchor_of(parts.config)
    with parts.store.read() as link:
        found = compare(link, anchor, parts.config.retention.audit_days, parts.clock())
        return shapes.RecordState(
            fault=chain.first_fault(link),
            rewritten=list(found.faults),
            vouched_through=found.vouched.entry if found.vouched else None,
            count=counters.current(link, "audit"),
            checked_at=parts.now(),
        )


def _where(
    link: Connection, *, user: str | None, person: str | None, kind: shapes.Kind | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if user is not None:
        found.append(entries.c.who == user)
    if kind is not None:
        found.append(or_(*(entries.c.action.startswith(start, autoescape=True) for start in KINDS[kind])))
    if person is not None:
        found.append(entries.c.subject.in_(looks.subjects_of(link, person)))
    return found


def _known(link: Connection, person: str) -> str:
    """An id as it was asked for; a name that somebody typed in its place is not written into the record."""
    enrolled = select(people.c.id).where(people.c.id == person)
    told = select(entries.c.id).where(entries.c.subject == person).limit(1)
    return person if link.execute(enrolled).first() or link.execute(told).first() else "-"


def _on_days(parts: Services, first: str | None, last: str | None) -> list[ColumnElement[bool]]:
    """Local days, both included; a single one may be open to the other side."""
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(entries.c.at >= bounds(parts, _day(first), _day(first))[0])
    if last is not None:
        found.append(entries.c.at < bounds(parts, _day(last), _day(last))[1])
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no day such as 2026-10-01") from error


def _items(link: Connection, found: Sequence[RowMapping]) -> list[shapes.Entry]:
    seen = pictured(link, {row["subject"] for row in found if row["action"] == "picture.view"})
    return [_entry(row, seen.get(row["subject"])) for row in found]


def _entry(row: RowMapping, picture: Pictured | None) -> shapes.Entry:
    shown = None if picture is None else shapes.PictureOf(**picture._asdict())
    told = {name: row[name] for name in ("at", "who", "action", "subject", "detail")}
    return shapes.Entry(id=str(row["id"]), picture=shown, **told)


def _seen(parts: Services, caller: Session, **asked: str | None) -> None:
    words = ", ".join(f"{name} {value}" for name, value in asked.items() if value is not None)
    looking.note(parts, caller, looking.LookUp("", words, "audit.view"))
