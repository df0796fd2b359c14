"""Sends through apprise: DingTalk, WeCom, Feishu, Bark, e-mail, webhooks and many more by one address.

apprise says yes or no. Why it was a no stands only in its log, which is read here for each thread by itself: whether
the provider refused, is in trouble, was never reached, or may have taken it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Final

import apprise

from ..outbound import Resolve, addresses, is_public
from .messages import Message
from .naming import on_own_server
from .outcomes import Outcome, delivered, later, refused, unsure

_ADDRESS: Final = re.compile(r"[a-z0-9+]+://\S+")
_STATUS: Final = re.compile(r"error=(\d{3})\b")
#: What `requests` and `smtplib` say of a connection that never stood; nothing was sent.
_UNREACHED: Final = re.compile(
    r"ConnectTimeout|NewConnectionError|NameResolution|Failed to establish|Connection refused|getaddrinfo|"
    r"Name or service|connect timeout|No route to host|Network is unreachable",
    re.I,
)
_CERTIFICATE: Final = re.compile(r"CERTIFICATE_VERIFY_FAILED[^:]*: (?:certificate verify failed: )?([^()\[]*)")


class ApprisePost:
    """Any thread may use it.

    Servers of somebody's own are looked at before as webhooks are (`outbound.py`); but the library looks the name up
    once more by itself.
    """

    repeatable = False

    def __init__(self, allowed: Collection[str] = (), resolve: Resolve = addresses) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._resolve = resolve

    def send(self, address: str, message: Message) -> Outcome:
        """As the protocol says."""
        with _heard() as lines:
            # The provider itself, and not a collection of them: that one would send in a thread of its own.
            provider = apprise.Apprise.instantiate(address)
            if provider is None:
                return refused("no provider is known for this address")
            if not self._may(address, getattr(provider, "smtp_host", None) or provider.host or ""):
                return refused("not a public address, and [outbound] private_hosts does not name it", whole=True)
            sent = provider.notify(body=message.body, title=message.title)
        return delivered() if sent else judged(lines)

    def _may(self, address: str, host: str) -> bool:
        """In other schemes the host is a token, and no business of the name servers."""
        if not host or not on_own_server(address) or host.lower() in self._allowed:
            return True
        try:
            return all(is_public(ip_address(place)) for place in self._resolve(host.strip("[]"), 443))
        except OSError:
            return True  # nobody will be reached there


def judged(lines: list[tuple[int, str]]) -> Outcome:
    """What a log of (level, line) says of why it was not sent."""
    said = _shown(lines)
    if found := _STATUS.search("\n".join(line for level, line in lines if level >= logging.WARNING)):
        return _of_status(int(found[1]), said)
    # What was to be sent stands there, too, and may say anything.
    whole = "\n".join(line for _, line in lines if "Payload" not in line)
    if found := _CERTIFICATE.search(whole):
        return refused(f"the provider's certificate is wrong: {found[1].strip()}", whole=True)
    if _UNREACHED.search(whole):
        return later(f"not reached: {said}", whole=True)
    return unsure(said)


def _of_status(status: int, said: str) -> Outcome:
    if status in {502, 504}:
        return unsure(said)
    if status in {408, 425, 429} or status >= 500:
        return later(said, whole=True)
    return refused(said)


def _shown(lines: list[tuple[int, str]]) -> str:
    """The last warning, without addresses: these hold tokens."""
    warnings = [line.strip() for level, line in lines if level >= logging.WARNING and line.strip()]
    return _ADDRESS.sub("(address)", warnings[-1])[:200] if warnings else "the provider did not take it"


class _Ear(logging.Handler):
    """Hears what one thread says."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._thread = threading.get_ident()
        self.lines: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """As logging says. What is heard never leaves this module whole: it holds addresses and texts."""
        if record.thread == self._thread:
            self.lines.append((record.levelno, record.getMessage()))


@contextmanager
def _heard() -> Iterator[list[tuple[int, str]]]:
    """What apprise says in this thread meanwhile, and to nobody else."""
    ear, source = _Ear(), logging.getLogger("apprise")
    source.setLevel(logging.DEBUG)
    source.propagate = False
    source.addHandler(ear)
    try:
        yield ear.lines
    finally:
        source.removeHandler(ear)
