"""Sessions at the server: new at every sign-in, over after a time and when nobody uses them, listed, and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args

import structlog
from sqlalchemy import Connection, Select, delete, select, update
from zhian_wire import times

from .. import moments
from ..config_types import SignIn
from ..errors import NotFound
from ..store import Store
from ..store.faults import is_store_fault
from ..store.tables import second_factors, secrets, sessions, users
from ..tokens import digest, new_secret

log = structlog.get_logger(__name__)

Role = Literal["admin", "auditor", "guard", "police", "teacher"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
#: Who asks: somebody; a page by itself, which nobody has touched lately; a stream that is merely open.
By = Literal["somebody", "page", "stream"]
#: What a one-time link is kept as.
TICKET: Final = "ticket"
#: The defaults of `[sign_in]`, a little more than a shift.
SESSION_LASTS: Final = timedelta(minutes=SignIn().lasts_minutes)
#: How often it is written down that a session is in use.
NOTED_EVERY: Final = timedelta(minutes=1)


class Origin(NamedTuple):
    """Where somebody signs in from, as far as the connection and the browser say."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Session:
    """Who is logged in. `digest` finds the session again; the cookie itself is not kept.

    Attributes:
        id: names the session to people, and opens nothing.
        unfinished: the role needs a second factor that is not set up yet, so the session may do that and no more.
    """

    user: str
    role: Role
    csrf: str
    digest: str
    id: str = ""
    unfinished: bool = False


class Opened(NamedTuple):
    """A session as its user and administrators see it."""

    id: str
    created_at: str
    seen_at: str
    address: str
    agent: str


class Sessions:
    """All sessions of one site's store."""

    def __init__(self, store: Store, clock: moments.Clock, settings: SignIn) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._noting = True

    def open(self, link: Connection, user: str, role: Role, origin: Origin) -> tuple[Session, str]:
        """A new session with a cookie of its own, whatever the browser sent before."""
        cookie, csrf, number = new_secret(), new_secret(), new_secret()[:16]
        now = self._clock()
        ends = now + timedelta(minutes=self._settings.lasts_minutes)
        link.execute(
            sessions.insert().values(
                digest=digest(cookie),
                id=number,
                user=user,
                csrf=csrf,
                created_at=moments.text(now),
                expires_at=moments.text(ends),
                seen_at=moments.text(now),
                address=origin.address[:64],
                agent=printable(origin.agent)[:200],
            )
        )
        confirmed = link.execute(_confirmed(user)).scalar() is not None
        return Session(user, role, csrf, digest(cookie), number, self._unfinished(role, confirmed)), cookie

    def find(self, cookie: str, by: By = "somebody") -> Session | None:
        """Whose cookie it is, while the session lasts and is used and the user may log in.

        That a stream is open is no use of the session, and that a page asks by itself is one of `watching` roles alone.
        """
        now, key = self._clock(), digest(cookie)
        with self._store.read() as link:
            row = link.execute(self._query(key, now)).one_or_none()
        if row is None:
            return None
        used = by == "somebody" or (by == "page" and row.role in self._settings.watching)
        if used and now - times.from_text(row.seen_at) >= NOTED_EVERY:
            self._note(key, now)
        unfinished = self._unfinished(row.role, row.confirmed_at is not None)
        return Session(row.user, row.role, row.csrf, key, row.id, unfinished)

    def of(self, user: str) -> list[Opened]:
        """The sessions of somebody, latest used first."""
        now = self._clock()
        alive = (sessions.c.expires_at > moments.text(now)) & (sessions.c.seen_at > moments.text(now - self._idle))
        query = select(*(sessions.c[name] for name in Opened._fields)).where(sessions.c.user == user, alive)
        with self._store.read() as link:
            return [Opened(*row) for row in link.execute(query.order_by(sessions.c.seen_at.desc(), sessions.c.id))]

    def close(self, link: Connection, session: Session) -> None:
        """End this very one."""
        link.execute(delete(sessions).where(sessions.c.digest == session.digest))

    def end(self, link: Connection, user: str, number: str) -> None:
        """End one of somebody's sessions; NotFound."""
        gone = delete(sessions).where(sessions.c.user == user, sessions.c.id == number)
        if link.execute(gone).rowcount == 0:
            raise NotFound("there is no such session")
        self._end_tickets(link, user)

    def end_all(self, link: Connection, user: str, *, but: str = "") -> int:
        """End all of somebody's sessions but the one with the digest `but`; how many.

        A one-time link that somebody has made for them meanwhile ends too: it would open the next one.
        """
        self._end_tickets(link, user)
        return link.execute(delete(sessions).where(sessions.c.user == user, sessions.c.digest != but)).rowcount

    def _end_tickets(self, link: Connection, user: str) -> None:
        link.execute(delete(secrets).where(secrets.c.user == user, secrets.c.purpose == TICKET))

    def sweep(self, link: Connection) -> None:
        """Delete what is over."""
        now = self._clock()
        over = (sessions.c.expires_at <= moments.text(now)) | (sessions.c.seen_at <= moments.text(now - self._idle))
        link.execute(delete(sessions).where(over))

    def _unfinished(self, role: str, confirmed: bool) -> bool:
        return role in self._settings.second_factor and not confirmed

    def _query(self, key: str, now: datetime) -> Select[Any]:
        fields = (sessions.c.user, sessions.c.csrf, sessions.c.id, sessions.c.seen_at, users.c.role)
        return (
            select(*fields, second_factors.c.confirmed_at)
            .join(users, users.c.name == sessions.c.user)
            .outerjoin(second_factors, second_factors.c.user == sessions.c.user)
            .where(sessions.c.digest == key, sessions.c.expires_at > moments.text(now))
            .where(sessions.c.seen_at > moments.text(now - self._idle), users.c.disabled_at.is_(None))
        )

    def _note(self, key: str, now: datetime) -> None:
        """Write down that it is in use, if that can be: nobody is shut out of reading by a store that is full."""
        try:
            with self._store.write() as link:
                link.execute(update(sessions).where(sessions.c.digest == key).values(seen_at=moments.text(now)))
        except Exception as error:
            # A full disk and the like have no class of their own.
            if not is_store_fault(error):
                raise
            if self._noting:
                log.warning("sessions.not_noted", error=type(error).__name__, hint="idle sessions end by the last note")
            self._noting = False
        else:
            self._noting = True


def _confirmed(user: str) -> Select[Any]:
    return select(second_factors.c.confirmed_at).where(second_factors.c.user == user)


def printable(text: str) -> str:
    """Without what would begin a line of its own, or move a terminal, in whatever is made of it."""
    return "".join(each if each.isprintable() else " " for each in text)
