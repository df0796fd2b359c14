"""Guardians, and the phones of those who look at their children's days."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Text, UniqueConstraint

from .columns import DIGEST, browser, digest_key, names, of, of_person, own_id, table, texts, times

guardians = table(
    "guardians",
    own_id(),
    of_person(),
    *texts("name", "address"),
    Column("language", String(8), nullable=False),
    # Where they are told when `address` does not work, in this order, as JSON.
    Column("further", Text, nullable=False, server_default="[]"),
    # Of what they want to be told, as JSON; null: of everything that the site tells guardians.
    Column("happenings", Text),
    # When they are not woken, as JSON.
    Column("quiet", Text, nullable=False, server_default="[]"),
    # Where they are told before `address`, as JSON: on a phone that they bound themselves.
    Column("front", Text, nullable=False, server_default="[]"),
    UniqueConstraint("person_id", "address"),
)
# Whoever looks at their children's days from a phone.
carers = table(
    "carers",
    own_id(),
    *names("site"),
    *texts("name"),
    Column("language", String(8), nullable=False),
    *times("created_at"),
)
carer_children = table(
    "carer_children",
    of("guardian", primary_key=True),
    of("carer"),
    *times("bound_at"),
    Index("ix_carer_children_carer_id", "carer_id"),
)
# By which a guardian's phone is bound, once; of the code itself only the digest.
carer_codes = table(
    "carer_codes",
    digest_key(),
    of("guardian"),
    *times("created_at", "expires_at"),
    Index("ix_carer_codes_guardian_id", "guardian_id"),
)
carer_sessions = table(
    "carer_sessions",
    digest_key(),
    of("carer"),
    *names("csrf"),
    *times("created_at", "expires_at", "seen_at"),
    Index("ix_carer_sessions_carer_id", "carer_id"),
)
# A phone shows messages while it is bound: with the session goes the browser.
carer_browsers = table(
    "carer_browsers",
    digest_key(),
    of("carer"),
    Column("session", DIGEST, ForeignKey("carer_sessions.digest", ondelete="CASCADE"), nullable=False),
    *browser(),
    *times("created_at"),
    Index("ix_carer_browsers_carer_id", "carer_id"),
)
