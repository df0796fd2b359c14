"""Asks the gateway that runs on this machine, as one of its own tools."""

from __future__ import annotations

from typing import Final

import httpx

from ..errors import NotRunning
from ..services import Services
from .token import own_token

#: A gateway of the same machine answers sooner.
PATIENCE_S: Final = 5.0
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - the same machine


def url_of(parts: Services) -> str:
    """Where the running gateway listens."""
    listen = parts.config.listen
    host = _ANY.get(listen.host, listen.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{listen.port}"


def ask_running(parts: Services, path: str) -> bytes:
    """What it answers to a question of this machine's own tools.

    Raises:
        NotRunning: nobody answers there, or another gateway does.
    """
    url = url_of(parts)
    headers = {"Authorization": f"Bearer {own_token(parts.store.key)}"}
    try:
        answer = httpx.get(f"{url}{path}", headers=headers, timeout=PATIENCE_S, trust_env=False)
    except httpx.HTTPError as error:
        raise NotRunning(f"{url} does not answer: {type(error).__name__}") from error
    if answer.status_code != 200:
        raise NotRunning(f"{url} answered {answer.status_code}; is it another site's gateway?")
    return answer.content
