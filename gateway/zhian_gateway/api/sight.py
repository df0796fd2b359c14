"""What each role may see of the site; the police see their agreed kinds of case, and nothing of who merely passes."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from ..auth.sessions import Role
from ..config_types import Config
from ..errors import NotFound
from ..store.tables import alert_repeats, alerts, case_pictures, people
from . import shapes

#: What the live stream carries for each role.
STREAMS: Final[dict[Role, frozenset[str]]] = {
    "admin": frozenset({"passage", "alert", "node", "notice", "lane"}),
    "guard": frozenset({"passage", "alert", "node", "notice", "lane"}),
    "police": frozenset({"alert"}),
    "teacher": frozenset({"passage", "notice"}),
}


def alerts_for(role: Role, config: Config) -> ColumnElement[bool]:
    """Which alerts a role may see, as a condition on the table."""
    return alerts.c.kind.in_(config.police.kinds) if role == "police" else true()


def shown_to(role: Role, alert: shapes.Alert) -> shapes.Alert:
    """An alert as a role sees it: whom a site wakes at night is its own affair."""
    return alert.model_copy(update={"escalations": []}) if role == "police" else alert


def check_picture(link: Connection, role: Role, config: Config, sha256: str) -> None:
    """NotFound where the police ask for a picture that belongs to none of their cases."""
    if role != "police":
        return
    brought = select(case_pictures.c.alert_id).where(case_pictures.c.sha256 == sha256)
    repeated = select(alert_repeats.c.alert_id).where(alert_repeats.c.evidence.contains(sha256, autoescape=True))
    shown = or_(
        alerts.c.evidence.contains(sha256, autoescape=True), alerts.c.id.in_(brought), alerts.c.id.in_(repeated)
    )
    theirs = and_(alerts_for(role, config), shown)
    if link.execute(select(alerts.c.id).where(theirs).limit(1)).first() is None:
        raise NotFound("no such picture")


def portraits_for(role: Role) -> ColumnElement[bool]:
    """Whose enrolled picture a role may see, as a condition on people."""
    return people.c.watch.is_(True) if role == "police" else true()
