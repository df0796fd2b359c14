"""What the office sees of notices, and what it may do about one that did not arrive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, func, select, update

from .. import moments
from ..config_notices import Notices
from ..config_types import Config
from ..errors import BadInput, Conflict, NotFound
from ..people.guardians import addresses
from ..store import audit, stream
from ..store.tables import guardians, notices
from .happenings import ESCALATION
from .naming import fault, line_of, scheme

#: A notice in one of these will not be sent by itself any more, and did not surely arrive.
ENDED: Final = ("failed", "expired", "unsure")
STATES: Final = ("queued", "held", "sending", "sent", *ENDED)


def listed(
    link: Connection,
    *,
    states: Sequence[str] = (),
    before: int | None = None,
    limit: int = 50,
    shown: ColumnElement[bool] | None = None,
) -> Sequence[RowMapping]:
    """Notices, newest first, of those that are `shown` (None: all).

    What tells of a case that nobody answers is shown with that case, and not here.
    """
    query = select(notices).where(notices.c.happening != ESCALATION).order_by(notices.c.id.desc()).limit(limit)
    if shown is not None:
        query = query.where(shown)
    if before is not None:
        query = query.where(notices.c.id < before)
    if states:
        query = query.where(notices.c.state.in_(states))
    return link.execute(query).mappings().all()


def counts(link: Connection) -> dict[str, int]:
    """How many there are in each state."""
    query = select(notices.c.state, func.count()).group_by(notices.c.state)
    return {str(state): int(number) for state, number in link.execute(query)}


def retry(link: Connection, number: int, config: Config, *, who: str, now: datetime) -> None:
    """Send a notice once more, from its first channel on; it may then arrive twice, and says how late it is.

    Raises:
        NotFound: no such notice, or whom it was for is no receiver any more.
        Conflict: it is on its way, or has arrived.
    """
    row = link.execute(select(notices).where(notices.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no notice {number}")
    if row.state not in ENDED:
        raise Conflict(f"notice {number} is {row.state}: only one that is {', '.join(ENDED)} is sent once more")
    if not row.title:
        raise NotFound(f"of notice {number} nothing is known any more but that it was")
    values: dict[str, Any] = {"state": "queued", "place": 0, "tries": 0, "since": None, "doubt": False, "error": ""}
    values["next_at"] = moments.text(now)
    values["expires_at"] = max(row.expires_at, moments.text(now + timedelta(seconds=config.notices.expire_s)))
    values |= _first_channel(link, row, config)
    link.execute(update(notices).where(notices.c.id == number).values(values))
    text = moments.text(now)
    stream.push(link, "notice", str(number), text)
    audit.record(
        link, site=config.site.id, at=text, who=who, action="notice.retry", subject=str(number), detail=row.state
    )


def _first_channel(link: Connection, notice: Row[Any], config: Config) -> dict[str, Any]:
    """As the addresses stand now: a guardian's in the store, a contact's in the configuration."""
    found: Sequence[str] = ()
    if notice.contact is not None:
        contact = config.response.contact(notice.contact)
        found = (contact.address, *contact.further) if contact else ()
    elif notice.guardian_id is not None:
        query = select(guardians).where(guardians.c.id == notice.guardian_id)
        row = link.execute(query).mappings().one_or_none()
        found = addresses(row) if row else ()
    if not found:
        raise NotFound("whom it was for is told nothing any more")
    return {"places": len(found), "channel": scheme(found[0]), "line": line_of(found[0], config.notices)}


def guardians_of(link: Connection, person_id: str) -> Sequence[RowMapping]:
    """Somebody's guardians."""
    query = select(guardians).where(guardians.c.person_id == person_id).order_by(guardians.c.id)
    return link.execute(query).mappings().all()


def prefer(
    link: Connection,
    number: int,
    settings: Notices,
    *,
    happenings: Sequence[str] | None,
    quiet: Sequence[str],
    language: str,
    places: Sequence[str] | None,
    site: str,
    who: str,
    now: str,
) -> None:
    """What a guardian wants to be told of, when they are not woken, in which language, and where, in this order.

    Args:
        happenings: None: everything that the site tells guardians.
        places: their addresses; None: as before.

    Raises:
        NotFound: no such guardian.
        BadInput: an address that nothing can be sent to.
        Conflict: another guardian of that person has the first address.
    """
    row = link.execute(select(guardians).where(guardians.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no guardian {number}")
    values: dict[str, Any] = {"quiet": json.dumps(list(quiet)), "language": language}
    values["happenings"] = None if happenings is None else json.dumps(list(happenings))
    if places is not None:
        values |= _placed(link, row, places, settings)
    link.execute(update(guardians).where(guardians.c.id == number).values(values))
    detail = f"guardian {number}: {'other addresses' if places is not None else 'preferences'}"
    audit.record(link, site=site, at=now, who=who, action="guardian.prefer", subject=row["person_id"], detail=detail)


def _placed(link: Connection, row: RowMapping, places: Sequence[str], settings: Notices) -> dict[str, str]:
    for index, place in enumerate(places):
        if problem := fault(place, settings):
            raise BadInput(f"addresses[{index}]: {problem}")
    taken = (guardians.c.person_id == row["person_id"]) & (guardians.c.address == places[0])
    if link.execute(select(guardians.c.id).where(taken, guardians.c.id != row["id"])).first() is not None:
        raise Conflict("another guardian of the same person has that address")
    return {"address": places[0], "further": json.dumps(list(places[1:]))}
