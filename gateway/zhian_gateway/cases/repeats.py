"""The latest repeats of a case, each with what it rested on: the case itself shows the last one only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, select, update

from ..store.tables import alert_repeats
from .pieces import to_text
from .signals import Raise

#: So many of each case are kept: what is beyond them is counted, and its passages are found by time.
MOST: Final = 50

_OLDEST: Final = (
    select(alert_repeats.c.id)
    .where(alert_repeats.c.alert_id == bindparam("alert"))
    .order_by(alert_repeats.c.id.desc())
    .offset(MOST - 1)
    .limit(1)
)


def keep(link: Connection, alert_id: int, same: Sequence[Raise], *, first: bool) -> None:
    """Write these down, and let go of what is older than the latest `MOST`; `first`: there is nothing older."""
    link.execute(alert_repeats.insert(), [_row(alert_id, each) for each in same[-MOST:]])
    if first:
        return
    oldest = link.execute(_OLDEST, {"alert": alert_id}).scalar()
    if oldest is not None:
        link.execute(delete(alert_repeats).where(alert_repeats.c.alert_id == alert_id, alert_repeats.c.id < oldest))


def change_last(link: Connection, alert_id: int, wanted: Raise) -> None:
    """The latest repeat rests on this from now on; it happened when it was told first."""
    last = select(func.max(alert_repeats.c.id)).where(alert_repeats.c.alert_id == alert_id).scalar_subquery()
    values = {name: value for name, value in _row(alert_id, wanted).items() if name != "at"}
    link.execute(update(alert_repeats).where(alert_repeats.c.id == last).values(values))


def of(link: Connection, alert_id: int) -> Sequence[RowMapping]:
    """The latest repeats of a case, the last of them first."""
    query = select(alert_repeats).where(alert_repeats.c.alert_id == alert_id).order_by(alert_repeats.c.id.desc())
    return link.execute(query).mappings().all()


def _row(alert_id: int, each: Raise) -> dict[str, object]:
    return {
        "alert_id": alert_id,
        "at": each.at,
        "person": each.person,
        "plate": each.plate,
        "plate_colour": each.plate_colour,
        "detail": each.detail,
        "evidence": to_text(each.evidence),
        "passage_id": each.passage_id,
    }
