"""Sends through apprise: DingTalk, WeCom, Feishu, Bark, e-mail, webhooks and many more by one address."""

from __future__ import annotations

import logging
import re
from typing import Final

import apprise

from ..errors import SendFailed

_ADDRESS: Final = re.compile(r"[a-z0-9+]+://\S+")


class ApprisePost:
    """One thread uses it: apprise tells why it failed only in its log, which is read per notice."""

    def send(self, address: str, title: str, body: str) -> None:
        """As the protocol says."""
        provider = apprise.Apprise()
        if not provider.add(address):
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
