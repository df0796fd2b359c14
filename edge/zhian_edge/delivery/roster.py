"""Who may be recognised and let in: fetched from the gateway, kept encrypted, used without a network.

The file is sealed by AES-GCM with a key that lies beside it, readable by its owner only. That keeps templates out of
backups, logs and copies of the data file alone, and shows when the file was changed. It does not help against whoever
has the whole disk or is root here; for that the disk itself must be encrypted, or the key kept in a secure element.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx
import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from zhian_wire.errors import DecodeError
from zhian_wire.roster import ISSUED, Roster, mark_of
from zhian_wire.times import from_text

from zhian_edge.errors import BadSecret, LinkLost, NodeRevoked

from .asking import Asking
from .credentials import Credentials
from .files import private
from .http import open_client, request

log = structlog.get_logger(__name__)

#: A roster notice that was lost costs at most this long.
POLL_S: Final = 300.0
#: 10,000 people with five templates each are 136 MB of JSON; more than this is no honest roster.
MAX_BYTES: Final = 512 * 1024 * 1024
_NONCE: Final = 12


class Stored(msgspec.Struct, frozen=True):
    """A roster and the gateway's tag for it."""

    etag: str = ""
    roster: Roster = Roster(version=0)


def merge(held: Roster, news: Roster) -> Roster | None:
    """`held` brought up to date by a whole roster or a delta; None when the delta starts elsewhere."""
    if news.since == 0:
        return msgspec.structs.replace(news, removed=())
    if news.since != held.version:
        return None
    persons = {person.id: person for person in held.persons}
    for gone in news.removed:
        persons.pop(gone, None)
    persons |= {person.id: person for person in news.persons}
    return msgspec.structs.replace(news, since=0, persons=tuple(persons.values()), removed=())


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


class RosterFile:
    """The sealed file `roster.sealed` and its key `roster.key` in `folder`; what is read belongs to `node`."""

    def __init__(self, folder: Path, node: str) -> None:
        self._path = folder / "roster.sealed"
        self._key_path = folder / "roster.key"
        self._bound_to = f"zhian roster 1 {node}".encode()

    def load(self) -> Stored:
        """What was saved last; empty at first, or when the file cannot be trusted (then the gateway is asked).

        Raises:
            BadSecret: others on this machine may read the key.
        """
        try:
            sealed = self._path.read_bytes()
        except FileNotFoundError:
            return Stored()
        try:
            plain = AESGCM(self._key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound_to)
            return msgspec.msgpack.decode(plain, type=Stored)
        except (InvalidTag, ValueError, msgspec.DecodeError):
            log.warning("stored roster cannot be trusted; fetching it anew", path=str(self._path))
            return Stored()

    def save(self, stored: Stored) -> None:
        """Replace the file as a whole; it is on the disk afterwards."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + AESGCM(self._key()).encrypt(nonce, msgspec.msgpack.encode(stored), self._bound_to)
        part = self._path.with_suffix(".part")
        with open(part, "wb", opener=private) as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)

    def wipe(self) -> None:
        """Delete roster and key; without the key even a recovered file says nothing."""
        self._key_path.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)

    def _key(self) -> bytes:
        try:
            mode = self._key_path.stat().st_mode
        except FileNotFoundError:
            return self._new_key()
        if mode & 0o077:
            raise BadSecret(f"{self._key_path}: others may read it; run: chmod 600 {self._key_path}")
        return self._key_path.read_bytes()

    def _new_key(self) -> bytes:
        key = AESGCM.generate_key(bit_length=256)
        with open(self._key_path, "xb", opener=private) as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return key


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
        self._whole = False
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

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _fetch(self) -> list[Roster]:
        assert self._client is not None
        held = self._held
        known = held.etag and not self._whole
        asked = {"since": held.roster.version} if known else None
        tag = {"If-None-Match": held.etag} if known else None
        answer = self._request(asked, tag)
        if answer.status_code == 304:
            return self._still_held(held, answer.headers.get(ISSUED, ""))
        if answer.status_code != 200 or len(answer.content) > MAX_BYTES:
            raise LinkLost(f"{self._url}: GET /roster was answered {answer.status_code}, {len(answer.content)} bytes")
        try:
            roster = merge(held.roster, msgspec.json.decode(answer.content, type=Roster))
        except msgspec.DecodeError as error:
            raise LinkLost(f"{self._url}: not a roster: {error}") from error
        self._whole = roster is None
        if roster is None or not self._replace(held, Stored(answer.headers.get("ETag", ""), roster)):
            self._asking.wake()
            return []
        return [roster]

    def _still_held(self, held: Stored, issued: str) -> list[Roster]:
        """The roster that did not change; where the gateway's clock was ahead when it made it, with the time of now.

        A later time says less than the node's own clock does, and is not worth a new file and a new gallery.
        """
        now = _moment(issued)
        if now is None or held.roster.issued is None or now >= held.roster.issued:
            return [held.roster]
        news = msgspec.structs.replace(held, roster=msgspec.structs.replace(held.roster, issued=now))
        return [news.roster] if self._replace(held, news) else []

    def _request(self, params: dict[str, int] | None, headers: dict[str, str] | None) -> httpx.Response:
        assert self._client is not None
        try:
            return request(self._client, "GET", "/roster", params=params, headers=headers)
        except NodeRevoked:
            self._revoked()
            raise

    def _replace(self, held: Stored, news: Stored) -> bool:
        """Keep `news`, which was made from `held`; False when that was forgotten meanwhile, by another thread."""
        with self._changing:
            if self._held is not held:
                return False
            # In use even if it cannot be written: who was removed must not be recognised because a disk is full.
            self._held = news
            self._file.save(news)
        return True
