"""Emergencies: who called, by what, for real or as a drill, and how it ended. Each has a case of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, select, update
from zhian_wire.alerts import CLOSED

from ..cases.book import Book
from ..cases.signals import Raise
from ..config_emergency import Emergency
from ..errors import Conflict
from ..store import audit
from ..store.tables import alerts, emergencies, transitions
from .late import is_late

#: Kinds of the cases; a drill is marked as one wherever it is told of.
REAL: Final = "emergency"
DRILL: Final = "emergency_drill"
_REACHES: Final = ("police", "siren")
#: So many characters of reasons are shown together; each is in the audit whole.
_MOST_SAID: Final = 1000
Source = Literal["screen", "key", "input"]


@dataclass(frozen=True)
class Wanted:
    """What somebody presses.

    Attributes:
        press: the same one, sent again, is the same emergency.
        police, siren: whether these are reached.
    """

    press: str
    drill: bool
    police: bool
    siren: bool
    source: Source
    who: str
    why: str


class _Said(NamedTuple):
    """Of which emergency the audit tells, and by whom."""

    site: str
    at: str
    who: str
    number: int


def under_way(link: Connection, site: str) -> list[RowMapping]:
    """What was called and has not ended, the first one first."""
    query = select(emergencies).where(emergencies.c.site == site, emergencies.c.ended_at.is_(None))
    return list(link.execute(query.order_by(emergencies.c.id)).mappings())


def begin(link: Connection, book: Book, site: str, wanted: Wanted, now: str) -> int:
    """Call it; the id. What is under way is not called twice but reaches whom a later press asks for too.

    A real one ends a drill.

    Raises:
        Conflict: a drill while it is real.
    """
    query = select(emergencies.c.id).where(emergencies.c.site == site, emergencies.c.press == wanted.press)
    known = link.execute(query).scalar()
    if known is not None:
        return int(known)
    going = under_way(link, site)
    real = [row for row in going if not row["drill"]]
    if real and wanted.drill:
        raise Conflict("there is an emergency; this is no time for a drill")
    same = real if not wanted.drill else going
    if same:
        _again(link, book, same[0], wanted, now)
        return int(same[0]["id"])
    end(link, book, site, who=wanted.who, why="a real emergency", now=now)
    return _open(link, book, site, wanted, now)


def _open(link: Connection, book: Book, site: str, wanted: Wanted, now: str) -> int:
    key = f"emergency/{wanted.press}"
    number = _insert(link, site, wanted, now, key)
    kind = DRILL if wanted.drill else REAL
    # It happens at the whole site, of which no node is more than another.
    book.raise_(link, Raise(key=key, kind=kind, severity="critical", node=site, at=now, detail=wanted.why), now)
    return number


def _again(link: Connection, book: Book, going: RowMapping, wanted: Wanted, now: str) -> None:
    """Whoever presses again may ask for more, never for less: to reach fewer somebody has to end it."""
    more = {name: True for name in _REACHES if getattr(wanted, name) and not going[name]}
    said = _Said(going["site"], now, wanted.who, int(going["id"]))
    _note(link, said, "emergency.again", f"{_reach(wanted)}: {wanted.why}" if more else wanted.why)
    why = going["why"]
    if wanted.why and wanted.why not in why and len(why) + len(wanted.why) < _MOST_SAID:
        why = f"{why}; {wanted.why}" if why else wanted.why
    if not more and why == going["why"]:
        return
    link.execute(update(emergencies).where(emergencies.c.id == going["id"]).values(more | {"why": why}))
    # What a node told of its button stays as it told it.
    book.tell_again(link, going["alert_key"], now, None if going["source"] == "input" else why)


def _reach(wanted: Wanted) -> str:
    reaches = [name for name in _REACHES if getattr(wanted, name)]
    return f"{'drill' if wanted.drill else 'real'}, by {wanted.source}, reaches {', '.join(['guards', *reaches])}"


def _insert(link: Connection, site: str, wanted: Wanted, now: str, key: str) -> int:
    values: dict[str, Any] = {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}
    row = values | {"site": site, "at": now, "alert_key": key, "ended_why": ""}
    number = int(link.execute(emergencies.insert().returning(emergencies.c.id), row).scalar_one())
    _note(link, _Said(site, now, wanted.who, number), "emergency.call", f"{_reach(wanted)}: {wanted.why}")
    return number


def end(link: Connection, book: Book, site: str, *, who: str, why: str, now: str) -> int:
    """End everything that is under way, and close its cases; how many."""
    going = under_way(link, site)
    for row in going:
        _ended(link, row, who=who, why=why, now=now)
        case = link.execute(select(alerts.c.id, alerts.c.state).where(_case_of(site, row["alert_key"]))).one_or_none()
        if case is not None and case.state not in CLOSED:
            book.move(link, case.id, target="resolved", who=who, now=now, note=why, expected=case.state)
    return len(going)


def _ended(link: Connection, row: RowMapping, *, who: str, why: str, now: str) -> None:
    values = {"ended_at": now, "ended_by": who, "ended_why": why}
    link.execute(update(emergencies).where(emergencies.c.id == row["id"]).values(values))
    _note(link, _Said(row["site"], now, who, int(row["id"])), "emergency.end", why)


def tells_police(link: Connection, key: str) -> bool:
    """Whether the case with this key is of an emergency that the police are to hear of."""
    query = select(emergencies.c.police).where(emergencies.c.alert_key == key).order_by(emergencies.c.id.desc())
    return bool(link.execute(query.limit(1)).scalar())


# Built once: it is asked for every change of every case.
_GOING: Final = select(emergencies).where(
    emergencies.c.site == bindparam("site"),
    emergencies.c.alert_key == bindparam("key"),
    emergencies.c.ended_at.is_(None),
)


class WiredButtons:
    """A listener of the book of cases: a button that a node tells of is an emergency; a closed case is the end of it.

    It stands before the police feed among the listeners, which asks whether to tell.
    """

    def __init__(self, site: str, settings: Emergency) -> None:
        self._site = site
        self._settings = settings

    def __call__(self, link: Connection, alert: RowMapping, at: str) -> None:
        """As `Listener` says."""
        going = link.execute(_GOING, {"site": self._site, "key": alert["key"]}).mappings().one_or_none()
        if going is None:
            if alert["kind"] in self._settings.inputs and alert["state"] == "raised":
                self._begin(link, alert, at)
        elif alert["state"] in CLOSED:
            step = select(transitions).where(transitions.c.alert_id == alert["id"]).order_by(transitions.c.id.desc())
            last = link.execute(step.limit(1)).mappings().one()
            _ended(link, going, who=last["who"], why=last["note"], now=at)
        elif going["source"] == "input":
            # Whoever presses on means the one that is under way.
            link.execute(update(emergencies).where(emergencies.c.id == going["id"]).values(press=_press(alert)))

    def _begin(self, link: Connection, alert: RowMapping, at: str) -> None:
        """A press on the wall is always real, also during a drill: who drills with it says so afterwards."""
        # Pressed again it is another one, although the case is the same; a case that a guard opens again is not.
        press = _press(alert)
        known = select(emergencies.c.id).where(emergencies.c.site == self._site, emergencies.c.press == press)
        if link.execute(known).first() is not None:
            return
        who = "/".join(filter(None, (alert["node"], alert["camera"])))[:64]
        if is_late(link, alert, at):
            said = f"pressed at {alert['last_at']}, told too late: neither sirens nor police"
            by = {"site": self._site, "at": at, "who": who}
            audit.record(link, **by, action="emergency.late", subject=str(alert["id"]), detail=said)
            return
        police, siren = self._settings.police, self._settings.siren
        wanted = Wanted(press=press, drill=False, police=police, siren=siren, source="input", who=who, why="")
        _insert(link, self._site, wanted, at, alert["key"])


def _press(alert: RowMapping) -> str:
    return f"{alert['id']}/{alert['count']}/{alert['key']}"[:64]


def _case_of(site: str, key: str) -> Any:
    return (alerts.c.site == site) & (alerts.c.key == key)


def _note(link: Connection, said: _Said, action: str, detail: str) -> None:
    by = {"site": said.site, "at": said.at, "who": said.who}
    audit.record(link, **by, action=action, subject=str(said.number), detail=detail)
