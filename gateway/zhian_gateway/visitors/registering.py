"""Taking a visit up: by a host who invites, by the invited person, and at the window."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from .. import moments
from ..errors import BadInput, Conflict, NotFound
from ..services import Services
from ..store.tables import visits
from ..tokens import digest, new_secret
from . import agreeing, citizen, hours, life, rows
from .hosts import Host
from .rows import Visit
from .typed import Typed, masked_phone, typed

#: The same for every link that opens nothing, so that nobody learns which ever did.
GONE: Final = "there is no such invitation, or it is over"


@dataclass(frozen=True)
class Plan:
    """A visit as it was arranged; `area` "": the first of the configuration."""

    who: Typed
    host: Host
    begins: datetime
    ends: datetime
    area: str = ""


def limits(parts: Services) -> hours.Limits:
    """What the configuration says of a visit's time."""
    settings = parts.config.visitors
    longest = timedelta(minutes=settings.longest_minutes)
    return hours.Limits(longest, timedelta(days=settings.ahead_days), settings.grace)


def invite(link: Connection, parts: Services, plan: Plan, *, who: str) -> tuple[int, str]:
    """A host expects somebody; the visit's number, and the secret of the link, which is shown now and never again.

    Raises:
        BadInput: it names the field.
    """
    token = new_secret()
    values = {"token": digest(token), "token_ends": moments.text(plan.ends)}
    return _write(link, parts, plan, "invited", values, who=who), token


def announce(link: Connection, parts: Services, plan: Plan, agreed: Collection[str], *, who: str) -> int:
    """Somebody stands at the window; the visit's number.

    Raises:
        BadInput: it names the field, or they have not agreed to be registered.
    """
    return _write(link, parts, plan, "announced", _agreement(parts, agreed), who=who)


def renew_link(link: Connection, parts: Services, visit: int, *, who: str) -> str:
    """A new link for an invitation; the one before holds no more.

    Raises:
        Conflict: nobody is expected any more.
    """
    row = rows.find(link, visit)
    if row.state not in life.EXPECTED:
        raise Conflict(f"the visit is {row.state}")
    token = new_secret()
    values = {"token": digest(token), "token_ends": row.ends}
    rows.change(link, parts, visit, values, action="visit.link", who=who)
    return token


def invited(link: Connection, parts: Services, token: str) -> Visit:
    """Whose link it is, as long as it holds; NotFound says the same of every other."""
    row = link.execute(select(visits).where(visits.c.token == digest(token))).one_or_none()
    if row is None or row.token_ends is None or row.token_ends <= parts.now() or row.state in life.OVER:
        raise NotFound(GONE)
    return row


def complete(link: Connection, parts: Services, token: str, said: Typed, agreed: Collection[str]) -> int:
    """The invited person's own word, without a login; the visit's number. What the host arranged stays.

    Raises:
        NotFound: the link does not hold.
        Conflict: they are in already; at the window somebody helps.
        BadInput: it names the field, or they have not agreed.
    """
    row = invited(link, parts, token)
    life.advance(row.state, "announce")
    found = typed(said, _today(parts))
    values: dict[str, Any] = {"name": found.name, "phone": found.phone, "plate": found.plate}
    if not found.phone:
        raise BadInput("phone: is missing")
    if found.citizen:
        values["citizen"] = found.citizen
    values |= _agreement(parts, agreed) | _AGAIN | {"state": "announced"}
    rows.change(link, parts, row.id, values, action="visit.announce", who="visitor")
    return int(row.id)


#: Whoever says something else of themselves is screened anew.
_AGAIN: Final[dict[str, Any]] = {
    "screening": "none",
    "screening_detail": "",
    "screened_at": None,
    "decided_by": None,
    "decided_why": "",
}


def amend(
    link: Connection, parts: Services, visit: int, said: Typed, *, area: str, agreed: Collection[str], who: str
) -> None:
    """The guard's word, before somebody is let in: what is empty stays as it was.

    Raises:
        Conflict: they are in, or it is over.
        BadInput: it names the field, or they have not agreed.
    """
    row = rows.find(link, visit)
    life.advance(row.state, "announce")
    kept = {name: value or getattr(row, name) for name, value in said._asdict().items()}
    values = typed(Typed(**kept), _today(parts))._asdict() | _area(parts, area or row.area) | _AGAIN
    values |= _agreement(parts, set(agreed) | set(row.agreed.split())) | {"state": "announced"}
    rows.change(link, parts, visit, values, action="visit.amend", who=who)


def shown(row: Visit) -> Typed:
    """What pages show of somebody: numbers masked."""
    return Typed(row.name, masked_phone(row.phone), row.plate, citizen.masked(row.citizen), row.purpose)


def _write(link: Connection, parts: Services, plan: Plan, state: life.State, more: dict[str, Any], *, who: str) -> int:
    now = parts.clock()
    time = hours.span(plan.begins, plan.ends, now, limits(parts))
    host = {"host_user": plan.host.id if plan.host.kind == "user" else None, "host_name": plan.host.name}
    host["host_person"] = plan.host.id if plan.host.kind == "person" else None
    values: dict[str, Any] = {"site": parts.site, "state": state, "created_by": who, "created_at": moments.text(now)}
    values |= {"serial": secrets.token_hex(8), "agreed": "", "text_version": "", "photo_ground": ""}
    values |= {"begins": moments.text(time.begins), "ends": moments.text(time.ends)} | host | _AGAIN
    values |= typed(plan.who, _today(parts))._asdict() | _area(parts, plan.area) | more
    number = int(link.execute(visits.insert().values(values).returning(visits.c.id)).scalar_one())
    action = "visit.invite" if state == "invited" else "visit.register"
    rows.change(link, parts, number, {}, action=action, who=who)
    return number


def _area(parts: Services, wanted: str) -> dict[str, str]:
    found = parts.config.visitors.area(wanted) if wanted else parts.config.visitors.areas[0]
    if found is None:
        raise BadInput(f"area: there is no area {wanted!r}")
    return {"area": found.id}


def _agreement(parts: Services, agreed: Collection[str]) -> dict[str, Any]:
    if "keeping" not in agreed:
        raise BadInput("agreed: without agreeing to be registered nobody is")
    words = " ".join(purpose for purpose in agreeing.PURPOSES if purpose in agreed)
    return {"agreed": words, "text_version": agreeing.version(parts.config.visitors.services), "agreed_at": parts.now()}


def _today(parts: Services) -> date:
    return parts.clock().astimezone(parts.zone).date()
