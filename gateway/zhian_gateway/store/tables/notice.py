"""Who is told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Text, UniqueConstraint, false

from ..migrations import NUMBER
from .columns import NAME, TIME, browser, digest_key, names, of_user, own_id, sending, table, texts, times

notices = table(
    "notices",
    own_id(),
    *names("site"),
    # To a guardian of a passage, or to a contact of the configuration of cases that nobody acknowledges.
    Column("passage_id", NUMBER),
    Column("guardian_id", NUMBER),
    Column("contact", NAME),
    # The same for one happening and one receiver, however often it is told of; null: of an older version.
    Column("key", Text, unique=True),
    # arrival, departure, escalation, a kind of alert ...
    Column("happening", NAME, nullable=False, server_default=""),
    Column("alert_id", NUMBER),
    # Whom it is about, by opaque id.
    Column("person", NAME),
    *texts("to"),
    *names("channel"),
    *texts("title", "body"),
    # What fills a provider's own template, as JSON.
    Column("words", Text, nullable=False, server_default="{}"),
    Column("language", String(8), nullable=False, server_default="zh-CN"),
    *sending(),
    *times("happened_at", "created_at", "expires_at"),
    Column("sent_at", TIME),
    # Which of the receiver's `places` addresses it is at, since when it is tried there, and behind whom it waits.
    Column("place", NUMBER, nullable=False, server_default="0"),
    Column("places", NUMBER, nullable=False, server_default="1"),
    Column("since", TIME),
    Column("line", Text, nullable=False, server_default=""),
    # It may have arrived although nobody said so.
    Column("doubt", Boolean, nullable=False, server_default=false()),
    Column("critical", Boolean, nullable=False, server_default=false()),
    # The receiver's quiet hours, as JSON.
    Column("quiet", Text, nullable=False, server_default="[]"),
    # The last tries, as JSON: when, by which channel, what became of it.
    Column("history", Text, nullable=False, server_default="[]"),
    UniqueConstraint("passage_id", "guardian_id"),
    Index("ix_notices_state_next_at", "state", "next_at"),
)
# Browsers that show somebody messages; nobody but the browser's own push service knows what the endpoint is.
push_subscriptions = table(
    "push_subscriptions",
    digest_key(),
    of_user(),
    *browser(),
    *times("created_at"),
    Index("ix_push_subscriptions_user", "user"),
)
inbox = table(
    "inbox",
    own_id(),
    *names("guardian"),
    *texts("title", "body"),
    *times("received_at"),
    # What came twice is shown once.
    Column("key", Text, unique=True),
)
