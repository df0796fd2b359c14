"""The gate's own control socket, by which tools on the same machine ask the running node."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from zhian_edge.errors import EdgeError, LinkLost

log = structlog.get_logger(__name__)

NAME: Final = "control.sock"
_MAX: Final = 1 << 20
#: An order is answered when it is on the disk and its barrier has spoken, which may take some seconds.
_PATIENCE_S: Final = 8.0


class ControlServer:
    """Answers each line of JSON `{"ask": NAME, ...}` by one line; only the node's own user may connect.

    Args:
        answers: by name; they take nothing. orders: by name; they take the other words of the question.
    """

    def __init__(
        self,
        folder: Path,
        answers: Mapping[str, Callable[[], Any]],
        orders: Mapping[str, Callable[[Mapping[str, str]], Any]] | None = None,
    ) -> None:
        self._folder = folder
        self._answers = {**{name: _wordless(made) for name, made in answers.items()}, **(orders or {})}
        self._socket = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        """Begin to listen. The caller owns the folder, so a socket that lies there is of a node that was killed."""
        with _short(self._folder) as folder:
            (self._folder / NAME).unlink(missing_ok=True)
            self._socket.bind(f"{folder}/{NAME}")
        (self._folder / NAME).chmod(0o600)
        self._socket.listen(4)
        self._thread.start()

    def stop(self) -> None:
        """End; who waits for an answer gets none."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._thread.ident is not None:
            self._thread.join(2.0)
        (self._folder / NAME).unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            with peer, suppress(OSError):
                peer.settimeout(2.0)
                peer.sendall(self._answer(_line(peer)) + b"\n")

    def _answer(self, line: bytes) -> bytes:
        try:
            words = msgspec.json.decode(line, type=dict[str, str])
        except msgspec.DecodeError as error:
            return msgspec.json.encode({"error": str(error)})
        asked = words.pop("ask", "")
        made = self._answers.get(asked)
        if made is None:
            return msgspec.json.encode({"error": f"asked for {asked!r}; there is {', '.join(self._answers)}"})
        try:
            return msgspec.json.encode(made(words))
        except Exception as error:  # one answer that cannot be made must not end this thread, and with it all others
            log.warning("no answer", asked=asked, error=str(error), exc_info=not isinstance(error, EdgeError))
            return msgspec.json.encode({"error": f"{type(error).__name__}: {error}"})


def _wordless(made: Callable[[], Any]) -> Callable[[Mapping[str, str]], Any]:
    return lambda _words: made()


def ask(folder: Path, what: str, **words: str) -> Any:
    """What the running node of `folder` answers to the question `what` with these words.

    Raises:
        LinkLost: none runs there, or it does not answer.
    """
    try:
        with socket.socket(socket.AF_UNIX) as peer, _short(folder) as short:
            peer.settimeout(_PATIENCE_S)
            peer.connect(f"{short}/{NAME}")
            peer.sendall(msgspec.json.encode({"ask": what, **words}) + b"\n")
            return msgspec.json.decode(_line(peer))
    except (OSError, msgspec.DecodeError) as error:
        raise LinkLost(f"no node answers in {folder}: {error}") from error


def _line(peer: socket.socket) -> bytes:
    data = bytearray()
    while not data.endswith(b"\n") and len(data) < _MAX:
        piece = peer.recv(65536)
        if not piece:
            break
        data += piece
    return bytes(data)


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A short name for `folder`, since the address of a Unix socket has room for 107 bytes only."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)
