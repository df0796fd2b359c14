"""The node's side of an OSDP line: starts the child that speaks it, and hands each device what is its own."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from zhian_edge.config.readers import OsdpReader
from zhian_edge.errors import BadSecret, DeviceLost, DeviceRefused, EdgeError
from zhian_edge.hal.drivers.osdp_keys import KeyFile
from zhian_edge.hal.drivers.osdp_words import (
    BeginLine,
    Carded,
    Described,
    DeviceState,
    Done,
    FromLine,
    LineLost,
    Peripheral,
    Reported,
    SetKey,
    SetOutput,
    Show,
    Stop,
)
from zhian_edge.hal.expiry import demand
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.ipc import Channel, ChannelClosed

#: A child that says nothing for so long hangs; it says something twice a second, once it has opened the line.
SILENT_S: Final = 8.0
#: A child starts in under a second, and a handshake takes as long at 9600 baud.
START_S: Final = 6.0
#: A device that was not up for so long is lost; libosdp's own noise is over by then.
AWAY_S: Final = 3.0
#: An order is answered in 0.1 s, or in 1.3 s if it had to be repeated.
ANSWER_S: Final = 2.0
_CARDS: Final = 1000
_Result = Literal["done", "failed", "unknown"]


class Seat:
    """One device's place on the line: what came from it and was not yet asked for."""

    def __init__(self, settings: OsdpReader) -> None:
        self.settings = settings
        self.keys = None if settings.security == "plain-text-anybody-can-read" else KeyFile(Path(settings.key_file))
        self.cards: deque[Carded] = deque(maxlen=_CARDS)
        self.reports: dict[str, bytes] = {}
        self.state = DeviceState(address=settings.address, up=False)
        self.since = time.monotonic()
        self.facts: Described | None = None
        self.installed = False
        self.key = b""
        self.refused: BadSecret | None = None
        self.lost = 0
        self._tries = 0

    def keep(self, card: Carded) -> None:
        """Until it is asked for. Of too many the oldest goes, and is counted."""
        self.lost += len(self.cards) == _CARDS
        self.cards.append(card)

    def begin(self) -> Peripheral:
        """What the child must know, with the next key that may be the device's.

        Raises:
            BadSecret: there is none.
        """
        settings = self.settings
        self.state, self.since = DeviceState(address=settings.address, up=False), time.monotonic()
        for what in ("inputs", "outputs"):  # they may change while nobody listens
            self.reports.pop(what, None)
        if self.keys is None:
            return Peripheral(address=settings.address, key=b"", security=settings.security)
        if settings.security == "install-mode" and not self.installed:
            self.key = self.keys.make()
            return Peripheral(address=settings.address, key=self.key, security="install-mode")
        candidates = self.keys.candidates()
        self.key = candidates[self._tries % len(candidates)]
        self._tries += 1
        return Peripheral(address=settings.address, key=self.key, security="secure-channel")

    def settle(self) -> None:
        """The device is up, so the key that it was tried with is its own.

        Raises:
            BadSecret: that cannot be written down.
        """
        if self.keys is not None:
            self.keys.settle(self.key)
            self.installed, self._tries = True, 0

    @property
    def doubtful(self) -> bool:
        """Whether there is another key that may be the device's."""
        return self.keys is not None and self.keys.changing


class OsdpLine:
    """A line that several readers, outputs and inputs share; the child runs while at least one of them is open.

    Any thread may call it.
    """

    def __init__(self, readers: Sequence[OsdpReader]) -> None:
        self._link, self._baud = readers[0].link, readers[0].baud
        self._seats = {reader.address: Seat(reader) for reader in readers}
        self._news = threading.Condition()
        self._users: set[object] = set()
        self._child: _Child | None = None
        self._fault: EdgeError | None = None
        self._results: dict[int, _Result] = {}
        self._numbers = itertools.count(1)
        self.starts = 0

    @property
    def link(self) -> str:
        """Its address."""
        return self._link

    def seat(self, address: int) -> Seat:
        """What is known of a device."""
        return self._seats[address]

    def address_of(self, reader: str) -> int:
        """The address of the reader of this id."""
        return next(seat.settings.address for seat in self._seats.values() if seat.settings.id == reader)

    def attach(self, user: object, address: int) -> None:
        """Begin to use the line, and wait until the device at `address` can be used.

        Raises:
            DeviceLost, DeviceRefused: it cannot be; the line is then left as it was.
            BadSecret: its key cannot be read.
        """
        with self._news:
            self._users.add(user)
            try:
                if self._child is None or self._fault is not None:
                    self._start()
                seat = self._seats[address]
                self._await(lambda: seat.state.up or seat.refused, START_S)
                self._demand_up(address)
                seat.settle()
            except EdgeError as error:
                if self._seats[address].doubtful:
                    # The next child tries the other key; who shares the line begins again with it.
                    self._fault = self._fault or DeviceLost(str(error))
                self._leave(user)
                raise

    def detach(self, user: object) -> None:
        """Stop using it; never raises."""
        with self._news:
            self._leave(user)

    def card(self, address: int, timeout_s: float) -> Carded | None:
        """The next card; those that came before the line was lost are given first.

        Raises:
            DeviceLost, DeviceRefused: line or device are gone.
        """
        seat = self._seats[address]
        with self._news:
            self._await(lambda: seat.cards, timeout_s)
            if seat.cards:
                return seat.cards.popleft()
            self._demand(address)
            return None

    def report(self, address: int, what: str, known: bytes | None, timeout_s: float) -> bytes | None:
        """The states of inputs, outputs or of the device itself, as soon as they are others than `known`.

        Raises:
            DeviceLost, DeviceRefused: line or device are gone.
        """
        seat = self._seats[address]
        with self._news:
            self._await(lambda: seat.reports.get(what) not in (None, known), timeout_s)
            self._demand(address)
            return seat.reports.get(what)

    def show(self, message: Show) -> None:
        """Have it shown, if the line is up; nobody waits."""
        child = self._child
        if child is not None:
            with suppress(ChannelClosed):
                child.channel.send(message)

    def order(self, make: Callable[[int], SetOutput | SetKey], until_ms: int | None = None) -> _Result:
        """Give a numbered order and wait for its outcome; `unknown` when none is told.

        libosdp would go on trying for 8 s, and open a door for nobody: then the child is ended, and the order with it.

        Raises:
            Expired: it could not be given until `until_ms`, since the line was being started, or ended.
        """
        number = next(self._numbers)
        with self._news:
            child = self._child
            if child is None or self._fault is not None:
                return "failed"
            demand(until_ms, mono_ms())
            try:
                child.channel.send(make(number))
            except ChannelClosed:
                return "unknown"
            self._await(lambda: number in self._results, ANSWER_S)
            if number not in self._results and self._fault is None:
                child.end()
                self._fault = DeviceLost(f"{self._link}: an order was not answered")
            return self._results.pop(number, "unknown")

    def _await(self, ready: Callable[[], object], timeout_s: float) -> None:
        """Until it is `ready`, the line is lost, or the time is over; the caller holds the lock."""
        self._news.wait_for(lambda: ready() or self._fault is not None, timeout_s)

    def _demand(self, address: int) -> None:
        """Raises when the device was away for too long."""
        seat = self._seats[address]
        if self._fault is not None or (not seat.state.up and time.monotonic() - seat.since > AWAY_S):
            self._demand_up(address)

    def _demand_up(self, address: int) -> None:
        if self._fault is not None:
            raise type(self._fault)(str(self._fault))
        seat = self._seats[address]
        if seat.refused is not None:
            raise BadSecret(str(seat.refused))
        if not seat.state.up:
            why = "answers, but not by this key: is key_file this reader's?" if seat.state.answered else "is silent"
            raise DeviceLost(f"{self._link}, address {address}: {why}")

    def _start(self) -> None:
        """The caller holds the lock. One child ends before the next begins: the line has room for one."""
        self._end()
        peripherals = tuple(filter(None, map(_begun, self._seats.values())))
        begin = BeginLine(link=self._link, baud=self._baud, peripherals=peripherals)
        self.starts += 1
        self._fault = None
        self._child = _Child(begin)
        threading.Thread(target=self._hear, args=(self._child,), name=f"osdp {self._link}", daemon=True).start()

    def _leave(self, user: object) -> None:
        self._users.discard(user)
        if not self._users:
            self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _hear(self, child: _Child) -> None:
        """The thread that listens to one child until it ends or is silent."""
        fault: EdgeError = DeviceLost(f"{self._link}: its process ended")
        try:
            while (message := child.channel.receive(SILENT_S)) is not None:
                if isinstance(message, LineLost):
                    fault = (DeviceRefused if message.refused else DeviceLost)(message.detail)
                    break
                with self._news:
                    if self._child is child:
                        self._take(message)
                        self._news.notify_all()
            else:
                fault = DeviceLost(f"{self._link}: its process hangs")
        except ChannelClosed:
            pass
        child.end()
        with self._news:
            if self._child is child:
                self._fault = fault
                self._news.notify_all()

    def _take(self, message: object) -> None:
        if isinstance(message, Carded):
            self._seats[message.address].keep(message)
        elif isinstance(message, Reported):
            self._seats[message.address].reports[message.what] = message.states
        elif isinstance(message, Done):
            self._results[message.number] = message.result
        elif isinstance(message, Described):
            self._seats[message.address].facts = message
        elif isinstance(message, DeviceState):
            seat = self._seats[message.address]
            if seat.state.up and not message.up:
                seat.since = time.monotonic()
            seat.state = message


def _begun(seat: Seat) -> Peripheral | None:
    """None for a reader without a key: the others on its line do without it."""
    try:
        seat.refused = None
        return seat.begin()
    except BadSecret as error:
        seat.refused = error
        return None


class _Child:
    """The process, and the socket to it."""

    def __init__(self, begin: BeginLine) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own module
                    [sys.executable, "-m", "zhian_edge.hal.drivers.osdp_child", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
            except OSError as error:
                ours.close()
                raise DeviceLost(f"{begin.link}: no process for it: {error}") from error
        self.channel = Channel(ours, FromLine, 5)
        with suppress(ChannelClosed):
            self.channel.send(begin)

    def end(self) -> None:
        """Ask it, and kill it when it does not end soon. May be called twice, by two threads."""
        with suppress(ChannelClosed):
            self.channel.send(Stop())
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.channel.close()
