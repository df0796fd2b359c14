"""When people may come, and who came to school."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Text, UniqueConstraint

from ..migrations import NUMBER
from .columns import (
    NAME,
    TIME,
    day,
    day_key,
    ended,
    flags,
    keys,
    names,
    numbers,
    of_person,
    own_id,
    table,
    texts,
    times,
)

# When people may come; replaced as a whole, by the office's own files.
schedules = table(
    "schedules",
    *keys("id"),
    # A list of days, start and end, as JSON.
    *texts("spans"),
    *flags("holidays"),
)
groups = table(
    "groups",
    *keys("id"),
    *names("schedule", "lessons"),
    *flags("collected"),
    # Bells, `07:50`; "": as the lessons say.
    *(Column(name, String(5), nullable=False, server_default="") for name in ("arrive_by", "leave_from", "closes")),
)
calendar = table(
    "calendar",
    day_key(),
    # The weekday whose hours hold on this day; null: a day off.
    Column("works_as", String(3)),
    *texts("name"),
)
# What a teacher says against the gates: stands until it is taken back, whatever the gates still tell.
attendance_corrections = table(
    "attendance_corrections",
    own_id(),
    of_person(),
    day(),
    *names("kind"),
    # When somebody came or left, where the kind says so.
    Column("at", TIME),
    *texts("reason"),
    *names("who"),
    *times("made_at"),
    # What the day looked like before, as JSON.
    *texts("before"),
    *ended(),
    # Why it was taken back, or that another one took its place.
    Column("ended_why", Text, nullable=False, server_default=""),
    Index("ix_attendance_corrections_day", "day"),
    Index("ix_attendance_corrections_person_id_day", "person_id", "day"),
)
# A child may be away from then until then, and leaves with whom it says.
leave_slips = table(
    "leave_slips",
    own_id(),
    *names("site"),
    of_person(),
    # The last one of it.
    day(),
    *times("begins", "ends"),
    *texts("reason"),
    # alone; listed: with whoever is listed; person or plate: with this one, besides those listed.
    *names("collected", "collector", "who"),
    *times("made_at"),
    *ended(),
    Column("ended_why", Text, nullable=False, server_default=""),
    Index("ix_leave_slips_day", "day"),
    Index("ix_leave_slips_ends", "ends"),
    Index("ix_leave_slips_person_id", "person_id"),
)
# What somebody is to be told of a day, once per person and kind; taken back when it turns out otherwise.
attendance_signals = table(
    "attendance_signals",
    own_id(),
    *names("site"),
    of_person(),
    day(),
    # absent (not here by the bell) or still_inside (after closing).
    *names("kind", "group"),
    # The bell that rang, when it was raised (the last time), and when and why it was taken back.
    *times("bell_at", "raised_at"),
    Column("withdrawn_at", TIME),
    Column("withdrawn_why", NAME),
    # The passage that took it back; null: a correction, the calendar, or somebody's leaving the school.
    Column("passage_id", NUMBER),
    # Nodes of which nothing was heard at the bell, so that somebody may have come by unseen; "": none.
    *texts("silent"),
    # From `counters`, anew with every change: who follows the signals goes on after the last one they took.
    *numbers("change"),
    UniqueConstraint("person_id", "day", "kind"),
    Index("ix_attendance_signals_change", "change"),
    Index("ix_attendance_signals_day", "day"),
)
