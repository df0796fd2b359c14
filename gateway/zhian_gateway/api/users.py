"""Users and what they have open, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from zhian_wire.events import PLAIN_NAME

from . import account_shapes as shapes
from .access import Caller, Parts, users
from .account import SessionId, entries
from .guarded import GuardedRouter
from .paging import Limit

router = GuardedRouter(prefix="/api/users")
Name = Annotated[str, Path(pattern=PLAIN_NAME)]


@router.get("")
@users("admin")
def list_users(
    parts: Parts, after: Annotated[str | None, Query(max_length=64)] = None, limit: Limit = 50
) -> shapes.UserList:
    """Everybody who may log in, by name; `after` is a page's `next`."""
    found = sorted(one for one in parts.accounts.listed() if after is None or one.name > after)
    items = [
        shapes.UserEntry(
            name=one.name,
            role=one.role,
            second_factor=one.second,
            password=one.password,
            sessions=len(parts.accounts.sessions_of(one.name)),
        )
        for one in found[:limit]
    ]
    return shapes.UserList(items=items, next=items[-1].name if len(found) > limit else None)


@router.get("/{name}/sessions")
@users("admin")
def list_sessions(parts: Parts, caller: Caller, name: Name) -> shapes.SessionList:
    """Where somebody is signed in."""
    return entries(parts, name, caller.id)


@router.delete("/{name}/sessions")
@users("admin")
def end_all(parts: Parts, caller: Caller, name: Name) -> shapes.Ended:
    """Sign somebody out everywhere."""
    ended = parts.accounts.end_sessions(name, who=caller.user)
    parts.bell.ring()
    return shapes.Ended(sessions=ended)


@router.delete("/{name}/sessions/{session_id}")
@users("admin")
def end_one(parts: Parts, caller: Caller, name: Name, session_id: SessionId) -> shapes.Ended:
    """Sign somebody out at one place."""
    parts.accounts.end_session(name, session_id, who=caller.user)
    parts.bell.ring()
    return shapes.Ended(sessions=1)
