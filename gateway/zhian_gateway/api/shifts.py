"""The hand-over between shifts: looked at, then signed by both."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from ..auth.counting import counted
from ..errors import BadInput, NotLoggedIn, WrongProof
from ..shifts import handing
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .hashing import hashing_for_known
from .shapes import Secret, Shape, Short

router = GuardedRouter(prefix="/api/shift")


class OpenCase(Shape):
    """A case that the next shift inherits."""

    id: str
    kind: str
    severity: str
    state: str
    raised_at: str


class Summary(Shape):
    """What both sign. `order`: what the whole site was ordered to be, in English words; empty: nothing.

    `order_state`, `order_until`, `order_by` and `order_why` say the same apart; empty also in what is older.
    """

    since: str
    until: str
    passages: int
    raised: dict[str, int]
    closed: int
    open: int
    cases: list[OpenCase]
    order: str
    offline: list[str]
    emergencies: int
    order_state: str = ""
    order_until: str = ""
    order_by: str = ""
    order_why: str = ""


class HandOver(Shape):
    """One that was signed."""

    leaves: str
    comes: str
    at: str
    note: str
    summary: Summary


class Shift(Shape):
    """The shift that is under way, and the last ones that were handed over."""

    now: Summary
    before: list[HandOver]


class Signing(Shape):
    """Whoever comes signs with their own password; whoever leaves is signed in."""

    comes: Short
    password: Secret
    note: Annotated[str, Field(max_length=2000)] = ""


@router.get("")
@users("admin", "guard")
def look(parts: Parts) -> Shift:
    """What would be handed over now."""
    with parts.store.read() as link:
        now = handing.summary(parts, link, parts.clock())
        rows = handing.before(link, parts.site, 10)
    before = [
        HandOver(
            **{name: row[name] for name in ("leaves", "comes", "at", "note")},
            summary=_shown(msgspec.json.decode(row["summary"], type=handing.Summary)),
        )
        for row in rows
    ]
    return Shift(now=_shown(now), before=before)


@router.post("")
@users("admin", "guard")
async def hand_over(parts: Parts, caller: Caller, signing: Signing, request: Request) -> Shift:
    """Hand over to whoever signs; 403 for a wrong name or password, 429 after too many."""
    if signing.comes == caller.user:
        raise BadInput("nobody hands over to themselves")
    try:
        async with counted(parts.tries, (f"shift/{caller.user}",)):
            await hashing_for_known(request, handing.check, parts, signing.comes, signing.password)
    except NotLoggedIn as error:
        raise WrongProof(str(error)) from error
    note = signing.note.strip()
    await run_in_threadpool(handing.sign, parts, leaves=caller.user, comes=signing.comes, note=note)
    return await run_in_threadpool(look, parts)


def _shown(told: handing.Summary) -> Summary:
    return Summary(**msgspec.to_builtins(told))
