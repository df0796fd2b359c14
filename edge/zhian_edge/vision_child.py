"""The gate's side of `vision`: starts it, listens to it, notices when it ends or hangs, and ends it."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec
import structlog
from zhian_wire.roster import Roster

from zhian_edge.errors import Permanent, Transient
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.ipc import (
    REFUSED,
    Begin,
    Channel,
    ChannelClosed,
    CompareFaces,
    ShowCamera,
    Stop,
    ToGate,
    ToVision,
    parts,
)
from zhian_edge.sight import Pulse
from zhian_edge.signals import Crossing, InView, Observation, VisionBeat

log = structlog.get_logger(__name__)

#: Last words after being asked to stop; then it is killed.
PATIENCE_S: Final = 5.0
#: A roster that vision has not read by then will not be read any more.
SEND_S: Final = 30
#: Tracks of one life of vision are numbered below this, so that the next life's are others.
_NUMBERS: Final = 1_000_000_000


class VisionLost(NamedTuple):
    """Vision is gone; `cause` is a code: `killed`, `crashed`, `hung`, `refused`."""

    cause: str
    detail: str
    at_ms: int


class VisionDown(Transient):
    """Vision ended or hung; it is started again."""


class VisionRefused(Permanent):
    """Vision cannot start until a person has done something; its own log line says what."""


class VisionChild:
    """A service (see `supervisor`): `open` starts the process, each step is one message of it.

    Args:
        tell: is told of each end, and of what vision still says while it stops.
    """

    name = "vision"

    def __init__(self, begin: Begin, tell: Callable[[ToGate | VisionLost], None]) -> None:
        self._begin = begin
        self._tell = tell
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._pulse = Pulse(0)
        self._life = 0
        self._roster = Roster(version=0)
        self._sending = threading.Lock()
        self._asked: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._compared: dict[str, CompareFaces] = {}
        threading.Thread(target=self._hand_on, name="claims", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """Of the running process."""
        process = self._process
        return None if process is None else process.pid

    def use_roster(self, roster: Roster) -> None:
        """Recognise these people from now on, also after a restart."""
        with self._sending:
            self._roster = roster
            self._hand_roster()

    def _hand_roster(self) -> None:
        for part in parts(self._roster.version, self._roster.persons):
            self._order(part)

    def compare(self, lane: str, person_ids: tuple[str, ...], awaited: Mapping[str, int]) -> None:
        """Have the faces of a lane compared with those whom cards claim to be there, also after a restart; waits for
        nothing.

        `awaited`: as in `decision.actions.Compare`.
        """
        self._compared[lane] = CompareFaces(lane=lane, person_ids=person_ids, awaited=dict(awaited))
        self._asked.put(lane)

    def _hand_on(self) -> None:
        """A thread of its own, since a vision that hangs lets its orders wait, and no decision may.

        What holds now is told, whatever was asked since: so none is told of an older word last.
        """
        while True:
            self._order(self._compared[self._asked.get()])

    def show(self, camera: str, until_ms: int) -> None:
        """Have tiles of a camera sent for a while."""
        self._order(ShowCamera(camera=camera, until_ms=until_ms))

    def open(self) -> None:
        """Start it.

        Raises:
            VisionDown, VisionRefused: it cannot be started, or ended at once.
        """
        self.close()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = self._spawn(theirs)
            except OSError as error:
                ours.close()
                raise self._lost("crashed", str(error)) from error
        self._life += 1
        self._pulse = Pulse(mono_ms())
        channel = Channel(ours, ToGate, SEND_S)
        try:
            channel.send(self._begin)
        except ChannelClosed:
            channel.close()
            raise self._ended() from None
        with self._sending:
            self._channel = channel
            self._hand_roster()
        for lane in tuple(self._compared):
            self._asked.put(lane)
        log.info("vision started", pid=self._process.pid)

    def step(self) -> list[ToGate]:
        """What vision says, if it says something within a moment.

        Raises:
            VisionDown, VisionRefused: it ended, or has been silent for too long.
        """
        assert self._channel is not None
        try:
            message = self._channel.receive(0.5)
        except ChannelClosed:
            raise self._ended() from None
        if message is None:
            if self._pulse.hangs(mono_ms()):
                raise self._lost("hung", "no sign of life")
            return []
        if isinstance(message, VisionBeat):
            self._pulse.beat(mono_ms())
        return [self._renumbered(message)]

    def close(self) -> None:
        """End it: last words are taken in for some seconds, then it is killed; before its first beat it has none."""
        channel, process = self._channel, self._process
        self._channel, self._process = None, None
        if process is None:
            return
        if channel is not None:
            if process.poll() is None and self._pulse.beats:
                self._take_leave(channel)
            channel.close()
        if self._pulse.beats:
            with suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
        if process.poll() is None:
            process.kill()
        process.wait()

    def _spawn(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        threads = str(self._begin.config.recognition.threads)
        return subprocess.Popen(  # noqa: S603 - our own module
            self._command(theirs.fileno()),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": threads},
        )

    def _command(self, handle: int) -> list[str]:
        """Starts vision with its end of the socket."""
        return [sys.executable, "-m", "zhian_edge.vision", str(handle)]

    def _take_leave(self, channel: Channel) -> None:
        until = time.monotonic() + PATIENCE_S
        with suppress(ChannelClosed):
            channel.send(Stop())
            while (left := until - time.monotonic()) > 0:
                message = channel.receive(left)
                if message is not None:
                    self._tell(self._renumbered(message))

    def _order(self, order: ToVision) -> None:
        """A process that is gone needs no orders: `step` notices, and the next one gets what holds then."""
        channel = self._channel
        if channel is not None:
            with suppress(ChannelClosed):
                channel.send(order)

    def _ended(self) -> VisionDown | VisionRefused:
        assert self._process is not None
        try:
            code = self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            return self._lost("crashed", "it closed its connection")
        if code == REFUSED:
            self._tell(VisionLost("refused", "cannot start; see the log", mono_ms()))
            return VisionRefused("vision cannot start; its log line says why")
        return self._lost(*(("killed", f"signal {-code}") if code < 0 else ("crashed", f"exit code {code}")))

    def _lost(self, cause: str, detail: str) -> VisionDown:
        if cause == "hung" and self._process is not None:
            self._process.kill()
        self._tell(VisionLost(cause, detail, mono_ms()))
        return VisionDown(f"vision: {cause} ({detail})")

    def _renumbered(self, message: object) -> ToGate:
        if isinstance(message, Observation | InView | Crossing):
            base = self._life * _NUMBERS
            subject = None if message.subject is None else message.subject + base
            return msgspec.structs.replace(message, track=message.track + base, subject=subject)
        return message  # type: ignore[return-value]
