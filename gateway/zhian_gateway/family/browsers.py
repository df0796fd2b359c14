"""Which phones of a carer show messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, select

from ..errors import NotFound
from ..notices.subscriptions import check
from ..store.tables import carer_browsers
from ..tokens import digest
from .carers import Carer, note
from .sessions import CarerSession
from .wishes import place_browsers

#: Phones and tablets of one carer; the one that subscribed first gives way.
MOST: Final = 5


def subscribe(
    link: Connection, phone: CarerSession, endpoint: str, p256dh: str, auth: str, *, site: str, now: str
) -> None:
    """This phone shows the carer's messages from now on, before any other channel.

    Raises:
        BadInput: keys or an address that no browser gives out.
    """
    check(endpoint, p256dh, auth)
    carer = phone.carer
    ours = digest(endpoint)
    link.execute(delete(carer_browsers).where(carer_browsers.c.digest == ours))
    values = {
        "carer_id": carer.id,
        "session": phone.digest,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "created_at": now,
    }
    link.execute(carer_browsers.insert().values(digest=ours, **values))
    for old in of(link, carer.id)[:-MOST]:
        link.execute(delete(carer_browsers).where(carer_browsers.c.digest == old["digest"]))
    place_browsers(link, carer)
    note(link, carer, "family.push_on", ours[:12], site=site, now=now)


def unsubscribe(link: Connection, carer: Carer, endpoint: str, *, site: str, now: str) -> None:
    """This phone shows nothing any more; NotFound where it did not."""
    mine = (carer_browsers.c.digest == digest(endpoint)) & (carer_browsers.c.carer_id == carer.id)
    if link.execute(delete(carer_browsers).where(mine)).rowcount == 0:
        raise NotFound("this phone is not subscribed")
    place_browsers(link, carer)
    note(link, carer, "family.push_off", digest(endpoint)[:12], site=site, now=now)


def of(link: Connection, carer_id: int) -> Sequence[RowMapping]:
    """A carer's phones, the oldest first."""
    query = select(carer_browsers).where(carer_browsers.c.carer_id == carer_id)
    return link.execute(query.order_by(carer_browsers.c.created_at, carer_browsers.c.digest)).mappings().all()
