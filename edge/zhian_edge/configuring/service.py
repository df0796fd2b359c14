"""Tells the gateway what configuration this node runs, and fetches the one that is wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

import httpx
import msgspec
from zhian_wire.configuration import Desired, Push, Report

from zhian_edge.delivery.asking import Asking
from zhian_edge.delivery.credentials import Credentials
from zhian_edge.delivery.http import open_client, request
from zhian_edge.errors import LinkLost

#: A word of the gateway that was lost costs at most this long.
POLL_S: Final = 60.0
#: While a node tries a configuration, it wants to know soon that it reaches the gateway.
_NAP_S: Final = 0.5
_JSON: Final = {"Content-Type": "application/json"}


class ConfigurationService:
    """A service (see `supervisor`); items are pushes that were not answered yet.

    Args:
        report: what is told, made anew each time.
    """

    name = "configuration"

    def __init__(self, url: str, credentials: Credentials, report: Callable[[], Report]) -> None:
        self._url = url
        self._credentials = credentials
        self._report = report
        self._client: httpx.Client | None = None
        self._asking = Asking(POLL_S, _NAP_S)
        self._reached = False

    @property
    def reached(self) -> bool:
        """Whether the gateway has answered since this program began."""
        return self._reached

    def wake(self) -> None:
        """There is something to fetch or to tell; any thread may say so."""
        self._asking.wake()

    def open(self) -> None:
        self.close()
        self._client = open_client(self._url, self._credentials)
        self._asking.wake()

    def step(self) -> list[Push]:
        """Wait until it is time, then tell and ask.

        Raises:
            LinkLost, LinkRefused: neither was possible.
        """
        return self._exchange() if self._asking.due() else []

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _exchange(self) -> list[Push]:
        desired = self._fetch()
        if desired is None:
            return []
        report = self._report()
        body = msgspec.json.encode(report)
        if desired.known != hashlib.sha256(body).hexdigest():
            self._tell(body)
        push = desired.push
        answered = push is None or push.id in (report.trying, report.outcome.push if report.outcome else "")
        return [] if push is None or answered else [push]

    def _fetch(self) -> Desired | None:
        """What is wanted; None from a gateway of before, which keeps no configurations."""
        assert self._client is not None
        answer = request(self._client, "GET", "/configuration")
        self._reached = True
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise LinkLost(f"{self._url}: GET /configuration was answered {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=Desired)
        except msgspec.DecodeError as error:
            raise LinkLost(f"{self._url}: not a configuration: {error}") from error

    def _tell(self, body: bytes) -> None:
        assert self._client is not None
        answer = request(self._client, "PUT", "/configuration", content=body, headers=_JSON)
        if answer.status_code not in (200, 204):
            raise LinkLost(f"{self._url}: PUT /configuration was answered {answer.status_code}")
