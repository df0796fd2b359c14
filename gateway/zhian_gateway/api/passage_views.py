"""Rows of passages as the JSON of `passage_shapes`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from ..people.lookup import by_opaque
from ..store.tables import alert_passages
from . import passage_shapes as shapes
from . import views
from .views import Row


def passages(link: Connection, rows: Sequence[Row]) -> list[shapes.Passage]:
    """Passages with their people and the alerts they led to."""
    people = by_opaque(link, (row["person"] for row in rows if row["person"]))
    alerts = _alerts_of(link, [row["id"] for row in rows])
    return [_passage(row, people, alerts[row["id"]]) for row in rows]


def _passage(row: Row, people: Mapping[str, Row], alert_ids: list[str]) -> shapes.Passage:
    where = ("time", "node", "camera", "lane", "kind", "direction", "movement", "zone")
    what = ("plate", "plate_colour", "plate_kind", "body", "score", "margin", "reason", "synthetic")
    return shapes.Passage(
        **{name: row[name] for name in (*where, *what)},
        id=str(row["id"]),
        person=views.person(row["person"], people),
        candidate=row["person"] in people and people[row["person"]]["watch"],
        evidence=views.evidence(row["evidence"]),
        alert_ids=alert_ids,
    )


def _alerts_of(link: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(alert_passages).where(alert_passages.c.passage_id.in_(ids)).order_by(alert_passages.c.alert_id)
    for row in link.execute(query):
        found[row.passage_id].append(str(row.alert_id))
    return found


def person_day(row: Row, day: str, found: Sequence[Row]) -> shapes.PersonDay:
    """Somebody's passages of a day, in their order."""
    same = ("time", "node", "camera", "lane", "kind", "direction", "movement", "zone", "reason", "synthetic")
    steps = [shapes.Step(passage_id=str(one["id"]), **{name: one[name] for name in same}) for one in found]
    last = next((step.zone for step in reversed(steps) if step.zone is not None), None)
    return shapes.PersonDay(person=views.known(row), day=day, zone=last, steps=steps)
