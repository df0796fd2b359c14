"""Relay boards and their inputs over Modbus, TCP and RTU (pymodbus)."""

from __future__ import annotations

import logging
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pymodbus import FramerType, ModbusException
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.bit_message import WriteSingleCoilRequest

from zhian_edge.config.actuators import ModbusBarrier, ModbusInput
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError, Unconfirmed
from zhian_edge.hal.contracts import BarrierState, Capabilities, Diagnostics, Managed
from zhian_edge.hal.expiry import demand
from zhian_edge.hal.inputs import Settled
from zhian_edge.hal.turns import GaveWay, Turns, never
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import Contact

_Client: TypeAlias = ModbusTcpClient | ModbusSerialClient
_Request: TypeAlias = Callable[[_Client], ModbusPDU]
#: For the connection and for each answer; boards answer within some milliseconds.
ANSWER_S: Final = 1.0
POLL_S: Final = 0.1
#: Waveshare, "Modbus POE ETH Relay", command 05: at 0x0200 + relay, draw for n x 100 ms, n up to 0x7FFF.
_FLASH: Final = 0x0200
_LONGEST_MS: Final = 0x7FFF * 100
#: Exception codes of the Modbus application protocol, 7: those that no second try changes.
_NEVER: Final = {1: "knows no such command", 2: "has no such relay or input", 3: "takes no such value"}

# What goes wrong is raised, and told once by the supervisor.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


class Flash(WriteSingleCoilRequest):
    """Draw a relay for `tenths` of a second by the board's own timer."""

    def __init__(self, relay: int, tenths: int, unit: int) -> None:
        super().__init__(address=_FLASH + relay, dev_id=unit)
        self._tenths = tenths

    def encode(self) -> bytes:
        """Address and duration."""
        return struct.pack(">HH", self.address, self._tenths)


class ModbusLine:
    """One connection or serial port, which its devices share.

    Any thread may use it. One request runs at a time, in the order in which they came; orders go before all that only
    asks, but for one request between two orders, so that no device is left out, however many of them do not answer.
    What asks for a barrier's state gives way to that barrier's own order.
    """

    def __init__(self, settings: ModbusBarrier | ModbusInput) -> None:
        self._link = settings.link
        self._settings = settings
        self._turns = Turns()
        self._client: _Client | None = None
        self._users: set[object] = set()
        self.requests = self.failures = 0

    @property
    def link(self) -> str:
        """Its address."""
        return self._link

    def attach(self, user: object) -> None:
        """Begin to use it.

        Raises:
            DeviceLost: there is no connection.
        """
        with self._turns.take("patient"):
            self._connected()
            self._users.add(user)

    def detach(self, user: object) -> None:
        """Stop using it; never raises."""
        with self._turns.take("patient"):
            self._users.discard(user)
            if not self._users:
                self._hang_up()

    def bit(self, request: _Request, gives_way: Callable[[], bool] = never) -> bool:
        """Ask for one relay or input, which changes nothing.

        Raises:
            DeviceLost: no answer, or one that says nothing. DeviceRefused: it will never answer that.
            GaveWay: `gives_way` said so while it waited for its turn.
        """
        with self._turns.take("patient", gives_way):
            bits = self._do(request, DeviceLost).bits
        if not bits:
            raise DeviceLost(f"{self._link}: the board answers without a level")
        return bool(bits[0])

    def order(self, request: _Request, until_ms: int | None = None) -> None:
        """Have something done; given once, whatever comes back.

        Args:
            until_ms: monotonic; it is not given later.

        Raises:
            DeviceLost: certainly not done. Unconfirmed: nobody knows. DeviceRefused: it never will be.
            Expired: its time ran out while it waited for its turn, or for the connection.
        """
        with self._turns.take("urgent"):
            self._do(request, Unconfirmed, until_ms)

    def _do(self, request: _Request, unanswered: type[EdgeError], until_ms: int | None = None) -> ModbusPDU:
        """The caller has its turn."""
        if not self._users:
            raise DeviceLost(f"{self._link}: not open")
        client = self._connected()
        demand(until_ms, mono_ms())
        self.requests += 1
        try:
            answer = request(client)
        except (ModbusException, OSError, struct.error) as error:
            # A late answer must not be taken for that to the next request.
            self._hang_up()
            self.failures += 1
            raise unanswered(f"{self._link}: no answer: {error}") from error
        if isinstance(answer, ExceptionResponse):
            self.failures += 1
            code = answer.exception_code
            if code in _NEVER:
                raise DeviceRefused(f"{self._link}: the board {_NEVER[code]}")
            raise DeviceLost(f"{self._link}: the board says exception {code}")
        return answer

    def _connected(self) -> _Client:
        """The caller has its turn."""
        if self._client is None:
            client = _client(self._settings)
            try:
                connected = client.connect()
            except (ModbusException, OSError) as error:
                raise DeviceLost(f"{self._link}: {error}") from error
            if not connected:
                raise DeviceLost(f"{self._link}: cannot be connected to")
            self._client = client
        return self._client

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(ModbusException, OSError):
                client.close()  # type: ignore[no-untyped-call]


def line(members: Sequence[object]) -> ModbusLine:
    """What all devices on one link share; they agree about it."""
    return ModbusLine(next(each for each in members if isinstance(each, ModbusBarrier | ModbusInput)))


def _client(settings: ModbusBarrier | ModbusInput) -> _Client:
    """Without retries: an order that was not answered may have been carried out."""
    if settings.link.startswith("tcp://"):
        parts = urlsplit(settings.link)
        return ModbusTcpClient(
            parts.hostname or "", port=parts.port or 502, timeout=ANSWER_S, retries=0, reconnect_delay_max=1.0
        )
    return ModbusSerialClient(
        settings.link,
        framer=FramerType.RTU,
        baudrate=settings.baud,
        parity=settings.parity[0].upper(),
        timeout=ANSWER_S,
        retries=0,
    )


class ModbusBarrierDriver(Managed[ModbusBarrier]):
    """A relay, and a discrete input as its door contact."""

    def __init__(self, settings: ModbusBarrier, shared: ModbusLine) -> None:
        super().__init__(settings)
        self._line = shared
        self._timed = settings.board == "waveshare"
        self._order_waits: Callable[[], bool] = never
        self._orders = 0

    def give_way(self, order_waits: Callable[[], bool]) -> None:
        """As `Yielding`."""
        self._order_waits = order_waits

    def open(self) -> None:
        """A board without a timer may still be drawn by a node that died: it lets go.

        Raises:
            DeviceLost, DeviceRefused: it cannot be used.
        """
        self._line.attach(self)
        try:
            self._look(never)  # what does not answer is given no order, whether one waits or not
            if not self._timed:
                self._switch(drawn=False)
        except BaseException:  # whatever it was, nothing of it is left
            self.close()
            raise

    def close(self) -> None:
        """As `Device`."""
        self._line.detach(self)

    def pulse(self, duration_ms: int, until_ms: int | None = None) -> None:
        """As `Barrier`; relays that are plain coils stay drawn."""
        unit, relay = self._settings.unit, self._settings.relay
        if self._timed:
            tenths = max(1, min(duration_ms, _LONGEST_MS) // 100)
            self._line.order(lambda client: client.execute(False, Flash(relay, tenths, unit)), until_ms)
        else:
            self._switch(drawn=True, until_ms=until_ms)
        self._orders += 1

    def hold(self) -> None:
        """As `Barrier`."""
        self._switch(drawn=True)
        self._orders += 1

    def shut(self) -> None:
        """As `Barrier`."""
        self._switch(drawn=False)
        self._orders += 1

    def state(self) -> BarrierState:
        """As `Barrier`; unknown where an order waits, which must not wait behind this."""
        try:
            return self._look(self._order_waits)
        except GaveWay:
            return BarrierState()

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        settings = self._settings
        return Diagnostics(
            link=f"{settings.link}, unit {settings.unit}, relay {settings.relay}",
            model=settings.board,
            capabilities=Capabilities(timed=self._timed, reads_back=True),
            counters={"orders": self._orders, "requests": self._line.requests, "failures": self._line.failures},
        )

    def _look(self, gives_way: Callable[[], bool]) -> BarrierState:
        unit, relay, contact = self._settings.unit, self._settings.relay, self._settings.contact
        drawn = self._line.bit(lambda client: client.read_coils(relay, device_id=unit), gives_way)
        output: Literal["on", "off"] = "on" if drawn else "off"
        if contact is None:
            return BarrierState(output=output)
        level = self._line.bit(lambda client: client.read_discrete_inputs(contact, device_id=unit), gives_way)
        return BarrierState(output=output, door="open" if level == self._settings.contact_open else "closed")

    def _switch(self, *, drawn: bool, until_ms: int | None = None) -> None:
        unit, relay = self._settings.unit, self._settings.relay
        self._line.order(lambda client: client.write_coil(relay, drawn, device_id=unit), until_ms)


class ModbusInputDriver(Managed[ModbusInput]):
    """A discrete input."""

    def __init__(self, settings: ModbusInput, shared: ModbusLine) -> None:
        super().__init__(settings)
        self._line = shared
        self._settled = Settled(settings.role, round(settings.settle_s * 1000))

    def open(self) -> None:
        """Raises `DeviceLost` or `DeviceRefused`."""
        self._line.attach(self)
        self._settled.forget()
        try:
            self._level()
        except BaseException:  # whatever it was, nothing of it is left
            self.close()
            raise

    def close(self) -> None:
        """As `Device`."""
        self._line.detach(self)

    def read(self, timeout_s: float) -> Contact | None:
        """As `InputPort`."""
        until = time.monotonic() + timeout_s
        while True:
            now_ms = mono_ms()
            state = self._settled.step(now_ms, active=self._level() == self._settings.active)
            if state is not None:
                return Contact(device=self.name, at_ms=now_ms, state=state)
            left = until - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(left, POLL_S))

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        settings = self._settings
        return Diagnostics(
            link=f"{settings.link}, unit {settings.unit}, input {settings.input}",
            counters={"requests": self._line.requests, "failures": self._line.failures},
        )

    def _level(self) -> bool:
        settings = self._settings
        return self._line.bit(lambda client: client.read_discrete_inputs(settings.input, device_id=settings.unit))
