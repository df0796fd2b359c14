"""What was made of passages and cases: alerts, notices, police deliveries, the audit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, String, Table, delete, select
from zhian_wire.alerts import CLOSED

from ..notices.rows import WAITING
from ..store import audit as chain
from ..store.tables import (
    alert_passages,
    alert_repeats,
    alerts,
    audit,
    case_pictures,
    deliveries,
    escalations,
    muster_people,
    musters,
    notices,
    police_feed,
    transitions,
    verdicts,
)
from .classes import Gone, number


class Cases:
    """Closed alerts with their steps; one about which the police were told stays as long as that record."""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says."""
        told = select(police_feed.c.alert_id)
        query = select(alerts.c.id).where(alerts.c.state.in_(sorted(CLOSED)), alerts.c.updated_at < before)
        query = query.where(alerts.c.id > number(after), alerts.c.id.not_in(told)).order_by(alerts.c.id)
        ids = list(link.execute(query.limit(limit)).scalars())
        if not ids:
            return Gone(0, None)
        for table in (transitions, alert_passages, alert_repeats, escalations, case_pictures, verdicts):
            link.execute(delete(table).where(table.c.alert_id.in_(ids)))
        link.execute(delete(alerts).where(alerts.c.id.in_(ids)))
        return Gone(len(ids), str(ids[-1]))


class PoliceDeliveries:
    """Entries of the police feed, but of open cases, and but those that still wait for somebody's webhook."""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says."""
        waiting = select(deliveries.c.feed_id).where(deliveries.c.state == "queued")
        query = (
            select(police_feed.c.id)
            .join(alerts, alerts.c.id == police_feed.c.alert_id)
            .where(police_feed.c.at < before, police_feed.c.id > number(after))
            .where(alerts.c.state.in_(sorted(CLOSED)), police_feed.c.id.not_in(waiting))
            .order_by(police_feed.c.id)
        )
        ids = list(link.execute(query.limit(limit)).scalars())
        if not ids:
            return Gone(0, None)
        link.execute(delete(deliveries).where(deliveries.c.feed_id.in_(ids)))
        link.execute(delete(police_feed).where(police_feed.c.id.in_(ids)))
        return Gone(len(ids), str(ids[-1]))


class Notices:
    """Notices whose outcome is known."""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says."""
        query = select(notices.c.id).where(notices.c.created_at < before, notices.c.state.not_in(WAITING))
        ids = list(
            link.execute(query.where(notices.c.id > number(after)).order_by(notices.c.id).limit(limit)).scalars()
        )
        if not ids:
            return Gone(0, None)
        link.execute(delete(notices).where(notices.c.id.in_(ids)))
        return Gone(len(ids), str(ids[-1]))


class Attendance:
    """What teachers said of days, or what was told of them: as long as the passages that it is about."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says. It counts from the day, since a leave is written down long before."""
        table = self._table
        query = select(table.c.id).where(table.c.day < before[: len("2026-10-01")], table.c.id > number(after))
        ids = list(link.execute(query.order_by(table.c.id).limit(limit)).scalars())
        if not ids:
            return Gone(0, None)
        link.execute(delete(table).where(table.c.id.in_(ids)))
        return Gone(len(ids), str(ids[-1]))


class RollCalls:
    """Whose presence was kept for a roll call that has ended: as long as the passages that it came from."""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says. The roll call itself goes with them."""
        query = select(musters.c.id).where(musters.c.at < before, musters.c.ended_at.is_not(None))
        ids = list(
            link.execute(query.where(musters.c.id > number(after)).order_by(musters.c.id).limit(limit)).scalars()
        )
        if not ids:
            return Gone(0, None)
        link.execute(delete(muster_people).where(muster_people.c.muster_id.in_(ids)))
        link.execute(delete(musters).where(musters.c.id.in_(ids)))
        return Gone(len(ids), str(ids[-1]))


class Dated:
    """A table of which a row is as old as one of its columns says, and goes as it is; null: not yet."""

    def __init__(self, key: Column[Any], at: Column[Any]) -> None:
        self._key, self._at = key, at

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says."""
        due = select(self._key).where(self._at < before).order_by(self._key)
        due = due.where(self._key > (after if isinstance(self._key.type, String) else number(after)))
        ids = list(link.execute(due.limit(limit)).scalars())
        if not ids:
            return Gone(0, None)
        link.execute(delete(self._key.table).where(self._key.in_(ids)))
        return Gone(len(ids), str(ids[-1]))


class Audit:
    """The beginning of the audit; an entry of its own says where the rest goes on, and with which hash."""

    def __init__(self, site: str, now: str) -> None:
        self._site = site
        self._now = now

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says; only what is older without a break goes, so that the chain has one beginning."""
        query = select(audit.c.id, audit.c.at).where(audit.c.id > number(after)).order_by(audit.c.id)
        rows = link.execute(query.limit(limit)).all()
        young = next((index for index, row in enumerate(rows) if row.at >= before), len(rows))
        if young == 0:
            return Gone(0, None)
        chain.cut(link, rows[young - 1].id, site=self._site, now=self._now)
        return Gone(young, str(rows[young - 1].id))
