"""Rows of people as the JSON of `people_shapes`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..people.consent import PURPOSES, Standing
from ..people.ways import Way
from . import people_shapes as shapes
from . import views
from .views import Row


def person_entry(
    row: Row, stands: Mapping[str, Standing], by: Sequence[Way], plates: Sequence[str] = ()
) -> shapes.PersonEntry:
    """A line of the list of people."""
    same = ("id", "name", "group", "watch", "templates", "ground", "until", "face", "begins", "ends", "visitor")
    return shapes.PersonEntry(
        **{name: row[name] for name in same},
        picture=views.portrait_url(row),
        consents={purpose: shapes.Consent(**vars(stands[purpose])) for purpose in PURPOSES},
        ways=list(by),
        stranded=not (by or row["watch"]),
        plates=list(plates),
    )
