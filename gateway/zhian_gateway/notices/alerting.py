"""Tells of alerts: hears of every change of a case, and queues the notices when one is raised."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, func, select
from zhian_wire import times

from ..config_types import Config
from ..store.tables import transitions
from .happenings import Happening
from .queueing import Desk


class Herald:
    """A listener of the book of cases.

    A case is told of when it is opened, and when it happens again after it was closed. Repeats while it is open, and a
    person's undoing of a step, are told to nobody.
    """

    def __init__(self, config: Config, desk: Desk) -> None:
        self._config = config
        self._desk = desk

    def __call__(self, link: Connection, alert: RowMapping, at: str) -> None:
        """As `Listener` says."""
        if alert["state"] != "raised" or not self._desk.routes(alert["kind"]):
            return
        again = (transitions.c.alert_id == alert["id"]) & (transitions.c.target == "raised")
        newest = select(func.max(transitions.c.id)).where(again, transitions.c.who == "rule")
        happening = Happening(
            kind=alert["kind"],
            key=f"alert/{alert['id']}/{link.execute(newest).scalar() or 0}",
            at=times.from_text(alert["last_at"]),
            person=alert["person"],
            place=self._config.place_name(alert["node"], alert["camera"] or alert["node"], alert["lane"]),
            severity=alert["severity"],
            alert_id=alert["id"],
        )
        self._desk.tell(link, happening, at)
