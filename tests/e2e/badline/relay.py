"""Passes what comes in at one listener on to a server of this machine."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Final

_PIECE: Final = 65536


class Relay:
    """`door` is a listener, perhaps of another network namespace; `port` is the server's."""

    def __init__(self, door: socket.socket, port: int) -> None:
        self._door = door
        self._port = port
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._admit, name="relay")]
        self._threads[0].start()

    def close(self) -> None:
        """Cut everybody off, and let nobody in any more."""
        with self._lock:
            for each in (self._door, *self._open):
                _cut(each)
        for thread in self._threads:
            thread.join()
        self._door.close()

    def _admit(self) -> None:
        # `accept` fails once the door is shut down.
        with suppress(OSError):
            while True:
                far, _ = self._door.accept()
                thread = threading.Thread(target=self._connect, args=(far,), name="relay")
                with self._lock:
                    self._open.add(far)
                    self._threads.append(thread)
                    thread.start()

    def _connect(self, far: socket.socket) -> None:
        """Until one of both hangs up."""
        with suppress(OSError), far, socket.create_connection(("127.0.0.1", self._port)) as server:
            for end in (far, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=_pass_on, args=(server, far), name="relay")
            back.start()
            _pass_on(far, server)
            back.join()
        with self._lock:
            self._open.discard(far)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_PIECE):
            sink.sendall(data)
    for end in (source, sink):
        _cut(end)


def _cut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
