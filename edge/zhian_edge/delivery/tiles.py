"""Live tiles for whoever watches a camera: only the latest counts, and what cannot be sent at once is dropped."""

from __future__ import annotations

import threading

import httpx

from .credentials import Credentials
from .http import open_client, request


class Tiles:
    """A service (see `supervisor`): each step sends the latest tile of every camera that has a new one."""

    name = "tiles"

    def __init__(self, url: str, credentials: Credentials) -> None:
        self._url = url
        self._credentials = credentials
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()
        self._latest: dict[str, bytes] = {}
        self._some = threading.Event()

    def put(self, camera: str, jpeg: bytes) -> None:
        """The camera sees this now."""
        with self._lock:
            self._latest[camera] = jpeg
        self._some.set()

    def open(self) -> None:
        self.close()
        self._client = open_client(self._url, self._credentials)

    def step(self) -> list[str]:
        """Send what is new; the cameras.

        Raises:
            LinkLost, LinkRefused: these tiles are lost; newer ones come.
        """
        assert self._client is not None
        self._some.wait(0.5)
        self._some.clear()
        with self._lock:
            latest, self._latest = self._latest, {}
        for camera, jpeg in latest.items():
            request(self._client, "PUT", f"/live/{camera}", content=jpeg, headers={"Content-Type": "image/jpeg"})
        return list(latest)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
