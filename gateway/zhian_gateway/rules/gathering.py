"""Gathers what the site knows around events, so that rules can be pure."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection
from zhian_wire.events import Event

from ..config_types import Rules
from ..people import lookup
from .situation import Situation


def situations(link: Connection, found: Sequence[tuple[int, Event]], rules: Rules) -> list[Situation]:
    """Each stored event (with its row) and what the site knows around it now, asked for once."""
    named = [(getattr(event.data, "person_id", None), getattr(event.data, "plate", None)) for _, event in found]
    people = lookup.known(link, {person for person, _ in named if person})
    owners = lookup.owners(link, {plate for _, plate in named if plate})
    return [
        Situation(row=row, event=event, rules=rules, person=people.get(person or ""), owner=owners.get(plate or ""))
        for (row, event), (person, plate) in zip(found, named, strict=True)
    ]
