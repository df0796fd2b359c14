"""What a node and the child process that speaks OSDP say to each other: msgspec messages over a socket."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from zhian_edge.config.readers import Baud, Security
from zhian_edge.hal.contracts import Capabilities, Feedback


class Peripheral(msgspec.Struct, frozen=True, kw_only=True):
    """A device on the line. `key`: 16 bytes, empty for plain text."""

    address: int
    key: bytes
    security: Security


class BeginLine(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """First word to the child."""

    link: str
    baud: Baud
    peripherals: tuple[Peripheral, ...]


class Show(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Show this at the reader, by whatever light and sound it has."""

    address: int
    feedback: Feedback


class SetOutput(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Bring an output into a state: `on` and `off` for good, `pulse` by the reader's own timer, in `tenths` of 1 s."""

    number: int
    address: int
    output: int
    state: Literal["on", "off", "pulse"]
    tenths: int = 0


class SetKey(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Give the reader another key; it takes effect at once."""

    number: int
    address: int
    key: bytes


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """End."""


class Carded(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A card was read: `bits` of `data`, most significant first, the last byte filled up with zeros."""

    address: int
    at_ms: int
    bits: int
    data: bytes


class Reported(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A device tells its inputs, its outputs, or `tamper` and `power` of its own."""

    address: int
    what: Literal["inputs", "outputs", "local"]
    states: bytes


class DeviceState(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How a device is: sent at each change, and every half second as the child's sign of life.

    Attributes:
        up: it can be used: online, and encrypted unless plain text was asked for. default_key: only with the key
            that everybody knows.
        answered: whether it has sent anything at all since it was last up; a wrong key answers, a cut line does not.
        restarts: how often it was taken off the line and put on it again, since it was not up.
    """

    address: int
    up: bool
    default_key: bool = False
    answered: bool = False
    restarts: int = 0


class Described(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a device says it is and can."""

    address: int
    model: str
    firmware: str
    serial: str
    capabilities: Capabilities
    outputs: int
    inputs: int


class Done(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What became of a numbered order. `failed`: certainly not carried out; `unknown`: nobody knows."""

    number: int
    result: Literal["done", "failed", "unknown"]


class LineLost(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The line itself cannot be used; the child ends. `refused`: trying again changes nothing."""

    detail: str
    refused: bool


ToLine: TypeAlias = BeginLine | Show | SetOutput | SetKey | Stop
FromLine: TypeAlias = Carded | Reported | DeviceState | Described | Done | LineLost
