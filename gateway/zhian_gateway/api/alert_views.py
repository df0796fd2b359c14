"""Rows of cases as the JSON of `alert_shapes`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Connection, select
from zhian_wire.alerts import ALLOWED, AlertState

from ..cases import verdicts
from ..people.lookup import by_opaque
from ..store.tables import escalations, notices, transitions
from . import alert_shapes as shapes
from . import views
from .views import Row


def alerts(link: Connection, rows: Sequence[Row]) -> list[shapes.Alert]:
    """Alerts with their people and all their transitions."""
    people = by_opaque(link, (row["person"] for row in rows if row["person"]))
    ids = [row["id"] for row in rows]
    steps, told, judged = _steps_of(link, ids), _escalations_of(link, ids), verdicts.latest(link, ids)
    return [_alert(row, people, steps[row["id"]], told[row["id"]], judged.get(row["id"])) for row in rows]


def _alert(
    row: Row,
    people: Mapping[str, Row],
    steps: list[shapes.Transition],
    told: list[shapes.Escalation],
    judged: verdicts.Verdict | None,
) -> shapes.Alert:
    life = {name: row[name] for name in ("last_at", "waiting_since")}
    same = ("key", "kind", "severity", "state", "raised_at", "updated_at", "count", "node", "camera", "lane")
    return shapes.Alert(
        **{name: row[name] for name in (*same, "candidate", "plate", "plate_colour", "detail")},
        id=str(row["id"]),
        person=views.person(row["person"], people),
        evidence=views.evidence(row["evidence"]),
        passage_id=None if row["passage_id"] is None else str(row["passage_id"]),
        transitions=steps,
        allowed=list(ALLOWED[cast(AlertState, row["state"])]),
        escalations=told,
        verdict=None if judged is None else shapes.Verdict(**vars(judged)),
        **life,
    )


def repeats(link: Connection, rows: Sequence[Row]) -> shapes.AlertRepeats:
    """Repeats of a case with their people."""
    people = by_opaque(link, (row["person"] for row in rows if row["person"]))
    items = [
        shapes.AlertRepeat(
            **{name: row[name] for name in ("at", "plate", "plate_colour", "detail")},
            person=views.person(row["person"], people),
            evidence=views.evidence(row["evidence"]),
            passage_id=None if row["passage_id"] is None else str(row["passage_id"]),
        )
        for row in rows
    ]
    return shapes.AlertRepeats(items=items)


def _escalations_of(link: Connection, ids: Sequence[int]) -> dict[int, list[shapes.Escalation]]:
    found: dict[int, list[shapes.Escalation]] = defaultdict(list)
    query = (
        select(escalations, notices.c.state.label("sending"))
        .join(notices, notices.c.id == escalations.c.notice_id, isouter=True)
        .where(escalations.c.alert_id.in_(ids))
        .order_by(escalations.c.at, escalations.c.step, escalations.c.contact)
    )
    for row in link.execute(query):
        told = shapes.Escalation(step=row.step, to=row.contact, state=row.sending or row.state, at=row.at)
        found[row.alert_id].append(told)
    return found


def _steps_of(link: Connection, ids: Sequence[int]) -> dict[int, list[shapes.Transition]]:
    found: dict[int, list[shapes.Transition]] = defaultdict(list)
    query = select(transitions).where(transitions.c.alert_id.in_(ids)).order_by(transitions.c.id)
    for row in link.execute(query).mappings():
        sent = row["assignee"] and shapes.Assignee(role=row["assignee_role"], name=row["assignee"])
        step = shapes.Transition(
            **{name: row[name] for name in ("source", "target", "who", "when", "note")},
            assignee=sent or None,
            picture=f"/api/pictures/{row['picture']}" if row["picture"] else None,
        )
        found[row["alert_id"]].append(step)
    return found
