"""What somebody proves who they are with: a password, and a second factor; each change ends what was open before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from .. import moments
from ..config_types import SignIn
from ..errors import Conflict, NotFound, NotLoggedIn
from ..store import Store, audit
from ..store.tables import users
from . import second
from .passwords import hash_password, matches
from .sessions import Session, Sessions


def kept_of(link: Connection, name: str) -> Row[Any, Any] | None:
    """`role` and `password` of somebody who may log in."""
    query = select(users.c.role, users.c.password).where(users.c.name == name, users.c.disabled_at.is_(None))
    return link.execute(query).one_or_none()


def must_hold(link: Connection, name: str, password: str) -> None:
    """NotLoggedIn unless what was compared with a password is still kept, and its user may still log in."""
    kept = kept_of(link, name)
    if kept is None or kept.password != password:
        raise NotLoggedIn("the password was changed meanwhile")


class Credentials:
    """Passwords and second factors of one site's users. Slow where passwords are: call it from a worker thread."""

    def __init__(self, store: Store, site: str, clock: moments.Clock, settings: SignIn, sessions: Sessions) -> None:
        self._store = store
        self._site = site
        self._clock = clock
        self._settings = settings
        self._sessions = sessions

    def set_password(self, name: str, password: str, *, who: str) -> None:
        """Another password for somebody; what they have open ends.

        Raises:
            NotFound: there is no such user.
            BadInput: a weak password.
        """
        kept = hash_password(password, name, self._site)
        with self._store.write() as link:
            here = update(users).where(users.c.name == name, users.c.disabled_at.is_(None))
            if link.execute(here.values(password=kept)).rowcount == 0:
                raise NotFound(f"there is no user {name!r}")
            self._sessions.end_all(link, name)
            self._audit(link, who, "user.password", name, "")

    def change_password(self, session: Session, old: str, new: str) -> int:
        """One's own password; every other session ends. How many did.

        Raises:
            NotLoggedIn: `old` is not the one that holds.
            BadInput: `new` is weak.
        """
        was = self.check_password(session.user, old)
        kept = hash_password(new, session.user, self._site)
        with self._store.write() as link:
            must_hold(link, session.user, was)
            link.execute(update(users).where(users.c.name == session.user).values(password=kept))
            ended = self._sessions.end_all(link, session.user, but=session.digest)
            self._audit(link, session.user, "password.changed", "", f"{ended} other sessions ended")
        return ended

    def check_password(self, name: str, password: str) -> str:
        """What is kept of it; NotLoggedIn unless it is the one. Whoever has none (logs in by ticket) needs none.

        It takes long: whoever writes on the strength of it asks `must_hold` in that transaction.
        """
        with self._store.read() as link:
            kept = link.execute(select(users.c.password).where(users.c.name == name)).scalar() or ""
        if kept and not matches(kept, password):
            with self._store.write() as link:
                self._audit(link, name, "password.refused", "", "")
            raise NotLoggedIn("the password is wrong")
        return kept

    def begin_second(self, session: Session, password: str) -> second.Enrolment:
        """What to set an authenticator up with, shown once; it holds after `confirm_second`.

        Raises:
            NotLoggedIn: the password is wrong.
            Conflict: there is one that holds.
        """
        was = self.check_password(session.user, password)
        with self._store.write() as link:
            must_hold(link, session.user, was)
            return second.begin(link, session.user, issuer=f"zhian {self._site}", now=self._clock())

    def confirm_second(self, session: Session, code: str) -> list[str]:
        """The authenticator works, so it is asked for from now on, and other sessions end; recovery codes, shown once.

        Raises:
            BadInput: the code is wrong.
            NotFound, Conflict: nothing was begun, or it holds already.
        """
        with self._store.write() as link:
            codes = second.confirm(link, session.user, code, self._clock())
            self._sessions.end_all(link, session.user, but=session.digest)
            self._audit(link, session.user, "second_factor.on", "", "")
        return codes

    def remove_second(self, session: Session, password: str, code: str) -> None:
        """No second factor any more.

        Raises:
            Conflict: the role needs one.
            NotFound: there is none.
            NotLoggedIn, TooManyTries: password or code is wrong.
        """
        if session.role in self._settings.second_factor:
            raise Conflict(f"the role {session.role} needs a second factor here")
        was = self.check_password(session.user, password)
        with self._store.write() as link:
            must_hold(link, session.user, was)
            if not second.is_on(link, session.user):
                raise NotFound("there is no second factor")
            checked = second.check(link, session.user, code, self._clock())
            if checked.fault is None:
                second.remove(link, session.user)
                self._audit(link, session.user, "second_factor.off", "", checked.note)
        if checked.fault is not None:
            raise checked.fault

    def reset_second(self, name: str, *, who: str) -> None:
        """Somebody lost authenticator and recovery codes; what they have open ends. NotFound where there is none."""
        with self._store.write() as link:
            if not second.remove(link, name):
                raise NotFound(f"user {name!r} has no second factor")
            self._sessions.end_all(link, name)
            self._audit(link, who, "second_factor.reset", name, "")

    def second_state(self, name: str) -> tuple[bool, int]:
        """Whether somebody has a second factor, and how many recovery codes are left."""
        with self._store.read() as link:
            return second.is_on(link, name), second.left(link, name)

    def _audit(self, link: Connection, who: str, action: str, subject: str, detail: str) -> None:
        now = moments.text(self._clock())
        audit.record(link, site=self._site, at=now, who=who, action=action, subject=subject, detail=detail)
