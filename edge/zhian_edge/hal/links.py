"""Byte streams to devices: a serial port, or TCP to a converter that has one at its other end."""

from __future__ import annotations

import errno
import select
import socket
from abc import ABC, abstractmethod
from contextlib import suppress
from types import TracebackType
from typing import Final, Literal, Protocol, Self
from urllib.parse import urlsplit

from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError
from zhian_edge.extras import pip_install

Parity = Literal["none", "even", "odd"]
CONNECT_S: Final = 3.0
WRITE_S: Final = 2.0
_MOST: Final = 4096


class Link(Protocol):
    """A stream that is open. One thread reads; `close` may be called twice and never raises."""

    def fileno(self) -> int: ...

    def read(self, timeout_s: float) -> bytes:
        """What came within `timeout_s`; empty when nothing did. Raises `DeviceLost` when the other end is gone."""
        ...

    def write(self, data: bytes) -> None:
        """All of `data`. Raises `DeviceLost` when it cannot be sent."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_link(address: str, baud: int = 9600, parity: Parity = "none") -> Link:
    """Open `/dev/...` or `tcp://host:port`.

    Raises:
        DeviceLost: it is not there just now.
        DeviceRefused: it can never be opened so: no right to it, no such name, pyserial is missing.
    """
    if address.startswith("tcp://"):
        return TcpLink(address)
    return SerialLink(address, baud, parity)


class _Closing(ABC):
    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class TcpLink(_Closing):
    """A converter's port. Nothing is waited for to fill a packet, and a peer that vanished is noticed by keep-alive."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._address = address
        try:
            self._socket = socket.create_connection((parts.hostname or "", parts.port or 0), CONNECT_S)
        except socket.gaierror as error:
            raise DeviceLost(f"{address}: no such host: {error.strerror}") from error
        except OSError as error:
            raise DeviceLost(f"{address}: {error.strerror or error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in ((socket.TCP_KEEPIDLE, 5), (socket.TCP_KEEPINTVL, 2), (socket.TCP_KEEPCNT, 3)):
            self._socket.setsockopt(socket.IPPROTO_TCP, option, value)
        self._socket.settimeout(WRITE_S)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self, timeout_s: float) -> bytes:
        """As `Link`."""
        try:
            if not select.select([self._socket], [], [], timeout_s)[0]:
                return b""
            data = self._socket.recv(_MOST)
        except (OSError, ValueError) as error:
            raise DeviceLost(f"{self._address}: {error}") from error
        if not data:
            raise DeviceLost(f"{self._address}: the other end closed the connection")
        return data

    def write(self, data: bytes) -> None:
        """As `Link`."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise DeviceLost(f"{self._address}: {error}") from error

    def close(self) -> None:
        """As `Link`."""
        self._socket.close()


class SerialLink(_Closing):
    """A serial port, eight bits and one stop bit, for this process alone."""

    def __init__(self, path: str, baud: int, parity: Parity) -> None:
        try:
            import serial  # noqa: PLC0415 - an extra: only who has serial ports needs it
        except ModuleNotFoundError as error:
            raise DeviceRefused(f"{path}: the package pyserial is missing: {pip_install('serial')}") from error
        self._path = path
        try:
            self._port = serial.Serial(
                path, baud, parity=parity[0].upper(), timeout=0, write_timeout=WRITE_S, exclusive=True
            )
        except (OSError, ValueError) as error:  # pyserial's own errors are OSErrors
            raise _not_opened(path, error) from error

    def fileno(self) -> int:
        return int(self._port.fileno())

    def read(self, timeout_s: float) -> bytes:
        """As `Link`."""
        try:
            if not select.select([self._port], [], [], timeout_s)[0]:
                return b""
            data = bytes(self._port.read(_MOST))
        except (OSError, ValueError, TypeError) as error:  # pyserial gives TypeError for a port closed meanwhile
            raise DeviceLost(f"{self._path}: {error}") from error
        if not data:
            raise DeviceLost(f"{self._path}: readable without a byte: it was unplugged")
        return data

    def write(self, data: bytes) -> None:
        """As `Link`."""
        try:
            self._port.write(data)
        except (OSError, TypeError) as error:
            raise DeviceLost(f"{self._path}: {error}") from error

    def close(self) -> None:
        """As `Link`."""
        with suppress(OSError):
            self._port.close()


def _not_opened(path: str, error: OSError | ValueError) -> EdgeError:
    """A port that is unplugged or in use may come back; one that we may not open does not."""
    number = getattr(error, "errno", None)
    if isinstance(error, ValueError) or number in (errno.EACCES, errno.EPERM):
        return DeviceRefused(f"{path}: {error}; the node's user must be in the group that owns it (dialout)")
    return DeviceLost(f"{path}: {error}")
