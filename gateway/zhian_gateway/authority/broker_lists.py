"""Keeps the broker's lists as the database has them: who may connect, and whose certificates hold no more.

Also whom it trusts, as the authority has it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from zhian_models.atomic import write_atomically

from ..config_types import Authority as Settings
from ..errors import AuthorityError
from ..nodes import identity
from ..services import Services
from . import broker_files, certificates
from .office import Authority, Pair

log = structlog.get_logger(__name__)

#: The broker's user reads them by their group, which is the folder's (`chmod g+s`).
_MODE: Final = 0o640


class BrokerLists:
    """Writes what has changed, and tells the broker; one thread's."""

    def __init__(self, services: Services, authority: Authority, settings: Settings) -> None:
        self._services = services
        self._authority = authority
        self._folder = Path(settings.broker_files)
        self._server = settings.broker
        self._pid_file = settings.broker_pid_file
        self._names = settings.names
        self._written: tuple[dict[str, int], list[str], bytes] | None = None

    def step(self) -> int:
        """Bring the files up to date; whether something was to do.

        Raises:
            AuthorityError: they cannot be written, or the broker not told.
        """
        parts, now = self._services, self._services.clock()
        with parts.store.read() as link:
            nodes = identity.certified(link, parts.site, now)
            withdrawn = identity.withdrawn(link, parts.site, now)
        wanted = nodes, sorted(withdrawn), self._authority.trusted
        if wanted == self._written:
            return 0
        try:
            write_trust(self._folder, self._authority, self._names, now)
            write_lists(self._folder, self._server, parts.site, nodes, self._authority.revocations(withdrawn, now))
            self._tell()
        except OSError as error:
            raise AuthorityError(f"{self._folder}: the broker's lists cannot be written: {error}") from error
        self._written = wanted
        log.info("broker.lists", nodes=len(nodes), withdrawn=len(withdrawn))
        return 1

    def _tell(self) -> None:
        if not self._pid_file:
            return
        try:
            number = int(Path(self._pid_file).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            # It does not run, and reads everything when it starts.
            return
        if number < 2:
            # Not one process's number; 0 and below would be whole groups'.
            return
        try:
            os.kill(number, signal.SIGHUP)
        except ProcessLookupError:
            return
        except PermissionError as error:
            advice = "leave broker_pid_file empty, and let zhian-broker.path tell the broker"
            raise AuthorityError(f"{self._pid_file}: the gateway may not signal the broker; {advice}") from error


def write_trust(folder: Path, authority: Authority, names: Collection[str], now: datetime) -> None:
    """Whom the broker trusts, and its own certificate where another root signs servers than when it was made.

    Raises:
        OSError: they cannot be written.
    """
    trusted = folder / broker_files.AUTHORITY
    if not trusted.exists() or trusted.read_bytes() != authority.trusted:
        _write(folder, {broker_files.AUTHORITY: authority.trusted})
    if not authority.vouches(folder / broker_files.CERTIFICATE):
        _write(folder, _pair_files(authority.broker_pair(names, now)))


def write_lists(folder: Path, server: broker_files.Server, site: str, nodes: Mapping[str, int], revoked: bytes) -> None:
    """The files that change while a broker runs.

    Raises:
        OSError: they cannot be written.
    """
    if server == "mosquitto":
        _write(folder, {broker_files.RIGHTS: broker_files.mosquitto_rights(site, nodes).encode()})
        # The last of them, so that whoever watches it finds all.
        _write(folder, {broker_files.REVOKED: revoked})
    else:
        _write(folder, {broker_files.ACCOUNTS: broker_files.nats_accounts(site, nodes).encode()})


def write_all(
    services: Services, authority: Authority, server: broker_files.Server, place: tuple[Path, str, int]
) -> None:
    """Everything that a broker needs, into a folder.

    Args:
        place: the folder, and on which host and port the broker is to listen.

    Raises:
        AuthorityError: the folder cannot be written.
    """
    folder, host, port = place
    settings = services.config.authority
    assert settings is not None
    now = services.clock()
    with services.store.read() as link:
        nodes, withdrawn = (
            identity.certified(link, services.site, now),
            identity.withdrawn(link, services.site, now),
        )
    text = broker_files.mosquitto if server == "mosquitto" else broker_files.nats
    pair = authority.broker_pair(settings.names, now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(
            folder,
            {
                broker_files.AUTHORITY: authority.trusted,
                **_pair_files(pair),
                broker_files.MAIN[server]: text(folder, host, port).encode(),
            },
        )
        write_lists(folder, server, services.site, nodes, authority.revocations(withdrawn, now))
    except OSError as error:
        raise AuthorityError(f"{folder}: {error.strerror or error}") from error


def _pair_files(pair: Pair) -> dict[str, bytes]:
    key, certificate = certificates.pem_key(pair.key), certificates.pem(pair.certificate)
    return {broker_files.KEY: key, broker_files.CERTIFICATE: certificate}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        write_atomically(folder / name, data, mode=_MODE)
