"""The emergency button: call, look, end."""

from __future__ import annotations

import hashlib
from time import monotonic

from sqlalchemy import Connection, RowMapping, func, select

from ..emergency import calls
from ..emergency.calls import Wanted
from ..nodes import identity
from ..services import Services
from ..store.tables import alerts, deliveries, police_feed, subscribers
from . import emergency_shapes as shapes
from .access import Caller, Parts, users
from .guarded import GuardedRouter

router = GuardedRouter(prefix="/api/emergency")


@router.get("")
@users("admin", "guard")
def now(parts: Parts) -> shapes.Emergency:
    """What is under way, and whom it has reached; a real one before a drill."""
    with parts.store.read() as link:
        return _now(parts, link)


@router.post("")
@users("admin", "guard")
def call(parts: Parts, caller: Caller, wanted: shapes.CallWanted) -> shapes.Emergency:
    """Call for help: a critical case for the guards, at once to police and sirens, or marked as a drill.

    The same press twice is one; 409 for a drill while it is real.
    """
    parts.orders.count(caller.user, monotonic())
    settings, real = parts.config.emergency, not wanted.drill
    asked = Wanted(
        press=hashlib.sha256(f"{caller.user}/{wanted.id}".encode()).hexdigest(),
        drill=wanted.drill,
        police=(settings.police and real) if wanted.police is None else wanted.police,
        siren=(settings.siren and real) if wanted.siren is None else wanted.siren,
        source=wanted.by,
        who=caller.user,
        why=wanted.why.strip(),
    )
    with parts.store.write() as link:
        calls.begin(link, parts.book, parts.site, asked, parts.now())
        told = _now(parts, link)
    parts.bell.ring()
    return told


@router.post("/end")
@users("admin", "guard")
def end(parts: Parts, caller: Caller, ending: shapes.Ending) -> shapes.Emergency:
    """It is over: sirens fall silent, the case is closed with the reason, and the police hear of that."""
    with parts.store.write() as link:
        calls.end(link, parts.book, parts.site, who=caller.user, why=ending.why.strip(), now=parts.now())
        told = _now(parts, link)
    parts.bell.ring()
    return told


def _now(parts: Services, link: Connection) -> shapes.Emergency:
    going = calls.under_way(link, parts.site)
    if not going:
        return shapes.Emergency(call=None, count=0)
    row = min(going, key=lambda one: bool(one["drill"]))
    case = select(alerts.c.id).where(alerts.c.site == parts.site, alerts.c.key == row["alert_key"])
    alert = link.execute(case).scalar()
    same = {name: row[name] for name in ("drill", "source", "who", "why", "at", "siren", "police")}
    told = shapes.Call(
        id=str(row["id"]),
        alert_id=None if alert is None else str(alert),
        sirens=_sirens(parts, link, going),
        police_told=_police(link, alert) if row["police"] else None,
        **same,
    )
    return shapes.Emergency(call=told, count=len(going))


def _sirens(parts: Services, link: Connection, going: list[RowMapping]) -> list[shapes.Siren]:
    if not any(row["siren"] for row in going):
        return []
    outcomes = parts.sirens.outcomes
    return [
        shapes.Siren(
            node=node,
            result="offline"
            if parts.presence.state(node, parts.clock()) == "offline"
            else outcomes.get(node, "waiting"),
        )
        for node in identity.every(link, parts.site)
    ]


def _police(link: Connection, alert: int | None) -> shapes.PoliceTold:
    """Of the latest word about this case."""
    entry = select(func.max(police_feed.c.id)).where(police_feed.c.alert_id == alert).scalar_subquery()
    query = select(deliveries.c.state, func.count()).where(deliveries.c.feed_id == entry).group_by(deliveries.c.state)
    counts: dict[str, int] = {row[0]: row[1] for row in link.execute(query)}
    fetching = (subscribers.c.disabled_at.is_(None)) & (subscribers.c.webhook == "")
    return shapes.PoliceTold(
        sent=counts.get("sent", 0),
        waiting=counts.get("queued", 0),
        failed=counts.get("dead", 0),
        readers=link.execute(select(func.count()).select_from(subscribers).where(fetching)).scalar_one(),
    )
