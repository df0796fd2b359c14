"""Who may collect a child: on which days, until when, who that is to the child, and which children belong together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, select
from zhian_wire.calendar import Day
from zhian_wire.turns import Turn, is_turn

from .. import moments
from ..errors import BadInput
from ..store.tables import collectors, guardians, leave_slips, people
from .validity import Validity

WEEKDAYS: Final[tuple[Day, ...]] = get_args(Day)


class Terms(NamedTuple):
    """On what terms somebody may.

    Attributes:
        begins, ends: from when until when; None: always. days: on which weekdays; "": all. note: who that is.
        turn, turn_from: in which weeks, as `zhian_wire.turns` says.
    """

    begins: str | None = None
    ends: str | None = None
    days: str = ""
    note: str = ""
    turn: Turn = ""
    turn_from: str = ""


class Collecting(NamedTuple):
    """Somebody, or a car, that may collect a child.

    Attributes:
        name: of a person who is enrolled; "" otherwise, and of a car.
        known: False: a person whom nobody enrolled, so that no gate knows them.
        today: they may on this local day.
        once: by a leave slip, and only while it lasts.
    """

    kind: str
    value: str
    name: str
    known: bool
    terms: Terms
    today: bool
    once: bool = False


def terms(span: Validity, days: Sequence[Day], note: str, turn: Turn = "", turn_from: str = "") -> Terms:
    """As the store keeps them; every weekday is the same as none.

    Raises:
        BadInput: weeks are counted from no day, or from one though it is every week.
    """
    wanted = [day for day in WEEKDAYS if day in days]
    if turn_from and not turn:
        raise BadInput("turn_from: where somebody may collect in every week, none is counted")
    try:
        is_turn(turn, turn_from, date.min)
    except ValueError as error:
        raise BadInput(f"turn_from: {turn_from!r} is no day, such as 2026-09-01") from error
    kept = "" if len(wanted) == len(WEEKDAYS) else ",".join(wanted)
    return Terms(*span, kept, note.strip(), turn, turn_from)


def of_child(link: Connection, child: str, now: datetime, zone: ZoneInfo) -> list[Collecting]:
    """Everybody who may collect the child now or later, also by a leave slip of today."""
    query = (
        select(collectors, people.c.name, people.c.withdrawn_at, people.c.id.label("known"))
        .outerjoin(people, (people.c.id == collectors.c.value) & (collectors.c.kind == "person"))
        .where(collectors.c.person_id == child)
    )
    rows = link.execute(query.order_by(collectors.c.kind, collectors.c.value))
    return [_listed(row, now, zone) for row in rows.mappings()] + _once(link, child, now, zone)


def _listed(row: RowMapping, now: datetime, zone: ZoneInfo) -> Collecting:
    known = row["kind"] != "person" or (row["known"] is not None and row["withdrawn_at"] is None)
    held = Terms(row["begins"], row["ends"], row["days"], row["note"], row["turn"], row["turn_from"])
    return Collecting(row["kind"], row["value"], row["name"] or "", known, held, holds_on(held, now, zone))


def holds_on(held: Terms, now: datetime, zone: ZoneInfo) -> bool:
    """Whether somebody may at any time of the local day of `now`, or after `now` on it."""
    local = now.astimezone(zone)
    night = moments.text(datetime.combine(local.date() + timedelta(days=1), time(), zone))
    if (held.begins and held.begins >= night) or (held.ends and held.ends <= moments.text(now)):
        return False
    if not is_turn(held.turn, held.turn_from, local.date()):
        return False
    return not held.days or WEEKDAYS[local.weekday()] in held.days.split(",")


def _once(link: Connection, child: str, now: datetime, zone: ZoneInfo) -> list[Collecting]:
    """Whom leave slips name that are not over."""
    table = leave_slips.c
    query = select(leave_slips, people.c.name).outerjoin(
        people, (people.c.id == table.collector) & (table.collected == "person")
    )
    holding = query.where(
        table.person_id == child,
        table.ended_at.is_(None),
        table.ends > moments.text(now),
        table.collected.in_(("person", "plate")),
    )
    found = []
    for row in link.execute(holding.order_by(table.begins)).mappings():
        held = Terms(row["begins"], row["ends"])
        today = holds_on(held, now, zone)
        found.append(Collecting(row["collected"], row["collector"], row["name"] or "", True, held, today, once=True))
    return found


def siblings(link: Connection, child: str) -> Sequence[RowMapping]:
    """Children who share a guardian's address with this one; id, name and group."""
    theirs = select(guardians.c.address).where(guardians.c.person_id == child)
    query = (
        select(people.c.id, people.c.name, people.c.group)
        .join(guardians, guardians.c.person_id == people.c.id)
        .where(guardians.c.address.in_(theirs), people.c.id != child, people.c.withdrawn_at.is_(None))
        .distinct()
        .order_by(people.c.id)
    )
    return link.execute(query).mappings().all()
