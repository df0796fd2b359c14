"""What people order lanes to do: audited before it is sent, answered by what the node says, or that it says nothing."""

from __future__ import annotations

import uuid
from time import monotonic
from typing import Annotated, Final

from fastapi import Path
from starlette.concurrency import run_in_threadpool
from zhian_wire import times
from zhian_wire.commands import Answer, SetLane
from zhian_wire.events import PLAIN_NAME

from .. import moments
from ..auth.sessions import Session
from ..errors import NoAnswer, NodeOffline, NodeRefused, NotFound
from ..lanes import keeping
from ..lanes.keeping import Kept
from ..lanes.ordering import LASTS, Errand, clock_of, command_id, until
from ..nodes import identity
from ..services import Services
from ..store import audit
from . import order_shapes as shapes
from .access import Caller, Parts, users
from .guarded import GuardedRouter

router = GuardedRouter(prefix="/api/lanes")
Name = Annotated[str, Path(pattern=PLAIN_NAME)]
#: What a lane is brought into until an end.
STAYING: Final = ("held_open", "locked")
UNKNOWN_LANES: Final = "its lanes are not known, since it has said nothing so far"


@router.get("/order")
@users("admin", "guard")
def site_order(parts: Parts) -> shapes.SiteOrderNow:
    """What the whole site was ordered to be, while that holds or any lane has not heard of it."""
    places, unknown = _every_lane(parts)
    with parts.store.read() as link:
        kept = keeping.current(link, parts.site, parts.clock())
        done = keeping.settled(link, kept) if kept else set()
    waiting = [shapes.LanePlace(node=node, lane=lane) for node, lane in places if (node, lane) not in done]
    waiting += [shapes.LanePlace(node=node, lane=None) for node in unknown]
    if kept is None or (kept.state == "normal" and not waiting):
        return shapes.SiteOrderNow(order=None)
    said = {name: getattr(kept, name) for name in ("state", "who", "why", "at", "until")}
    return shapes.SiteOrderNow(order=shapes.KeptOrder(**said, waiting=waiting))


@router.post("/state")
@users("admin", "guard")
async def set_all(parts: Parts, caller: Caller, wanted: shapes.SiteOrder) -> shapes.LaneAnswers:
    """Bring every lane of the site into a state with one call: a lockdown, an evacuation, and their ends.

    It is kept until its end: a node that says nothing now hears of it as soon as it is back.
    """
    parts.orders.count(caller.user, monotonic())
    ends = until(wanted.state, wanted.minutes, wanted.until, parts.clock())
    places, unknown = await run_in_threadpool(_every_lane, parts)
    kept = await run_in_threadpool(_keep, parts, caller, wanted, ends)
    errands = [kept.errand(place, parts.clock(), clock_of(parts.presence.last(place[0]))) for place in places]
    answers = await parts.orders.ask(errands, lambda node, body: parts.publish(node, "command", body))
    end = kept.until if kept.state in STAYING else None
    items = [_told(parts, errand, answer, end) for errand, answer in zip(errands, answers, strict=True)]
    items += [
        shapes.LaneAnswer(node=node, lane=None, result="offline", detail=UNKNOWN_LANES, until=end) for node in unknown
    ]
    await run_in_threadpool(_settle, parts, caller.user, kept, items)
    return shapes.LaneAnswers(done=all(item.result == "done" for item in items), items=items)


def _keep(parts: Services, caller: Session, wanted: shapes.SiteOrder, ends: str) -> Kept:
    """The order, audited before anybody is told."""
    now = parts.now()
    press = press_id(caller, wanted, wanted.state, wanted.minutes, wanted.until)
    order = Kept(id=0, press=press, state=wanted.state, who=caller.user, why=wanted.why, at=now, until=ends)
    with parts.store.write() as link:
        kept = keeping.keep(link, parts.site, order, parts.clock())
        by = {"site": parts.site, "at": now, "who": caller.user}
        audit.record(link, **by, action=f"lanes.{wanted.state}", subject=parts.site, detail=kept.words)
    return kept


def _settle(parts: Services, who: str, kept: Kept, items: list[shapes.LaneAnswer]) -> None:
    """Audit what every lane answered; who did it, or never will, needs no second telling."""
    now = parts.now()
    outcome = ", ".join(f"{item.node}/{item.lane or '?'} {item.result}" for item in items)
    with parts.store.write() as link:
        for item in items:
            if item.lane is not None and item.result in keeping.FINAL:
                keeping.settle(link, kept, (item.node, item.lane), item.result, now)
        audit.record(link, site=parts.site, at=now, who=who, action="lanes.answer", subject=parts.site, detail=outcome)


@router.post("/{node}/{lane}/state")
@users("admin", "guard")
async def set_one(parts: Parts, caller: Caller, node: Name, lane: Name, wanted: shapes.LaneOrder) -> shapes.LaneAnswer:
    """Open a lane once, hold it open, lock it, or let it be as always.

    409: its node does not do it; 503: the node says nothing, so nothing was sent; 504: it did not answer in time.
    """
    parts.orders.count(caller.user, monotonic())
    await run_in_threadpool(check_lane, parts, node, lane)
    ends = until(wanted.state, wanted.minutes, wanted.until, parts.clock())
    errand = _to_set(parts, caller, (node, lane), wanted, ends)
    end = ends if wanted.state in STAYING else None
    return await carry_out(parts, caller, errand, f"lane.{wanted.state}", _said(wanted, ends), end=end)


def _to_set(parts: Services, caller: Session, place: tuple[str, str], wanted: shapes.LaneOrder, ends: str) -> Errand:
    node, lane = place
    ahead = clock_of(parts.presence.last(node))
    command = SetLane(
        id=press_id(caller, wanted, node, lane, wanted.state, wanted.minutes, wanted.until),
        expires=moments.text(parts.clock() + LASTS + ahead),
        who=caller.user,
        why=wanted.why,
        lane=lane,
        state=wanted.state,
        until=moments.text(times.from_text(ends) + ahead),
    )
    return Errand(node, command)


def press_id(caller: Session, wanted: shapes.Ordered, *said: str | int | None) -> str:
    """The name of one press: the same whenever it is sent again."""
    return command_id(wanted.id or uuid.uuid4().hex, caller.user, type(wanted).__name__, wanted.why, *said)


def _said(wanted: shapes.LaneOrder, ends: str) -> str:
    """For the audit; an order that does not stay has no end to speak of."""
    return f"{wanted.state}{f' until {ends}' if wanted.state in STAYING else ''}: {wanted.why}"


async def carry_out(
    parts: Services, caller: Session, errand: Errand, action: str, said: str, *, end: str | None = None
) -> shapes.LaneAnswer:
    """Audit, send, wait, audit what became of it. `end`: of what stays.

    Raises:
        NodeOffline, NoAnswer, NodeRefused: it was not done, or nobody knows.
    """
    place = f"{errand.node}/{errand.command.lane}"
    if parts.presence.state(errand.node, parts.clock()) == "offline":
        await run_in_threadpool(_note, parts, caller.user, action, place, f"not sent, the node is offline; {said}")
        raise NodeOffline(f"node {errand.node!r} says nothing; nothing was sent to it")
    await run_in_threadpool(_note, parts, caller.user, action, place, said)
    (answer,) = await parts.orders.ask([errand], lambda node, body: parts.publish(node, "command", body))
    told = _told(parts, errand, answer, end)
    await run_in_threadpool(_note_answer, parts, caller.user, errand, told)
    if answer is None:
        raise NoAnswer(f"node {errand.node!r} did not answer; look at the lane before you try again")
    if answer.result != "done":
        raise NodeRefused(answer.result, answer.detail)
    return told


def _note_answer(parts: Services, who: str, errand: Errand, told: shapes.LaneAnswer) -> None:
    """Audit it. Who has brought a lane into a state since then has the last word over an order to the whole site."""
    place = (errand.node, errand.command.lane)
    now, said = parts.now(), f"{told.result} {told.detail}".strip()
    stays = isinstance(errand.command, SetLane) and errand.command.state != "open_once"
    with parts.store.write() as link:
        kept = keeping.current(link, parts.site, parts.clock()) if stays and told.result == "done" else None
        if kept is not None:
            keeping.settle(link, kept, place, "superseded", now)
        subject = "/".join(place)
        audit.record(link, site=parts.site, at=now, who=who, action="lane.answer", subject=subject, detail=said)


def _told(parts: Services, errand: Errand, answer: Answer | None, end: str | None) -> shapes.LaneAnswer:
    node, lane = errand.node, errand.command.lane
    if answer is not None:
        return shapes.LaneAnswer(node=node, lane=lane, result=answer.result, detail=answer.detail, until=end)
    offline = parts.presence.state(node, parts.clock()) == "offline"
    return shapes.LaneAnswer(node=node, lane=lane, result="offline" if offline else "no_answer", detail="", until=end)


def _every_lane(parts: Services) -> tuple[list[tuple[str, str]], list[str]]:
    """Node and lane of every lane that takes orders, and the nodes that never said which lanes they have."""
    with parts.store.read() as link:
        nodes = identity.every(link, parts.site)
    places = [(node, lane) for node in nodes for lane in _lanes_of(parts, node)]
    told = {node for node, _ in places}
    return places, [node for node in nodes if node not in told and parts.presence.last(node) is None]


def _lanes_of(parts: Services, node: str) -> list[str]:
    """By the node's own word; where it said none, by what its lanes once decided."""
    heard = parts.presence.last(node)
    if heard is not None and heard.state.lanes:
        return sorted(heard.state.lanes)
    return [each.lane for each in parts.lanes.every() if each.node == node]


def check_lane(parts: Services, node: str, lane: str) -> None:
    """NotFound for a node that is not of this site, and for a lane that its node does not have."""
    with parts.store.read() as link:
        if node not in identity.every(link, parts.site):
            raise NotFound(f"there is no node {node!r}")
    heard = parts.presence.last(node)
    if heard is not None and heard.state.lanes and lane not in heard.state.lanes:
        raise NotFound(f"node {node!r} has no lane {lane!r} that takes orders")


def _note(parts: Services, who: str, action: str, subject: str, detail: str) -> None:
    with parts.store.write() as link:
        audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=subject, detail=detail)
