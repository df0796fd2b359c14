"""Visitors, who is to be stopped at the window, and what stays of a visit that was deleted."""

from __future__ import annotations

from sqlalchemy import Column, Index, String

from ..migrations import NUMBER
from ..sealed import SealedText
from .columns import DIGEST, NAME, TIME, day, names, own_id, table, texts, times

visits = table(
    "visits",
    own_id(),
    # `screening`: none, clear, hit or unscreened; `area`: where they may go; `serial` makes the code of the pass.
    *names("site", "state", "screening", "area", "created_by", "serial"),
    *(Column(name, SealedText("visitor"), nullable=False) for name in ("name", "phone", "citizen", "plate", "purpose")),
    # Whom they visit: a user, or somebody enrolled; what people call them is kept too.
    Column("host_user", NAME),
    Column("host_person", NAME),
    *texts("host_name"),
    *times("begins", "ends", "created_at"),
    # Of the link that the host gave out.
    Column("token", DIGEST),
    Column("token_ends", TIME),
    # Which purposes of which text they agreed to, and when.
    Column("agreed", String(64), nullable=False),
    Column("text_version", NAME, nullable=False),
    Column("agreed_at", TIME),
    # sha256 of the photograph, and on what ground it was taken without a consent.
    Column("photo", DIGEST),
    Column("photo_ground", SealedText("visitor"), nullable=False),
    Column("screened_at", TIME),
    # What each list said; why somebody let them in against it, or turned them away.
    Column("screening_detail", SealedText("visitor"), nullable=False),
    Column("decided_by", NAME),
    Column("decided_why", SealedText("visitor"), nullable=False),
    # Of `people`, from when they were let in; and the card that is to be given back.
    Column("person_id", NAME),
    Column("card", NAME),
    Column("admitted_at", TIME),
    Column("left_at", TIME),
    # Since when it is an alert that they are still here.
    Column("overdue_at", TIME),
    Index("ix_visits_state_ends", "state", "ends"),
    Index("ix_visits_begins", "begins"),
    Index("ix_visits_token", "token"),
    Index("ix_visits_person_id", "person_id"),
)
# Who is to be stopped at the window; the site's own list, beside people who are enrolled to be watched.
visitor_list = table(
    "visitor_list",
    own_id(),
    *names("site", "who"),
    *(Column(name, SealedText("visitor list"), nullable=False) for name in ("name", "citizen", "plate", "ground")),
    *times("created_at", "until"),
)
# What stays of a visit that was deleted: that there was one, and what was deleted of it when.
visit_records = table(
    "visit_records",
    Column("visit", NUMBER, primary_key=True, autoincrement=False),
    *names("site", "state", "who"),
    day(),
    *times("deleted_at"),
    # Classes of what was there, as JSON; and why it went.
    *texts("held", "why"),
)
