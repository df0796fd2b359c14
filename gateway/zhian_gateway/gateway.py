"""The running gateway: its store, its doors and its threads (`workers.py`). It only wires; no policy lives here."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

import structlog
import uvicorn
from zhian_models.atomic import PRIVATE, write_atomically
from zhian_wire.topics import client_of

from .api.app import create_app
from .api.patience import Patience
from .authority.broker_lists import BrokerLists
from .authority.door import Door, bind
from .authority.enrolment import Enrolment
from .authority.following import Following
from .authority.office import Authority, open_authority
from .bell import Bell
from .config_types import Config
from .errors import ConfigError, StoreAway
from .ingest.brokers import Brokers
from .loops import AWAY_S, Loop
from .moments import wall_clock
from .operations.watchdog import Watchdog
from .services import Services, open_services
from .workers import anchor, start

log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """Says when it answers; ends the streams when it is told to stop, since they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, bell: Bell, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._bell = bell
        self._told = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            self._told()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGINT or SIGTERM."""
        self._bell.close()
        super().handle_exit(sig, frame)


def run(config: Config, announce: Callable[[str, Path | None], None]) -> None:
    """Run until SIGTERM or SIGINT.

    Args:
        announce: called with the page's address, and with the file that holds the first-run secret while one is needed.

    Raises:
        GatewayError: the port is taken, or the store cannot be used.
    """
    with ExitStack() as stack:
        # The server passes a signal on once it has ended; the stack must still be unwound then.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        door = stack.enter_context(_bind(config))
        port: int = door.getsockname()[1]
        office = _office(config)
        names = config.authority.names if config.authority else ()
        tls = office.trusting(names, wall_clock()) if office and config.broker.secure else None
        link = Brokers(config.broker, config.site.id, tls)
        services = _opened(config, link)
        stack.callback(services.store.close)
        link.known_as(client_of(services.store.key))
        for doubt in services.store.doubts():
            log.warning("store.not_durable", why=f"{doubt}: a power cut may lose what was receipted")
        anchor(services, stack)
        following = _admit_nodes(services, office, link, stack) if office is not None else None
        start(services, link, f"http://{_reachable(config.listen.host)}:{port}", stack)
        if following is not None:
            services.vitals.follow(following.state)
            following.start()
            stack.callback(following.stop)
        watchdog = Watchdog(services.vitals.alive)
        stack.callback(watchdog.stop)
        server = _Server(_http(services), services.bell, watchdog.start)
        announce(f"http://{_reachable(config.listen.host)}:{port}", _leave_secret(services))
        server.run(sockets=[door])


def _opened(config: Config, link: Brokers) -> Services:
    """The gateway's parts; a server of the database that is not there yet is waited for, and that is said."""
    said = False
    while True:
        try:
            return open_services(config, publish=link.publish)
        except StoreAway as error:
            if not said:
                log.error("store.away", why=str(error))  # noqa: TRY400 - where does not matter
                said = True
            time.sleep(AWAY_S)


def _office(config: Config) -> Authority | None:
    settings = config.authority
    return open_authority(Path(settings.home), config.site.id, wall_clock()) if settings else None


def _admit_nodes(services: Services, office: Authority, link: Brokers, stack: ExitStack) -> Loop:
    """Serve nodes by their certificates, and keep the broker's lists of them.

    Returns:
        what follows the authority to its next root, once everything runs.
    """
    settings = services.config.authority
    assert settings is not None
    listening = stack.enter_context(bind(settings.host, settings.port))
    pair = office.gateway_file(settings.names, services.clock())
    told: Callable[[], object] = lambda: None  # noqa: E731
    if settings.broker_files:
        lists = Loop("broker's lists", BrokerLists(services, office, settings).step, 1.0)
        services.vitals.follow(lists.state)
        lists.start()
        stack.callback(lists.stop)
        told = lists.wake
    door = Door(services, Enrolment(services, office, told), pair, listening)
    door.start()
    stack.callback(door.stop)
    log.info("door.open", host=settings.host, port=door.port)

    def changed() -> None:
        """The broker first: what connects next finds it trusting."""
        told()
        door.reopen(office.gateway_file(settings.names, services.clock()))
        if services.config.broker.secure:
            link.trust(office.trusting(settings.names, services.clock()))

    return Loop("authority", Following(office, changed).step, 2.0)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _leave_secret(services: Services) -> Path | None:
    """The file with the first-run secret, while there is no administrator: a log is read by more people than a file."""
    place = services.config.store.first_secret
    secret = services.accounts.first_secret()
    if secret is not None:
        write_atomically(place, f"{secret}\n".encode(), mode=PRIVATE)
    return place if place.exists() else None


def _bind(config: Config) -> socket.socket:
    """The listening socket; taken before anything else, so that two gateways never share a store."""
    host, port = config.listen.host, config.listen.port
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ConfigError(f"listen: {host}:{port} cannot be used: {error.strerror or error}") from error


def _reachable(host: str) -> str:
    """Where on this machine a gateway that listens on `host` answers, as it stands in an address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host


def _http(services: Services) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(services),
        http=Patience,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        # Who is in front of the gateway says its operator, not a header that anybody may send.
        proxy_headers=bool(services.config.listen.proxies),
        forwarded_allow_ips=list(services.config.listen.proxies),
    )
