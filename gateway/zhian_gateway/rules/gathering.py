"""Gathers what the site knows around events, so that rules can be pure."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection
from zhian_wire.events import Alert, Event

from ..config_types import Rules
from ..people import lookup
from . import numbers
from .situation import Situation


def situations(link: Connection, found: Sequence[tuple[int, Event]], rules: Rules) -> list[Situation]:
    """Each stored event (with its row) and what the site knows around it now, asked for once."""
    named = [(getattr(event.data, "person_id", None), getattr(event.data, "plate", None)) for _, event in found]
    people = lookup.known(link, {person for person, _ in named if person})
    owners = lookup.owners(link, {plate for _, plate in named if plate})
    cards = numbers.digests(link, {card for _, event in found for card in _cards(event)})
    return [
        Situation(
            row=row,
            event=event,
            rules=rules,
            person=people.get(person or ""),
            owner=owners.get(plate or ""),
            cards={card: cards[card] for card in _cards(event)},
        )
        for (row, event), (person, plate) in zip(found, named, strict=True)
    ]


def _cards(event: Event) -> set[str]:
    """That an alert rests on: its key may hold one."""
    alert = event.data
    return {piece.card for piece in alert.evidence if piece.card} if isinstance(alert, Alert) else set()
