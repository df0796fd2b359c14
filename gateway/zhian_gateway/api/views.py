"""Rows of the store as the JSON of the shapes: what several subjects share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import RowMapping

from ..cases.pieces import Piece, from_text
from . import shapes

Row = Mapping[str, Any] | RowMapping


def person(opaque: str | None, people: Mapping[str, Row]) -> shapes.Person | None:
    """Whom nodes call `opaque`; somebody who left the roster keeps only that."""
    if opaque is None:
        return None
    row = people.get(opaque)
    if row is None:
        return shapes.Person(id=opaque, name="", group="", picture=None)
    return known(row)


def known(row: Row) -> shapes.Person:
    """Somebody of the roster."""
    return shapes.Person(id=row["id"], name=row["name"], group=row["group"], picture=portrait_url(row))


def portrait_url(row: Row) -> str | None:
    """Where the enrolled picture is; the hash makes a new picture a new address."""
    return f"/api/people/{quote(row['id'], safe='')}/picture?v={row['portrait'][:12]}" if row["portrait"] else None


def evidence(text: str) -> list[shapes.Evidence]:
    """What a passage or case rests on, as the store keeps it."""
    return [piece(each) for each in from_text(text)]


def piece(one: Piece) -> shapes.Evidence:
    """One piece of it, with the address of its picture."""
    same = ("kind", "camera", "at", "box", "score", "margin", "live", "liveness", "synthetic")
    picture = f"/api/pictures/{one.picture}" if one.picture else None
    return shapes.Evidence(**{name: getattr(one, name) for name in same}, picture=picture)
