"""UHF, HF and 125 kHz boards, and scanners, on a serial or network port; `hal.boards` knows what each of them says."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from itertools import cycle
from typing import Final

from zhian_wire.cards import of_bytes
from zhian_wire.errors import BadIdentifier

from zhian_edge.config.readers import SerialReader
from zhian_edge.errors import DeviceLost
from zhian_edge.hal.boards import BOARDS, Tag, cutter
from zhian_edge.hal.contracts import Capabilities, Diagnostics, Managed
from zhian_edge.hal.dwell import Dwell
from zhian_edge.hal.links import Link, open_link
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead

#: A board that is well answers an order within some milliseconds; some are still starting when their port is there.
ANSWER_S: Final = 1.0
#: Asked again and again, it said nothing that holds together for so long: it is away, or it is frozen.
SILENT_S: Final = 3.0
#: Between two bytes of one frame; serial adapters hold bytes back for 16 ms.
GAP_S: Final = 0.05
#: Between the end of an answer and the next question.
REST_S: Final = 0.02


class SerialBoardDriver(Managed[SerialReader]):
    """Asks a board for the tags in its field and tells each once while it stays there.

    A board that cannot be asked (RDM6300, a scanner) and is silent looks like one without cards; only its adapter is
    missed.
    """

    def __init__(self, settings: SerialReader, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings)
        self._board = board = BOARDS[settings.board]
        self._address = board.address if settings.address is None else settings.address
        self._clock = clock
        self._dwell = Dwell(round(settings.dwell_s * 1000), min_dbm=settings.min_rssi_dbm)
        self._deframer = cutter(board)
        self._link: Link | None = None
        self._reads: deque[CardRead] = deque()
        self._counters: Counter[str] = Counter()
        self._garbled = 0
        self._model = ""
        self._last = ""
        self._questions = cycle(board.ask(settings.antennas) or (b"",))
        self._heard = self._next = self._fed = 0.0

    def open(self) -> None:
        """As `Device`.

        Raises:
            DeviceLost: no port, or nothing there that answers as this board does.
            DeviceRefused: no right to the port.
        """
        self.close()
        link = open_link(self._settings.link, self._settings.baud or self._board.baud)
        try:
            self._deframer = cutter(self._board)
            self._fed = time.monotonic()
            self._greet(link)
        except BaseException:  # whatever it was, the port must be free for the next attempt
            link.close()
            raise
        self._link = link
        self._next = self._heard = time.monotonic()

    def close(self) -> None:
        """As `Device`."""
        link, self._link = self._link, None
        if link is not None:
            link.close()
            self._garbled += self._deframer.garbled
            self._deframer = cutter(self._board)

    def read(self, timeout_s: float) -> CardRead | None:
        """As `CardReader`."""
        if self._reads:
            return self._reads.popleft()
        if self._link is None:
            raise DeviceLost(f"{self.name}: not open")
        until = time.monotonic() + timeout_s
        while (now := time.monotonic()) < until:
            self._ask(self._link, now)
            self._take(self._link, min(until, self._next) - now)
            if self._reads:
                return self._reads.popleft()
        return None

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        settings, board = self._settings, self._board
        return Diagnostics(
            link=settings.link,
            model=self._model or settings.board,
            capabilities=Capabilities(antennas=max(len(settings.antennas), 1), rssi=board.tells_rssi),
            counters={
                **self._counters,
                "garbled": self._garbled + self._deframer.garbled,
                "repeats": self._dwell.repeats,
                "weak": self._dwell.weak,
            },
            detail={"last": self._last} if self._last else {},
        )

    def _greet(self, link: Link) -> None:
        """Ask who it is and set it up; any frame that holds together shows that it is there."""
        board = self._board
        for said in (*((board.who,) if board.who else ()), *board.setup):
            self._heard = 0.0
            link.write(board.order(self._address, said))
            until = time.monotonic() + ANSWER_S
            while not self._heard and time.monotonic() < until:
                self._take(link, until - time.monotonic())
            if not self._heard:
                raise DeviceLost(
                    f"{self._settings.link}: nothing answers as {self._settings.board} does, "
                    f"at {self._settings.baud or board.baud} baud, address {self._address}"
                )

    def _ask(self, link: Link, now: float) -> None:
        """Put the next question, when it is time."""
        if now < self._next:
            return
        question = next(self._questions)
        self._next = now + self._board.asks_s
        if not question:
            return
        if now - self._heard > SILENT_S:
            raise DeviceLost(f"{self._settings.link}: no answer for {SILENT_S:.0f} s")
        link.write(self._board.order(self._address, question))

    def _take(self, link: Link, timeout_s: float) -> None:
        """Take what comes within `timeout_s`, one look at the line."""
        try:
            data = link.read(max(0.0, min(timeout_s, GAP_S)))
        except DeviceLost:
            if not self._take_last():
                raise
            return
        now = time.monotonic()
        if data:
            self._fed = now
        # Only a look that finds nothing tells of a pause: what waits in the port may be older than this look.
        for frame in self._deframer.feed(data) if data else self._deframer.pause(now - self._fed):
            self._understand(frame)

    def _take_last(self) -> bool:
        """The link is lost: whether a whole frame waited behind one that was cut off, whose rest never comes now."""
        waiting = len(self._reads)
        while frames := self._deframer.pause(0.0):
            for frame in frames:
                self._understand(frame)
        return len(self._reads) > waiting

    def _understand(self, frame: bytes) -> None:
        board, now = self._board, time.monotonic()
        self._heard = now
        self._counters["frames"] += 1
        if board.done(frame):
            self._next = min(self._next, now + REST_S)
        self._model = board.identity(frame) or self._model
        for tag in board.tags(frame):
            self._see(tag)

    def _see(self, tag: Tag) -> None:
        data = tag.data[::-1] if self._settings.byte_order == "reversed" else tag.data
        try:
            identifier = of_bytes(data)
        except BadIdentifier:
            self._counters["refused"] += 1
            return
        at_ms = self._clock()
        if self._dwell.step(identifier.card, at_ms, tag.rssi_dbm):
            self._counters["reads"] += 1
            strength = "" if tag.rssi_dbm is None else f", {tag.rssi_dbm:.0f} dBm"
            self._last = f"{identifier.card}, antenna {tag.antenna}{strength}"
            self._reads.append(CardRead(reader=self.name, at_ms=at_ms, card=identifier.card, bits=identifier.bits))
