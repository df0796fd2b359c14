"""Frames between the cameras' threads and the one that looks at them: bounded, and fair to every camera."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from zhian_edge.capture.frame import Frame

#: Frames kept of a camera: whoever looks may be away for a third of a second at 25 frames a second before one is lost.
#: A frame of 1080p that waits takes 3 MB.
DEPTH: Final = 8


class FrameBuffer:
    """The newest frames of every camera. When it is full the oldest frame of that same camera is dropped and counted,
    so that a flooding camera costs the others nothing; only frames are ever dropped, and only here.
    """

    def __init__(
        self, cameras: tuple[str, ...], depth: int = DEPTH, urgent: Callable[[str], bool] = lambda _camera: False
    ) -> None:
        """Keep at most `depth` frames of each of `cameras`; `urgent` ones have every second turn, asked when taken."""
        self._queues: dict[str, deque[Frame]] = {camera: deque() for camera in cameras}
        self._depth = depth
        self._dropped = dict.fromkeys(cameras, 0)
        self._turns = deque(cameras)
        self._urgent = urgent
        self._favoured = False
        self._changed = threading.Condition()

    def put(self, frame: Frame) -> None:
        """Never blocks.

        Raises:
            KeyError: the frame's camera is not one of this buffer.
        """
        with self._changed:
            queue = self._queues[frame.camera]
            if len(queue) >= self._depth:
                queue.popleft()
                self._dropped[frame.camera] += 1
            queue.append(frame)
            self._changed.notify()

    def take(self, timeout_s: float) -> Frame | None:
        """The oldest frame of the next camera in turn; None when none came within `timeout_s` seconds."""
        with self._changed:
            self._changed.wait_for(self._any, timeout_s)
            return self._next()

    def room(self, camera: str) -> int:
        """Frames of `camera` that can be put now without one being dropped."""
        with self._changed:
            return self._depth - len(self._queues[camera])

    def dropped(self) -> dict[str, int]:
        """Frames dropped so far, by camera."""
        with self._changed:
            return dict(self._dropped)

    def _any(self) -> bool:
        return any(self._queues.values())

    def _next(self) -> Frame | None:
        """An urgent camera's frame and one of whoever's turn it is, alternately: so nobody waits without bound."""
        self._favoured = not self._favoured
        if self._favoured:
            for camera in self._turns:
                if self._queues[camera] and self._urgent(camera):
                    return self._queues[camera].popleft()
        for _ in range(len(self._turns)):
            camera = self._turns[0]
            self._turns.rotate(-1)
            if self._queues[camera]:
                return self._queues[camera].popleft()
        return None
