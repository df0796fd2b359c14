"""A cable between a driver and its peer that can carry noise, cut what it carries, and be a pty or TCP."""

from __future__ import annotations

import os
import selectors
import socket
import threading
import tty
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Final

from support.ports import free_port
from support.waiting import eventually

_MOST: Final = 65536


class Wire(ABC):
    """Carries bytes both ways in a thread of its own. Driver and peer each have an end."""

    def __init__(self) -> None:
        self._cutting = threading.Event()
        self._ahead = b""
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)

    def noise(self, data: bytes) -> None:
        """Let these bytes come to the driver now."""
        with self._lock:
            self._to_driver(data)

    def cut(self) -> None:
        """Of what the peer says next only the first half arrives; returns when that was said."""
        self.begin_cut()
        eventually(lambda: not self._cutting.is_set(), "something to cut")

    def precede(self, data: bytes) -> None:
        """Let these bytes come to the driver before what the peer says next."""
        self._ahead = data

    def begin_cut(self) -> None:
        """The same, without waiting for it."""
        self._cutting.set()

    def close(self) -> None:
        self._ended.set()
        self._thread.join(5)

    def _spoiled(self, data: bytes) -> bytes:
        ahead, self._ahead = self._ahead, b""
        if not self._cutting.is_set():
            return ahead + data
        self._cutting.clear()
        return data[: len(data) // 2]

    @abstractmethod
    def _to_driver(self, data: bytes) -> None: ...

    @abstractmethod
    def _run(self) -> None: ...


class Pty(Wire):
    """Two pseudo-terminals, back to back."""

    kind = "a pty"

    def __init__(self) -> None:
        super().__init__()
        self._driver, self._peer = os.openpty(), os.openpty()
        for _, end in (self._driver, self._peer):
            tty.setraw(end)
        self.driver_end, self.peer_end = os.ttyname(self._driver[1]), os.ttyname(self._peer[1])
        self._thread.start()

    def close(self) -> None:
        super().close()
        for handle in (*self._driver, *self._peer):
            os.close(handle)

    def _to_driver(self, data: bytes) -> None:
        os.write(self._driver[0], data)

    def _run(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._driver[0], selectors.EVENT_READ)
            ready.register(self._peer[0], selectors.EVENT_READ)
            while not self._ended.is_set():
                for key, _ in ready.select(0.1):
                    data = os.read(key.fd, _MOST)
                    if key.fd == self._driver[0]:
                        os.write(self._peer[0], data)
                    else:
                        with self._lock:
                            self._to_driver(self._spoiled(data))


class Tcp(Wire):
    """A port that leads to the peer's port, one connection at a time."""

    kind = "TCP"

    def __init__(self) -> None:
        super().__init__()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(0.1)
        self._driver: socket.socket | None = None
        self.port: int = self._door.getsockname()[1]
        self.peer_port = free_port()
        self.driver_end, self.peer_end = f"tcp://127.0.0.1:{self.port}", f"tcp://127.0.0.1:{self.peer_port}"
        self._thread.start()

    def close(self) -> None:
        super().close()
        self._door.close()

    def hang_up(self) -> None:
        """Break the connection; the next one is let through."""
        driver = self._driver
        if driver is not None:
            with suppress(OSError):
                driver.shutdown(socket.SHUT_RDWR)

    def _to_driver(self, data: bytes) -> None:
        driver = self._driver
        if driver is not None:
            with suppress(OSError):
                driver.sendall(data)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                driver, _ = self._door.accept()
            except TimeoutError:
                continue
            with driver, suppress(OSError), socket.create_connection(("127.0.0.1", self.peer_port)) as peer:
                self._driver = driver
                self._carry(driver, peer)
            self._driver = None

    def _carry(self, driver: socket.socket, peer: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(driver, selectors.EVENT_READ, peer)
            ready.register(peer, selectors.EVENT_READ, driver)
            while not self._ended.is_set():
                for key, _ in ready.select(0.1):
                    data = key.fileobj.recv(_MOST)  # type: ignore[union-attr]
                    if not data:
                        return
                    if key.fileobj is driver:
                        peer.sendall(data)
                    else:
                        with self._lock:
                            self._to_driver(self._spoiled(data))
