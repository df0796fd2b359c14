"""A message becomes an event, or a reason why not. Pure: no socket, no database, no clock."""

from __future__ import annotations

import hashlib
from typing import Final, Literal, NamedTuple

import msgspec
from zhian_wire import codec, times
from zhian_wire.errors import DecodeError
from zhian_wire.events import Event

Fault = Literal["unreadable", "foreign", "conflict"]

#: The epoch that the gateway itself tells in, of every node: what guards recorded. No node may.
OWN_EPOCH: Final = "by-hand"


def digest_of(body: bytes) -> str:
    """What stands for a message's exact bytes: their sha256, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


class Taken(NamedTuple):
    """A readable event with its exact bytes."""

    event: Event
    body: bytes

    @property
    def digest(self) -> str:
        """As `digest_of`."""
        return digest_of(self.body)


class Refused(NamedTuple):
    """A message that will not be stored as an event.

    Attributes:
        peer: node whose topic it came by; that is who is told.
        epoch, seq: as far as they can be read; None when nobody could be told which event is meant.
    """

    peer: str
    reason: Fault
    detail: str
    body: bytes
    epoch: str | None = None
    seq: int | None = None

    @property
    def digest(self) -> str:
        """As `digest_of`."""
        return digest_of(self.body)


class _Address(msgspec.Struct):
    """What must be readable so that a refusal can name its event."""

    site: str
    node: str
    epoch: str
    seq: int


_address = msgspec.json.Decoder(_Address)


def read(site: str, peer: str, body: bytes) -> Taken | Refused:
    """Judge a message that came by the event topic of node `peer` of `site`."""
    try:
        event = codec.decode(body)
        _check_time(event.time)
    except DecodeError as error:
        return _unreadable(site, peer, body, str(error))
    if (event.site, event.node) != (site, peer):
        detail = f"{peer} of {site} sent an event of {event.node} of {event.site}"
        return Refused(peer, "foreign", detail, body, event.epoch, event.seq)
    if event.epoch == OWN_EPOCH:
        detail = f"{peer} sent an event of the epoch {OWN_EPOCH!r}, which is the gateway's"
        return Refused(peer, "foreign", detail, body, event.epoch, event.seq)
    return Taken(event, body)


def _check_time(text: str) -> None:
    """DecodeError for a text of the right form that is no moment, or none that has a local day everywhere."""
    if not 1 < times.from_text(text).year < 9999:
        raise DecodeError(f"time {text!r} is out of range")


def _unreadable(site: str, peer: str, body: bytes, detail: str) -> Refused:
    kept = body[: codec.MAX_BYTES]
    try:
        address = _address.decode(body)
        codec.check_name(address.epoch, "epoch")
    except (msgspec.DecodeError, UnicodeDecodeError, DecodeError):
        return Refused(peer, "unreadable", detail, kept)
    theirs = (address.site, address.node) == (site, peer) and address.epoch != OWN_EPOCH
    if not theirs or not 1 <= address.seq < 2**31:
        return Refused(peer, "unreadable", detail, kept)
    return Refused(peer, "unreadable", detail, kept, address.epoch, address.seq)
