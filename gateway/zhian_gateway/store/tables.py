"""The tables, in portable SQL. Times are RFC 3339 text in UTC with milliseconds, so that they sort as they read.

Ids that somebody follows (stream, police feed, audit, roster versions) come from `counters`, inside the transaction
that uses them: a database's own sequence hands out numbers before it commits, and a reader that follows it would
step over the slower transaction.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NAME = String(64)
TIME = String(24)
DIGEST = String(64)


def _table(name: str, *columns: Column[object] | UniqueConstraint | Index) -> Table:
    return Table(name, metadata, *columns, sqlite_autoincrement=True)


# Who keeps what --------------------------------------------------------------------------------------------------

store = _table(
    "store",
    Column("store_id", NAME, primary_key=True),
    Column("created_at", TIME, nullable=False),
    # Derives what need not be kept itself, such as the tokens of the local inbox.
    Column("key", String(64), nullable=False),
)
site = _table(
    "site",
    Column("id", NAME, primary_key=True),
    Column("name", Text, nullable=False),
    Column("timezone", NAME, nullable=False),
)
counters = _table(
    "counters",
    Column("name", NAME, primary_key=True),
    Column("value", Integer, nullable=False),
)

# What nodes say --------------------------------------------------------------------------------------------------

nodes = _table(
    "nodes",
    Column("site", NAME, primary_key=True),
    Column("node", NAME, primary_key=True),
    Column("token", DIGEST, nullable=False),
    Column("created_at", TIME, nullable=False),
    Column("revoked_at", TIME),
    # When a revoked node said that it had deleted roster and pictures.
    Column("wiped_at", TIME),
)
# How far each node says that it has counted, by its last heart-beat.
words = _table(
    "words",
    Column("site", NAME, primary_key=True),
    Column("node", NAME, primary_key=True),
    Column("epoch", NAME, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("at", TIME, nullable=False),
)
# How many events each node says that it decided on a local day, when it was last asked.
signed = _table(
    "signed",
    Column("site", NAME, primary_key=True),
    Column("node", NAME, primary_key=True),
    Column("epoch", NAME, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("decided", Integer, nullable=False),
    Column("at", TIME, nullable=False),
)
epochs = _table(
    "epochs",
    Column("site", NAME, primary_key=True),
    Column("node", NAME, primary_key=True),
    Column("epoch", NAME, primary_key=True),
    # Highest seq without a hole, and highest ever seen.
    Column("through", Integer, nullable=False),
    Column("highest", Integer, nullable=False),
    Column("first_at", TIME, nullable=False),
)
events = _table(
    "events",
    Column("id", Integer, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("node", NAME, nullable=False),
    Column("epoch", NAME, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", NAME, nullable=False),
    Column("time", TIME, nullable=False),
    # Local day of the site, for the ledger.
    Column("day", String(10), nullable=False),
    Column("received_at", TIME, nullable=False),
    # The exact bytes, as they came.
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("site", "node", "epoch", "seq"),
    Index("ix_events_site_node_day", "site", "node", "day"),
)
refusals = _table(
    "refusals",
    Column("id", Integer, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("node", NAME, nullable=False),
    Column("epoch", NAME, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("reason", NAME, nullable=False),
    Column("detail", Text, nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", TIME, nullable=False),
    UniqueConstraint("site", "node", "epoch", "seq", "digest"),
)
intake = _table(
    "intake",
    Column("site", NAME, primary_key=True),
    Column("node", NAME, primary_key=True),
    Column("day", String(10), primary_key=True),
    # The same bytes again; other bytes under a known id; another node's events; bytes that could not be read.
    Column("repeated", Integer, nullable=False),
    Column("conflicts", Integer, nullable=False),
    Column("foreign_", Integer, nullable=False),
    Column("unreadable", Integer, nullable=False),
    # Messages of who is no node of this site.
    Column("turned_away", Integer, nullable=False, server_default="0"),
)
pictures = _table(
    "pictures",
    Column("sha256", DIGEST, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", NAME, nullable=False),
    Column("node", NAME, nullable=False),
    Column("received_at", TIME, nullable=False),
)

# What became of it -----------------------------------------------------------------------------------------------

passages = _table(
    "passages",
    Column("id", Integer, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column("site", NAME, nullable=False),
    Column("node", NAME, nullable=False),
    Column("time", TIME, nullable=False),
    Column("day", String(10), nullable=False),
    Column("camera", NAME, nullable=False),
    Column("lane", NAME),
    Column("kind", NAME, nullable=False),
    Column("direction", NAME, nullable=False),
    # arrival, departure or nothing: what the site's lanes make of the direction.
    Column("movement", NAME),
    # Opaque, as the roster named it.
    Column("person", NAME),
    Column("plate", NAME),
    Column("plate_colour", NAME),
    Column("plate_kind", NAME),
    Column("score", Float),
    Column("margin", Float),
    Column("reason", NAME, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("evidence", Text, nullable=False),
    # Person or kind of vehicle, where one was seen whole.
    Column("body", NAME),
    Index("ix_passages_time_id", "time", "id"),
    Index("ix_passages_person_time", "person", "time"),
    Index("ix_passages_day", "day"),
)
alerts = _table(
    "alerts",
    Column("id", Integer, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", NAME, nullable=False),
    Column("severity", NAME, nullable=False),
    Column("state", NAME, nullable=False),
    Column("raised_at", TIME, nullable=False),
    Column("updated_at", TIME, nullable=False),
    Column("count", Integer, nullable=False),
    Column("node", NAME, nullable=False),
    Column("camera", NAME),
    Column("lane", NAME),
    Column("person", NAME),
    Column("plate", NAME),
    Column("candidate", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("passage_id", Integer),
    Column("plate_colour", NAME),
    UniqueConstraint("site", "key"),
    Index("ix_alerts_state_id", "state", "id"),
)
alert_passages = _table(
    "alert_passages",
    Column("alert_id", Integer, ForeignKey("alerts.id"), primary_key=True, autoincrement=False),
    Column("passage_id", Integer, primary_key=True, autoincrement=False),
    Index("ix_alert_passages_passage_id", "passage_id"),
)
transitions = _table(
    "transitions",
    Column("id", Integer, primary_key=True),
    Column("alert_id", Integer, ForeignKey("alerts.id"), nullable=False),
    Column("source", NAME, nullable=False),
    Column("target", NAME, nullable=False),
    Column("who", NAME, nullable=False),
    Column("when", TIME, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_transitions_alert_id", "alert_id"),
)
stream = _table(
    "stream",
    Column("id", Integer, primary_key=True, autoincrement=False),
    # passage, alert, node or notice, and which; names are looked up when it is sent, so none is kept here.
    Column("kind", NAME, nullable=False),
    Column("ref", NAME, nullable=False),
    Column("at", TIME, nullable=False),
)

# People ----------------------------------------------------------------------------------------------------------

people = _table(
    "people",
    Column("id", NAME, primary_key=True),
    Column("site", NAME, nullable=False),
    # What nodes call this person.
    Column("opaque", NAME, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("group", NAME, nullable=False),
    Column("schedule", NAME, nullable=False),
    Column("watch", Boolean, nullable=False),
    # sha256 of the enrolled picture that a guard may compare with.
    Column("portrait", DIGEST),
    # Roster version of the last change.
    Column("version", Integer, nullable=False),
    Column("created_at", TIME, nullable=False),
    Column("withdrawn_at", TIME),
)
credentials = _table(
    "credentials",
    Column("person_id", NAME, ForeignKey("people.id"), primary_key=True),
    Column("kind", NAME, primary_key=True),
    Column("value", NAME, primary_key=True),
    Index("ix_credentials_kind_value", "kind", "value"),
)
guardians = _table(
    "guardians",
    Column("id", Integer, primary_key=True),
    Column("person_id", NAME, ForeignKey("people.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("language", String(8), nullable=False),
    UniqueConstraint("person_id", "address"),
)
consents = _table(
    "consents",
    Column("id", Integer, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("person_id", NAME, ForeignKey("people.id"), nullable=False),
    Column("purpose", NAME, nullable=False),
    Column("ground", Text, nullable=False),
    Column("text_version", NAME, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", TIME, nullable=False),
    Column("until", TIME, nullable=False),
    Column("withdrawn_at", TIME),
    Index("ix_consents_person_id_purpose", "person_id", "purpose"),
)
templates = _table(
    "templates",
    Column("id", Integer, primary_key=True),
    Column("person_id", NAME, ForeignKey("people.id"), nullable=False),
    Column("key", String(128), nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("picture", Text, nullable=False),
    Column("created_at", TIME, nullable=False),
    Index("ix_templates_person_id", "person_id"),
)
enrolment_pictures = _table(
    "enrolment_pictures",
    Column("person_id", NAME, ForeignKey("people.id"), primary_key=True),
    # As it was called in the import folder.
    Column("name", Text, primary_key=True),
    # The small copy that templates can be made of again; none of a picture that was of no use.
    Column("sha256", DIGEST),
    # What was wrong with it, as a list of code and text.
    Column("faults", Text, nullable=False),
    Index("ix_enrolment_pictures_sha256", "sha256"),
)
departed = _table(
    "departed",
    # Left the roster at this version; nodes that are behind are told.
    Column("opaque", NAME, primary_key=True),
    Column("version", Integer, nullable=False),
)

# Who may look ----------------------------------------------------------------------------------------------------

users = _table(
    "users",
    Column("name", NAME, primary_key=True),
    Column("role", NAME, nullable=False),
    # argon2id; empty: logs in by ticket only.
    Column("password", Text, nullable=False),
    Column("created_at", TIME, nullable=False),
    Column("disabled_at", TIME),
)
sessions = _table(
    "sessions",
    Column("digest", DIGEST, primary_key=True),
    Column("user", NAME, ForeignKey("users.name"), nullable=False),
    Column("csrf", NAME, nullable=False),
    Column("created_at", TIME, nullable=False),
    Column("expires_at", TIME, nullable=False),
)
secrets = _table(
    "secrets",
    # One-time secrets: the first run's, and log-in tickets (with their user).
    Column("digest", DIGEST, primary_key=True),
    Column("purpose", NAME, nullable=False),
    Column("user", NAME, nullable=False),
    Column("expires_at", TIME, nullable=False),
)
audit = _table(
    "audit",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("site", NAME, nullable=False),
    Column("at", TIME, nullable=False),
    Column("who", NAME, nullable=False),
    Column("action", NAME, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    # Each entry's hash covers the one before.
    Column("previous", DIGEST, nullable=False),
    Column("hash", DIGEST, nullable=False),
)

# Who is told -----------------------------------------------------------------------------------------------------

notices = _table(
    "notices",
    Column("id", Integer, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("passage_id", Integer, nullable=False),
    Column("guardian_id", Integer, nullable=False),
    Column("to", Text, nullable=False),
    Column("channel", NAME, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", NAME, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("happened_at", TIME, nullable=False),
    Column("created_at", TIME, nullable=False),
    Column("next_at", TIME, nullable=False),
    Column("expires_at", TIME, nullable=False),
    Column("sent_at", TIME),
    Column("error", Text, nullable=False),
    UniqueConstraint("passage_id", "guardian_id"),
    Index("ix_notices_state_next_at", "state", "next_at"),
)
inbox = _table(
    "inbox",
    Column("id", Integer, primary_key=True),
    Column("guardian", NAME, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", TIME, nullable=False),
)
subscribers = _table(
    "subscribers",
    Column("name", NAME, primary_key=True),
    Column("site", NAME, nullable=False),
    Column("token", DIGEST, nullable=False),
    Column("webhook", Text, nullable=False),
    # Signs what is sent to the webhook; both sides hold it, so it cannot be a hash.
    Column("secret", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("created_at", TIME, nullable=False),
    Column("disabled_at", TIME),
)
police_feed = _table(
    "police_feed",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("alert_id", Integer, ForeignKey("alerts.id"), nullable=False),
    Column("type", NAME, nullable=False),
    Column("at", TIME, nullable=False),
    Column("body", Text, nullable=False),
)
deliveries = _table(
    "deliveries",
    Column("feed_id", Integer, ForeignKey("police_feed.id"), primary_key=True, autoincrement=False),
    Column("subscriber", NAME, ForeignKey("subscribers.name"), primary_key=True),
    Column("state", NAME, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", TIME, nullable=False),
    Column("error", Text, nullable=False),
    Index("ix_deliveries_state_next_at", "state", "next_at"),
)
