"""Cases, and what became of them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text, UniqueConstraint

from ..migrations import NUMBER
from .columns import (
    DIGEST,
    NAME,
    TIME,
    cases_key,
    flags,
    names,
    numbers,
    of_case,
    own_id,
    place,
    subject,
    table,
    texts,
    times,
)

alerts = table(
    "alerts",
    own_id(),
    *names("site"),
    *texts("key"),
    *names("kind", "severity", "state"),
    *times("raised_at", "updated_at"),
    *numbers("count"),
    *place(),
    *subject(),
    Column("camera", NAME),
    *flags("candidate"),
    *texts("detail", "evidence"),
    Column("passage_id", NUMBER),
    # By the gateway's clock: when it was opened, and since when it waits to be acknowledged (null: it does not). A node
    # that was cut off for a day tells of what nobody could have acknowledged.
    Column("opened_at", TIME, nullable=False, server_default=""),
    Column("waiting_since", TIME),
    # When the latest of its repeats happened.
    Column("last_at", TIME, nullable=False, server_default=""),
    # The lane transaction of the latest of its repeats, where those that raise this kind tell it.
    Column("transaction", Text),
    UniqueConstraint("site", "key"),
    Index("ix_alerts_state_id", "state", "id"),
    Index("ix_alerts_transaction", "transaction"),
)
alert_passages = table(
    "alert_passages",
    cases_key(),
    Column("passage_id", NUMBER, primary_key=True, autoincrement=False),
    Index("ix_alert_passages_passage_id", "passage_id"),
)
# What each of the latest repeats of a case rested on; the case itself holds the last one's.
alert_repeats = table(
    "alert_repeats",
    own_id(),
    of_case(),
    *times("at"),
    *subject(),
    *texts("detail", "evidence"),
    Column("passage_id", NUMBER),
    Index("ix_alert_repeats_alert_id", "alert_id"),
)
transitions = table(
    "transitions",
    own_id(),
    of_case(),
    *names("source", "target", "who"),
    *times("when"),
    # Of what a rule tells `when` is when it happened, by a node's clock; this is by the gateway's. Null: so is `when`.
    Column("heard_at", TIME),
    *texts("note"),
    # Who was sent: guard, police or grid_worker, and their name.
    Column("assignee_role", NAME),
    Column("assignee", Text),
    # What somebody photographed there, of `case_pictures`.
    Column("picture", DIGEST),
    Index("ix_transitions_alert_id", "alert_id"),
)
# What officers found a case to be, the last one last.
verdicts = table(
    "verdicts",
    own_id(),
    of_case(),
    # confirmed or rejected.
    *names("finding", "who"),
    *times("at"),
    *texts("reason"),
    # How often the case had been raised by then.
    *numbers("count"),
    Index("ix_verdicts_alert_id", "alert_id"),
)
# Photos that people took for a case; they stay as long as it does.
case_pictures = table(
    "case_pictures",
    cases_key(),
    Column("sha256", DIGEST, primary_key=True),
    *names("who"),
    *times("at"),
    Index("ix_case_pictures_sha256", "sha256"),
)
# Who was told that nobody acknowledges, once per step of each time that the case was raised.
escalations = table(
    "escalations",
    cases_key(),
    # The transition that raised it again; 0: it was opened.
    Column("round", NUMBER, primary_key=True, autoincrement=False),
    Column("step", NUMBER, primary_key=True, autoincrement=False),
    Column("contact", NAME, primary_key=True),
    # told; or held, as long as the contact's quiet hours last.
    *names("state"),
    *times("at"),
    # Of `notices`; null while it is held.
    Column("notice_id", NUMBER),
    Index("ix_escalations_notice_id", "notice_id"),
)
