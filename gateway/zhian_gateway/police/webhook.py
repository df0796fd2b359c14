"""Delivers feed entries to webhooks: signed, tried again, and visibly dead when it does not help.

The receiver checks `X-Zhian-Signature: t=<unix seconds>,v1=<hex>`, where v1 is HMAC-SHA256 of `<t>.<body>` with the
shared secret, refuses what is older than it likes, and drops what has an `Idempotency-Key` that it knows.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final

import httpx
from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from .. import moments
from ..backoff import next_try
from ..cases.book import Book
from ..cases.signals import Clear, Raise
from ..config_types import Police
from ..deadline import posted
from ..errors import SendFailed
from ..store import Store
from ..store.tables import deliveries, police_feed, subscribers
from .subscribers import given_up


def signature(secret: str, body: bytes, at: int) -> str:
    """The header's value for `body` sent at `at` (seconds since 1970)."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


#: Entries that one subscriber gets in one turn.
MOST_IN_TURN: Final = 5
#: One delivery takes no longer; a whole turn stays far below what the watchdog takes for a thread that hangs.
MOST_S: Final = 10.0


class Unreachable(SendFailed):
    """Nobody answered; whatever else waits for this subscriber would fare no better now."""


class Courier:
    """Works the deliveries off, a turn per subscriber; one thread uses it.

    Who does not answer costs the others one time-out per turn, and then waits: its next entries are not even tried.
    """

    def __init__(
        self, store: Store, client: httpx.Client, settings: Police, clock: moments.Clock, *, book: Book, site: str
    ) -> None:
        self._store = store
        self._book = book
        self._site = site
        self._client = client
        self._settings = settings
        self._clock = clock
        self._last = ""

    def step(self) -> int:
        """Give the next subscriber that something waits for a turn; how many entries were tried."""
        waiting = self._waiting()
        if not waiting:
            return 0
        self._last = next((name for name in waiting if name > self._last), waiting[0])
        return self._turn(self._last)

    def _turn(self, subscriber: str) -> int:
        """Send what is due, oldest first, until nobody answers."""
        tried = 0
        for row in self._due(subscriber):
            tried += 1
            try:
                fault = self._post(row)
            except Unreachable as error:
                self._record(row, str(error))
                self._postpone(row)
                break
            self._record(row, fault)
        return tried

    def _waiting(self) -> list[str]:
        query = (
            select(deliveries.c.subscriber)
            .join(police_feed, police_feed.c.id == deliveries.c.feed_id)
            .join(subscribers, subscribers.c.name == deliveries.c.subscriber)
            .where(self._is_due(), subscribers.c.disabled_at.is_(None))
            .distinct()
        )
        with self._store.read() as link:
            return sorted(link.execute(query).scalars())

    def _due(self, subscriber: str) -> list[Row[Any]]:
        query = (
            select(deliveries, police_feed.c.body, subscribers.c.webhook, subscribers.c.secret)
            .join(police_feed, police_feed.c.id == deliveries.c.feed_id)
            .join(subscribers, subscribers.c.name == deliveries.c.subscriber)
            .where(self._is_due(), deliveries.c.subscriber == subscriber)
            .order_by(deliveries.c.feed_id)
        )
        with self._store.read() as link:
            return list(link.execute(query.limit(MOST_IN_TURN)))

    def _is_due(self) -> ColumnElement[bool]:
        """Of a case only the oldest entry that waits: how it stands must not overtake how it stood."""
        older, its = deliveries.alias(), police_feed.alias()
        waits = (
            select(older.c.feed_id)
            .join(its, its.c.id == older.c.feed_id)
            .where(older.c.subscriber == deliveries.c.subscriber, older.c.state == "queued")
            .where(its.c.alert_id == police_feed.c.alert_id, its.c.id < police_feed.c.id)
        )
        due = deliveries.c.next_at <= moments.text(self._clock())
        return and_(deliveries.c.state == "queued", due, ~waits.exists())

    def _record(self, row: Row[Any], fault: str) -> None:
        tries = row.tries + 1
        state = "sent" if not fault else "dead" if tries >= self._settings.most_tries else "queued"
        due = moments.text(next_try(self._clock(), tries, self._settings.retry_s))
        where = (deliveries.c.feed_id == row.feed_id) & (deliveries.c.subscriber == row.subscriber)
        with self._store.write() as link:
            link.execute(update(deliveries).where(where).values(state=state, tries=tries, next_at=due, error=fault))
            self._tell(link, row.subscriber, state, fault)

    def _tell(self, link: Connection, subscriber: str, state: str, fault: str) -> None:
        """Somebody looks at it when an entry was given up, until none is: what the police never got stays missing."""
        key, now = f"police_undelivered/{subscriber}", moments.text(self._clock())
        if state == "sent" and not given_up(link, subscriber):
            self._book.clear(link, Clear(key=key, at=now, note="recovered"), now)
        elif state == "dead":
            detail = f"{subscriber}: {fault}"
            case = Raise(key=key, kind="police_undelivered", severity="major", node=self._site, at=now, detail=detail)
            self._book.raise_(link, case, now)

    def _postpone(self, row: Row[Any]) -> None:
        """The subscriber's other entries wait as long as the one that failed."""
        due = moments.text(next_try(self._clock(), row.tries + 1, self._settings.retry_s))
        others = (deliveries.c.subscriber == row.subscriber) & (deliveries.c.state == "queued")
        with self._store.write() as link:
            link.execute(update(deliveries).where(others, deliveries.c.next_at < due).values(next_at=due))

    def _post(self, row: Row[Any]) -> str:
        """What the subscriber had against it; empty when it was taken."""
        body = row.body.encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"{self._store.store_id}-{row.feed_id}",
            "X-Zhian-Signature": signature(row.secret, body, int(self._clock().timestamp())),
        }
        try:
            with posted(self._client, row.webhook, headers, body, most_s=MOST_S) as answer:
                return "" if answer.is_success else f"answered {answer.status_code}"
        except Exception as error:
            # Whatever it is (a host that cannot be, perhaps), it is this delivery's fault and holds nobody else up.
            raise Unreachable(f"{type(error).__name__}: {error}"[:300]) from error
