"""Events to bytes and back: CloudEvents 1.0 in JSON; decoding raises on what it cannot read."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, TypeVar, cast

import msgspec

from .errors import DecodeError, TooLarge
from .events import PLAIN_NAME, TYPES, Clock, Event, EventData, Newer

#: Pictures travel elsewhere, so that an honest message is a few kilobytes.
MAX_BYTES: Final = 256 * 1024
RFC3339_UTC_MS: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"

Name = Annotated[str, msgspec.Meta(pattern=PLAIN_NAME)]
T = TypeVar("T")


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """CloudEvents attributes on the wire.

    `monoms` is a string because a CloudEvents integer has 32 bits, which 25 days of milliseconds overflow.
    """

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: Annotated[str, msgspec.Meta(pattern=r"^zhian\.[a-z_]+\.v[0-9]+$")]
    time: Annotated[str, msgspec.Meta(pattern=RFC3339_UTC_MS)]
    datacontenttype: Literal["application/json"] = "application/json"
    site: Name
    node: Name
    epoch: Name
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    boot: Name
    monoms: Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,18}$")]
    clock: Clock
    data: msgspec.Raw


_encoder = msgspec.json.Encoder()
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_data_decoders = {name: msgspec.json.Decoder(cls) for name, cls in TYPES.items()}


def encode(event: Event) -> bytes:
    """The event as one line of JSON, keys in a fixed order, so that equal events are equal bytes."""
    data = event.data.raw if isinstance(event.data, Newer) else msgspec.Raw(_encoder.encode(event.data))
    envelope = _Envelope(
        id=event.id,
        source=f"/sites/{event.site}/nodes/{event.node}",
        type=event.type,
        time=event.time,
        site=event.site,
        node=event.node,
        epoch=event.epoch,
        seq=event.seq,
        boot=event.boot,
        monoms=str(event.mono_ms),
        clock=event.clock,
        data=data,
    )
    return _encoder.encode(envelope)


def decode(body: bytes) -> Event:
    """The event in `body`. Fields that are merely newer are passed over, an unknown type is kept as `Newer`.

    Raises:
        TooLarge: more than `MAX_BYTES`.
        DecodeError: not JSON, a field missing or of the wrong kind, or an id that contradicts the fields.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge(f"event of {len(body)} bytes; at most {MAX_BYTES} are allowed")
    envelope = _read(_envelope_decoder, body, "event")
    event = Event(
        site=envelope.site,
        node=envelope.node,
        epoch=envelope.epoch,
        seq=envelope.seq,
        boot=envelope.boot,
        mono_ms=int(envelope.monoms),
        time=envelope.time,
        clock=envelope.clock,
        data=_data(envelope),
    )
    if envelope.id != event.id:
        raise DecodeError(f"event id {envelope.id!r} contradicts its fields, which say {event.id!r}")
    return event


def _data(envelope: _Envelope) -> EventData:
    decoder = _data_decoders.get(envelope.type)
    if decoder is None:
        # Raw borrows the message's buffer; a copy lets that go.
        return Newer(type=envelope.type, raw=envelope.data.copy())
    return cast(EventData, _read(decoder, bytes(envelope.data), f"data of {envelope.id}"))


def encode_message(message: msgspec.Struct) -> bytes:
    """A receipt, command, answer, state or roster notice as JSON."""
    return _encoder.encode(message)


def decode_message(body: bytes, kind: Any) -> Any:
    """The message of type `kind` (a class or a tagged union) in `body`.

    Raises:
        TooLarge, DecodeError: as `decode`.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge(f"message of {len(body)} bytes; at most {MAX_BYTES} are allowed")
    return _read(msgspec.json.Decoder(kind), body, getattr(kind, "__name__", "message"))


def check_name(value: str, what: str) -> str:
    """`value`, when it can stand in an id and a topic.

    Raises:
        DecodeError: it holds anything but letters, digits, dot, dash and underscore, or is too long.
    """
    # Not `match`: `$` lets a line's end pass.
    if not re.fullmatch(PLAIN_NAME, value):
        raise DecodeError(f"{what} {value!r} must be 1-64 letters, digits, '.', '_' or '-'")
    return value


def _read(decoder: msgspec.json.Decoder[T], body: bytes, what: str) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DecodeError(f"{what}: {error}") from error
