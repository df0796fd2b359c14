"""UHF readers over LLRP (llrpkit): antennas, power, strength, dwell, and a probe that notices a frozen reader.

llrpkit is asynchronous; its loop belongs to this driver and runs only inside of the driver's own calls.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any, Final, TypeVar

from llrpkit import (
    CapabilityError,
    LLRPConnectionError,
    LLRPError,
    LLRPStatusError,
    LLRPTimeoutError,
    Reader,
    TagReport,
)
from zhian_wire.cards import of_bytes
from zhian_wire.errors import BadIdentifier

from zhian_edge.config.readers import LlrpReader
from zhian_edge.errors import DeviceLost, DeviceRefused
from zhian_edge.hal.contracts import Capabilities, Diagnostics, Managed
from zhian_edge.hal.dwell import Dwell
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead

#: A frozen reader keeps its connection and says nothing, keep-alive or not: after so long without a tag it is asked.
PROBE_S: Final = 5.0
ANSWER_S: Final = 2.0
CONNECT_S: Final = 4.0
#: Each of the steps by which a reader is left; one that does not answer must not keep its thread.
LEAVE_S: Final = 1.0
#: Impinj's default for a lane: a tag answers again and again while it is in the field.
_SESSION: Final = 1
T = TypeVar("T")

# The supervisor tells of an outage once; llrpkit would tell of each attempt.
logging.getLogger("llrpkit").setLevel(logging.ERROR)


class LlrpReaderDriver(Managed[LlrpReader]):
    """A reader with its antennas."""

    def __init__(self, settings: LlrpReader, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings)
        self._clock = clock
        self._dwell = Dwell(round(settings.dwell_s * 1000), min_dbm=settings.min_rssi_dbm)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reader: Reader | None = None
        self._pumping: asyncio.Task[None] | None = None
        self._waiting: deque[CardRead] = deque()
        self._came = asyncio.Event()
        self._heard_ms = 0
        self._counters = {"reads": 0, "sightings": 0, "garbled": 0, "probes": 0}
        self._model = self._firmware = ""
        self._antennas = 0

    def open(self) -> None:
        """Connect, and start an inventory that never ends.

        Raises:
            DeviceLost: it does not answer, or serves somebody else.
            DeviceRefused: it has no such antenna or power.
        """
        self.close()
        self._loop = asyncio.new_event_loop()
        try:
            self._run(self._connect())
        except BaseException:  # whatever it was, nothing of it is left
            self.close()
            raise

    def close(self) -> None:
        """As `Device`."""
        loop, self._loop = self._loop, None
        if loop is None:
            return
        try:
            loop.run_until_complete(self._leave())
        finally:
            loop.close()

    def read(self, timeout_s: float) -> CardRead | None:
        """As `CardReader`."""
        if not self._waiting:
            self._run(self._listen(timeout_s))
        return self._waiting.popleft() if self._waiting else None

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        settings, counters = self._settings, {**self._counters, "repeats": self._dwell.repeats}
        return Diagnostics(
            link=f"{settings.host}:{settings.port}",
            model=self._model,
            firmware=self._firmware,
            capabilities=Capabilities(antennas=self._antennas, rssi=True),
            counters={**counters, "too_weak": self._dwell.weak},
            detail={"antennas": ", ".join(map(str, settings.antennas)) or "all"},
        )

    async def _connect(self) -> None:
        settings = self._settings
        self._reader = Reader(settings.host, settings.port, response_timeout=ANSWER_S, connect_timeout=CONNECT_S)
        await self._reader.connect()
        facts = self._reader.capabilities
        self._antennas, self._firmware = facts.max_antennas, facts.firmware
        self._model = f"{facts.manufacturer}-{facts.model_number}"
        wrong = [antenna for antenna in settings.antennas if antenna > facts.max_antennas]
        if wrong:
            raise DeviceRefused(f"{self._where}: there is no antenna {wrong[0]}; it has {facts.max_antennas}")
        if settings.power_dbm:
            facts.power_index_for_dbm(settings.power_dbm)
        self._came = asyncio.Event()
        self._heard_ms = self._clock()
        self._pumping = asyncio.create_task(self._pump(self._reader))

    async def _pump(self, reader: Reader) -> None:
        """Every sighting, until the connection is lost; those that came before are taken in first."""
        settings = self._settings
        stream = reader.inventory(antennas=settings.antennas, tx_power_dbm=settings.power_dbm or None, session=_SESSION)
        try:
            async with aclosing(stream):
                async for sighting in stream:
                    self._take(sighting)
        finally:
            self._came.set()

    def _take(self, sighting: TagReport) -> None:
        now_ms = self._heard_ms = self._clock()
        self._counters["sightings"] += 1
        try:
            identifier = of_bytes(sighting.epc)
        except BadIdentifier:
            self._counters["garbled"] += 1
            return
        if not self._dwell.step(identifier.card, now_ms, sighting.rssi_dbm):
            return
        self._counters["reads"] += 1
        self._waiting.append(
            CardRead(
                reader=self.name,
                at_ms=now_ms,
                card=identifier.card,
                bits=identifier.bits,
                antenna=sighting.antenna,
                rssi_dbm=sighting.rssi_dbm,
            )
        )
        self._came.set()

    async def _listen(self, timeout_s: float) -> None:
        """Until a card came, or the time is over."""
        assert self._reader is not None
        assert self._pumping is not None
        try:
            async with asyncio.timeout(timeout_s):
                await self._came.wait()
        except TimeoutError:
            if self._clock() - self._heard_ms >= PROBE_S * 1000:
                await self._probe(self._reader)
        self._came.clear()
        if not self._waiting and self._pumping.done():
            await self._pumping
            raise DeviceLost(f"{self._where}: its inventory ended")

    async def _probe(self, reader: Reader) -> None:
        self._counters["probes"] += 1
        try:
            async with asyncio.timeout(ANSWER_S):
                await reader.get_gpio()
        except LLRPStatusError:
            pass  # it cannot tell, but it lives
        except TimeoutError as error:
            raise DeviceLost(f"{self._where}: frozen: its connection stands, but it does not answer") from error
        self._heard_ms = self._clock()

    async def _leave(self) -> None:
        """Stop the inventory and say goodbye, as far as the reader still listens."""
        reader, self._reader = self._reader, None
        pumping, self._pumping = self._pumping, None
        while pumping is not None and not pumping.done():
            pumping.cancel()
            await asyncio.wait({pumping}, timeout=LEAVE_S)
        if pumping is not None and not pumping.cancelled():
            pumping.exception()  # it was told already; unasked, it would be told again
        if reader is not None:
            try:
                async with asyncio.timeout(LEAVE_S):
                    await reader.close()
            except (LLRPError, OSError, TimeoutError):
                return

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end; what llrpkit raises becomes ours."""
        loop = self._loop
        if loop is None:
            work.close()
            raise DeviceLost(f"{self._where}: not open")
        try:
            return loop.run_until_complete(work)
        except (CapabilityError, LLRPStatusError) as error:
            raise DeviceRefused(f"{self._where}: {error}") from error
        except LLRPTimeoutError as error:
            raise DeviceLost(f"{self._where}: frozen: {error}") from error
        except (LLRPConnectionError, LLRPError, OSError) as error:
            raise DeviceLost(f"{self._where}: {error}") from error

    @property
    def _where(self) -> str:
        return f"{self.name} ({self._settings.host}:{self._settings.port})"
