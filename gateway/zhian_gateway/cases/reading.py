"""Reads the cases of some days from the store, for the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast

from sqlalchemy import Connection, Row, func, or_, select
from zhian_wire import times
from zhian_wire.alerts import OPEN, AlertState, Severity

from .. import moments
from ..config_types import Config
from ..errors import BadInput
from ..services import Services
from ..store.tables import alerts, transitions
from .reporting import CaseReport, Life, Step, report

#: When a step was taken, by the gateway's clock.
HEARD: Final = func.coalesce(transitions.c.heard_at, transitions.c.when)
#: Longer than a year is asked for in parts.
MOST_DAYS = 400


def report_of(parts: Services, first_day: str | None, last_day: str | None) -> CaseReport:
    """The report of local days, both included; by default of today.

    Raises:
        BadInput: no days, or none between them.
    """
    begins, ends = days_of(parts, first_day, last_day)
    with parts.store.read() as link:
        found = _lives(link, parts.config, *bounds(parts, begins, ends))
    days = (begins.isoformat(), ends.isoformat())
    return report(parts.site, days, found, parts.config.response.target, parts.clock())


def days_of(parts: Services, first_day: str | None, last_day: str | None) -> tuple[date, date]:
    """Two local days; without the second one today, without the first one the second; BadInput."""
    ends = _day(last_day or moments.local_day(parts.clock(), parts.zone), "to")
    begins = ends if first_day is None else _day(first_day, "from")
    if not timedelta(0) <= ends - begins < timedelta(days=MOST_DAYS):
        raise BadInput(
            f"from {begins} to {ends}: the last day is before the first one, or these are more than {MOST_DAYS} days"
        )
    return begins, ends


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{what}: {text!r} is no day such as 2026-10-01") from error


def bounds(parts: Services, begins: date, ends: date) -> tuple[str, str]:
    """The moments from which and up to which these local days last, as the store writes them."""
    try:
        after = ends + timedelta(days=1)
        edges = [datetime.combine(day, time(), parts.zone) for day in (begins, after)]
        return moments.text(edges[0]), moments.text(edges[1])
    except OverflowError as error:
        raise BadInput(f"from {begins} to {ends}: no clock shows these") from error


def _lives(link: Connection, config: Config, begins: str, ends: str) -> list[Life]:
    """Cases that were opened or moved in the time, or are open still, whenever they began."""
    moved = select(transitions.c.alert_id).where(begins <= HEARD, ends > HEARD)
    theirs = or_(alerts.c.opened_at >= begins, alerts.c.state.in_(sorted(OPEN)), alerts.c.id.in_(moved))
    where = (alerts.c.site == config.site.id) & (alerts.c.opened_at < ends) & theirs
    rows = link.execute(select(alerts).where(where).order_by(alerts.c.id)).all()
    steps: dict[int, list[Step]] = defaultdict(list)
    ours = select(alerts.c.id).where(where)
    query = select(transitions).where(transitions.c.alert_id.in_(ours)).order_by(transitions.c.id)
    for row in link.execute(query):
        steps[row.alert_id].append(_step(row))
    return [_life(row, config, steps[row.id]) for row in rows]


def _step(row: Row[Any]) -> Step:
    sent = f"{row.assignee_role} {row.assignee}" if row.assignee else ""
    return Step(
        cast(AlertState, row.source),
        cast(AlertState, row.target),
        row.who,
        times.from_text(row.heard_at or getattr(row, "when")),  # noqa: B009 - a column's name, like the others
        row.note,
        sent,
    )


def _life(row: Row[Any], config: Config, steps: Sequence[Step]) -> Life:
    return Life(
        id=row.id,
        kind=row.kind,
        severity=cast(Severity, row.severity),
        state=cast(AlertState, row.state),
        place=config.place_name(row.node, row.camera or row.node, row.lane),
        opened_at=times.from_text(row.opened_at),
        count=cast(int, row._mapping["count"]),
        last_at=row.last_at,
        steps=tuple(steps),
    )
