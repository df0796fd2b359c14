"""Who or what went past, and where everybody went last."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index

from ..migrations import NUMBER
from .columns import NAME, TIME, counted_id, day, flags, keys, names, numbers, place, subject, table, texts, times

passages = table(
    "passages",
    Column("id", NUMBER, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    *names("site", "camera", "kind", "direction", "reason"),
    *place(),
    *subject(),
    *times("time"),
    day(),
    # arrival, departure or nothing: what the site's lanes make of the direction.
    Column("movement", NAME),
    Column("plate_kind", NAME),
    # Where it led, "": out of every zone; null: its lane keeps no presence.
    Column("zone", NAME),
    Column("score", Float),
    Column("margin", Float),
    *flags("synthetic"),
    *texts("evidence"),
    # Person or kind of vehicle, where one was seen whole.
    Column("body", NAME),
    # What its node thought of its own clock, and when the event came here; null: stored before that was kept.
    Column("clock", NAME),
    Column("received_at", TIME),
    # When somebody went over the line, as far as it can be believed; null: nobody knows, or as above.
    Column("crossed_at", TIME),
    Index("ix_passages_time_id", "time", "id"),
    Index("ix_passages_person_time", "person", "time"),
    Index("ix_passages_day", "day"),
    Index("ix_passages_clock_received_at", "clock", "received_at"),
)
# Where everybody of the roster went last today, for the nodes that lead to the same zones.
whereabouts = table(
    "whereabouts",
    *keys("person"),
    *names("zone", "node"),
    day(),
    *times("at"),
    *numbers("version"),
    Index("ix_whereabouts_version", "version"),
)
# Where somebody went last today by a guard's word at a lane of `node`, wherever they went since: a node without
# siblings hears of these alone.
recorded_whereabouts = table(
    "recorded_whereabouts",
    *keys("person", "node"),
    *names("zone"),
    day(),
    *times("at"),
    *numbers("version"),
    Index("ix_recorded_whereabouts_node_version", "node", "version"),
)
stream = table(
    "stream",
    counted_id(),
    # passage, alert, node or notice, and which; names are looked up when it is sent, so none is kept here.
    *names("kind", "ref"),
    *times("at"),
)
