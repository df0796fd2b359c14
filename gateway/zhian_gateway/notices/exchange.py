"""One POST to a provider and what is to be made of whatever comes back: slow, refused, broken off, or garbage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import httpx

from ..deadline import posted
from ..outbound import TargetRefused, wrong_certificate
from .outcomes import Outcome, later, refused, unsure

#: Nobody's answer is read further.
MOST_BYTES: Final = 64 * 1024
#: Nobody is waited for longer than this after `Retry-After`.
LONGEST_WAIT_S: Final = 3600.0
#: Somebody between us and the provider gave up waiting: it may have been taken.
_GAVE_UP_BETWEEN: Final = frozenset({502, 504})
_LATER: Final = frozenset({408, 425, 429})


class Answer(NamedTuple):
    """What a provider answered, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(client: httpx.Client, url: str, headers: Mapping[str, str], body: bytes, *, most_s: float) -> Answer | Outcome:
    """The answer, or what became of it without one.

    Args:
        most_s: the whole exchange takes no longer, however slowly an answer drips.
    """
    try:
        with posted(client, url, headers, body, most_s=most_s) as answer:
            return _read(answer)
    except TargetRefused as error:
        return refused(str(error), whole=True)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        return refused("the address cannot be used", whole=True)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        return _unreached(error)
    except httpx.HTTPError as error:
        return unsure(f"no answer: {type(error).__name__}")


def _unreached(error: httpx.TransportError) -> Outcome:
    """Nothing was sent."""
    wrong = wrong_certificate(error)
    if wrong is not None:
        said = wrong.verify_message or wrong.reason or "not trusted"
        return refused(f"the provider's certificate is wrong: {said}", whole=True)
    return later(f"not reached: {type(error).__name__}", whole=True)


def _read(answer: httpx.Response) -> Answer | Outcome:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            return unsure(f"the provider's answer is longer than {MOST_BYTES} bytes")
    return Answer(answer.status_code, answer.headers, body)


def judged(answer: Answer, now: datetime) -> Outcome | None:
    """What the status says of it; None for a success, whose body is the provider's own."""
    if 200 <= answer.status < 300:
        return None
    said = f"answered {answer.status}"
    if answer.status in _GAVE_UP_BETWEEN:
        return unsure(said)
    if answer.status in _LATER or answer.status >= 500:
        return later(said, retry_after(answer.headers, now), whole=True)
    if 300 <= answer.status < 400:
        return refused(f"{said}: redirects are not followed")
    return refused(said)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that `Retry-After` asks for (RFC 9110, 10.2.3), an hour at most; None where it says none."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT_S)
