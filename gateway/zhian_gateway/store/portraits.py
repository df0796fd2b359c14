"""Which columns name the files that are kept as portraits: whoever deletes or copies such a file asks all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Column, Connection, select, union

from .tables import enrolment_pictures, people, plan_files, visits, watch_pictures

NAMED_BY: Final[tuple[Column[Any], ...]] = (
    people.c.portrait,
    enrolment_pictures.c.sha256,
    watch_pictures.c.sha256,
    visits.c.photo,
    plan_files.c.sha256,
)


def named(link: Connection, files: Collection[str]) -> set[str]:
    """Those of these files that any row names."""
    return set(link.execute(union(*(select(column).where(column.in_(files)) for column in NAMED_BY))).scalars())
