"""Tells the next people when nobody acknowledges a case, by the queue of notices, once per step.

What was done is in the database together with the notice, so a gateway that is killed tells nobody twice and forgets
nobody; while nothing is late, nothing is written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select, tuple_, update
from zhian_wire import times
from zhian_wire.alerts import Severity

from .. import moments
from ..config_types import Config, Contact
from ..notices.happenings import ESCALATION
from ..notices.naming import line_of, scheme
from ..store import Store, audit, stream
from ..store.tables import alerts, escalations, notices, transitions
from .lateness import Call, Done, Waiting, due
from .words import Told, message


class Escalation:
    """One thread uses it."""

    def __init__(self, store: Store, config: Config, clock: moments.Clock, changed: Callable[[], None]) -> None:
        self._store = store
        self._config = config
        self._zone = ZoneInfo(config.site.timezone)
        self._clock = clock
        self._changed = changed

    def step(self) -> int:
        """Look once; always 0, since what is told now is not late a second time."""
        if not self._config.response.steps:
            return 0
        with self._store.read() as link:
            if not list(self._due(link)):
                return 0
        with self._store.write() as link:
            # Looked at again: somebody may have acknowledged before this writer got the pen.
            self._tell(link, list(self._due(link)))
        self._changed()
        return 0

    def _due(self, link: Connection) -> Iterator[Call]:
        now = self._clock()
        for waiting in waiting_cases(link, self._config.site.id):
            yield from due(waiting, self._config.response, now, self._zone)

    def _tell(self, link: Connection, calls: Sequence[Call]) -> None:
        """One notice for each contact, whatever number of cases it tells of."""
        now = moments.text(self._clock())
        by_contact: dict[str, list[Call]] = defaultdict(list)
        for call in calls:
            by_contact[call.contact.name].append(call)
        for some in by_contact.values():
            told = sorted({call.waiting.alert_id for call in some if call.state == "told"})
            notice = self._queue(link, some[0].contact, told, now) if told else None
            for call in some:
                self._record(link, call, notice if call.state == "told" else None, now)
        for alert_id in sorted({call.waiting.alert_id for call in calls}):
            stream.push(link, "alert", str(alert_id), now)

    def _queue(self, link: Connection, contact: Contact, alert_ids: Sequence[int], now: str) -> int:
        rows = link.execute(select(alerts).where(alerts.c.id.in_(alert_ids)).order_by(alerts.c.id.desc())).all()
        site = self._config.site
        title, body = message(contact.language, site.name or site.id, [self._told(row) for row in rows])
        expires = self._clock() + timedelta(seconds=self._config.notices.expire_s)
        values = {
            "site": site.id,
            "contact": contact.name,
            "to": contact.name,
            "happening": ESCALATION,
            "channel": scheme(contact.address),
            "places": 1 + len(contact.further),
            "line": line_of(contact.address, self._config.notices),
            # Nobody answers a case: rather told twice than not at all.
            "critical": True,
            "language": contact.language,
            "words": json.dumps(self._words(title, rows[0]), ensure_ascii=False),
            "title": title,
            "body": body,
            "state": "queued",
            "tries": 0,
            "error": "",
            "happened_at": now,
            "created_at": now,
            "next_at": now,
            "expires_at": moments.text(expires),
        }
        return int(link.execute(notices.insert().values(values).returning(notices.c.id)).scalar_one())

    def _words(self, title: str, newest: Row[Any]) -> dict[str, str]:
        """For a provider's own template."""
        local = self._clock().astimezone(self._zone)
        told = {
            "date": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M:%S}",
            "what": title,
            "lane": self._told(newest).place,
        }
        return {"name": "", "group": "", "site": self._config.site.name or self._config.site.id} | told

    def _told(self, row: Row[Any]) -> Told:
        waited = self._clock() - times.from_text(row.waiting_since)
        since = times.from_text(row.waiting_since).astimezone(self._zone)
        place = self._config.place_name(row.node, row.camera or row.node, row.lane)
        return Told(row.kind, place, f"{since:%H:%M}", int(waited.total_seconds() // 60))

    def _record(self, link: Connection, call: Call, notice: int | None, now: str) -> None:
        waiting, name = call.waiting, call.contact.name
        key = {"alert_id": waiting.alert_id, "round": waiting.round, "step": call.step, "contact": name}
        what = {"state": call.state, "at": now, "notice_id": notice}
        if (call.step, name) in waiting.done:
            ours = tuple_(*(escalations.c[column] for column in key)) == tuple(key.values())
            link.execute(update(escalations).where(ours).values(what))
        else:
            link.execute(escalations.insert(), key | what)
        said = f"step {call.step}: {name} {'is told' if call.state == 'told' else 'is not woken'}"
        audit.record(
            link,
            site=self._config.site.id,
            at=now,
            who="gateway",
            action="alert.escalate",
            subject=str(waiting.alert_id),
            detail=said,
        )


def waiting_cases(link: Connection, site: str) -> list[Waiting]:
    """Every case that waits to be acknowledged, with what was done about it since it was raised last."""
    waits = (alerts.c.state == "raised") & alerts.c.waiting_since.is_not(None)
    # Nobody outside of the guard room is woken by a drill.
    theirs = (alerts.c.site == site) & waits & (alerts.c.kind != "emergency_drill")
    rows = link.execute(select(alerts.c.id, alerts.c.severity, alerts.c.waiting_since).where(theirs)).all()
    if not rows:
        return []
    ours = select(alerts.c.id).where(theirs)
    raised = (transitions.c.target == "raised") & transitions.c.alert_id.in_(ours)
    last = select(transitions.c.alert_id, func.max(transitions.c.id)).where(raised).group_by(transitions.c.alert_id)
    rounds: dict[int, int] = {row[0]: row[1] for row in link.execute(last)}
    done: dict[int, dict[tuple[int, str], Done]] = defaultdict(dict)
    for row in link.execute(select(escalations).where(escalations.c.alert_id.in_(ours))):
        if row.round == rounds.get(row.alert_id, 0):
            done[row.alert_id][row.step, row.contact] = cast(Done, row.state)
    return [
        Waiting(
            row.id,
            cast(Severity, row.severity),
            times.from_text(row.waiting_since),
            rounds.get(row.id, 0),
            done[row.id],
        )
        for row in rows
    ]


def still_waits(link: Connection, notice_id: int) -> bool:
    """Whether any of the cases that a notice tells of is still not acknowledged."""
    query = (
        select(alerts.c.id)
        .join(escalations, escalations.c.alert_id == alerts.c.id)
        .where(escalations.c.notice_id == notice_id, alerts.c.state == "raised")
    )
    return link.execute(query.limit(1)).first() is not None


def cases_of(link: Connection, notice_id: int) -> list[int]:
    """The cases that a notice tells of."""
    query = select(escalations.c.alert_id).where(escalations.c.notice_id == notice_id).distinct()
    return sorted(link.execute(query).scalars())
