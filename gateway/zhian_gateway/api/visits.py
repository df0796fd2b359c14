"""The visitors' desk: whom hosts expect, who stands at the window, who is on the site; every look is audited."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import Path, Query, Request, Response
from sqlalchemy import Connection, select
from starlette.concurrency import run_in_threadpool

from .. import moments
from ..attendance.asking import days_of
from ..auth.sessions import Session
from ..errors import NotAllowed, NotFound
from ..pictures import media_type
from ..services import Services
from ..store import audit
from ..store.tables import visit_records, visits
from ..visitors import admitting, asking, ending, forgetting, hosts, life, passes, registering, rows
from ..visitors.typed import Typed
from ..visitors.whereabouts import places, route
from . import visit_shapes as shapes
from . import visit_views as views
from .access import Caller, Parts, users
from .bodies import read_body
from .guarded import GuardedRouter
from .nodes import BODY, Sha256
from .people import PICTURE
from .shapes import Done, Stored
from .when import Day

router = GuardedRouter(prefix="/api/visits")
VisitId = Annotated[str, Path(pattern=r"^[0-9]{1,18}$")]
Ground = Annotated[str, Query(max_length=300)]


@router.get("")
@users("admin", "guard", "teacher")
def list_visits(parts: Parts, caller: Caller, day: Day = None) -> shapes.Visits:
    """The visits of a local day (by default today), and whoever is still inside; a host's own alone."""
    (wanted,) = days_of(parts, day, None)
    begins = datetime.combine(wanted, time(), parts.zone)
    with parts.store.read() as link:
        ends = moments.text(begins + timedelta(days=1))
        found = rows.between(link, rows.seen_by(caller), moments.text(begins), ends)
        at = places(link, found)
        items = [_shown(caller, views.visit(row, at)) for row in found]
    _seen(parts, caller, "visit.list", "", str(wanted))
    return shapes.Visits(items=items)


@router.get("/desk")
@users("admin", "guard", "teacher")
def desk(parts: Parts, caller: Caller) -> shapes.Desk:
    """What the forms offer: areas, hosts, and the words that visitors agree to."""
    with parts.store.read() as link:
        found = views.desk(link, parts)
    mine = [host for host in found.hosts if (host.kind, host.id) == ("user", caller.user)]
    return found.model_copy(update={"hosts": mine}) if caller.role == "teacher" else found


@router.get("/records")
@users("admin")
def records(parts: Parts, _: Caller) -> shapes.Records:
    """What stays of visits that were deleted."""
    query = select(visit_records).order_by(visit_records.c.deleted_at.desc(), visit_records.c.visit.desc()).limit(200)
    with parts.store.read() as link:
        return shapes.Records(items=[views.record(row) for row in link.execute(query)])


@router.post("")
@users("admin", "teacher")
def invite(parts: Parts, caller: Caller, wanted: shapes.Invitation) -> shapes.Invited:
    """Expect somebody; the link is shown in this answer and never again. A teacher invites for nobody else."""
    with parts.store.write() as link:
        number, token = registering.invite(link, parts, _plan(link, caller, wanted), who=caller.user)
        return _invited(link, caller, number, token)


@router.post("/window")
@users("admin", "guard")
def register(parts: Parts, caller: Caller, wanted: shapes.Registration) -> shapes.Visit:
    """Somebody stands at the window whom nobody announced."""
    with parts.store.write() as link:
        plan = _plan(link, caller, wanted, wanted.citizen)
        number = registering.announce(link, parts, plan, wanted.agreed, who=caller.user)
        return views.one(link, rows.find(link, number))


@router.post("/find")
@users("admin", "guard")
def find_by_pass(parts: Parts, caller: Caller, wanted: shapes.Code) -> shapes.Visit:
    """Whose pass a scanner at the window read, among those who are expected or inside."""
    code = wanted.code.strip().upper()
    with parts.store.read() as link:
        query = select(visits).where(visits.c.state.not_in(sorted(life.OVER))) if passes.is_code(code) else None
        found = link.execute(query).all() if query is not None else []
        row = next((each for each in found if views.code_of(parts, each) == code), None)
        if row is None:
            raise NotFound("nobody has this pass now")
        shown = views.one(link, row)
    _seen(parts, caller, "visit.find", shown.id)
    return shown


@router.post("/picture")
@users("admin", "guard", "teacher")
def draw(_: Caller, wanted: shapes.Drawn) -> shapes.Picture:
    """A QR code of an invitation's link: only the page knows its own address."""
    return shapes.Picture(picture=views.picture(wanted.text))


@router.get("/{visit_id}")
@users("admin", "guard", "teacher")
def one(parts: Parts, caller: Caller, visit_id: VisitId) -> shapes.Route:
    """A visit, with the way of its visitor over the site."""
    with parts.store.read() as link:
        row = rows.find_for(link, caller, int(visit_id))
        passed = list(route(link, row))
        found = shapes.Route(visit=_shown(caller, views.one(link, row)), steps=views.steps(passed))
    _seen(parts, caller, "visit.view", visit_id)
    return found


@router.post("/{visit_id}/details")
@users("admin", "guard")
def amend(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.Amended) -> shapes.Visit:
    """What the guard adds to an invitation, or corrects, before somebody is let in."""
    said = Typed(wanted.name, wanted.phone, wanted.plate, wanted.citizen, wanted.purpose)
    with parts.store.write() as link:
        registering.amend(link, parts, int(visit_id), said, area=wanted.area, agreed=wanted.agreed, who=caller.user)
        return views.one(link, rows.find(link, int(visit_id)))


@router.put("/{visit_id}/pictures/{sha256}", openapi_extra=BODY)
@users("admin", "guard")
async def put_photo(
    parts: Parts, caller: Caller, visit_id: VisitId, sha256: Sha256, *, request: Request, ground: Ground = ""
) -> Stored:
    """A photograph from the window; without the visitor's consent `ground` says on what it is taken."""
    data = await read_body(request, parts.pictures.max_bytes)
    kind = parts.pictures.check(sha256, data)
    await run_in_threadpool(_keep_photo, parts, caller, int(visit_id), data, ground)
    return Stored(sha256=sha256, media_type=kind)


@router.get("/{visit_id}/picture", response_class=Response, responses=PICTURE)
@users("admin", "guard")
def photo(parts: Parts, caller: Caller, visit_id: VisitId) -> Response:
    """The photograph."""
    with parts.store.read() as link:
        sha256 = rows.find(link, int(visit_id)).photo
    if sha256 is None:
        raise NotFound("no such picture")
    data = parts.pictures.read_portrait(sha256)
    _seen(parts, caller, "visit.picture", visit_id)
    return Response(data, media_type=media_type(data), headers={"Cache-Control": "private, no-store"})


@router.post("/{visit_id}/screening")
@users("admin", "guard")
def screen(parts: Parts, caller: Caller, visit_id: VisitId) -> shapes.Visit:
    """Ask every list; what cannot be asked is told as `unscreened`, and never passed in silence."""
    asking.screen(parts, int(visit_id), asking.screeners(parts), who=caller.user)
    with parts.store.read() as link:
        return views.one(link, rows.find(link, int(visit_id)))


@router.post("/{visit_id}/admit")
@users("admin", "guard")
def admit(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.Admission) -> shapes.Admitted:
    """Let somebody in, with a pass for the day; 409 where screening stands against it and nobody decides otherwise."""
    given = admitting.Pass(card=wanted.card, face=wanted.face, decision=wanted.decision)
    code = admitting.admit(parts, int(visit_id), given, who=caller.user)
    parts.bell.ring()
    with parts.store.read() as link:
        shown = views.one(link, rows.find(link, int(visit_id)))
    return shapes.Admitted(visit=shown, code=code, picture=views.picture(code))


@router.get("/{visit_id}/pass")
@users("admin", "guard")
def show_pass(parts: Parts, caller: Caller, visit_id: VisitId) -> shapes.Admitted:
    """The pass of somebody who is inside, once more."""
    with parts.store.read() as link:
        row = rows.find(link, int(visit_id))
        if row.state != "inside":
            raise NotFound("no pass holds")
        code, shown = views.code_of(parts, row), views.one(link, row)
    _seen(parts, caller, "visit.pass", visit_id)
    return shapes.Admitted(visit=shown, code=code, picture=views.picture(code))


@router.post("/{visit_id}/card")
@users("admin", "guard")
def card(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.CardGiven) -> shapes.Visit:
    """A temporary card is handed out, or was given back."""
    with parts.store.write() as link:
        if wanted.card is None:
            admitting.take_card(link, parts, int(visit_id), who=caller.user)
        else:
            admitting.give_card(link, parts, int(visit_id), wanted.card, who=caller.user)
        return views.one(link, rows.find(link, int(visit_id)))


@router.post("/{visit_id}/leave")
@users("admin", "guard")
def leave(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.Checkout) -> shapes.Visit:
    """Somebody leaves by the window, without passing a reader."""
    with parts.store.write() as link:
        row = rows.find(link, int(visit_id))
        ending.leave(link, parts, row, who=caller.user, at=parts.now(), why="at the window")
        if wanted.card_back and row.card:
            admitting.take_card(link, parts, row.id, who=caller.user)
        shown = views.one(link, rows.find(link, row.id))
    parts.bell.ring()
    return shown


@router.post("/{visit_id}/extend")
@users("admin", "guard")
def extend(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.Longer) -> shapes.Visit:
    """More time."""
    with parts.store.write() as link:
        ending.extend(link, parts, int(visit_id), wanted.minutes, who=caller.user)
        shown = views.one(link, rows.find(link, int(visit_id)))
    parts.bell.ring()
    return shown


@router.post("/{visit_id}/refuse")
@users("admin", "guard")
def refuse(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.Why) -> shapes.Visit:
    """Turn somebody away, with a reason."""
    with parts.store.write() as link:
        ending.turn_away(link, parts, int(visit_id), "refuse", wanted.reason, who=caller.user)
        return views.one(link, rows.find(link, int(visit_id)))


@router.post("/{visit_id}/cancel")
@users("admin", "guard", "teacher")
def cancel(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.Why) -> shapes.Visit:
    """Nobody is expected any more; the link opens nothing."""
    with parts.store.write() as link:
        row = rows.find_for(link, caller, int(visit_id))
        ending.turn_away(link, parts, row.id, "cancel", wanted.reason, who=caller.user)
        return _shown(caller, views.one(link, rows.find(link, row.id)))


@router.post("/{visit_id}/link")
@users("admin", "teacher")
def renew_link(parts: Parts, caller: Caller, visit_id: VisitId) -> shapes.Invited:
    """A new link; the one before opens nothing any more."""
    with parts.store.write() as link:
        row = rows.find_for(link, caller, int(visit_id))
        token = registering.renew_link(link, parts, row.id, who=caller.user)
        return _invited(link, caller, row.id, token)


@router.get("/{visit_id}/export")
@users("admin")
def export(parts: Parts, caller: Caller, visit_id: VisitId) -> dict[str, object]:
    """Everything that is held of one visitor, for them; nothing is masked."""
    with parts.store.write() as link:
        return forgetting.export(link, parts, int(visit_id), who=caller.user)


@router.post("/{visit_id}/erase")
@users("admin")
def erase(parts: Parts, caller: Caller, visit_id: VisitId, wanted: shapes.Why) -> Done:
    """Everything of one visitor goes now, at request; a record stays that it did."""
    forgetting.erase(parts, int(visit_id), why=wanted.reason, who=caller.user)
    parts.bell.ring()
    return Done()


def _plan(link: Connection, caller: Session, wanted: shapes.Planned, citizen: str = "") -> registering.Plan:
    host = wanted.host or shapes.Host(kind="user", id=caller.user)
    if caller.role == "teacher" and (host.kind, host.id) != ("user", caller.user):
        raise NotAllowed("a teacher invites their own visitors")
    who = Typed(wanted.name, wanted.phone, wanted.plate, citizen, wanted.purpose)
    return registering.Plan(who, hosts.find(link, host.kind, host.id), wanted.begins, wanted.ends, wanted.area)


def _invited(link: Connection, caller: Session, number: int, token: str) -> shapes.Invited:
    shown = _shown(caller, views.one(link, rows.find(link, number)))
    return shapes.Invited(visit=shown, token=token, link=f"/#/visit/{token}")


def _keep_photo(parts: Services, caller: Session, number: int, data: bytes, ground: str) -> None:
    sha256 = hashlib.sha256(data).hexdigest()
    # The row first: a photograph that nobody agreed to is never written.
    with parts.store.write() as link:
        before = asking.keep_photo(link, parts, number, sha256, ground, who=caller.user)
        orphans = parts.registry.unused(link, {before}) if before else []
        parts.pictures.keep_portrait(data)
    parts.pictures.delete(orphans)


def _shown(caller: Session, found: shapes.Visit) -> shapes.Visit:
    return views.host_view(found) if caller.role == "teacher" else found


def _seen(parts: Services, caller: Session, action: str, subject: str, detail: str = "") -> None:
    with parts.store.write() as link:
        audit.record(
            link, site=parts.site, at=parts.now(), who=caller.user, action=action, subject=subject, detail=detail
        )
