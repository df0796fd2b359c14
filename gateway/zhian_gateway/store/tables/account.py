"""Who may look, and who did what."""

from __future__ import annotations

from sqlalchemy import Column, Index

from ..sealed import SealedText
from .columns import (
    DIGEST,
    NAME,
    TIME,
    counted_id,
    digest_key,
    keys,
    names,
    numbers,
    of_user,
    table,
    texts,
    times,
    users_key,
)

users = table(
    "users",
    Column("name", NAME, primary_key=True),
    *names("role"),
    # argon2id; empty: logs in by ticket only.
    *texts("password"),
    *times("created_at"),
    Column("disabled_at", TIME),
)
# Whose days a teacher may see: these groups, and no others.
user_groups = table(
    "user_groups",
    users_key(),
    *keys("group"),
)
sessions = table(
    "sessions",
    digest_key(),
    # Names it to people; it opens nothing.
    *names("id"),
    of_user(),
    *names("csrf"),
    *times("created_at", "expires_at", "seen_at"),
    # Where it was opened: the connection's address, and what the browser calls itself.
    *names("address"),
    *texts("agent"),
    Index("ix_sessions_user", "user"),
)
# Each user's authenticator (TOTP); it holds once `confirmed_at` is there.
second_factors = table(
    "second_factors",
    users_key(),
    Column("secret", SealedText("second factor"), nullable=False),
    *times("created_at"),
    Column("confirmed_at", TIME),
    # The latest step of 30 s whose code was used, so that no code is good twice.
    *numbers("last_step"),
    # Wrong codes since the last right one, and until when none is looked at.
    *numbers("wrong"),
    Column("locked_until", TIME),
)
recovery_codes = table(
    "recovery_codes",
    users_key(),
    digest_key(),
)
secrets = table(
    "secrets",
    # One-time secrets: the first run's, and log-in tickets (with their user).
    digest_key(),
    *names("purpose", "user"),
    *times("expires_at"),
)
audit = table(
    "audit",
    counted_id(),
    *names("site"),
    *times("at"),
    *names("who", "action"),
    *texts("subject", "detail"),
    # Each entry's hash covers the one before.
    Column("previous", DIGEST, nullable=False),
    Column("hash", DIGEST, nullable=False),
)
