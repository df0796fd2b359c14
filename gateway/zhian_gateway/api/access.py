"""Who may use a route. A route that says nothing is closed: the check runs before every one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar, cast

import structlog
from fastapi import Depends, Request
from sqlalchemy.exc import DBAPIError

from ..auth.sessions import ROLES, By, Role, Session
from ..errors import NotAllowed, NotLoggedIn, StoreError, Unfinished
from ..family import sessions as phones
from ..family.sessions import CarerSession
from ..nodes import identity
from ..operations.token import own_token
from ..police import subscribers
from ..services import Services
from ..tokens import same

log = structlog.get_logger(__name__)
COOKIE: Final = "zhian_session"
FAMILY_COOKIE: Final = "zhian_family"
CSRF: Final = "X-CSRF-Token"
#: With it a page says that nobody has touched it for a minute.
UNTOUCHED: Final = "X-Zhian-Untouched"
SAFE: Final = frozenset({"GET", "HEAD"})
_MARK: Final = "zhian_access"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Who may come in: `kind` is `public`, `users`, `carer`, `node`, `subscriber` or `scraper`; `roles` are the users'.

    `unfinished`: also who is still to set up the second factor that the role needs.
    """

    kind: str
    roles: frozenset[str] = frozenset()
    unfinished: bool = False


def _marker(access: Access) -> Callable[[F], F]:
    def mark(endpoint: F) -> F:
        setattr(endpoint, _MARK, access)
        return endpoint

    return mark


def users(*roles: Role) -> Callable[[F], F]:
    """Logged-in users of these roles."""
    return _marker(Access("users", frozenset(roles)))


public = _marker(Access("public"))
"""Anybody; such a route checks for itself what it needs."""

everyone = users(*ROLES)
"""Every logged-in user."""

newcomers = _marker(Access("users", frozenset(ROLES), unfinished=True))
"""Likewise, and also who is still to set up a second factor."""

carers = _marker(Access("carer"))
"""A guardian's phone that is bound to a child."""

nodes = _marker(Access("node"))
"""A node of this site, by its certificate or its token."""

subscriber = _marker(Access("subscriber"))
"""A subscriber of the police feed, by its token."""

scraper = _marker(Access("scraper"))
"""Whoever reads how the gateway is: by the token of the configuration, or as a tool of this very machine."""


def access_of(endpoint: Callable[..., Any]) -> Access | None:
    """What a route says of itself; None: nothing, so it is closed."""
    return cast("Access | None", getattr(endpoint, _MARK, None))


def services(request: Request) -> Services:
    """The application's parts."""
    return cast(Services, request.app.state.services)


def authorise(request: Request) -> None:
    """The door of every route: lets in whom the route names, and keeps who it is in `request.state`."""
    access = access_of(request.scope["endpoint"])
    if access is None:
        raise NotAllowed("this address is not open to anybody")
    if access.kind == "users":
        request.state.session = _user(request, access)
    elif access.kind == "carer":
        request.state.carer = _carer(request)
    elif access.kind == "node":
        request.state.node = _node(request)
    elif access.kind == "subscriber":
        request.state.subscriber = _subscriber(request)
    elif access.kind == "scraper":
        _scraper(request)


def _by(request: Request) -> By:
    """Who asks; a picture is fetched by the page that shows it, which cannot say more of it."""
    by_itself = UNTOUCHED in request.headers or request.headers.get("Sec-Fetch-Dest") == "image"
    return "page" if by_itself else "somebody"


def _user(request: Request, access: Access) -> Session:
    session = services(request).accounts.session(request.cookies.get(COOKIE, ""), _by(request))
    if session is None:
        raise NotLoggedIn("log in first")
    # Who is turned away is to be written down too.
    request.state.known = session
    if session.role not in access.roles:
        raise NotAllowed(f"not for the role {session.role}")
    if session.unfinished and not access.unfinished:
        raise Unfinished("set up a second factor first")
    if request.method not in SAFE:
        check_csrf(request, session.csrf)
    return session


def _carer(request: Request) -> CarerSession:
    session = phone_of(request)
    if session is None:
        raise NotLoggedIn("bind this phone first")
    request.state.known_carer = session.carer
    if request.method not in SAFE:
        check_csrf(request, session.csrf)
    return session


def phone_of(request: Request) -> CarerSession | None:
    """The bound phone that asks, if it is one."""
    parts = services(request)
    cookie = request.cookies.get(FAMILY_COOKIE, "")
    return phones.find(parts.store, cookie, parts.clock()) if cookie and parts.config.family.phones else None


def check_csrf(request: Request, csrf: str) -> None:
    """NotAllowed unless the request carries it."""
    if not same(request.headers.get(CSRF, ""), csrf):
        raise NotAllowed(f"the header {CSRF} is missing or wrong")


def _node(request: Request) -> str:
    """By the certificate that the connection showed, and only without one by a token."""
    parts = services(request)
    shown: identity.Shown | None = getattr(request.state, "shown", None)
    if shown is not None:
        return _certified(parts, shown)
    with parts.store.read() as link:
        name = request.headers.get("X-Zhian-Node", "")
        identity.check(link, site=parts.site, node=name, token=_bearer(request))
    return name


def _certified(parts: Services, shown: identity.Shown) -> str:
    with parts.store.read() as link:
        identity.check_certificate(link, shown, site=parts.site, now=parts.clock())
        news = identity.news(link, shown)
    if news:
        _note(parts, shown)
    return shown.node


def _note(parts: Services, shown: identity.Shown) -> None:
    """Once per certificate; a store that cannot be written to just now hears it with the next request."""
    try:
        with parts.store.write() as link:
            identity.note(link, shown, parts.now())
    except (StoreError, DBAPIError) as error:
        log.warning("certificate.not_noted", node=shown.node, error=type(error).__name__)


def _subscriber(request: Request) -> str:
    with services(request).store.read() as link:
        return subscribers.of_token(link, _bearer(request))


def _scraper(request: Request) -> None:
    try:
        expected = services(request).config.metrics.token()
    except (OSError, UnicodeDecodeError) as error:
        log.warning("metrics.token_unreadable", error=str(error))
        expected = ""
    shown, known = _bearer(request), (expected, own_token(services(request).store.key))
    if not any(token and same(shown, token) for token in known):
        raise NotLoggedIn("the token of [metrics] token_file is needed")


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotLoggedIn("a bearer token is needed")
    return token.strip()


def _session(request: Request) -> Session:
    return cast(Session, request.state.session)


def _carer_session(request: Request) -> CarerSession:
    return cast(CarerSession, request.state.carer)


def _node_name(request: Request) -> str:
    return cast(str, request.state.node)


Parts = Annotated[Services, Depends(services)]
Caller = Annotated[Session, Depends(_session)]
Phone = Annotated[CarerSession, Depends(_carer_session)]
NodeName = Annotated[str, Depends(_node_name)]
