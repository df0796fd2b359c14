"""What is held about somebody beside their own record, for the export: nothing that it says of anybody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, and_, not_, or_, select, true

from ..notices.inbox import key_of
from ..services import Services
from ..store.tables import (
    alert_repeats,
    alerts,
    audit,
    carer_children,
    carers,
    collectors,
    guardians,
    inbox,
    leave_slips,
    notices,
    passages,
    police_feed,
    transitions,
    visits,
)
from . import unnaming
from .elsewhere import is_them
from .looks import subjects_of
from .mentions import Named, about

#: What opens a visit.
_SECRET: Final = ("token", "serial")
#: What is told of others' rows: a visit to them, a passage or case that names them or has their car, a child's slip.
_HOSTED: Final = ("id", "state", "host_name", "begins", "ends", "created_by", "created_at")
_PASSAGE: Final = ("id", "node", "camera", "lane", "direction", "time", "day")
_CASE: Final = ("id", "kind", "severity", "state", "raised_at", "node", "lane")
_AGAIN: Final = ("id", "alert_id", "at")
_SLIP: Final = ("id", "person_id", "begins", "ends", "collected", "collector", "who", "made_at", "ended_at")
#: Keys that are looked for at once.
_CHUNK: Final = 500


def queries(named: Named) -> dict[str, Select[Any]]:
    """By kind, in the order in which they are shown."""
    mine = named.person_id
    cases = select(alerts.c.id).where(about(alerts, named))
    phones = select(guardians.c.id.label("guardian_id"), carers.c.name, carers.c.language, carer_children.c.bound_at)
    phones = phones.join(carer_children, carer_children.c.guardian_id == guardians.c.id)
    phones = phones.join(carers, carers.c.id == carer_children.c.carer_id)
    listed = is_them(collectors.c.kind, collectors.c.value, named) & (collectors.c.person_id != mine)
    slips = is_them(leave_slips.c.collected, leave_slips.c.collector, named) & (leave_slips.c.person_id != mine)
    return {
        "collects": select(collectors).where(listed),
        "collects_by_slip": _only(leave_slips, _SLIP).where(slips).order_by(leave_slips.c.id),
        "phones": phones.where(guardians.c.person_id == mine).order_by(guardians.c.id),
        "visits": select(*(column for column in visits.c if column.name not in _SECRET)).where(
            visits.c.person_id == mine
        ),
        "visits_hosted": _only(visits, _HOSTED).where(visits.c.host_person == mine).order_by(visits.c.id),
        "named_cases": _naming(alerts, _CASE, named),
        "named_case_repeats": _naming(alert_repeats, _AGAIN, named),
        "vehicle_passages": _with_their_car(passages, _PASSAGE, named),
        "vehicle_cases": _with_their_car(alerts, _CASE, named),
        "vehicle_case_repeats": _with_their_car(alert_repeats, _AGAIN, named),
        "case_steps": select(transitions).where(transitions.c.alert_id.in_(cases)).order_by(transitions.c.id),
        "told_to_police": select(police_feed).where(police_feed.c.alert_id.in_(cases)).order_by(police_feed.c.id),
    }


def told(named: Named) -> ColumnElement[bool]:
    """Which notices are about them: of a passage, to a guardian, by name, or of a case."""
    passed = select(passages.c.id).where(about(passages, named))
    theirs = select(guardians.c.id).where(guardians.c.person_id == named.person_id)
    return or_(
        notices.c.passage_id.in_(passed),
        notices.c.guardian_id.in_(theirs),
        notices.c.person.in_(named.opaque),
        notices.c.alert_id.in_(select(alerts.c.id).where(about(alerts, named))),
    )


def named_passages(parts: Services, named: Named) -> list[RowMapping]:
    """Of the passages of everybody else that name them, such as with their card in another's hand."""
    found: list[RowMapping] = []
    for ids in unnaming.others_passages(parts, named.opaque):
        for start in range(0, len(ids), _CHUNK):
            query = _only(passages, _PASSAGE).where(passages.c.id.in_(ids[start : start + _CHUNK]))
            with parts.store.read() as link:
                found += link.execute(query.order_by(passages.c.id)).mappings().all()
    return found


def copies(link: Connection, named: Named) -> list[RowMapping]:
    """What arrived of these in the gateway's own inbox."""
    keys = [key_of(key) for key in link.execute(select(notices.c.key).where(told(named))).scalars() if key is not None]
    found: list[RowMapping] = []
    for start in range(0, len(keys), _CHUNK):
        found += link.execute(select(inbox).where(inbox.c.key.in_(keys[start : start + _CHUNK]))).mappings()
    return found


def looked_at(link: Connection, named: Named) -> ColumnElement[bool]:
    """Which entries of the audit are about them, their cases, or a picture of them."""
    about_them = subjects_of(link, named.person_id)
    cases = [str(each) for each in link.execute(select(alerts.c.id).where(about(alerts, named))).scalars()]
    return or_(
        audit.c.subject == named.person_id,
        and_(audit.c.action == "picture.view", audit.c.subject.in_(about_them)),
        and_(audit.c.action.startswith("alert.", autoescape=True), audit.c.subject.in_(cases)),
    )


def named_in(link: Connection, named: Named) -> list[dict[str, Any]]:
    """The other entries that say their id: who did what when, without the words, which may name others as well."""
    said = audit.c.detail.contains(named.person_id, autoescape=True) & not_(looked_at(link, named))
    rows = link.execute(select(audit).where(said).order_by(audit.c.id)).mappings().all()
    said_of = (row for row in rows if _says(row["detail"], named.person_id))
    return [{name: row[name] for name in ("id", "at", "who", "action")} for row in said_of]


def _says(detail: str, person_id: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(person_id)}(?![\w-])", detail) is not None


def _naming(table: Table, columns: Sequence[str], named: Named) -> Select[Any]:
    """Of others' rows, those whose evidence names them."""
    return _only(table, columns).where(unnaming.names(table, named.opaque), _others(table, named)).order_by(table.c.id)


def _with_their_car(table: Table, columns: Sequence[str], named: Named) -> Select[Any]:
    """Likewise, those with a car of theirs."""
    query = _only(table, (*columns, "plate")).where(table.c.plate.in_(named.plates), _others(table, named))
    return query.order_by(table.c.id)


def _others(table: Table, named: Named) -> ColumnElement[bool]:
    # Of a row without person and plate it is unknown, and so would be its opposite.
    return about(table, named).is_not(true())


def _only(table: Table, columns: Sequence[str]) -> Select[Any]:
    return select(*(table.c[name] for name in columns))
