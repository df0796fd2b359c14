"""A guard lets somebody pass: by the node, by hand where no node answers, and back again where it was a slip."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Annotated, NamedTuple

from fastapi import Path
from sqlalchemy import Connection, RowMapping, select
from starlette.concurrency import run_in_threadpool
from zhian_wire.commands import LetPass, TakeBack

from .. import moments
from ..auth.sessions import Session
from ..errors import BadInput, Conflict, NoAnswer, NodeFault, NodeOffline, NodeRefused, NotFound
from ..lanes import admissions, by_hand, undoing
from ..lanes.by_hand import Hand
from ..lanes.ordering import LASTS, Errand, clock_of, command_id
from ..services import Services
from ..store import audit
from ..store.tables import people
from ..visitors import admitting
from ..visitors import rows as visits
from . import hand_shapes as shapes
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .orders import Name, carry_out, check_lane, press_id

router = GuardedRouter(prefix="/api/lanes")
PassId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class _Whom(NamedTuple):
    """Who is let pass: what nodes call them, and how the audit does.

    Attributes:
        visit: what is taken back with the word.
        admitted: it was this very request that let them in.
    """

    opaque: str | None
    visit: int | None
    said: str
    admitted: bool = False


class _Word(NamedTuple):
    """A guard's word as it was kept, how the audit tells it, and whether this request let a visitor in."""

    hand: Hand
    said: str
    admitted: bool


@router.post("/{node}/{lane}/pass")
@users("admin", "guard")
async def let_pass(parts: Parts, caller: Caller, node: Name, lane: Name, wanted: shapes.LetPass) -> shapes.PassAnswer:
    """Let somebody pass, by name and with a reason; it counts as a passage, and the lane opens where `opens` says so.

    Errors as where a lane is brought into a state; 404 also for who is not enrolled. Where the node was not reached,
    the passage can be recorded by hand (`/passed`), with the same `id` and words. A visitor whom the node did not let
    pass is not let in; where nobody knows (504), `pass_id` in the problem is what it is taken back by.
    """
    parts.orders.count(caller.user, monotonic())
    await run_in_threadpool(check_lane, parts, node, lane)
    word = await run_in_threadpool(_noted, parts, caller, (node, lane), wanted)
    hand = word.hand
    command = LetPass(
        id=hand.id,
        expires=moments.text(parts.clock() + LASTS + clock_of(parts.presence.last(node))),
        who=caller.user,
        why=wanted.why,
        lane=lane,
        direction=wanted.direction,
        person_id=hand.person,
        opens=wanted.opens,
    )
    try:
        answer = await carry_out(parts, caller, Errand(node, command), "lane.let_pass", word.said)
    except NodeFault as error:
        error.more = await run_in_threadpool(_unheeded, parts, caller, word, error)
        raise
    return shapes.PassAnswer(**answer.model_dump(), pass_id=hand.id)


def _unheeded(parts: Services, caller: Session, word: _Word, error: NodeFault) -> Mapping[str, str]:
    """Take back that a visitor was let in for nothing; what the guard can still undo, where nobody knows."""
    hand = word.hand
    if isinstance(error, NoAnswer):
        return {"pass_id": hand.id}
    if isinstance(error, NodeOffline) and not word.admitted:
        # They were let in before, by a word that may have been heeded then.
        return {} if hand.visit is None else {"pass_id": hand.id}
    with parts.store.write() as link:
        admissions.take_back(link, parts, hand.id, who=caller.user)
    parts.bell.ring()
    return {}


@router.post("/{node}/{lane}/passed")
@users("admin", "guard")
def record(parts: Parts, caller: Caller, node: Name, lane: Name, wanted: shapes.LetPass) -> shapes.HandPass:
    """Record by hand whom a guard let pass, since the node cannot be told: it counts, and no door opened for it.

    Said with the `id` and words of an order that had no answer, it counts once, whatever the node tells later.
    """
    parts.orders.count(caller.user, monotonic())
    check_lane(parts, node, lane)
    hand, said, _ = _noted(parts, caller, (node, lane), wanted)
    with parts.store.write() as link:
        if by_hand.record(link, parts.rows, hand, parts.now()):
            _audit(link, parts, "lane.record_pass", who=caller.user, place=f"{node}/{lane}", said=said)
        row = by_hand.demand(link, parts.site, hand.id)
    parts.bell.ring()
    return _shown(row)


@router.post("/passes/{pass_id}/undo")
@users("admin", "guard")
async def undo(parts: Parts, caller: Caller, pass_id: PassId) -> shapes.HandPass:
    """Take a passage by hand back that was a slip: it stays to be seen, and counts for nothing any more.

    Whoever was told of it is told that it was a mistake. 409: it is more than five minutes ago.
    """
    row, zone = await run_in_threadpool(_undo, parts, caller, pass_id)
    if zone is not None or row["person"] is None:
        await _tell_node(parts, caller, row, zone or "")
    parts.bell.ring()
    return _shown(row)


def _undo(parts: Services, caller: Session, pass_id: str) -> tuple[RowMapping, str | None]:
    with parts.store.write() as link:
        row = by_hand.demand(link, parts.site, pass_id)
        zone = undoing.take_back(link, parts, row, who=caller.user)
        if row["undone_at"] is None:
            place = f"{row['node']}/{row['lane']}"
            said = f"{row['direction']}: {row['why']}"
            _audit(link, parts, "lane.take_back", who=caller.user, place=place, said=said)
        return by_hand.demand(link, parts.site, pass_id), zone


async def _tell_node(parts: Services, caller: Session, row: RowMapping, zone: str) -> None:
    """What the node keeps of it is put right too; where it does not answer, it was corrected here all the same."""
    node, lane = row["node"], row["lane"]
    ahead = clock_of(parts.presence.last(node))
    command = TakeBack(
        id=command_id(row["id"], "take_back"),
        expires=moments.text(parts.clock() + LASTS + ahead),
        who=caller.user,
        why="a slip",
        lane=lane,
        order=row["id"],
        person_id=row["person"],
        zone=zone,
    )
    try:
        await carry_out(parts, caller, Errand(node, command), "lane.take_back_at_node", row["id"])
    except (NoAnswer, NodeOffline, NodeRefused):
        # Audited; the node hears where everybody is when it is back.
        return


def _noted(parts: Services, caller: Session, place: tuple[str, str], wanted: shapes.LetPass) -> _Word:
    """The word, kept before anything is done by it."""
    node, lane = place
    order = press_id(caller, wanted, node, lane, wanted.direction, wanted.person_id, wanted.visit_id)
    with parts.store.read() as link:
        known = by_hand.find(link, parts.site, order)
    if known is not None and known["undone_at"] is not None:
        raise Conflict("that was taken back: let them pass anew")
    whom = _whom(parts, caller, wanted)
    hand = Hand(
        id=order,
        site=parts.site,
        node=node,
        lane=lane,
        direction=wanted.direction,
        person=whom.opaque,
        visit=whom.visit,
        who=caller.user,
        why=wanted.why,
        at=parts.now(),
    )
    with parts.store.write() as link:
        by_hand.note(link, hand)
        admissions.note(link, hand)
    return _Word(hand, f"{wanted.direction}, {whom.said}: {wanted.why}", whom.admitted)


def _whom(parts: Services, caller: Session, wanted: shapes.LetPass) -> _Whom:
    if wanted.visit_id is not None:
        return _visitor(parts, caller, wanted, int(wanted.visit_id))
    if wanted.person_id is None:
        return _Whom(None, None, "a visitor")
    return _Whom(_opaque(parts, wanted.person_id), None, wanted.person_id)


def _visitor(parts: Services, caller: Session, wanted: shapes.LetPass, visit: int) -> _Whom:
    """Somebody who is announced is let in as at the window; Conflict where screening stands against it."""
    if wanted.person_id is not None:
        raise BadInput("either person_id or visit_id")
    with parts.store.read() as link:
        row = visits.find(link, visit)
        unknown = wanted.direction == "in" and admissions.is_open(link, parts.site, visit)
    admits = wanted.direction == "in" and row.state == "announced"
    if admits:
        admitting.admit(parts, visit, admitting.Pass(), who=caller.user)
    elif row.state != "inside":
        raise Conflict(f"the visit is {row.state}")
    opaque = _opaque(parts, row.person_id or f"visit-{visit}")
    return _Whom(opaque, visit if admits or unknown else None, f"visit {visit}", admits)


def _opaque(parts: Services, person_id: str) -> str:
    """What nodes call somebody."""
    query = select(people.c.opaque).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    with parts.store.read() as link:
        found = link.execute(query).scalar()
    if found is None:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
    return str(found)


def _audit(link: Connection, parts: Services, action: str, *, who: str, place: str, said: str) -> None:
    audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=place, detail=said)


def _shown(row: RowMapping) -> shapes.HandPass:
    same = ("id", "node", "lane", "direction", "who", "why", "at", "recorded")
    return shapes.HandPass(
        **{name: row[name] for name in same},
        undone=row["undone_at"] is not None,
        passage_id=None if row["passage_id"] is None else str(row["passage_id"]),
    )
