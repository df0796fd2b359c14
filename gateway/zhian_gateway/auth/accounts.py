"""Users: who may log in, by what, and the one-time secrets that lead to a session."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, select, update
from zhian_wire.codec import check_name
from zhian_wire.errors import DecodeError

from .. import moments
from ..config_types import SignIn
from ..errors import BadInput, Conflict, LinkOver, NotFound, NotLoggedIn, TooManyTries
from ..store import Store, audit
from ..store.tables import secrets, users
from ..tokens import digest, new_secret, same
from . import second
from .credentials import Credentials, kept_of
from .passwords import hash_password, matches
from .sessions import ROLES, TICKET, By, Opened, Origin, Role, Session, Sessions, printable

TICKET_LASTS: Final = timedelta(minutes=10)
LINK_OVER: Final = (
    f"this one-time link was used already, or is older than {TICKET_LASTS.total_seconds() / 60:.0f} minutes; "
    "`zhian-gateway ticket NAME` at the gateway prints a new one"
)
FIRST_RUN: Final = "first_run"
FIRST_RUN_LASTS: Final = timedelta(days=36500)
NOWHERE: Final = Origin()


class User(NamedTuple):
    """Somebody who may log in, as administrators see them; `second`: signs in with a code of an authenticator too."""

    name: str
    role: Role
    second: bool
    password: bool


class Accounts:
    """Everything about logging in, on one site's store."""

    def __init__(self, store: Store, site: str, clock: moments.Clock, settings: SignIn = SignIn()) -> None:  # noqa: B008
        self._store = store
        self._site = site
        self._clock = clock
        self._sessions = Sessions(store, clock, settings)
        self.credentials = Credentials(store, site, clock, settings, self._sessions)

    # Users -------------------------------------------------------------------------------------------------------

    def add(self, name: str, role: str, password: str | None, *, who: str) -> None:
        """A new user; without a password they log in by ticket.

        Raises:
            BadInput: a name or role that cannot be, or a weak password.
            Conflict: there is one already.
        """
        if role not in ROLES:
            raise BadInput(f"role {role!r} must be one of {', '.join(ROLES)}")
        try:
            check_name(name, "user name")
        except DecodeError as error:
            raise BadInput(str(error)) from error
        kept = hash_password(password, name, self._site) if password is not None else ""
        with self._store.write() as link:
            if link.execute(select(users.c.name).where(users.c.name == name)).first():
                raise Conflict(f"there is a user {name!r} already")
            values = {"role": role, "password": kept, "created_at": self._now()}
            link.execute(users.insert().values(name=name, **values))
            self._audit(link, who, "user.add", name, role)

    def disable(self, name: str, *, who: str) -> None:
        """The user may not log in any more, and whatever they have open ends.

        Raises:
            NotFound: there is no such user, or they are disabled already.
            Conflict: nobody would be left who administers.
        """
        with self._store.write() as link:
            role = self._role(link, name)
            if role is None:
                raise NotFound(f"there is no user {name!r}")
            if role == "admin" and self._administrators(link) == 1:
                raise Conflict(f"{name} is the only administrator; add another one first")
            link.execute(update(users).where(users.c.name == name).values(disabled_at=self._now()))
            self._sessions.end_all(link, name)
            link.execute(delete(secrets).where(secrets.c.user == name))
            self._audit(link, who, "user.disable", name, "")

    def enable(self, name: str, *, who: str) -> None:
        """A disabled user may log in again; NotFound."""
        with self._store.write() as link:
            again = update(users).where(users.c.name == name, users.c.disabled_at.is_not(None))
            if link.execute(again.values(disabled_at=None)).rowcount == 0:
                raise NotFound(f"there is no disabled user {name!r}")
            self._audit(link, who, "user.enable", name, "")

    def every(self) -> list[tuple[str, str]]:
        """Name and role of everybody who may log in."""
        with self._store.read() as link:
            query = select(users.c.name, users.c.role).where(users.c.disabled_at.is_(None)).order_by(users.c.name)
            return [(row.name, row.role) for row in link.execute(query)]

    def disabled(self) -> list[tuple[str, str]]:
        """Name and role of everybody who may not."""
        with self._store.read() as link:
            query = select(users.c.name, users.c.role).where(users.c.disabled_at.is_not(None)).order_by(users.c.name)
            return [(row.name, row.role) for row in link.execute(query)]

    def listed(self) -> list[User]:
        """Everybody who may log in, by name."""
        with self._store.read() as link:
            query = select(users).where(users.c.disabled_at.is_(None)).order_by(users.c.name)
            return [
                User(row.name, row.role, second.is_on(link, row.name), bool(row.password))
                for row in link.execute(query)
            ]

    # The first run -----------------------------------------------------------------------------------------------

    def needs_setup(self) -> bool:
        """Whether there is no administrator yet."""
        with self._store.read() as link:
            return self._needs_setup(link)

    def _needs_setup(self, link: Connection) -> bool:
        return self._administrators(link) == 0

    def _administrators(self, link: Connection) -> int:
        query = select(func.count()).where(users.c.role == "admin", users.c.disabled_at.is_(None))
        return int(link.execute(query).scalar_one())

    def first_secret(self) -> str | None:
        """A first-run secret, to be shown once; None when it is not needed, or was made before."""
        with self._store.write() as link:
            made = link.execute(select(secrets.c.digest).where(secrets.c.purpose == FIRST_RUN)).first()
            if made or not self._needs_setup(link):
                return None
            return self._new_secret(link, FIRST_RUN, "", FIRST_RUN_LASTS)

    def new_first_secret(self) -> str:
        """Another first-run secret, when the first was lost; Conflict once there is an administrator."""
        with self._store.write() as link:
            if not self._needs_setup(link):
                raise Conflict("there is an administrator already")
            link.execute(delete(secrets).where(secrets.c.purpose == FIRST_RUN))
            return self._new_secret(link, FIRST_RUN, "", FIRST_RUN_LASTS)

    def set_up(self, secret: str, user: str, password: str, origin: Origin = NOWHERE) -> tuple[Session, str]:
        """The first administrator, logged in; NotLoggedIn without the secret."""
        self.check_first_secret(secret)
        self.add(user, "admin", password, who=FIRST_RUN)
        with self._store.write() as link:
            link.execute(delete(secrets).where(secrets.c.purpose == FIRST_RUN))
            return self._open(link, user, "admin", origin)

    def check_first_secret(self, secret: str) -> None:
        """NotLoggedIn if it is another one; Conflict once there is an administrator. It writes nothing."""
        with self._store.read() as link:
            if not self._needs_setup(link):
                raise Conflict("there is an administrator already")
            kept = link.execute(select(secrets.c.digest).where(secrets.c.purpose == FIRST_RUN)).scalar()
        if kept is None or not same(kept, digest(secret)):
            raise NotLoggedIn("that is not the secret that was printed at the first start")

    # Sessions ----------------------------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, code: str = "", origin: Origin = NOWHERE) -> tuple[Session, str]:
        """A session and its cookie.

        Raises:
            NotLoggedIn: it says neither whether the user exists nor what was wrong.
            CodeNeeded, WrongCode, TooManyTries: the password is right; the second factor is not, or is locked.
        """
        with self._store.read() as link:
            row = kept_of(link, name)
        right = matches(row.password if row else "", password)
        with self._store.write() as link:
            # Comparing takes long. Meanwhile the password may have been changed, and what was open by it ended.
            if row is None or not right or kept_of(link, name) != row:
                self._audit(link, name, "session.refused", "", "wrong name or password")
                fault: NotLoggedIn | TooManyTries = NotLoggedIn("wrong name or password")
            else:
                checked = self._second(link, name, code)
                if checked.fault is None:
                    return self._open(link, name, row.role, origin, checked.note)
                fault = checked.fault
        raise fault

    def ticket(self, name: str, *, who: str) -> str:
        """A one-time ticket for `name`, which lasts minutes; NotLoggedIn for nobody."""
        with self._store.write() as link:
            if not link.execute(
                select(users.c.name).where(users.c.name == name, users.c.disabled_at.is_(None))
            ).first():
                raise NotLoggedIn(f"there is no user {name!r}")
            self._audit(link, who, "ticket.made", name, "")
            return self._new_secret(link, TICKET, name, TICKET_LASTS)

    def redeem(self, ticket: str, code: str = "", origin: Origin = NOWHERE) -> tuple[Session, str]:
        """A session for a ticket, which is used up.

        Raises:
            LinkOver: it is none, was used or is too old.
            CodeNeeded, WrongCode, TooManyTries: as `log_in`; the ticket still holds.
        """
        this = (secrets.c.digest == digest(ticket)) & (secrets.c.purpose == TICKET)
        fault: NotLoggedIn | TooManyTries = LinkOver(LINK_OVER)
        # Anybody may send one: what is none must not wait for the store's one pen, before events that do.
        with self._store.read() as link:
            if link.execute(select(secrets.c.user).where(this)).first() is None:
                raise fault
        with self._store.write() as link:
            row = link.execute(select(secrets.c.user, secrets.c.expires_at).where(this)).one_or_none()
            role = self._role(link, row.user) if row and row.expires_at > self._now() else None
            if row is not None and role is not None:
                checked = self._second(link, row.user, code)
                if checked.fault is None:
                    link.execute(delete(secrets).where(this))
                    return self._open(link, row.user, role, origin, checked.note)
                fault = checked.fault
        raise fault

    def session(self, cookie: str, by: By = "somebody") -> Session | None:
        """Whose cookie it is, while the session lasts and is used and the user may log in; `by`: as `Sessions.find`."""
        return self._sessions.find(cookie, by)

    def sessions_of(self, name: str) -> list[Opened]:
        """What somebody has open, latest used first; NotFound for nobody."""
        with self._store.read() as link:
            self._must_be(link, name)
        return self._sessions.of(name)

    def end_session(self, name: str, number: str, *, who: str) -> None:
        """End one of somebody's sessions; NotFound."""
        with self._store.write() as link:
            self._sessions.end(link, name, number)
            self._audit(link, who, "session.ended", name, number)

    def end_sessions(self, name: str, *, who: str) -> int:
        """End everything that somebody has open; how many sessions that were. NotFound for nobody."""
        with self._store.write() as link:
            self._must_be(link, name)
            ended = self._sessions.end_all(link, name)
            self._audit(link, who, "session.ended", name, f"all {ended}")
        return ended

    def log_out(self, session: Session) -> None:
        """End a session."""
        with self._store.write() as link:
            self._sessions.close(link, session)
            self._audit(link, session.user, "session.closed", "", "")

    def sweep(self) -> None:
        """Delete what has run out."""
        with self._store.write() as link:
            self._sessions.sweep(link)
            link.execute(delete(secrets).where(secrets.c.expires_at <= self._now()))

    def _second(self, link: Connection, name: str, code: str) -> second.Checked:
        checked = second.check(link, name, code, self._clock())
        if checked.note and checked.fault is not None:
            self._audit(link, name, "session.refused", "", checked.note)
        return checked

    def _open(
        self, link: Connection, user: str, role: Role, origin: Origin = NOWHERE, note: str = ""
    ) -> tuple[Session, str]:
        opened = self._sessions.open(link, user, role, origin)
        self._audit(link, user, "session.opened", "", ", ".join(filter(None, (role, origin.address, note))))
        return opened

    def _must_be(self, link: Connection, name: str) -> None:
        if self._role(link, name) is None:
            raise NotFound(f"there is no user {name!r}")

    def _role(self, link: Connection, user: str) -> Role | None:
        query = select(users.c.role).where(users.c.name == user, users.c.disabled_at.is_(None))
        role: Role | None = link.execute(query).scalar()
        return role

    def _new_secret(self, link: Connection, purpose: str, user: str, lasts: timedelta) -> str:
        secret = new_secret()
        expires = moments.text(self._clock() + lasts)
        link.execute(secrets.insert().values(digest=digest(secret), purpose=purpose, user=user, expires_at=expires))
        return secret

    def _audit(self, link: Connection, who: str, action: str, subject: str, detail: str) -> None:
        audit.record(
            link,
            site=self._site,
            at=self._now(),
            who=printable(who) or "-",
            action=action,
            subject=subject,
            detail=detail,
        )

    def _now(self) -> str:
        return moments.text(self._clock())
