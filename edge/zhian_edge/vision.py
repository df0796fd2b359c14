"""The process that sees: cameras and networks. It decides nothing, and may die without taking the gate with it.

Started by the gate as `python -m zhian_edge.vision FD` with one end of a socket pair; without the gate it ends.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import cv2
import msgspec
import structlog
from zhian_models.errors import ModelsError
from zhian_models.face.gallery import Gallery
from zhian_models.store import Store

from zhian_edge.capture.advice import camera_advice
from zhian_edge.capture.buffer import FrameBuffer
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.health import SEEING, Cause, PictureHealth
from zhian_edge.capture.resting import Rest
from zhian_edge.capture.sources import CameraService, full_stream_for, source_for
from zhian_edge.delivery.spool import Spool
from zhian_edge.perception.live import cameras_requiring
from zhian_edge.perception.meter import Meter
from zhian_edge.perception.networks import Networks, open_networks
from zhian_edge.perception.observe import Keep
from zhian_edge.perception.pipeline import Pipeline
from zhian_edge.perception.types import Picture
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.ipc import (
    REFUSED,
    Begin,
    Channel,
    ChannelClosed,
    CompareFaces,
    ShowCamera,
    Stop,
    Tile,
    ToVision,
    UseRoster,
)
from zhian_edge.process.logs import configure_logs
from zhian_edge.process.pressure import Pressure
from zhian_edge.process.supervisor import ServiceStatus, Supervisor
from zhian_edge.replay.trace import TraceWriter
from zhian_edge.rosters import GalleryBuilder
from zhian_edge.signals import CameraReport, Signal, VisionBeat

log = structlog.get_logger(__name__)

BEAT_S: Final = 1.0
JPEG_QUALITY: Final = 92
TILE_WIDTH: Final = 640
#: Two a second; a street of 640 x 360 is about 30 kB at this quality, and shown, never kept.
TILE_S: Final = 0.5
TILE_QUALITY: Final = 65


class PictureDesk:
    """Writes crops into the spool; what cannot be written is counted and said once, never passed over in silence."""

    def __init__(self, spool: Spool, meter: Meter) -> None:
        self._spool = spool
        self._meter = meter
        self._failing = False

    def keep(self, picture: Picture) -> str | None:
        """The crop's sha256, None when it could not be written."""
        try:
            sha256 = self._spool.draft(_jpeg(picture))
        except OSError as error:
            self._meter.count("pictures_lost")
            if not self._failing:
                log.warning("pictures cannot be written", error=str(error))
            self._failing = True
            return None
        self._failing = False
        return sha256


class Cameras:
    """The capture threads and how each camera is."""

    def __init__(self, begin: Begin, buffer: FrameBuffer, busy: Callable[[str], bool], keep: Keep) -> None:
        """`busy`: whether something happens at a camera, by its id; `keep` stores a picture and gives its sha256."""
        self._buffer = buffer
        self._keep = keep
        self._pictures: dict[str, str | None] = {}
        rests = {
            camera.id: Rest(after_s, partial(busy, camera.id), partial(buffer.room, camera.id))
            for camera in begin.config.cameras
            if (after_s := begin.config.recognition.rest_s)
        }
        full = {camera.id: stream for camera in begin.config.cameras if (stream := full_stream_for(camera))}
        self._sources = {
            camera.id: source_for(camera, rests.get(camera.id), full.get(camera.id)) for camera in begin.config.cameras
        }
        by_id = {camera.id: camera for camera in begin.config.cameras}
        self._supervisors = {
            name: Supervisor(
                source, buffer.put, resting=partial(_asleep, source), advise=partial(camera_advice, by_id[name])
            )
            for name, source in self._sources.items()
        }
        beside = (Supervisor(stream, _kept) for stream in full.values())
        self._services: list[Supervisor[Any]] = [*self._supervisors.values(), *beside]
        self._health = {camera.id: PictureHealth() for camera in begin.config.cameras}
        self._said: dict[str, tuple[str, str]] = {}

    def start(self) -> None:
        for supervisor in self._services:
            supervisor.start()

    def stop(self) -> None:
        """All at once, since each may take some seconds."""
        threads = [threading.Thread(target=each.stop, args=(3.0,)) for each in self._services]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def saw(self, frame: Frame) -> None:
        """A picture is about to be looked at."""
        if self._health[frame.camera].step(frame, frame.at_ms):
            self._pictures[frame.camera] = self._keep(frame.bgr(TILE_WIDTH))

    def reports(self) -> tuple[CameraReport, ...]:
        """How every camera is now."""
        now, dropped = mono_ms(), self._buffer.dropped()
        return tuple(
            msgspec.structs.replace(
                _report(camera, supervisor.status(), self._cause(camera), now, dropped[camera]),
                picture=self._pictures.get(camera),
            )
            for camera, supervisor in self._supervisors.items()
        )

    def _cause(self, camera: str) -> Cause:
        return self._health[camera].cause or ("drift" if self._sources[camera].drifting else "")

    def changed(self, reports: tuple[CameraReport, ...]) -> list[CameraReport]:
        """Those of `reports` whose status or cause is another than last time."""
        changed = [report for report in reports if self._said.get(report.camera) != (report.status, report.cause)]
        self._said.update({report.camera: (report.status, report.cause) for report in changed})
        return changed


class Vision:
    """Everything between the cameras and the gate's socket. The thread that calls `run` owns all networks."""

    def __init__(self, begin: Begin, channel: Channel, networks: Networks, trace: IO[bytes] | None) -> None:
        self._channel = channel
        self._networks = networks
        self._key = networks.embedder().key if "face" in networks.loaded else ""
        self._meter = Meter(time.thread_time_ns)
        desk = PictureDesk(Spool(Path(begin.spool)), self._meter)
        self._builder = GalleryBuilder(self._key)
        self._pipeline = Pipeline(networks, Gallery(self._key), begin.config, keep=desk.keep, meter=self._meter)
        self._buffer = FrameBuffer(tuple(camera.id for camera in begin.config.cameras), urgent=self._pipeline.urgent)
        self._shown: dict[str, int] = {}
        self._cameras = Cameras(begin, self._buffer, self._awake, desk.keep)
        self._trace = TraceWriter(trace) if trace else None
        self._pressure = Pressure()
        self._orders: queue.SimpleQueue[Gallery | CompareFaces | ShowCamera | Stop] = queue.SimpleQueue()
        self._tile_ms: dict[str, int] = {}
        self._beat_s = 0.0

    def order(self, message: ToVision) -> None:
        """Take an order of the gate; galleries are built here, in the reader's thread, so that no frame waits."""
        if isinstance(message, UseRoster):
            self._builder.add(message.persons)
            if not message.more:
                self._orders.put(self._builder.done())
        elif isinstance(message, CompareFaces | ShowCamera | Stop):
            self._orders.put(message)

    def run(self) -> None:
        """Look until the gate says stop.

        Raises:
            ChannelClosed: the gate is gone.
        """
        self._cameras.start()
        try:
            while self._obey():
                frame = self._buffer.take(0.1)
                if frame is not None:
                    self._look(frame)
                if time.monotonic() - self._beat_s >= BEAT_S:
                    self._beat()
        finally:
            self._cameras.stop()
        for camera in self._buffer.dropped():
            self._flush(camera)

    def _awake(self, camera: str) -> bool:
        """Something happens there, or somebody watches: key frames alone are no moving picture. Any thread may ask."""
        return self._watched(camera) or self._pipeline.busy(camera)

    def _watched(self, camera: str) -> bool:
        return mono_ms() <= self._shown.get(camera, 0)

    def _obey(self) -> bool:
        """Carry out what the gate ordered; False when it is to stop."""
        while not self._orders.empty():
            order = self._orders.get()
            if isinstance(order, Stop):
                return False
            if isinstance(order, CompareFaces):
                self._compare(order)
            elif isinstance(order, ShowCamera):
                self._shown[order.camera] = order.until_ms
            else:
                self._pipeline.use_gallery(order)
                if self._trace is not None:
                    self._trace.roster_changed()
                log.info("gallery in use", persons=order.size)
        return True

    def _compare(self, order: CompareFaces) -> None:
        for camera in self._pipeline.cameras(order.lane):
            self._tell(self._pipeline.compare_at(camera, order.person_ids, order.awaited))
            if self._trace is not None:
                self._trace.compared(camera, order.person_ids, order.awaited)

    def _look(self, frame: Frame) -> None:
        self._cameras.saw(frame)
        self._tell(self._pipeline.step(frame, frame.at_ms))
        if self._trace is not None:
            self._trace.write(frame, self._pipeline.looked(frame.camera))
        self._show(frame)

    def _beat(self) -> None:
        self._beat_s = time.monotonic()
        reports = self._cameras.reports()
        for report in self._cameras.changed(reports):
            if report.status == "blind":
                self._flush(report.camera)
            self._channel.send(report)
        self._pipeline.press(self._pressure.step(sum(report.dropped for report in reports)))
        keys = (self._key,) if self._key else ()
        beat = VisionBeat(
            at_ms=mono_ms(),
            cameras=reports,
            counters=self._pipeline.counters,
            keys=keys,
            runtime=self._networks.kind,
            networks=self._networks.used,
        )
        self._channel.send(beat)

    def _flush(self, camera: str) -> None:
        self._tell(self._pipeline.flush(camera))
        if self._trace is not None:
            self._trace.finished(camera)

    def _tell(self, signals: Iterable[Signal]) -> None:
        for found in signals:
            self._channel.send(found)

    def _show(self, frame: Frame) -> None:
        """A tile for whoever watches this camera."""
        now = mono_ms()
        if not self._watched(frame.camera) or now - self._tile_ms.get(frame.camera, 0) < TILE_S * 1000:
            return
        self._tile_ms[frame.camera] = now
        self._channel.send(Tile(camera=frame.camera, jpeg=_jpeg(frame.bgr(TILE_WIDTH), TILE_QUALITY)))


def _kept(_packet: None) -> None:
    """A full stream keeps its packets itself."""


def _asleep(source: CameraService) -> bool:
    return source.asleep


def _jpeg(picture: Picture, quality: int = JPEG_QUALITY) -> bytes:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def _report(camera: str, status: ServiceStatus, picture: Cause, now_ms: int, dropped: int) -> CameraReport:
    state: dict[str, tuple[str, str]] = {
        "ok": ("ok" if picture in SEEING else "blind", picture),
        "starting": ("starting", ""),
        "lost": ("blind", "no_frames"),
        "ended": ("blind", "ended"),
    }
    told, cause = state[status.state]
    return CameraReport(
        camera=camera,
        at_ms=now_ms,
        status=told,  # type: ignore[arg-type]
        cause=cause,
        detail=status.error,
        last_frame_ms=None if status.age_s is None else now_ms - round(status.age_s * 1000),
        frames=status.items,
        dropped=dropped,
    )


class Listener:
    """The reader's thread: orders in, from the first moment on, so that the gate never waits for networks to load.

    While they load, orders wait here, but the order to stop, and the gate's end, are obeyed at once.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._vision: Vision | None = None
        self._waiting: list[ToVision] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name="gate", daemon=True).start()

    def serve(self, vision: Vision) -> None:
        """Hand over everything that came and comes."""
        with self._lock:
            for order in self._waiting:
                vision.order(order)
            self._vision = vision

    def _listen(self) -> None:
        try:
            while True:
                self._pass_on(self._channel.receive(None))
        except ChannelClosed:
            # When the gate is gone, so is this process, whatever it is doing: nobody hears its last words.
            os._exit(1)

    def _pass_on(self, message: object) -> None:
        with self._lock:
            if self._vision is not None:
                self._vision.order(message)  # type: ignore[arg-type]
            elif isinstance(message, Stop):
                os._exit(0)
            else:
                self._waiting.append(message)  # type: ignore[arg-type]


def main() -> int:
    """Serve the gate at the other end of the socket whose number is the only argument."""
    # Ctrl-C, and some who stop services, reach the whole group; the gate decides when this process ends.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    configure_logs()
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), ToVision)
    begin = channel.receive(30.0)
    if not isinstance(begin, Begin):
        return 1
    listener = Listener(channel)
    with ExitStack() as stack:
        try:
            senses = {sense for camera in begin.config.cameras for sense in camera.senses}
            living = cameras_requiring(begin.config)
            networks = open_networks(begin.config.recognition, senses, Store(), living)
            trace = stack.enter_context(Path(begin.trace).open("ab", buffering=0)) if begin.trace else None
            vision = Vision(begin, channel, networks, trace)
        except (ModelsError, OSError) as error:
            log.error("vision cannot start", error=str(error))  # noqa: TRY400 - the text says it all
            return REFUSED
        listener.serve(vision)
        try:
            vision.run()
        except ChannelClosed:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
