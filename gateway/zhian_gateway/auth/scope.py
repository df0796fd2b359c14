"""Which classes are a teacher's: whose days they may see and correct. Other roles see every class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select
from zhian_wire.events import PLAIN_NAME

from ..errors import BadInput, NotAllowed, NotFound
from ..store import audit
from ..store.tables import user_groups, users
from .sessions import Role


def groups_of(link: Connection, user: str) -> frozenset[str]:
    """The groups that a user was given."""
    return frozenset(link.execute(select(user_groups.c.group).where(user_groups.c.user == user)).scalars())


def set_groups(link: Connection, user: str, groups: Sequence[str], *, site: str, who: str, now: str) -> None:
    """These groups, and no others, are the user's from now on.

    Raises:
        NotFound: there is no such user.
        BadInput: one is no name of a group.
    """
    if link.execute(select(users.c.name).where(users.c.name == user, users.c.disabled_at.is_(None))).first() is None:
        raise NotFound(f"there is no user {user!r}")
    for group in groups:
        if not re.fullmatch(PLAIN_NAME, group):
            raise BadInput(f"group {group!r} has other characters than letters, digits, '.', '_' and '-'")
    link.execute(delete(user_groups).where(user_groups.c.user == user))
    for group in sorted(set(groups)):
        link.execute(user_groups.insert().values(user=user, group=group))
    detail = ", ".join(sorted(set(groups))) or "none"
    audit.record(link, site=site, at=now, who=who, action="user.groups", subject=user, detail=detail)


def scope(link: Connection, user: str, role: Role) -> frozenset[str] | None:
    """The groups that somebody may see; None: all."""
    return groups_of(link, user) if role == "teacher" else None


def narrowed(allowed: frozenset[str] | None, group: str | None) -> frozenset[str] | None:
    """What is asked for of what is allowed (None: all).

    Raises:
        NotAllowed: the group is not among it.
    """
    if group is None:
        return allowed
    if allowed is not None and group not in allowed:
        raise NotAllowed(f"{group} is not one of your classes")
    return frozenset({group})
