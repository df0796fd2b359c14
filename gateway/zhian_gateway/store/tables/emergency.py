"""When it burns: emergencies and roll calls; and the guards' hand-overs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint

from ..migrations import NUMBER
from .columns import NAME, TIME, day, ended, flags, keys, names, own_id, table, texts, times

# What somebody called by an emergency button, for real or as a drill; one that has no end is under way.
emergencies = table(
    "emergencies",
    own_id(),
    # The press: the same one, sent again, is the same emergency.
    *names("site", "press"),
    *flags("drill", "police", "siren"),
    # screen, key or input, and the user or node/device.
    *names("source", "who"),
    *texts("why"),
    *times("at"),
    # Of its case in the book.
    *texts("alert_key"),
    *ended(),
    *texts("ended_why"),
    UniqueConstraint("site", "press"),
    Index("ix_emergencies_alert_key", "alert_key"),
)
# Roll calls at the assembly point.
musters = table(
    "musters",
    own_id(),
    *names("site"),
    *flags("drill"),
    *names("who"),
    day(),
    *times("at"),
    *ended(),
)
# Who was inside when it began, or came in since: where and by which node's word, and who met them.
muster_people = table(
    "muster_people",
    Column("muster_id", NUMBER, ForeignKey("musters.id"), primary_key=True, autoincrement=False),
    *keys("person"),
    *names("zone", "node"),
    *times("at"),
    Column("met_at", TIME),
    Column("met_by", NAME),
    Index("ix_muster_people_person", "person"),
)
# What one shift signed over to the next; the summary is JSON (`shifts.handing.Summary`).
handovers = table(
    "handovers",
    own_id(),
    *names("site", "leaves", "comes"),
    *times("since", "at"),
    *texts("note", "summary"),
    Index("ix_handovers_at", "at"),
)
