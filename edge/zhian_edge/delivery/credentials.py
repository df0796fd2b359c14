"""Who this node is towards broker and gateway: by its certificate, or by a token on the gateway's own machine."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from zhian_wire.topics import client_of

from zhian_edge.config.types import Config
from zhian_edge.errors import BadSecret

from .papers import Papers, utc_now


class Credentials(Protocol):
    """What both links present. Read anew for each connection, so that a renewed secret is used without a restart."""

    def login(self) -> tuple[str, str] | None:
        """User name and password for the broker; None: there is none to present."""

    def client(self) -> str:
        """As `client_of` its secret."""

    def headers(self) -> dict[str, str]:
        """For every HTTP request."""

    def tls(self) -> ssl.SSLContext:
        """For `mqtts://` and `https://`."""

    def version(self) -> int:
        """Another number once `tls` has something else to show."""


class TokenFile:
    """A token in a file that only its owner may read; the user name is the node's id.

    Every method may raise `BadSecret`.
    """

    def __init__(self, node: str, path: Path, ca_file: Path | None = None) -> None:
        self._node = node
        self._path = path
        self._ca_file = ca_file

    def login(self) -> tuple[str, str] | None:
        return self._node, read_secret(self._path)

    def client(self) -> str:
        return client_of(read_secret(self._path).encode())

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {read_secret(self._path)}", "X-Zhian-Node": self._node}

    def tls(self) -> ssl.SSLContext:
        return _trusting(self._ca_file)

    def version(self) -> int:
        return 0


class Certificate:
    """The certificate that this node was given when it joined; it trusts the authority that gave it, and no other.

    Every method but `login` and `headers` may raise `BadSecret`.
    """

    def __init__(
        self, node: str, papers: Papers, ca_file: Path | None = None, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._node = node
        self._papers = papers
        self._ca_file = ca_file or papers.authority
        self._now = now

    def login(self) -> tuple[str, str] | None:
        return None

    def client(self) -> str:
        return self._papers.client()

    def headers(self) -> dict[str, str]:
        return {"X-Zhian-Node": self._node}

    def tls(self) -> ssl.SSLContext:
        self._papers.check(self._node, self._now())
        context = _trusting(self._ca_file)
        try:
            context.load_cert_chain(self._papers.pair)
        except (OSError, ssl.SSLError) as error:
            raise BadSecret(f"{self._papers.pair}: cannot be used: {error}") from error
        return context

    def version(self) -> int:
        try:
            # The sum: what is shown and who is trusted change each by itself.
            return self._papers.pair.stat().st_mtime_ns + self._ca_file.stat().st_mtime_ns
        except OSError as error:
            raise BadSecret(f"{self._papers.pair}: {error.strerror or error}") from error


class Nameless:
    """No secret at all: for a broker and gateway on this machine that ask for none."""

    def __init__(self, node: str, ca_file: Path | None = None) -> None:
        self._node = node
        self._ca_file = ca_file

    def login(self) -> tuple[str, str] | None:
        return None

    def client(self) -> str:
        # A broker that asks for nothing lets anybody do everything anyway.
        return ""

    def headers(self) -> dict[str, str]:
        return {"X-Zhian-Node": self._node}

    def tls(self) -> ssl.SSLContext:
        return _trusting(self._ca_file)

    def version(self) -> int:
        return 0


def credentials_of(config: Config) -> Credentials:
    """A node that has joined is known by its certificate; else what the configuration names."""
    ca_file = Path(config.gateway.ca_file) if config.gateway.ca_file else None
    papers = Papers(Path(config.node.home))
    if papers.joined:
        return Certificate(config.node.id, papers, ca_file)
    if not config.gateway.token_file:
        return Nameless(config.node.id, ca_file)
    return TokenFile(config.node.id, Path(config.gateway.token_file), ca_file)


def read_secret(path: Path) -> str:
    """The text of a secret's file.

    Raises:
        BadSecret: it is missing or empty, or others on this machine may read it.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSecret(f"{path}: cannot be read: {error}") from error
    if mode & 0o077:
        raise BadSecret(f"{path}: others may read it (mode {mode & 0o777:o}); run: chmod 600 {path}")
    if not text:
        raise BadSecret(f"{path}: is empty; `zhian-gateway node add NODE` prints a token to put there")
    return text


def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise BadSecret(f"{ca_file}: no certificates to trust: {error}") from error
