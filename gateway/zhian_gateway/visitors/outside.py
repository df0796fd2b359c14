"""A screening service somewhere else, asked by HTTP: whatever goes wrong with it is the answer `unavailable`."""

from __future__ import annotations

from typing import Final, Literal

import httpx
import msgspec
import structlog

from ..config_visitors import Screening
from ..deadline import posted
from ..outbound import client
from .screening import Answer, Subject

log = structlog.get_logger(__name__)
LONGEST: Final = 64 * 1024


class _Said(msgspec.Struct, frozen=True):
    """What a service answers with status 200; other fields are left alone."""

    verdict: Literal["clear", "hit"]
    reason: str = ""


class Service:
    """One service of the configuration."""

    def __init__(self, settings: Screening, allowed: tuple[str, ...]) -> None:
        """`allowed`: hosts that may be on the site's own network."""
        self._settings = settings
        self._allowed = allowed

    def screen(self, subject: Subject) -> Answer:
        """As the protocol says: one question, within the time that the configuration gives it."""
        name = self._settings.name
        try:
            return self._asked(subject)
        except OSError:
            return Answer(name, "unavailable", "no token")
        except httpx.TimeoutException:
            why = "timeout"
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            why = "unreachable"
        log.warning("visitors.screening_failed", service=name, why=why)
        return Answer(name, "unavailable", why)

    def _asked(self, subject: Subject) -> Answer:
        settings = self._settings
        headers = {"Content-Type": "application/json"}
        if token := settings.secret():
            headers["Authorization"] = f"Bearer {token}"
        body = msgspec.json.encode(_question(subject))
        with (
            client(allowed=self._allowed, timeout_s=settings.timeout_s, ca_file=settings.ca_file) as web,
            posted(web, settings.url, headers, body, most_s=settings.timeout_s) as answer,
        ):
            if answer.status_code != 200:
                return Answer(settings.name, "unavailable", f"status {answer.status_code}")
            return _understood(settings.name, _read(answer))


def _question(subject: Subject) -> dict[str, str]:
    """What leaves the site, and no more: no face, no telephone."""
    return {
        "reference": subject.reference,
        "name": subject.name,
        "citizen_number": subject.citizen,
        "plate": subject.plate,
    }


def _read(answer: httpx.Response) -> bytes:
    data = b""
    for piece in answer.iter_bytes():
        data += piece
        if len(data) > LONGEST:
            break
    return data


def _understood(name: str, data: bytes) -> Answer:
    try:
        said = msgspec.json.decode(data, type=_Said)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Answer(name, "unavailable", "nonsense")
    return Answer(name, said.verdict, " ".join(said.reason.split())[:100])
