"""Alerts, and what people do with them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Request, Response
from sqlalchemy import ColumnElement, Connection, and_, select
from starlette.concurrency import run_in_threadpool
from zhian_wire.alerts import CLOSED, OPEN, AlertState

from ..auth.sessions import Session
from ..cases import photos, repeats
from ..cases.sending import Sent
from ..errors import Withheld
from ..services import Services
from ..store.tables import alerts
from . import alert_shapes as shapes
from . import alert_views as views
from .access import Caller, Parts, users
from .bodies import read_body
from .guarded import GuardedRouter
from .nodes import BODY, Sha256
from .paging import Cursor, Limit, parse_id
from .shapes import Stored
from .sight import alerts_for, repeats_shown_to, shown_to
from .tags import IfMatch, check_match, tag_of_shape
from .when import Moment

router = GuardedRouter(prefix="/api/alerts")
Which = Literal["open", "closed"] | AlertState
AlertId = Annotated[str, Path(pattern=r"^[0-9]{1,18}$")]


@router.get("")
@users("admin", "guard", "police")
def list_alerts(
    parts: Parts,
    caller: Caller,
    *,
    state: Which | None = None,
    before: Cursor = None,
    limit: Limit = 50,
    since: Moment = None,
    until: Moment = None,
) -> shapes.Alerts:
    """Alerts, newest first; `state` is one state, or all open or closed ones.

    `since` and `until` (RFC 3339, UTC, milliseconds; both included): those that happened last within.
    """
    where = [alerts_for(caller.role, parts.config), *_states(state)]
    if before is not None:
        where.append(alerts.c.id < parse_id(before, "before"))
    if since is not None:
        where.append(alerts.c.last_at >= since)
    if until is not None:
        where.append(alerts.c.last_at <= until)
    query = select(alerts).where(*where).order_by(alerts.c.id.desc()).limit(limit + 1)
    with parts.store.read() as link:
        rows = link.execute(query).mappings().all()
        items = [shown_to(caller.role, each) for each in views.alerts(link, rows[:limit])]
    return shapes.Alerts(items=items, next=str(rows[limit - 1]["id"]) if len(rows) > limit else None)


def _states(state: Which | None) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    return [alerts.c.state.in_({"open": OPEN, "closed": CLOSED}.get(state, frozenset({state})))]


@router.get("/{alert_id}")
@users("admin", "guard", "police")
def one_alert(parts: Parts, caller: Caller, alert_id: AlertId, response: Response) -> shapes.Alert:
    """One alert; its `ETag` is what `If-Match` of a step names."""
    with parts.store.read() as link:
        found = find_alert(link, parts, caller, int(alert_id))
    response.headers["ETag"] = tag_of_shape(found)
    return found


@router.get("/{alert_id}/repeats")
@users("admin", "guard", "police")
def list_repeats(parts: Parts, caller: Caller, alert_id: AlertId) -> shapes.AlertRepeats:
    """What each of the latest times rested on that the case was raised, the last first."""
    with parts.store.read() as link:
        found = find_alert(link, parts, caller, int(alert_id))
        told = views.repeats(link, repeats.of(link, int(alert_id)))
    return repeats_shown_to(caller.role, found, told)


@router.post("/{alert_id}/transitions")
@users("admin", "guard", "police")
def move(
    parts: Parts,
    caller: Caller,
    alert_id: AlertId,
    wanted: shapes.Move,
    *,
    response: Response,
    if_match: IfMatch = None,
) -> shapes.Alert:
    """Take a step; 409 when somebody was faster or it is not allowed from there.

    With `If-Match` 412 also when anything else of it changed, such as another repeat.
    """
    number = int(alert_id)
    with parts.store.write() as link:
        check_match(if_match, find_alert(link, parts, caller, number))
        parts.book.move(
            link,
            number,
            target=wanted.to,
            who=caller.user,
            now=parts.now(),
            note=wanted.note,
            expected=wanted.expected_state,
            sent=None if wanted.assignee is None else Sent(wanted.assignee.role, wanted.assignee.name.strip()),
            picture=wanted.picture,
        )
        changed = find_alert(link, parts, caller, number)
    parts.bell.ring()
    response.headers["ETag"] = tag_of_shape(changed)
    return changed


@router.put("/{alert_id}/pictures/{sha256}", openapi_extra=BODY)
@users("admin", "guard", "police")
async def put_picture(parts: Parts, caller: Caller, alert_id: AlertId, sha256: Sha256, request: Request) -> Stored:
    """Bring a photo for a case, which a step may then name; the same one again is fine."""
    data = await read_body(request, parts.pictures.max_bytes)
    kind = await run_in_threadpool(_keep, parts, caller, int(alert_id), sha256, data)
    return Stored(sha256=sha256, media_type=kind)


def _keep(parts: Services, caller: Session, number: int, sha256: str, data: bytes) -> str:
    with parts.store.read() as link:
        find_alert(link, parts, caller, number)
        photos.check_room(link, number, sha256)
    kind = parts.pictures.keep(sha256, data)
    with parts.store.write() as link:
        brought = photos.Photo(sha256, len(data), kind)
        photos.keep(link, number, brought, site=parts.site, who=caller.user, now=parts.now())
    return kind


def find_alert(link: Connection, parts: Services, caller: Session, number: int) -> shapes.Alert:
    visible = and_(alerts.c.id == number, alerts_for(caller.role, parts.config))
    row = link.execute(select(alerts).where(visible)).mappings().one_or_none()
    if row is None:
        raise Withheld(f"there is no alert {number}")
    return shown_to(caller.role, views.alerts(link, [row])[0])
