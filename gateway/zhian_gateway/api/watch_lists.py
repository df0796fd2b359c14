"""Watch lists: proposed by one officer, approved by another, over on their day; every look and step is audited."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Path, Request, Response
from sqlalchemy import Connection, RowMapping, case, select
from starlette.concurrency import run_in_threadpool

from ..errors import BadInput, NoGround, NotFound
from ..people.consent import ground as ground_of
from ..pictures import media_type
from ..services import Services
from ..store import audit
from ..store.tables import people, watch_entries
from ..watchlists import entries, office
from . import watch_shapes as shapes
from .access import Caller, Parts, users
from .bodies import read_body
from .guarded import GuardedRouter
from .nodes import BODY, Sha256
from .people import PICTURE

router = GuardedRouter(prefix="/api/watch-lists")
EntryId = Annotated[str, Path(pattern=r"^w-[0-9a-f]{12}$")]
#: Of what is over only so many are shown; the audit has all.
_MOST: Final = 500


@router.get("")
@users("admin", "police")
def list_entries(parts: Parts, caller: Caller) -> shapes.WatchEntries:
    """Who and what is looked for, what waits for a second person, and what is over."""
    first = case((watch_entries.c.state == "proposed", 0), (watch_entries.c.state == "active", 1), else_=2)
    query = select(watch_entries).order_by(first, watch_entries.c.proposed_at.desc(), watch_entries.c.id).limit(_MOST)
    with parts.store.write() as link:
        items = [_shown(link, row, caller.user) for row in link.execute(query).mappings().all()]
        audit.record(link, site=parts.site, at=parts.now(), who=caller.user, action="watch.list")
    return shapes.WatchEntries(items=items)


@router.post("", status_code=201)
@users("admin", "police")
def propose(parts: Parts, caller: Caller, wanted: shapes.WatchProposal) -> shapes.WatchEntry:
    """Propose to look for somebody or a vehicle; nobody does before somebody else has approved it."""
    try:
        basis = ground_of(
            text=wanted.ground, until=wanted.until, granted_by=caller.user, now=parts.clock(), zone=parts.zone
        )
    except NoGround as error:
        raise BadInput(f"until: {error}") from error
    plates = tuple(dict.fromkeys(plate.strip().upper() for plate in wanted.plates))
    proposal = entries.Proposal(wanted.label.strip(), basis.text, basis.until, plates)
    with parts.store.write() as link:
        entry_id = entries.Desk(parts.site).propose(link, proposal, who=caller.user, now=parts.now())
        shown = _shown(link, entries.find(link, entry_id), caller.user)
    parts.bell.ring()
    return shown


@router.put("/{watch_id}/pictures", openapi_extra=BODY)
@users("admin", "police")
async def add_picture(parts: Parts, caller: Caller, watch_id: EntryId, request: Request) -> shapes.WatchPicture:
    """A photograph for one's own proposal: JPEG or PNG, at most ten; the same one again is fine."""
    data = await read_body(request, parts.pictures.max_bytes)
    sha256 = await run_in_threadpool(_bring, parts, watch_id, data, caller.user)
    return shapes.WatchPicture(sha256=sha256, url=_address(watch_id, sha256))


def _bring(parts: Services, entry_id: str, data: bytes, who: str) -> str:
    return office.bring_picture(parts, entry_id, data, who=who)


@router.get("/{watch_id}/pictures/{sha256}", response_class=Response, responses=PICTURE)
@users("admin", "police")
def picture(parts: Parts, caller: Caller, watch_id: EntryId, sha256: Sha256) -> Response:
    """A photograph of a proposal."""
    with parts.store.read() as link:
        if sha256 not in entries.pictures_of(link, watch_id):
            raise NotFound("no such picture")
    data = parts.pictures.read_portrait(sha256)
    with parts.store.write() as link:
        audit.record(
            link, site=parts.site, at=parts.now(), who=caller.user, action="watch.picture", subject=watch_id,
            detail=sha256,
        )  # fmt: skip
    return Response(data, media_type=media_type(data), headers={"Cache-Control": "private, no-store"})


@router.post("/{watch_id}/decision")
@users("admin", "police")
def decide(parts: Parts, caller: Caller, watch_id: EntryId, said: shapes.WatchDecision) -> shapes.WatchEntry:
    """Approve or refuse what somebody else proposed; 403 for one's own, 409 where it is decided already."""
    if said.decision == "approved":
        office.approve(parts, watch_id, seen=said.seen, reason=said.reason.strip(), who=caller.user)
    else:
        office.refuse(parts, watch_id, reason=said.reason.strip(), who=caller.user)
    return _now(parts, watch_id, caller.user)


@router.post("/{watch_id}/withdrawal")
@users("admin", "police")
def withdraw(parts: Parts, caller: Caller, watch_id: EntryId, said: shapes.WatchWithdrawal) -> shapes.WatchEntry:
    """Look for it no more; nodes forget it, and its templates and photographs are deleted."""
    office.withdraw(parts, watch_id, reason=said.reason.strip(), who=caller.user)
    return _now(parts, watch_id, caller.user)


def _now(parts: Services, entry_id: str, user: str) -> shapes.WatchEntry:
    with parts.store.read() as link:
        return _shown(link, entries.find(link, entry_id), user)


def _shown(link: Connection, row: RowMapping, user: str) -> shapes.WatchEntry:
    same = ("id", "label", "ground", "until", "state", "templates", "proposed_by", "proposed_at", "reason")
    more = ("decided_by", "decided_at", "ended_by", "ended_at")
    return shapes.WatchEntry(
        **{name: row[name] for name in (*same, *more)},
        plates=list(entries.plates_of(row)),
        pictures=_pictures(link, row),
        mine=row["proposed_by"] == user,
    )


def _pictures(link: Connection, row: RowMapping) -> list[shapes.WatchPicture]:
    """A proposal's photographs; of who is looked for the one that guards and officers compare with."""
    if row["state"] != "active":
        held = entries.pictures_of(link, row["id"])
        return [shapes.WatchPicture(sha256=sha256, url=_address(row["id"], sha256)) for sha256 in held]
    portrait = link.execute(select(people.c.portrait).where(people.c.id == row["id"])).scalar()
    if portrait is None:
        return []
    return [shapes.WatchPicture(sha256=portrait, url=f"/api/people/{quote(row['id'])}/picture?v={portrait[:12]}")]


def _address(entry_id: str, sha256: str) -> str:
    return f"/api/watch-lists/{entry_id}/pictures/{sha256}"
