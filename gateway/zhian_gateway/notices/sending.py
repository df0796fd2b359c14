"""Sends what is queued: tries again with back-off, gives up after a bound, and never sends what is too old."""

from __future__ import annotations

from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, update
from zhian_wire import times

from .. import moments
from ..backoff import next_try
from ..cases.escalating import cases_of, still_waits
from ..config_types import Config
from ..errors import SendFailed
from ..store import Store, stream
from ..store.tables import guardians, notices
from .inbox import SCHEME
from .texts import DEFAULT, texts


class Post(Protocol):
    """A way to send."""

    def send(self, address: str, title: str, body: str) -> None:
        """Hand over to the provider at `address`; SendFailed."""


class Posts:
    """The way that an address needs: the gateway's own inbox, or a provider."""

    def __init__(self, inbox: Post, provider: Post) -> None:
        self._inbox = inbox
        self._provider = provider

    def send(self, address: str, title: str, body: str) -> None:
        """As the protocol says."""
        post = self._inbox if address.startswith(SCHEME) else self._provider
        post.send(address, title, body)


class Sender:
    """Works the queue off; one thread uses it.

    A gateway that is killed between the provider's yes and its own commit sends that notice once more.
    """

    def __init__(self, store: Store, post: Post, config: Config, clock: moments.Clock) -> None:
        self._store = store
        self._post = post
        self._config = config
        self._settings = config.notices
        self._zone = ZoneInfo(config.site.timezone)
        self._clock = clock

    def step(self) -> int:
        """Try everything that is due, what somebody is called by first, then the oldest; how many."""
        due = self._due()
        for row in due:
            self._try(row)
        return len(due)

    def _due(self) -> list[Row[Any]]:
        query = (
            select(notices, guardians.c.address, guardians.c.language)
            .join(guardians, guardians.c.id == notices.c.guardian_id, isouter=True)
            .where(notices.c.state == "queued", notices.c.next_at <= moments.text(self._clock()))
            # Who is called to a case does not wait behind a school's arrivals.
            .order_by(notices.c.contact.is_(None), notices.c.id)
        )
        with self._store.read() as link:
            return list(link.execute(query.limit(50)))

    def _try(self, row: Row[Any]) -> None:
        now = self._clock()
        if row.expires_at <= moments.text(now):
            self._record(row, state="expired", error=row.error or "too old to be of use")
            return
        if row.contact is not None and not self._still_waits(row):
            self._record(row, state="expired", error="acknowledged before it was sent")
            return
        body = self._body(row)
        try:
            self._post.send(self._address(row), row.title, body)
        except SendFailed as error:
            tries = row.tries + 1
            state = "failed" if tries >= self._settings.most_tries else "queued"
            due = moments.text(next_try(now, tries, self._settings.retry_s))
            self._record(row, state=state, tries=tries, next_at=due, error=str(error))
        else:
            self._record(
                row, state="sent", tries=row.tries + 1, body=body, sent_at=moments.text(self._clock()), error=""
            )

    def _still_waits(self, row: Row[Any]) -> bool:
        with self._store.read() as link:
            return still_waits(link, row.id)

    def _address(self, row: Row[Any]) -> str:
        """A guardian's stands in the store, a contact's in the configuration; SendFailed when it is gone."""
        contact = self._config.response.contact(row.contact) if row.contact is not None else None
        address: str | None = contact.address if contact is not None else row.address
        if address is None:
            raise SendFailed(f"there is no {row.to!r} any more")
        return address

    def _body(self, row: Row[Any]) -> str:
        """The text; a late one says so first."""
        happened = times.from_text(row.happened_at)
        if (self._clock() - happened).total_seconds() <= self._settings.late_s:
            return str(row.body)
        contact = self._config.response.contact(row.contact) if row.contact is not None else None
        language = contact.language if contact is not None else row.language or DEFAULT
        local = happened.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
        return texts(language).late.format(time=local) + str(row.body)

    def _record(self, row: Row[Any], **values: object) -> None:
        with self._store.write() as link:
            link.execute(update(notices).where(notices.c.id == row.id).values(values))
            now = moments.text(self._clock())
            if row.contact is None:
                stream.push(link, "notice", str(row.id), now)
            else:
                # It is shown with the cases that it tells of.
                for each in cases_of(link, row.id):
                    stream.push(link, "alert", str(each), now)
