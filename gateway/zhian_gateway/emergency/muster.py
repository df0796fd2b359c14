"""The roll call at the assembly point: who was inside when it began, who left since, and who was met.

The list is kept as it was, since people who walk out through a gate in an alarm have not been met yet. It is as good as
what nodes told: a gate of which nothing is heard may have let somebody out, or in. Who came by a gate that keeps no
count, or by a teacher's word, is on it too: where they are, nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from .. import moments
from ..attendance.reading import PersonDay, pupils, sheet
from ..errors import Conflict, NotFound
from ..lanes.by_hand import VOID
from ..people.whereabouts import Since, counts
from ..store import audit
from ..store.tables import muster_people, musters, passages, people, whereabouts
from ..visitors import whereabouts as visitors

#: Who went in and not out is looked for so long, though whereabouts are kept by day.
OVER_NIGHT: Final = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """Somebody on the list.

    Attributes:
        zone, node, at: where they were last known to be, by whose word, since when.
        left_at: when they went out of every zone after that, by what is known now; news of it may come late.
        by_attendance: no gate that counts told of them, so nobody can be certain.
    """

    person: RowMapping
    zone: str
    node: str
    at: str
    left_at: str | None
    met_at: str | None
    met_by: str | None
    by_attendance: bool = False


class Today(NamedTuple):
    """What attendance knows of everybody who is enrolled, by opaque id; `began`: midnight."""

    began: str
    lines: Mapping[str, PersonDay]


def under_way(link: Connection, site: str) -> RowMapping | None:
    """The roll call that has begun and not ended."""
    query = select(musters).where(musters.c.site == site, musters.c.ended_at.is_(None)).order_by(musters.c.id.desc())
    return link.execute(query.limit(1)).mappings().one_or_none()


def since(link: Connection, site: str, now: datetime, zone: ZoneInfo) -> Since:
    """From when on is told who is where: the day on which a roll call began that goes on, else today.

    Whoever went in and not out by midnight is still looked for, as somebody of whom nobody can be certain.
    """
    going, today = under_way(link, site), moments.local_day(now, zone)
    day = today if going is None else min(str(going["day"]), today)
    return Since(day, moments.text(now - OVER_NIGHT))


def begin(link: Connection, site: str, *, drill: bool, who: str, now: datetime, zone: ZoneInfo) -> int:
    """Keep who is inside now; the id. One that is under way goes on."""
    going = under_way(link, site)
    if going is not None:
        return int(going["id"])
    at, span = moments.text(now), since(link, site, now, zone)
    values = {"site": site, "drill": drill, "who": who, "day": span.day, "at": at}
    number = int(link.execute(musters.insert().returning(musters.c.id), values).scalar_one())
    inside = _inside(link, span, _today(link, now, zone))
    if inside:
        link.execute(muster_people.insert(), [{"muster_id": number} | _place(row) for row in inside])
    said = f"{'drill' if drill else 'real'}: {len(inside)} people inside"
    audit.record(link, site=site, at=at, who=who, action="muster.begin", subject=str(number), detail=said)
    return number


def end(link: Connection, site: str, *, who: str, now: str) -> None:
    """End the one that is under way, if there is one."""
    going = under_way(link, site)
    if going is None:
        return
    link.execute(update(musters).where(musters.c.id == going["id"]).values(ended_at=now, ended_by=who))
    missing = select(func.count()).where(muster_people.c.muster_id == going["id"], muster_people.c.met_at.is_(None))
    said = f"{link.execute(missing).scalar_one()} not met"
    audit.record(link, site=site, at=now, who=who, action="muster.end", subject=str(going["id"]), detail=said)


def mark(link: Connection, site: str, person_id: str, *, met: bool, who: str, now: str) -> None:
    """Somebody was met at the assembly point, or it was said by mistake.

    Raises:
        Conflict: no roll call is under way.
        NotFound: nobody of that id is enrolled.
    """
    going = under_way(link, site)
    if going is None:
        raise Conflict("no roll call is under way")
    query = select(people.c.opaque).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    opaque = link.execute(query).scalar()
    if opaque is None:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
    _list(link, going, opaque, now)
    values = {"met_at": now if met else None, "met_by": who if met else None}
    theirs = (muster_people.c.muster_id == going["id"]) & (muster_people.c.person == opaque)
    link.execute(update(muster_people).where(theirs).values(values))
    action = "muster.met" if met else "muster.not_met"
    audit.record(link, site=site, at=now, who=who, action=action, subject=person_id, detail=str(going["id"]))


def _list(link: Connection, going: RowMapping, opaque: str, now: str) -> None:
    """Who came in since then, or was not known to be inside at all, is on the list once they are met."""
    theirs = (muster_people.c.muster_id == going["id"]) & (muster_people.c.person == opaque)
    if link.execute(select(muster_people.c.person).where(theirs)).first() is not None:
        return
    known = link.execute(select(whereabouts).where(whereabouts.c.person == opaque)).mappings().one_or_none()
    place = _place(dict(known)) if known is not None else {"person": opaque, "zone": "", "node": "", "at": now}
    link.execute(muster_people.insert().values({"muster_id": going["id"]} | place))


def roll(link: Connection, going: RowMapping | None, span: Since, *, now: datetime, zone: ZoneInfo) -> list[Entry]:
    """Everybody who is or was inside in that time, by zone, group and name; without a roll call who is inside now."""
    today = _today(link, now, zone)
    inside = {row["person"]: dict(row) for row in _inside(link, span, today)}
    listed: dict[str, dict[str, Any]] = dict(inside)
    if going is not None:
        kept = select(muster_people).where(muster_people.c.muster_id == going["id"])
        listed |= {row["person"]: dict(row) for row in link.execute(kept).mappings()}
    left = {} if going is None else _left(link, span.day, today)
    left = {who: at for who, at in left.items() if who in listed and who not in inside and at > listed[who]["at"]}
    guests = {each.opaque for each in visitors.inside(link)}
    entries = [
        _entry(today.lines[who].person, row, left.get(who), by_attendance=not row["node"] and who not in guests)
        for who, row in listed.items()
        if who in today.lines
    ]
    return sorted(entries, key=lambda one: (one.zone, one.person["group"], one.person["name"], one.person["id"]))


def nameless(link: Connection, day: str) -> tuple[int, int]:
    """How many people without a name were noted by a guard as gone in, and gone out, since a local day."""
    by_hand = (passages.c.day >= day) & (passages.c.kind == "manual") & passages.c.person.is_(None)
    query = select(passages.c.movement, passages.c.direction, func.count())
    query = query.where(by_hand, passages.c.reason.not_in(VOID))
    rows = link.execute(query.group_by(passages.c.movement, passages.c.direction)).all()
    came = sum(row[2] for row in rows if (row[0] or row[1]) in ("arrival", "in"))
    return came, sum(row[2] for row in rows if (row[0] or row[1]) in ("departure", "out"))


def _today(link: Connection, now: datetime, zone: ZoneInfo) -> Today:
    local = now.astimezone(zone)
    lines = sheet(link, [local.date()], pupils(link, None), zone, now)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Today(moments.text(midnight), {line.person["opaque"]: line for line in lines})


def _inside(link: Connection, span: Since, today: Today) -> list[Mapping[str, Any]]:
    query = (
        select(whereabouts)
        .join(people, people.c.opaque == whereabouts.c.person)
        .where(counts(span), whereabouts.c.zone != "")
        .where(people.c.withdrawn_at.is_(None), people.c.watch.is_(False))
    )
    found: list[Mapping[str, Any]] = [dict(row) for row in link.execute(query).mappings()]
    found += _visitors(link, {row["person"] for row in found})
    return found + _uncounted(link, span, today, {row["person"] for row in found})


def _visitors(link: Connection, listed: set[str]) -> list[Mapping[str, Any]]:
    """Whoever was let in at the window is inside, also where no reader told of them; where, nobody knows."""
    return [
        {"person": each.opaque, "zone": each.zone or "", "node": "", "at": each.since}
        for each in visitors.inside(link)
        if each.opaque not in listed
    ]


def _uncounted(link: Connection, span: Since, today: Today, listed: set[str]) -> list[Mapping[str, Any]]:
    """Who is here today by a gate that keeps no count, or by a teacher's word, and went out by none since."""
    out = {row.person: row.at for row in link.execute(_out(span.day))}
    found: list[Mapping[str, Any]] = []
    for who, line in today.lines.items():
        # The last sign, not the first arrival: who went out at noon and came back is here.
        last = line.result.last_in_at
        known = moments.text(last) if last else today.began
        if line.result.inside and who not in listed and out.get(who, "") <= known:
            found.append({"person": who, "zone": "", "node": "", "at": known})
    return found


def _out(day: str) -> Select[Any]:
    return select(whereabouts.c.person, whereabouts.c.at).where(whereabouts.c.day >= day, whereabouts.c.zone == "")


def _left(link: Connection, day: str, today: Today) -> dict[str, str]:
    """When people last went out, by opaque id: by any gate or a teacher's word."""
    by_day = {who: moments.text(line.result.left_at) for who, line in today.lines.items() if line.result.left_at}
    # A gate that keeps no count tells of visitors all the same.
    last = by_day | visitors.gone(link)
    for row in link.execute(_out(day)):
        last[row.person] = max(row.at, last.get(row.person, ""))
    return last


def _entry(person: RowMapping, row: dict[str, Any], left_at: str | None, *, by_attendance: bool) -> Entry:
    return Entry(
        person=person,
        zone=row["zone"],
        node=row["node"],
        at=row["at"],
        left_at=left_at,
        met_at=row.get("met_at"),
        met_by=row.get("met_by"),
        by_attendance=by_attendance,
    )


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("person", "zone", "node", "at")}
