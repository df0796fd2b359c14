"""OSDP readers, their outputs as barriers and their inputs (libosdp, in a child process per line)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhian_wire.errors import BadIdentifier

from zhian_edge.config.actuators import OsdpBarrier, OsdpInput
from zhian_edge.config.readers import OsdpReader
from zhian_edge.errors import DeviceLost, DeviceRefused, Unconfirmed
from zhian_edge.hal.contracts import BarrierState, Capabilities, Diagnostics, Feedback, Managed
from zhian_edge.hal.drivers.osdp_line import OsdpLine
from zhian_edge.hal.drivers.osdp_words import SetKey, SetOutput, Show
from zhian_edge.hal.inputs import Settled
from zhian_edge.hal.wiegand import of_raw
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead, Contact

#: An output's own timer counts tenths of a second, in 16 bits.
_LONGEST_MS: Final = 0xFFFF * 100


def line(members: Sequence[object]) -> OsdpLine:
    """What all devices on one link share."""
    return OsdpLine([member for member in members if isinstance(member, OsdpReader)])


class OsdpReaderDriver(Managed[OsdpReader]):
    """A reader on the line."""

    def __init__(self, settings: OsdpReader, shared: OsdpLine) -> None:
        super().__init__(settings)
        self._line = shared
        self._seat = shared.seat(settings.address)
        self._counters = {"reads": 0, "garbled": 0}

    def open(self) -> None:
        """Raises `DeviceLost`, `DeviceRefused` or `BadSecret` when it cannot be used."""
        self._line.attach(self, self._settings.address)

    def close(self) -> None:
        """As `Device`."""
        self._line.detach(self)

    def read(self, timeout_s: float) -> CardRead | None:
        """As `CardReader`."""
        card = self._line.card(self._settings.address, timeout_s)
        if card is None:
            return None
        try:
            identifier = of_raw(card.data, card.bits)
        except BadIdentifier:
            self._counters["garbled"] += 1
            return None
        self._counters["reads"] += 1
        return CardRead(reader=self.name, at_ms=card.at_ms, card=identifier.card, bits=card.bits)

    def show(self, feedback: Feedback) -> None:
        """As `Sounder`."""
        self._line.show(Show(address=self._settings.address, feedback=feedback))

    def change_key(self) -> None:
        """Give the reader a new key, and keep it in place of the old one.

        Raises:
            DeviceLost: the reader certainly has its old key still.
            Unconfirmed: it may have either; the next opening finds out.
            DeviceRefused: its line is plain text.
        """
        keys = self._seat.keys
        if keys is None:
            raise DeviceRefused(f"{self.name}: its line is plain text, by which no key can be given")
        new = keys.prepare()
        result = self._line.order(lambda number: SetKey(number=number, address=self._settings.address, key=new))
        if result == "failed":
            keys.settle(self._seat.key)
            raise DeviceLost(f"{self.name}: it was not given a new key")
        if result == "unknown":
            raise Unconfirmed(f"{self.name}: nobody knows whether it took its new key")
        self._seat.key = new
        self._seat.settle()

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        seat, facts = self._seat, self._seat.facts
        local = seat.reports.get("local")
        return Diagnostics(
            link=f"{self._line.link}, address {self._settings.address}",
            model=facts.model if facts else "",
            firmware=facts.firmware if facts else "",
            serial=facts.serial if facts else "",
            secure=seat.state.up and seat.keys is not None,
            tamper=bool(local[0]) if local else False,
            capabilities=facts.capabilities if facts else Capabilities(),
            counters={
                **self._counters,
                "lost": seat.lost,
                "line_starts": self._line.starts,
                "restarts": seat.state.restarts,
            },
            detail={"security": self._settings.security},
        )


class OsdpBarrierDriver(Managed[OsdpBarrier]):
    """An output of a reader, and an input as its door contact."""

    def __init__(self, settings: OsdpBarrier, shared: OsdpLine) -> None:
        super().__init__(settings)
        self._line = shared
        self._address = shared.address_of(settings.reader)
        self._orders = 0

    def open(self) -> None:
        """Raises as `OsdpReaderDriver.open`; `DeviceRefused` also when the reader has no such output."""
        self._line.attach(self, self._address)
        facts = self._line.seat(self._address).facts
        if facts is not None and self._settings.output >= facts.outputs:
            self.close()
            raise DeviceRefused(f"{self.name}: the reader has {facts.outputs} output(s), counted from 0")

    def close(self) -> None:
        """As `Device`."""
        self._line.detach(self)

    def pulse(self, duration_ms: int, until_ms: int | None = None) -> None:
        """As `Barrier`; the reader's own timer ends it."""
        self._order("pulse", max(1, min(duration_ms, _LONGEST_MS) // 100), until_ms)

    def hold(self) -> None:
        """As `Barrier`."""
        self._order("on")

    def shut(self) -> None:
        """As `Barrier`."""
        self._order("off")

    def state(self) -> BarrierState:
        """As `Barrier`, from what the reader reported."""
        outputs = self._line.report(self._address, "outputs", None, 0)
        inputs = self._line.report(self._address, "inputs", None, 0)
        output, contact = self._settings.output, self._settings.contact
        drawn = None if outputs is None or output >= len(outputs) else bool(outputs[output])
        level = None if inputs is None or contact is None or contact >= len(inputs) else bool(inputs[contact])
        return BarrierState(
            output="unknown" if drawn is None else "on" if drawn else "off",
            door="unknown" if level is None else "open" if level == self._settings.contact_open else "closed",
        )

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(
            link=f"{self._line.link}, address {self._address}, output {self._settings.output}",
            capabilities=Capabilities(timed=True, reads_back=True),
            counters={"orders": self._orders, "line_starts": self._line.starts},
        )

    def _order(self, state: str, tenths: int = 0, until_ms: int | None = None) -> None:
        output = self._settings.output
        result = self._line.order(
            lambda number: SetOutput(number=number, address=self._address, output=output, state=state, tenths=tenths),  # type: ignore[arg-type]
            until_ms,
        )
        if result == "failed":
            raise DeviceLost(f"{self.name}: the reader is not on the line; nothing was switched")
        if result == "unknown":
            raise Unconfirmed(f"{self.name}: the reader did not confirm {state!r}")
        self._orders += 1


class OsdpInputDriver(Managed[OsdpInput]):
    """An input of a reader."""

    def __init__(self, settings: OsdpInput, shared: OsdpLine) -> None:
        super().__init__(settings)
        self._line = shared
        self._address = shared.address_of(settings.reader)
        self._known: bytes | None = None
        self._settled = Settled(settings.role, round(settings.settle_s * 1000))

    def open(self) -> None:
        """Raises as `OsdpReaderDriver.open`."""
        self._line.attach(self, self._address)
        self._known = None
        self._settled.forget()

    def close(self) -> None:
        """As `Device`."""
        self._line.detach(self)

    def read(self, timeout_s: float) -> Contact | None:
        """As `InputPort`. The reader tells each change once: whether one lasts is seen when no other follows."""
        wait_s = min(timeout_s, self._settings.settle_s) if self._settled.waits else timeout_s
        states = self._line.report(self._address, "inputs", self._known, wait_s)
        if states is None or self._settings.input >= len(states):
            return None
        self._known = states
        active = bool(states[self._settings.input]) == self._settings.active
        now_ms = mono_ms()
        state = self._settled.step(now_ms, active=active)
        return None if state is None else Contact(device=self.name, at_ms=now_ms, state=state)

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(link=f"{self._line.link}, address {self._address}, input {self._settings.input}")
