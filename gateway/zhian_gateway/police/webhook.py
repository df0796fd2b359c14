"""Delivers feed entries to webhooks: signed, tried again, and visibly dead when it does not help.

The receiver checks `X-Zhian-Signature: t=<unix seconds>,v1=<hex>`, where v1 is HMAC-SHA256 of `<t>.<body>` with the
shared secret, refuses what is older than it likes, and drops what has an `Idempotency-Key` that it knows.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import httpx
from sqlalchemy import Row, select, update

from .. import moments
from ..backoff import next_try
from ..config_types import Police
from ..store import Store
from ..store.tables import deliveries, police_feed, subscribers


def signature(secret: str, body: bytes, at: int) -> str:
    """The header's value for `body` sent at `at` (seconds since 1970)."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


class Courier:
    """Works the deliveries off; one thread uses it."""

    def __init__(self, store: Store, client: httpx.Client, settings: Police, clock: moments.Clock) -> None:
        self._store = store
        self._client = client
        self._settings = settings
        self._clock = clock

    def step(self) -> int:
        """Try everything that is due; how many."""
        due = self._due()
        for row in due:
            self._try(row)
        return len(due)

    def _due(self) -> list[Row[Any]]:
        query = (
            select(deliveries, police_feed.c.body, subscribers.c.webhook, subscribers.c.secret)
            .join(police_feed, police_feed.c.id == deliveries.c.feed_id)
            .join(subscribers, subscribers.c.name == deliveries.c.subscriber)
            .where(deliveries.c.state == "queued", deliveries.c.next_at <= moments.text(self._clock()))
            .where(subscribers.c.disabled_at.is_(None))
            .order_by(deliveries.c.feed_id)
        )
        with self._store.read() as link:
            return list(link.execute(query.limit(50)))

    def _try(self, row: Row[Any]) -> None:
        fault = self._post(row)
        tries = row.tries + 1
        state = "sent" if not fault else "dead" if tries >= self._settings.most_tries else "queued"
        due = moments.text(next_try(self._clock(), tries, self._settings.retry_s))
        where = (deliveries.c.feed_id == row.feed_id) & (deliveries.c.subscriber == row.subscriber)
        with self._store.write() as link:
            link.execute(update(deliveries).where(where).values(state=state, tries=tries, next_at=due, error=fault))

    def _post(self, row: Row[Any]) -> str:
        """What went wrong; empty when it was taken."""
        body = row.body.encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"{self._store.store_id}-{row.feed_id}",
            "X-Zhian-Signature": signature(row.secret, body, int(self._clock().timestamp())),
        }
        try:
            answer = self._client.post(row.webhook, content=body, headers=headers)
        except httpx.HTTPError as error:
            return f"{type(error).__name__}: {error}"[:300]
        return "" if answer.is_success else f"answered {answer.status_code}"
