"""Readers, inputs, barriers and sirens of a node, each under its own supervisor; what they say is for the decision."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

import msgspec
from zhian_wire.events import Health
from zhian_wire.state import DeviceState

from zhian_edge.acting import BarrierService
from zhian_edge.config.actuators import Barrier as BarrierSettings
from zhian_edge.config.types import Config
from zhian_edge.decision.actions import Act, Action, Show
from zhian_edge.errors import DeviceRefused, EdgeError
from zhian_edge.hal.contracts import Barrier, CardReader, Device, Diagnostics, Feedback, InputPort, Managed
from zhian_edge.hal.services import InputService, ReaderService, Said
from zhian_edge.hal.table import Devices, Kind, Settings, driver_of, entry_for
from zhian_edge.outages import Told, Watch
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.supervisor import RetryPolicy, Service, ServiceStatus, Supervisor
from zhian_edge.reported import Felt, device_states
from zhian_edge.signals import Acted, CardRead, Contact
from zhian_edge.sirens import Sirens, SirenService

#: A device is tried often: somebody stands before it.
EAGER: Final = RetryPolicy(first_s=0.3, longest_s=5.0, refused_s=30.0)
#: A barrier even more: an order is good for some seconds only.
EAGER_BARRIER: Final = RetryPolicy(first_s=0.2, longest_s=1.0, refused_s=10.0)
#: What the installer's tools can look back upon.
RECENT: Final = 200
Recalled: TypeAlias = CardRead | Contact | Acted
Tell: TypeAlias = Callable[[Recalled | Health], None]
S = TypeVar("S", bound=Settings)


class Absent(Managed[Settings]):
    """Stands for a device whose driver cannot be made: the node runs without it, and says so."""

    def __init__(self, settings: Settings, error: EdgeError) -> None:
        super().__init__(settings)
        self._error = error

    def open(self) -> None:
        """Raises what was wrong."""
        raise self._error

    def close(self) -> None:
        """There is nothing to close."""

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(link="")


@dataclass(frozen=True)
class _Entry:
    """One device, and who looks after it."""

    kind: Kind
    settings: Settings
    device: Device
    told: Told
    supervisor: Supervisor[Said]

    def felt(self, reads: int, last_ms: int | None) -> Felt:
        return Felt(
            id=self.settings.id,
            kind=self.kind,
            driver=driver_of(self.settings),
            lane=self.settings.lane or "",
            status=self.supervisor.status(),
            cause=self.told.cause,
            diagnostics=self.device.diagnostics(),
            reads=reads,
            last_ms=last_ms,
            use=getattr(self.settings, "use", "lane"),
        )


class Equipment:
    """The devices of a node.

    Args:
        tell: takes what they say; called in their threads.
    """

    def __init__(self, config: Config, tell: Tell) -> None:
        self._make = Devices(config)
        self._tell_gate = tell
        self._entries: list[_Entry] = []
        self._barriers: dict[str, BarrierService] = {}
        self._recent: deque[tuple[int, Recalled]] = deque(maxlen=RECENT)
        self._news = threading.Condition()
        self._last = 0
        self._heard_of: dict[str, tuple[int, int]] = {}
        for reader in config.readers:
            self._add("reader", reader, self._made(reader, self._make.reader))
        for port in config.inputs:
            self._add("input", port, self._made(port, self._make.input))
        for barrier in config.barriers:
            self._add("barrier", barrier, self._made(barrier, self._make.barrier))
        sounding: list[SirenService] = []
        for siren in config.sirens:
            device = self._made(siren, self._make.barrier)
            sounding.append(SirenService(cast(Barrier, device)))
            # On the wire it is a barrier of no lane: an older gateway knows no other kind.
            self._keep("barrier", siren, device, sounding[-1])
        self.sirens = Sirens(sounding)
        watch = Watch([entry.told for entry in self._entries])
        self._watch: Supervisor[Said] = Supervisor(watch, self._heard, stale_s=None)

    @property
    def supervisors(self) -> Sequence[Supervisor[Said]]:
        """One per device, and one that sees which of them hang."""
        return [*(entry.supervisor for entry in self._entries), *([self._watch] if self._entries else ())]

    def act(self, actions: Sequence[Action]) -> None:
        """Hand out what devices are to do; waits for none of them."""
        for action in actions:
            if isinstance(action, Act) and action.lane in self._barriers:
                self._barriers[action.lane].order(action)
            elif isinstance(action, Show) and mono_ms() <= action.expires_ms:
                self.show(action.reader, action.feedback)

    def show(self, reader: str, feedback: Feedback) -> bool:
        """Have a reader show something; False for one that shows nothing."""
        device = next((entry.device for entry in self._entries if entry.settings.id == reader), None)
        show = getattr(device, "show", None)
        if show is None:
            return False
        with suppress(EdgeError):  # it is told by its own thread; a light must not hold up a decision
            show(feedback)
        return True

    def device(self, name: str) -> Device:
        """The device of this name.

        Raises:
            DeviceRefused: there is none.
        """
        for entry in self._entries:
            if entry.settings.id == name:
                return entry.device
        raise DeviceRefused(f"there is no device {name!r}")

    def states(self) -> list[dict[str, Any]]:
        """How each device is, for the installer's tools; `absent`: its driver could not be made, by its error."""
        return [
            {
                **described(each.kind, each.settings),
                **_state(each.supervisor.status()),
                **diagnosed(each.device),
                "absent": isinstance(each.device, Absent),
            }
            for each in self._entries
        ]

    def beat(self, now_ms: int) -> tuple[DeviceState, ...]:
        """How each device is, for the heart-beat."""
        with self._news:
            heard = dict(self._heard_of)
        return device_states([each.felt(*heard.get(each.settings.id, (0, None))) for each in self._entries], now_ms)

    def recent(self, after: int) -> list[dict[str, Any]]:
        """What was read, changed and done since number `after`, oldest first."""
        with self._news:
            told = [(number, said) for number, said in self._recent if number > after]
        return [{"number": number, "kind": type(said).__name__, **msgspec.to_builtins(said)} for number, said in told]

    @property
    def last_number(self) -> int:
        """Of what came last; 0 before anything came."""
        with self._news:
            return self._last

    def await_acted(
        self, order: str, action: Literal["pulse", "hold", "close"], after: int, timeout_s: float
    ) -> Acted | None:
        """What became of a person's order after number `after`, and of nobody else's."""

        def answer() -> Acted | None:
            answers = (said for number, said in self._recent if number > after and isinstance(said, Acted))
            return next((said for said in answers if said.order == order and said.action == action), None)

        with self._news:
            return self._news.wait_for(answer, timeout_s)

    def _made(self, settings: S, make: Callable[[S], Device]) -> Device:
        try:
            return make(settings)
        except EdgeError as error:
            return Absent(settings, error)

    def _add(self, kind: Kind, settings: Settings, device: Device) -> None:
        self._keep(kind, settings, device, self._service(kind, settings, device))

    def _keep(self, kind: Kind, settings: Settings, device: Device, service: Service[Said]) -> None:
        told = Told(service, kind, self._heard)
        policy = EAGER_BARRIER if kind == "barrier" else EAGER
        supervisor = Supervisor(told, self._heard, policy=policy, stale_s=None)
        self._entries.append(_Entry(kind, settings, device, told, supervisor))

    def _service(self, kind: Kind, settings: Settings, device: Device) -> Service[Said]:
        if kind == "reader":
            return ReaderService(cast(CardReader, device))
        if kind == "input":
            return InputService(cast(InputPort, device))
        barrier = cast(BarrierSettings, settings)
        service = BarrierService(cast(Barrier, device), round(barrier.pulse_s * 1000), self._heard)
        self._barriers[barrier.lane] = service
        return service

    def _heard(self, said: Said | Acted) -> None:
        """In a device's thread: kept for the tools, and told to the gate."""
        if not isinstance(said, Health):
            with self._news:
                self._last += 1
                name = self._name_of(said)
                self._heard_of[name] = self._heard_of.get(name, (0, 0))[0] + 1, said.at_ms
                self._recent.append((self._last, said))
                self._news.notify_all()
        self._tell_gate(said)

    def _name_of(self, said: Recalled) -> str:
        if isinstance(said, CardRead):
            return said.reader
        return said.device if isinstance(said, Contact) else self._barriers[said.lane].name


def described(kind: Kind, settings: Settings) -> dict[str, Any]:
    """A device as it is configured; `settings` is a fingerprint of all of it, by which a changed one is found."""
    driver = driver_of(settings)
    entry = entry_for(kind, driver)
    settled = hashlib.sha256(msgspec.json.encode(settings, order="sorted")).hexdigest()[:16]
    return {
        "name": settings.id,
        "kind": kind,
        "driver": driver,
        "lane": settings.lane,
        "mark": entry.mark,
        "settings": settled,
    }


def configured_devices(config: Config) -> list[dict[str, Any]]:
    """Every device as it is configured, in the order in which `Equipment` has them; nothing is opened."""
    return [
        *(described("reader", each) for each in config.readers),
        *(described("input", each) for each in config.inputs),
        # A siren is a barrier of no lane, as on the wire.
        *(described("barrier", each) for each in (*config.barriers, *config.sirens)),
    ]


def diagnosed(device: Device) -> dict[str, Any]:
    """What a device says of itself."""
    return {"diagnostics": msgspec.to_builtins(device.diagnostics())}


def _state(status: ServiceStatus) -> dict[str, Any]:
    return {"state": status.state, "error": status.error, "opened": status.opened}
