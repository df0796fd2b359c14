"""The roll call: who is inside, and who was met at the assembly point."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path
from sqlalchemy import Connection
from zhian_wire import times

from .. import moments
from ..auth.sessions import Session
from ..emergency import muster
from ..nodes import identity
from ..services import Services
from ..store import audit
from . import emergency_shapes as shapes
from . import looking
from .access import Caller, Parts, users
from .guarded import GuardedRouter

router = GuardedRouter(prefix="/api/muster")
_LOOK: Final = looking.LookUp("", "", "muster.look")
PersonId = Annotated[str, Path(min_length=1, max_length=64)]


@router.get("")
@users("admin", "guard")
def look(parts: Parts, caller: Caller) -> shapes.Muster:
    """Who is inside by zone, or was when the roll call began. A look is audited, once in 15 minutes."""
    looking.note(parts, caller, _LOOK)
    with parts.store.read() as link:
        return _shown(parts, link)


@router.post("")
@users("admin", "guard")
def begin(parts: Parts, caller: Caller, wanted: shapes.MusterBegin) -> shapes.Muster:
    """Begin a roll call with everybody who is inside now; one that is under way goes on, which is a look at it."""
    with parts.store.write() as link:
        _note_idle(link, parts, caller, changes=muster.under_way(link, parts.site) is None)
        muster.begin(link, parts.site, drill=wanted.drill, who=caller.user, now=parts.clock(), zone=parts.zone)
        return _shown(parts, link)


@router.post("/end")
@users("admin", "guard")
def end(parts: Parts, caller: Caller) -> shapes.Muster:
    """End it; who was not met stands in the audit as a number. Without one it is a look at who is inside."""
    with parts.store.write() as link:
        _note_idle(link, parts, caller, changes=muster.under_way(link, parts.site) is not None)
        muster.end(link, parts.site, who=caller.user, now=parts.now())
        return _shown(parts, link)


@router.post("/people/{person_id}")
@users("admin", "guard")
def met(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.Met) -> shapes.Muster:
    """Somebody was met, or was not after all; several guards tick at once. 409 while there is no roll call."""
    with parts.store.write() as link:
        muster.mark(link, parts.site, person_id, met=wanted.met, who=caller.user, now=parts.now())
        return _shown(parts, link)


def _note_idle(link: Connection, parts: Services, caller: Session, *, changes: bool) -> None:
    """What changes nothing writes no line of its own, and shows the list all the same."""
    if not changes and not looking.is_known(link, parts, caller, _LOOK):
        audit.record(link, site=parts.site, at=parts.now(), who=caller.user, **_LOOK._asdict())


def _shown(parts: Services, link: Connection) -> shapes.Muster:
    now = parts.clock()
    going = muster.under_way(link, parts.site)
    since = muster.since(link, parts.site, now, parts.zone)
    silent = {
        node: parts.presence.last(node)
        for node in identity.every(link, parts.site)
        if parts.presence.state(node, now) == "offline"
    }
    came, left = muster.nameless(link, since.day)
    listed = muster.roll(link, going, since, now=now, zone=parts.zone)
    found = [_person(each, each.node in silent or _is_unsure(parts, each, since.day)) for each in listed]
    return shapes.Muster(
        muster=None
        if going is None
        else shapes.MusterHead(id=str(going["id"]), drill=going["drill"], who=going["who"], at=going["at"]),
        as_of=_as_of(parts.now(), found, "" if going is None else going["at"]),
        people=found,
        nameless=shapes.Nameless(came=came, left=left),
        unheard=[
            shapes.Unheard(node=node, last_seen=None if heard is None else moments.text(heard.at))
            for node, heard in sorted(silent.items())
        ],
    )


def _as_of(now: str, listed: list[shapes.MusterPerson], begun: str) -> str:
    """By the minute, so that a list that did not change is not sent again; never before what it tells."""
    told = [at for each in listed for at in (each.at, each.left_at, each.met_at) if at is not None]
    return min(now, max((now[:16] + ":00.000Z", begun, *told)))


def _day(parts: Services, at: str) -> str:
    return moments.local_day(times.from_text(at), parts.zone)


def _is_unsure(parts: Services, entry: muster.Entry, day: str) -> bool:
    return entry.by_attendance or _day(parts, entry.at) < day


def _person(entry: muster.Entry, stale: bool) -> shapes.MusterPerson:
    same = {name: getattr(entry, name) for name in ("zone", "node", "at", "left_at", "met_at", "met_by")}
    who = {name: entry.person[name] for name in ("id", "name", "group")}
    return shapes.MusterPerson(**who, **same, stale=stale)
