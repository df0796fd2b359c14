"""Sends through apprise: DingTalk, WeCom, Feishu, Bark, e-mail, webhooks and many more by one address."""

from __future__ import annotations

import logging
import re
from typing import Final

import apprise

from ..errors import SendFailed
from .inbox import SCHEME, address

_ADDRESS: Final = re.compile(r"[a-z0-9+]+://\S+")


class ApprisePost:
    """One thread uses it: apprise tells why it failed only in its log, which is read per notice."""

    def __init__(self, key: bytes, port: int) -> None:
        self._key = key
        self._port = port

    def send(self, address_: str, title: str, body: str) -> None:
        """As the protocol says."""
        url = address(self._key, self._port, address_) if address_.startswith(SCHEME) else address_
        provider = apprise.Apprise()
        if not provider.add(url):
            raise SendFailed("no provider is known for this address")
        with apprise.LogCapture(  # type: ignore[no-untyped-call]
            level=logging.WARNING, fmt="%(message)s"
        ) as said:
            sent = provider.notify(body=body, title=title)
            text = said.getvalue()
        if not sent:
            raise SendFailed(_without_secrets(text) or "the provider did not take it")


def _without_secrets(text: str) -> str:
    """The last line of what apprise said, without addresses: these hold tokens."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return _ADDRESS.sub("(address)", lines[-1])[:300] if lines else ""
