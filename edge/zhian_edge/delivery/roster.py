"""Who may be recognised and let in: fetched from the gateway page by page, kept on the disk, used without a network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import httpx
import msgspec
from zhian_wire.errors import DecodeError
from zhian_wire.roster import ISSUED, Roster, mark_of
from zhian_wire.times import from_text

from zhian_edge.errors import LinkLost, NodeRevoked

from .asking import Asking
from .credentials import Credentials
from .gathering import Gathering
from .http import open_client, request
from .roster_file import RosterFile, Stored

#: A roster notice that was lost costs at most this long.
POLL_S: Final = 300.0
#: Of one answer. A gateway of an earlier version knows no pages; more than this is no honest roster.
MAX_BYTES: Final = 512 * 1024 * 1024


def valid(roster: Roster, now: datetime) -> Roster:
    """Without those whose time is over: their templates must not be used any more, network or not."""
    persons = tuple(each for each in roster.persons if not each.until or from_text(each.until) > now)
    return roster if len(persons) == len(roster.persons) else msgspec.structs.replace(roster, persons=persons)


def _moment(text: str) -> datetime | None:
    """None for what is no time: an older gateway says none with a 304."""
    try:
        return from_text(text)
    except DecodeError:
        return None


def _still(held: Stored, issued: str) -> Stored:
    """The roster that did not change; where the gateway's clock was ahead when it made it, with the time of now.

    A later time says less than the node's own clock does, and is not worth a new file and a new gallery.
    """
    now = _moment(issued)
    if now is None or held.roster.issued is None or now >= held.roster.issued:
        return held
    return msgspec.structs.replace(held, roster=msgspec.structs.replace(held.roster, issued=now))


class RosterService:
    """A service (see `supervisor`): keeps the roster up to date; each answer of the gateway is an item.

    Args:
        revoked: is called when the gateway says that this node is revoked; it is to `forget`, among other things.
    """

    name = "roster"

    def __init__(
        self, url: str, credentials: Credentials, file: RosterFile, held: Stored, *, revoked: Callable[[], None]
    ) -> None:
        self._url = url
        self._credentials = credentials
        self._file = file
        self._held = held
        self._revoked = revoked
        self._changing = threading.Lock()
        self._gathering = Gathering(held)
        self._client: httpx.Client | None = None
        self._asking = Asking(POLL_S, nap_s=1.0)

    @property
    def version(self) -> int:
        return self._held.roster.version

    @property
    def mark(self) -> str:
        """By which the gateway knows that version again; "": it is an older one, or there is no roster."""
        return mark_of(self._held.etag)

    @property
    def roster(self) -> Roster:
        """The one that is held, from the file at first."""
        return self._held.roster

    def wake(self) -> None:
        """The gateway says that there is another version."""
        self._asking.wake()

    def open(self) -> None:
        self.close()
        self._client = open_client(self._url, self._credentials)
        self._asking.wake()

    def step(self) -> list[Roster]:
        """Wait until it is time, then ask; the roster as the gateway has it, new or not.

        Raises:
            LinkLost, LinkRefused: the one that is held stays in use, unless the node is revoked.
        """
        return self._fetch() if self._asking.due() else []

    def forget(self) -> None:
        """The node is revoked: nobody is known here any more."""
        with self._changing:
            self._file.wipe()
            self._held = Stored()
            self._gathering = Gathering(self._held)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _fetch(self) -> list[Roster]:
        if self._gathering.held is not self._held:
            self._gathering = Gathering(self._held)
        gathering = self._gathering
        answer = self._request(*gathering.question())
        if answer.status_code == 304:
            gathering.drop()
            news: Stored | None = _still(gathering.base, answer.headers.get(ISSUED, ""))
        else:
            news = gathering.take(answer.headers.get("ETag", ""), self._page(answer))
        if news is None or not self._use(gathering.held, news):
            self._asking.wake()
            return []
        return [news.roster]

    def _page(self, answer: httpx.Response) -> Roster:
        try:
            if answer.status_code == 200 and len(answer.content) <= MAX_BYTES:
                return msgspec.json.decode(answer.content, type=Roster)
        except msgspec.DecodeError as error:
            raise LinkLost(f"{self._url}: not a roster: {error}") from error
        # Such as 409: the gateway, which was set back, does not know the version of the pages that are here.
        self._gathering.drop()
        raise LinkLost(f"{self._url}: GET /roster was answered {answer.status_code}, {len(answer.content)} bytes")

    def _request(self, params: dict[str, int | str], headers: dict[str, str]) -> httpx.Response:
        assert self._client is not None
        try:
            return request(self._client, "GET", "/roster", params=params, headers=headers)
        except NodeRevoked:
            self._revoked()
            raise

    def _use(self, held: Stored, news: Stored) -> bool:
        return news is held or self._replace(held, news)

    def _replace(self, held: Stored, news: Stored) -> bool:
        """Keep `news`, which was made from `held`; False when that was forgotten meanwhile, by another thread."""
        with self._changing:
            if self._held is not held:
                return False
            # In use even if it cannot be written: who was removed must not be recognised because a disk is full.
            self._held = news
            self._file.save(news)
        return True
