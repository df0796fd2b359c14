"""Where somebody stands in records that are others': as host of a visit, and as who collects a child."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from ..store import counters
from ..store.tables import collectors, leave_slips, people, visits
from .mentions import Named


def unname_host(link: Connection, person_id: str) -> None:
    """Visits to somebody who withdrew say by the id alone whom they were to."""
    link.execute(update(visits).where(visits.c.host_person == person_id).values(host_name=""))


def forget(link: Connection, named: Named) -> None:
    """Take them out of others' records, which stay: a visit is nobody's, and a child's slip names whoever is listed.

    The gates hear of it as of any change of these children.
    """
    unname_host(link, named.person_id)
    link.execute(update(visits).where(visits.c.host_person == named.person_id).values(host_person=None))
    listed = is_them(collectors.c.kind, collectors.c.value, named)
    slips = is_them(leave_slips.c.collected, leave_slips.c.collector, named)
    children = set(link.execute(select(collectors.c.person_id).where(listed)).scalars())
    children |= set(link.execute(select(leave_slips.c.person_id).where(slips)).scalars())
    link.execute(delete(collectors).where(listed))
    link.execute(update(leave_slips).where(slips).values(collected="listed", collector=""))
    if children:
        version = counters.take(link, "roster")
        link.execute(update(people).where(people.c.id.in_(children)).values(version=version))


def is_them(kind: ColumnElement[str], value: ColumnElement[str], named: Named) -> ColumnElement[bool]:
    """Whether what collects a child is them, or a car of theirs alone."""
    by_id = and_(kind == "person", value == named.person_id)
    return or_(by_id, and_(kind == "plate", value.in_(named.plates)))
