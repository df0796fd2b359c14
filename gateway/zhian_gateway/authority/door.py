"""The nodes' door: HTTPS that asks for a certificate of the site's authority, and serves what nodes may ask alone.

TLS ends in the gateway itself, on a port of its own. A proxy in front would have to hand on in a header who came, and
everything beside it on the machine could write the same header; and browsers, which come by the other port, are not
asked for a certificate that they do not have. uvicorn does not tell an application who its peer is, so the protocol
puts that into the state of each request; this is held to uvicorn by tests.
"""

from __future__ import annotations

import socket
import ssl
import threading
from asyncio import Transport
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Final, NoReturn

import structlog
import uvicorn
from fastapi import APIRouter, Depends, FastAPI

from ..api import errors as api_errors
from ..api import nodes as node_routes
from ..api.access import access_of, authorise
from ..api.bodies import BodyLimit
from ..api.headers import SecurityHeaders
from ..api.origins import Origins
from ..api.patience import Patience
from ..errors import ConfigError, NotLoggedIn
from ..services import Services
from . import certificates, routes
from .enrolment import Enrolment

log = structlog.get_logger(__name__)

#: The same complaint of a handshake is logged so often at most, in seconds.
_SAID_S: Final = 60.0
_MOST_REASONS: Final = 100
#: So many packets of a peer whose certificate does not hold are waited for.
_LINGERS: Final = 4


class Door:
    """A server in a thread of its own, from `start` to `stop`."""

    def __init__(self, services: Services, enrolment: Enrolment, pair: Path, door: socket.socket) -> None:
        """`pair`: the gateway's key and certificate; `door`: a listening socket, which the caller closes."""
        self._app = create_node_app(services, enrolment)
        self._authority = enrolment.authority
        self._door = door
        self._prepare(pair)

    def _prepare(self, pair: Path) -> None:
        context = _context(self._authority.trusted, pair)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app,
                http=_Shows,
                ws="none",
                ssl_context_factory=lambda *_: context,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=3,
                proxy_headers=False,
                lifespan="off",
            )
        )
        # The server closes what it listened at, and the next one is to listen there too.
        sockets = [self._door.dup()]
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": sockets}, name="nodes' door")

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._door.getsockname()[1]
        return port

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered, and end."""
        self._server.should_exit = True
        self._thread.join()

    def reopen(self, pair: Path) -> None:
        """Trust what the authority trusts now, and show another `pair`; whoever is inside has to come in again."""
        self.stop()
        self._prepare(pair)
        self.start()


def create_node_app(services: Services, enrolment: Enrolment) -> FastAPI:
    """What may be asked at the door: the routes that are marked as nodes', and those by which they become nodes."""
    app = FastAPI(
        title="zhian nodes",
        dependencies=[Depends(authorise)],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.enrolment = enrolment
    api_errors.install(app)
    app.include_router(routes.router)
    theirs = [each for each in node_routes.router.routes if _is_nodes(each)]
    app.include_router(APIRouter(routes=theirs))
    app.add_middleware(BodyLimit)
    app.add_middleware(Origins)
    app.add_middleware(SecurityHeaders)
    return app


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ConfigError: it cannot be had.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ConfigError(f"authority: {host}:{port} cannot be used: {error.strerror or error}") from error


def _is_nodes(route: Any) -> bool:
    access = access_of(route.endpoint)
    return access is not None and access.kind == "node"


def _context(trusted: bytes, pair: Path) -> ssl.SSLContext:
    """A certificate is asked for, and must hold when one is shown; to join, a node has none yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(pair)
    context.load_verify_locations(cadata=trusted.decode())
    context.verify_mode = ssl.CERT_OPTIONAL
    context.sslobject_class = _Told
    return context


class _Told(ssl.SSLObject):
    """Says why a handshake failed: here in the log, and to the node by TLS's own alert.

    asyncio keeps the first to itself, and hangs up before the second is sent. So a certificate that does not hold is
    first taken for a peer that has more to say, upon which asyncio sends what there is.
    """

    _said: dict[str, float] = {}  # noqa: RUF012 - shared on purpose: it bounds the log of the whole door
    _refused: ssl.SSLCertVerificationError | None = None
    _calls = 0

    def do_handshake(self) -> None:
        """One step of it."""
        if self._refused is not None:
            self._linger(self._refused)
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLCertVerificationError as error:
            self._say(error.verify_message)
            self._refused = error
            self._linger(error)
        except ssl.SSLError as error:
            self._say(error.reason or str(error))
            raise

    def _linger(self, error: ssl.SSLCertVerificationError) -> NoReturn:
        """A few packets longer, so that nothing overtakes the alert; no more, since nobody reads them."""
        self._calls += 1
        if self._calls > _LINGERS:
            raise error
        raise ssl.SSLWantReadError

    def _say(self, reason: str) -> None:
        now = monotonic()
        if now - self._said.get(reason, -_SAID_S) >= _SAID_S and len(self._said) < _MOST_REASONS:
            self._said[reason] = now
            log.warning("door.refused", reason=reason)


class _Shows(Patience):
    """Puts into each request's state, as `shown`, whose certificate its connection came with."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """A connection whose handshake is done."""
        super().connection_made(transport)
        der = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        if der:
            # The gateway's own certificate is nobody's here.
            with suppress(NotLoggedIn):
                self.app_state = {**self.app_state, "shown": certificates.shown_by(der)}
