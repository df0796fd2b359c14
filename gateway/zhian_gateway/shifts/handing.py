"""The hand-over: a summary of the shift that the one who leaves and the one who comes both sign, and that is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection, RowMapping, Select, func, select
from zhian_wire.alerts import CLOSED, OPEN

from .. import moments
from ..auth.passwords import matches
from ..cases.reading import HEARD
from ..emergency import calls
from ..errors import BadInput, NotLoggedIn
from ..lanes import keeping
from ..nodes import identity
from ..services import Services
from ..store import audit
from ..store.tables import alerts, handovers, passages, transitions, users

#: A shift of which nobody took over began so long ago at most.
LONGEST: Final = timedelta(hours=12)
#: So many open cases are named; there are as many as are counted.
NAMED: Final = 50
SIGN: Final = ("admin", "guard")


class OpenCase(msgspec.Struct, frozen=True, kw_only=True):
    """One that the next shift inherits."""

    id: str
    kind: str
    severity: str
    state: str
    raised_at: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What both sign.

    Attributes:
        raised: cases raised or raised again since `since`, by kind; closed: how many were closed since, and are.
        order: what the whole site was ordered to be, until when and why, in one English sentence; empty: nothing.
        order_state, order_until, order_by, order_why: the same for a page to word; empty: nothing, or signed before
            these were kept apart.
        offline: nodes of which nothing is heard.
        emergencies: how many are under way, drills among them.
    """

    since: str
    until: str
    passages: int
    raised: dict[str, int]
    closed: int
    open: int
    cases: tuple[OpenCase, ...]
    order: str
    offline: tuple[str, ...]
    emergencies: int
    order_state: str = ""
    order_until: str = ""
    order_by: str = ""
    order_why: str = ""


def last(link: Connection, site: str) -> RowMapping | None:
    """The latest hand-over."""
    query = select(handovers).where(handovers.c.site == site).order_by(handovers.c.id.desc())
    return link.execute(query.limit(1)).mappings().one_or_none()


def before(link: Connection, site: str, limit: int) -> Sequence[RowMapping]:
    """The latest hand-overs, newest first."""
    query = select(handovers).where(handovers.c.site == site).order_by(handovers.c.id.desc())
    return link.execute(query.limit(limit)).mappings().all()


def summary(parts: Services, link: Connection, now: datetime) -> Summary:
    """Of the shift that ends now."""
    site, latest = parts.site, last(link, parts.site)
    since = moments.text(now - LONGEST)
    if latest is not None:
        since = max(since, latest["at"])
    ours, still = alerts.c.site == site, alerts.c.state.in_(sorted(OPEN))
    again = alerts.c.id.in_(_moved(since, ("raised",)))
    raised = select(alerts.c.kind, func.count()).where(ours, (alerts.c.opened_at > since) | again)
    waiting = select(alerts).where(ours, still).order_by(alerts.c.id.desc()).limit(NAMED)
    return Summary(
        since=since,
        until=moments.text(now),
        passages=_count(link, passages.c.time > since),
        raised={row[0]: row[1] for row in link.execute(raised.group_by(alerts.c.kind))},
        closed=_count(link, ours, ~still, alerts.c.id.in_(_moved(since, CLOSED))),
        open=_count(link, ours, still),
        cases=tuple(_case(row) for row in link.execute(waiting).mappings()),
        offline=tuple(node for node in identity.every(link, site) if parts.presence.state(node, now) == "offline"),
        emergencies=len(calls.under_way(link, site)),
        **_order(keeping.current(link, site, now)),
    )


def _moved(since: str, targets: Collection[str]) -> Select[tuple[int]]:
    """Which cases came into one of these states since a moment of the gateway's clock."""
    return select(transitions.c.alert_id).where(transitions.c.target.in_(sorted(targets)), since < HEARD)


def check(parts: Services, name: str, password: str) -> None:
    """Whether it is a guard's or administrator's own password.

    Raises:
        NotLoggedIn: it is not, or there is no such guard; it says neither.
        BadInput: they sign in by link alone, and so cannot sign.
    """
    with parts.store.read() as link:
        query = select(users.c.password).where(users.c.name == name, users.c.disabled_at.is_(None))
        row = link.execute(query.where(users.c.role.in_(SIGN))).one_or_none()
    if row is not None and not row.password:
        raise BadInput(f"{name} has no password to sign with; set one first")
    if row is None or not matches(row.password, password):
        raise NotLoggedIn("wrong name or password")


def sign(parts: Services, *, leaves: str, comes: str, note: str) -> Summary:
    """Keep what both signed; whoever comes has proved who they are before."""
    now = parts.clock()
    with parts.store.write() as link:
        told = summary(parts, link, now)
        values = {"site": parts.site, "leaves": leaves, "comes": comes, "since": told.since, "at": told.until}
        link.execute(handovers.insert().values(values | {"note": note, "summary": msgspec.json.encode(told).decode()}))
        said = f"to {comes}: {told.open} open, {sum(told.raised.values())} raised{f'; {note}' if note else ''}"
        audit.record(
            link, site=parts.site, at=told.until, who=leaves, action="shift.hand_over", subject=comes, detail=said
        )
    return told


def _count(link: Connection, *where: object) -> int:
    return int(link.execute(select(func.count()).where(*where)).scalar_one())  # type: ignore[arg-type]


def _order(kept: keeping.Kept | None) -> dict[str, str]:
    if kept is None or kept.state == "normal":
        return {"order": ""}
    apart = {"order_state": kept.state, "order_until": kept.until, "order_by": kept.who, "order_why": kept.why}
    return apart | {"order": kept.words}


def _case(row: RowMapping) -> OpenCase:
    same = {name: row[name] for name in ("kind", "severity", "state", "raised_at")}
    return OpenCase(id=str(row["id"]), **same)
