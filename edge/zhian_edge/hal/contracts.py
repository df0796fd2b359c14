"""The contracts of readers, inputs and barriers; each is driven like a service (see `supervisor`).

Drivers raise `Transient` (`DeviceLost`, `Unconfirmed`) for what may pass by itself and `Permanent` (`DeviceRefused`)
for what a person must mend; who supervises them decides what then: no driver retries. A time-out is no error: nothing
came.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Literal, Protocol, Self, TypeVar, runtime_checkable

import msgspec

from zhian_edge.signals import CardRead, Contact

#: What a reader shows to whoever presented a card.
Feedback = Literal["granted", "refused", "wait", "idle"]


class Capabilities(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a device says, or is known, to be able to do.

    Attributes:
        lights, sounds, texts: ways of showing a `Feedback`.
        secure: it can encrypt its line. tamper: it notices when it is opened or taken off.
        antennas: number of antennas; 0 where the word means nothing. rssi: it tells how strong a tag was.
        timed: a barrier ends its pulse by itself. reads_back: a barrier tells its output, a contact its door.
    """

    lights: bool = False
    sounds: bool = False
    texts: bool = False
    secure: bool = False
    tamper: bool = False
    antennas: int = 0
    rssi: bool = False
    timed: bool = False
    reads_back: bool = False


class Diagnostics(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a device says of itself now, for the installer and for whoever judges its health.

    Attributes:
        link: where it is reached, as a person would write it.
        secure: whether its line is encrypted; None where the word means nothing.
        tamper: whether it is opened or taken off; None where it cannot tell.
        counters: since it was made, over all outages: `reads`, `garbled`, `repeats` and the like.
        detail: what else it says, by name.
    """

    link: str
    model: str = ""
    firmware: str = ""
    serial: str = ""
    secure: bool | None = None
    tamper: bool | None = None
    capabilities: Capabilities = Capabilities()
    counters: dict[str, int] = {}
    detail: dict[str, str] = {}


class BarrierState(msgspec.Struct, frozen=True, kw_only=True):
    """How a barrier is. `output`: whether its relay is drawn; `door`: its contact; `unknown` where nothing tells."""

    output: Literal["on", "off", "unknown"] = "unknown"
    door: Literal["open", "closed", "unknown"] = "unknown"


class Device(Protocol):
    """What all devices have in common.

    `open` leaves nothing behind when it fails; `close` may be called at any time, also twice, and never raises. One
    thread opens, uses and closes a device; `diagnostics`, and a reader's `show`, may be asked by any thread.
    """

    @property
    def name(self) -> str:
        """As in the configuration."""
        ...

    def open(self) -> None: ...

    def close(self) -> None: ...

    def diagnostics(self) -> Diagnostics: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Configured(Protocol):
    """The part of its settings that all devices have."""

    @property
    def id(self) -> str: ...


S = TypeVar("S", bound=Configured)


class Managed(ABC, Generic[S]):
    """A device of the configuration, and a context manager: `with reader: ...` opens and closes it."""

    def __init__(self, settings: S) -> None:
        self._settings = settings

    @property
    def name(self) -> str:
        """As in the configuration."""
        return self._settings.id

    @abstractmethod
    def open(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class CardReader(Device, Protocol):
    """Reads identifiers. One physical presentation may give several reads; the decision merges them."""

    def read(self, timeout_s: float) -> CardRead | None:
        """The next identifier, None when none came in time.

        Raises:
            DeviceLost: it does not answer any more. What it had read before was returned first.
        """
        ...


class Sounder(Protocol):
    """Shows people what was decided: by light, sound or text, whatever it has."""

    def show(self, feedback: Feedback) -> None:
        """Show it once. A device that cannot, or is away just now, shows nothing: no decision waits for it."""
        ...


class InputPort(Device, Protocol):
    """Contacts and alarm inputs; after `open` the first reads state how each of them is."""

    def read(self, timeout_s: float) -> Contact | None:
        """The next change, None when none came in time."""
        ...


class Barrier(Device, Protocol):
    """Lets somebody through. All orders are absolute: to give one twice changes nothing.

    The board times the pulse itself where it can (`Capabilities.timed`), so that a crash leaves nothing open; one that
    cannot lets go when it is opened. Each
    order returns when the board has confirmed it, and raises `DeviceLost` when it was certainly not carried out,
    `Unconfirmed` when nobody knows; it is never given again by the driver.
    """

    def pulse(self, duration_ms: int, until_ms: int | None = None) -> None:
        """Open once, for so long. A board that cannot end it stays drawn: whoever gave the order ends it by `shut`.

        Args:
            until_ms: monotonic; whatever it waits for before (a shared line, another request), it does not begin later.

        Raises:
            Expired: it would have; nothing was done.
        """
        ...

    def hold(self) -> None:
        """Open, and stay so until `shut`."""
        ...

    def shut(self) -> None:
        """Close, and end any pulse or hold."""
        ...

    def state(self) -> BarrierState:
        """As the board reads it back."""
        ...


@runtime_checkable
class Yielding(Protocol):
    """A barrier on a line with others, where to be asked for its state may have to wait behind them."""

    def give_way(self, order_waits: Callable[[], bool]) -> None:
        """From now on what asks for its state waits no longer where an order does; the state is unknown then."""
        ...
