"""What each role may see of the site.

The police see their agreed kinds of case, and nothing of who merely passes; a teacher sees whom the own classes hold.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, or_, select, true

from ..auth.scope import scope
from ..auth.sessions import Role, Session
from ..config_types import Config
from ..errors import Withheld
from ..store.tables import alert_repeats, alerts, case_pictures, emergencies, notices, passages, people
from . import alert_shapes as shapes
from .shapes import Person

#: What the live stream carries for each role.
STREAMS: Final[dict[Role, frozenset[str]]] = {
    "admin": frozenset({"passage", "alert", "node", "notice", "lane", "watch_list"}),
    "auditor": frozenset(),
    "guard": frozenset({"passage", "alert", "node", "notice", "lane"}),
    "police": frozenset({"alert", "watch_list"}),
    "teacher": frozenset({"passage", "notice"}),
}

#: Of nobody's vehicle.
_AFOOT: Final = passages.c.plate.is_(None) & (passages.c.kind != "plate")


def alerts_for(role: Role, config: Config) -> ColumnElement[bool]:
    """Which alerts a role may see, as a condition on the table."""
    if role != "police":
        return true()
    # And what somebody called them for.
    called = select(emergencies.c.alert_key).where(emergencies.c.police)
    return or_(alerts.c.kind.in_(config.police.kinds), alerts.c.key.in_(called))


def shown_to(role: Role, alert: shapes.Alert) -> shapes.Alert:
    """An alert as a role sees it: whom a site wakes at night is its own affair, and so is who merely has a card."""
    if role != "police":
        return alert
    seen: dict[str, object] = {"escalations": []}
    if alert.person is not None and not alert.candidate:
        # They may not look at that picture, so they are not sent to it.
        seen["person"] = _without_picture(alert.person)
    return alert.model_copy(update=seen)


def _without_picture(person: Person) -> Person:
    return person.model_copy(update={"picture": None})


def repeats_shown_to(role: Role, alert: shapes.Alert, told: shapes.AlertRepeats) -> shapes.AlertRepeats:
    """The repeats of an alert as a role sees them, who are sent to no more pictures than by the alert itself."""
    if role != "police" or alert.candidate:
        return told
    items = [
        each if each.person is None else each.model_copy(update={"person": _without_picture(each.person)})
        for each in told.items
    ]
    return told.model_copy(update={"items": items})


def persons_for(link: Connection, caller: Session, column: Column[str]) -> ColumnElement[bool]:
    """Whom somebody may see, as a condition on a column of opaque ids; a teacher nothing that is of nobody."""
    allowed = scope(link, caller.user, caller.role)
    if allowed is None:
        return true()
    theirs = people.c.group.in_(sorted(allowed)) & people.c.withdrawn_at.is_(None)
    return column.in_(select(people.c.opaque).where(theirs))


def passages_for(link: Connection, caller: Session) -> ColumnElement[bool]:
    """Which passages somebody may see, as a condition on the table; a teacher none of vehicles, whosever they are."""
    afoot = _AFOOT if caller.role == "teacher" else true()
    return and_(afoot, persons_for(link, caller, passages.c.person))


def notices_for(link: Connection, caller: Session) -> ColumnElement[bool]:
    """Which notices somebody may see, as a condition on the table."""
    return persons_for(link, caller, notices.c.person)


def check_picture(link: Connection, caller: Session, config: Config, sha256: str) -> None:
    """Withheld for a picture that is of none of the police's cases, or of nobody in a teacher's classes."""
    if caller.role == "teacher":
        # Of people who are named: theirs are looked through by their index, and not every passage that there is.
        query = select(people.c.opaque).where(persons_for(link, caller, people.c.opaque))
        theirs = passages.c.person.in_(list(link.execute(query).scalars()))
        shown = passages.c.evidence.contains(sha256, autoescape=True) & theirs & _AFOOT
        found = link.execute(select(passages.c.id).where(shown).limit(1)).first()
    elif caller.role == "police":
        found = _case_with(link, config, sha256)
    else:
        return
    if found is None:
        raise Withheld("no such picture")


def _case_with(link: Connection, config: Config, sha256: str) -> Row[tuple[int]] | None:
    brought = select(case_pictures.c.alert_id).where(case_pictures.c.sha256 == sha256)
    repeated = select(alert_repeats.c.alert_id).where(alert_repeats.c.evidence.contains(sha256, autoescape=True))
    shown = or_(
        alerts.c.evidence.contains(sha256, autoescape=True), alerts.c.id.in_(brought), alerts.c.id.in_(repeated)
    )
    theirs = and_(alerts_for("police", config), shown)
    return link.execute(select(alerts.c.id).where(theirs).limit(1)).first()


def portraits_for(role: Role) -> ColumnElement[bool]:
    """Whose enrolled picture a role may see, as a condition on people."""
    return people.c.watch.is_(True) if role == "police" else true()
