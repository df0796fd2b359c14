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
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

import apprise

from ..outbound import Resolve, addresses, is_public
from . import mail_answers
from .confining import PlaceRefused, confined
from .messages import Message
from .naming import scheme
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


#: What shows or writes something on the gateway's own machine, and asks nobody.
_LOCAL: Final = frozenset({"blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
#: paho connects to itself, over loopback, and sends in a thread of its own: its host is looked at before, and no more.
_OWN_THREADS: Final = frozenset({"mqtt", "mqtts"})
#: A mail server greets, encrypts, lets in and then takes the message.
_MAIL: Final = frozenset({"mailto", "mailtos"})
_MAIL_TURNS: Final = 2
_PRIVATE: Final = "not a public address, and [outbound] private_hosts does not name it"


class ApprisePost:
    """Any thread may use it.

    Whatever the library says has a host is looked at before, as webhooks are (`outbound.py`), and what the library
    then really asks is looked at as well (`confining.py`). Redirects are not followed.

    Args:
        timeout_s: whoever answers no sooner, or for longer, is not waited for (a mail server: twice as long).
    """

    repeatable = False

    def __init__(self, allowed: Collection[str] = (), resolve: Resolve = addresses, *, timeout_s: float = 10.0) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._resolve = resolve
        self._timeout_s = timeout_s

    def send(self, address: str, message: Message) -> Outcome:
        """As the protocol says."""
        with _heard() as lines:
            # The provider itself, and not a collection of them: that one would send in a thread of its own.
            provider = apprise.Apprise.instantiate(address)
            if provider is None:
                return refused("no provider is known for this address")
            if scheme(address) in _LOCAL:
                return refused("leads nowhere but to the gateway's own machine")
            # Also where the address asks for it: a provider that moved is somebody's to look at.
            provider.redirects = False
            host = _host(provider)
            places, own = self._places(host), host.lower() in self._allowed
            if not own and not all(is_public(ip_address(place)) for place in places):
                return refused(_PRIVATE, whole=True)
            if scheme(address) in _OWN_THREADS:
                return _outcome(provider, message, lines)
            most_s = self._timeout_s * (_MAIL_TURNS if scheme(address) in _MAIL else 1)
            with confined(places if own else (), most_s=most_s) as confinement:
                outcome = _outcome(provider, message, lines)
        if confinement.late:
            return unsure(f"no answer: it did not end within {most_s:g} s")
        return refused(_PRIVATE, whole=True) if confinement.refused and outcome.kind != "delivered" else outcome

    def _places(self, host: str) -> list[str]:
        """Where a host is; nowhere if nobody knows it."""
        try:
            return self._resolve(host.strip("[]"), 443) if host else []
        except OSError:
            return []


def _host(provider: apprise.NotifyBase) -> str:
    """Whom the library asks; "" where it is the provider's own servers, and what stands there is a token."""
    host = getattr(provider, "smtp_host", None) or (provider.host if "host" in provider.template_tokens else "")
    return str(host or "")


def _outcome(provider: apprise.NotifyBase, message: Message, lines: list[tuple[int, str]]) -> Outcome:
    try:
        sent = provider.notify(body=message.body, title=message.title)
    except PlaceRefused as error:
        return refused(str(error), whole=True)
    return delivered() if sent else judged(lines)


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
    said_each = [line for _, line in lines]
    if outcome := mail_answers.judged(said_each):
        return outcome
    return replace(unsure(said), whole=not mail_answers.of_one_receiver(said_each))


def _of_status(status: int, said: str) -> Outcome:
    if status in {502, 504}:
        return unsure(said)
    if status in {408, 425, 429} or status >= 500:
        return later(said, whole=True)
    return refused(said)


def _shown(lines: list[tuple[int, str]]) -> str:
    """The last warning, without addresses: these hold tokens."""
    warnings = [line.strip() for level, line in lines if level >= logging.WARNING and line.strip()]
    if not warnings:
        return "the provider did not take it"
    return mail_answers.masked(_ADDRESS.sub("(address)", warnings[-1]))[:200]


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
