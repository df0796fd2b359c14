"""Guardians' phones: bound by a code of the school, they see the own children and nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import Path, Request, Response
from starlette.concurrency import run_in_threadpool
from zhian_wire import times

from .. import moments
from ..attendance.asking import known_from
from ..attendance.reading import PersonDay
from ..auth import devices
from ..auth.counting import counted
from ..errors import BadInput, NotFound, NotLoggedIn
from ..family import agreeing, browsers, carers, days, wishes
from ..family import sessions as phones
from ..family.sessions import CarerSession
from ..family.words import Asked
from ..notices import vapid
from ..pictures import media_type
from ..services import Services
from . import family_shapes as shapes
from .access import FAMILY_COOKIE, Caller, Parts, Phone, check_csrf, phone_of, public, users
from .access import carers as carer
from .guarded import GuardedRouter
from .paging import parse_id
from .people import PICTURE
from .push_shapes import PushEndpoint, PushSubscription
from .shapes import Done

router = GuardedRouter(prefix="/api")
PersonId = Annotated[str, Path(max_length=64)]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


@router.post("/family/bind")
@public
async def bind(wanted: shapes.BindRequest, parts: Parts, request: Request, response: Response) -> shapes.Family:
    """Bind this phone by a code; on a phone that is bound already, add a child."""
    if not parts.config.family.phones:
        raise NotFound("the school binds no phones")
    known = await run_in_threadpool(phone_of, request)
    if known is not None:
        check_csrf(request, known.csrf)
    lasts = timedelta(days=parts.config.family.lasts_days)
    async with counted(parts.tries, (f"family/{_address(request)}",)):
        session, cookie = await run_in_threadpool(_bind, parts, wanted.code, known, lasts)
    if cookie:
        _keep(parts, response, cookie, lasts)
    return await run_in_threadpool(_family, parts, session)


def _bind(parts: Services, code: str, known: CarerSession | None, lasts: timedelta) -> tuple[CarerSession, str]:
    """The phone's session, with its cookie where it is a new one; NotLoggedIn for a code that is none."""
    with parts.store.write() as link:
        holder = carers.redeem(link, code, known.carer if known else None, site=parts.site, now=parts.clock())
        wishes.place_browsers(link, holder)
        return (known, "") if known else phones.open_session(link, holder, parts.clock(), lasts)


@router.get("/family")
@carer
def family(parts: Parts, phone: Phone) -> shapes.Family:
    """Who holds this phone, and their children."""
    return _family(parts, phone)


@router.delete("/family/session")
@carer
def leave(parts: Parts, phone: Phone, response: Response) -> Done:
    """Forget this phone."""
    with parts.store.write() as link:
        phones.close(link, phone)
        carers.sweep(link)
    response.delete_cookie(FAMILY_COOKIE, path="/api/family")
    return Done()


@router.delete("/family/sessions")
@carer
def leave_others(parts: Parts, phone: Phone) -> Done:
    """Forget the other phones of the same guardian."""
    with parts.store.write() as link:
        ended = phones.close_others(link, phone)
        carers.sweep(link)
        carers.note(link, phone.carer, "family.end_others", str(ended), site=parts.site, now=parts.now())
    return Done()


@router.put("/family/wishes")
@carer
def prefer(parts: Parts, phone: Phone, wanted: shapes.Wishes) -> Done:
    """In which language messages are, and when they wait; for all children."""
    with parts.store.write() as link:
        said = {"language": wanted.language, "quiet": wanted.quiet}
        wishes.prefer(link, phone.carer, site=parts.site, now=parts.now(), **said)  # type: ignore[arg-type]
    return Done()


@router.get("/family/messages")
@carer
def messages(parts: Parts, phone: Phone) -> shapes.Messages:
    """What the school told about the own children."""
    with parts.store.read() as link:
        rows = wishes.told(link, phone.carer)
    fields = ("happening", "title", "body", "state")
    items = [
        shapes.Message(id=str(row["id"]), at=row["happened_at"], **{name: row[name] for name in fields}) for row in rows
    ]
    return shapes.Messages(items=items)


@router.post("/family/push")
@carer
def subscribe(parts: Parts, phone: Phone, browser: PushSubscription) -> Done:
    """Show messages on this phone, before any other channel."""
    if not parts.config.notices.webpush.contact:
        raise NotFound("Web Push is off: the configuration names no [notices.webpush] contact")
    keys = browser.keys
    with parts.store.write() as link:
        said = {"site": parts.site, "now": parts.now()}
        browsers.subscribe(link, phone, browser.endpoint, keys.p256dh, keys.auth, **said)
    return Done()


@router.post("/family/push/end")
@carer
def unsubscribe(parts: Parts, phone: Phone, browser: PushEndpoint) -> Done:
    """Show none on this phone any more."""
    with parts.store.write() as link:
        browsers.unsubscribe(link, phone.carer, browser.endpoint, site=parts.site, now=parts.now())
    return Done()


@router.get("/family/children/{person_id}/days")
@carer
def child_days(parts: Parts, phone: Phone, person_id: PersonId) -> shapes.Days:
    """A child's last weeks, newest first, today first."""
    with parts.store.read() as link:
        child = carers.child_of(link, phone.carer.id, person_id)
        known = known_from(parts)
        found = days.days(link, child, _today(parts), known=known, zone=parts.zone, now=parts.clock())
    return shapes.Days(items=[_day(parts, each) for each in found])


@router.get("/family/children/{person_id}/pictures/{sha256}", response_class=Response, responses=PICTURE)
@carer
def picture(parts: Parts, phone: Phone, person_id: PersonId, sha256: Sha256) -> Response:
    """A picture of the child itself, where the school lets it be seen."""
    with parts.store.read() as link:
        child = carers.child_of(link, phone.carer.id, person_id)
        if not parts.config.family.pictures or not days.is_shown(link, child, sha256, _today(parts)):
            raise NotFound("no such picture")
    data = parts.pictures.read(sha256)
    with parts.store.write() as link:
        carers.note(link, phone.carer, "picture.view", sha256, site=parts.site, now=parts.now())
    return Response(data, media_type=media_type(data), headers={"Cache-Control": "private, no-store"})


@router.get("/family/children/{person_id}/consents")
@carer
def child_consents(parts: Parts, phone: Phone, person_id: PersonId) -> shapes.Standings:
    """How it stands with each purpose that a guardian decides."""
    with parts.store.read() as link:
        child = carers.child_of(link, phone.carer.id, person_id)
        found = agreeing.standings(link, child, parts.now())
        present = {purpose: agreeing.present_text(link, purpose) for purpose in found}
        words = {purpose: agreeing.shown(link, parts, purpose) for purpose in found}
    items = [
        shapes.Standing(
            purpose=purpose,
            state=each.state,
            until=each.until,
            text_version=each.text_version,
            given_by=each.given_by,
            given_on=each.given_on,
            present=present[purpose],
            words=shapes.Wording(zh=words[purpose].zh, en=words[purpose].en),
            going_on=agreeing.goes_on(parts, purpose, each),
        )
        for purpose, each in found.items()
    ]
    return shapes.Standings(items=items)


@router.put("/family/children/{person_id}/consents/{purpose}")
@carer
def agree(
    parts: Parts, phone: Phone, person_id: PersonId, purpose: Asked, wanted: shapes.Agreement
) -> shapes.Standings:
    """Agree to a purpose, or take it back; both are on the record."""
    with parts.store.read() as link:
        child = carers.child_of(link, phone.carer.id, person_id)
    if wanted.agree:
        with parts.store.write() as link:
            said = {"version": wanted.text_version, "words": wanted.words}
            agreeing.give(link, parts, child, purpose, phone.carer, **said)
    else:
        agreeing.take_back(parts, child, purpose, phone.carer)
    parts.bell.ring()
    return child_consents(parts, phone, person_id)


@router.post("/guardians/{guardian_id}/invitation")
@users("admin")
def invite(parts: Parts, caller: Caller, guardian_id: str) -> shapes.Invitation:
    """A code by which a guardian's phone is bound to that child; the one before is good no more."""
    if not parts.config.family.phones:
        raise BadInput("the configuration binds no phones ([family] phones)")
    number, now = parse_id(guardian_id, "guardian"), parts.clock()
    with parts.store.write() as link:
        code = carers.issue(link, number, site=parts.site, who=caller.user, now=now)
    return shapes.Invitation(code=code, expires_at=moments.text(now + carers.LASTS))


@router.delete("/guardians/{guardian_id}/phone")
@users("admin")
def forget_phone(parts: Parts, caller: Caller, guardian_id: str) -> Done:
    """A guardian's phone sees that child no more, and a code that was not used is good no more."""
    with parts.store.write() as link:
        number = parse_id(guardian_id, "guardian")
        carers.unbind(link, number, site=parts.site, who=caller.user, now=parts.clock())
    return Done()


def _family(parts: Services, session: CarerSession) -> shapes.Family:
    with parts.store.read() as link:
        mine = carers.children(link, session.carer.id)
        quiet = wishes.quiet_of(link, session.carer)
    if not mine:
        raise NotLoggedIn("the school has taken this phone's children away: ask for another code")
    site = parts.config.site
    on = bool(parts.config.notices.webpush.contact)
    return shapes.Family(
        name=session.carer.name,
        language="en" if session.carer.language == "en" else "zh-CN",
        quiet=quiet,
        csrf=session.csrf,
        site=site.name or site.id,
        timezone=site.timezone,
        children=[shapes.Child(id=child.id, name=child.name, group=child.group) for child in mine],
        pictures=parts.config.family.pictures,
        push_key=vapid.public(vapid.open_key(parts.store, parts.now())) if on else None,
    )


def _day(parts: Services, found: days.Day) -> shapes.Day:
    line: PersonDay = found.line
    result = line.result
    return shapes.Day(
        day=line.day,
        status=result.status,
        arrive_by=moments.text(line.hours.arrive_by) if line.hours else None,
        arrived_at=moments.text(result.arrived_at) if result.arrived_at else None,
        left_at=moments.text(result.left_at) if result.left_at else None,
        late_s=result.late_s,
        left_early=result.left_early and not result.excused,
        inside=result.inside,
        corrected=bool(line.corrections),
        steps=[_step(parts, step) for step in found.steps],
    )


def _step(parts: Services, step: days.Step) -> shapes.Step:
    return shapes.Step(
        at=step.at,
        movement="arrival" if step.movement == "arrival" else "departure",
        place=parts.config.place_name(step.node, step.camera, step.lane),
        picture=step.picture if parts.config.family.pictures else None,
    )


def _today(parts: Services) -> date:
    return times.from_text(parts.now()).astimezone(parts.zone).date()


def _keep(parts: Services, response: Response, cookie: str, lasts: timedelta) -> None:
    response.set_cookie(
        FAMILY_COOKIE,
        cookie,
        max_age=int(lasts.total_seconds()),
        path="/api/family",
        httponly=True,
        samesite="strict",
        secure=parts.config.listen.secure,
    )


def _address(request: Request) -> str:
    return devices.neighbourhood(request.client.host) if request.client else "?"
