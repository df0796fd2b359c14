"""What the contract demands of the other side of any device."""

from __future__ import annotations

from typing import Protocol


class Peer(Protocol):
    """Another process, of somebody else's code where there is any."""

    driver: str

    @property
    def version(self) -> str:
        """What it is and which, as that code says itself; known when it was started."""
        ...

    def start(self) -> None: ...

    def kill(self) -> None:
        """As by kill -9."""
        ...

    def close(self) -> None:
        """The test is over: nothing of it is left."""
        ...

    def garbage(self) -> None:
        """Bytes that mean nothing come to the driver, before the peer's next ones."""
        ...

    def cut(self) -> None:
        """Of the peer's next message only a part arrives."""
        ...
