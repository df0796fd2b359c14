"""The tables, in portable SQL. Times are RFC 3339 text in UTC with milliseconds, so that they sort as they read.

Ids that somebody follows (stream, police feed, audit, roster versions) come from `counters`, inside the transaction
that uses them: a database's own sequence hands out numbers before it commits, and a reader that follows it would
step over the slower transaction.

Every number is a `NUMBER`, of 64 bits on both databases; migrations use it too.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from .migrations import NUMBER
from .sealed import SealedBytes, SealedText

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


Part: TypeAlias = Column[Any] | UniqueConstraint | Index


def _table(name: str, *parts: Part) -> Table:
    return Table(name, metadata, *parts, sqlite_autoincrement=True)


# What several tables hold; a column belongs to one table, so each gets its own ------------------------------------


def _number() -> Column[Any]:
    """The row's id, which the database gives."""
    return Column("id", NUMBER, primary_key=True)


def _counted() -> Column[Any]:
    """The row's id, which comes from `counters`."""
    return Column("id", NUMBER, primary_key=True, autoincrement=False)


def _keys(*names: str) -> tuple[Column[Any], ...]:
    """Parts of a primary key."""
    return tuple(Column(name, NAME, primary_key=True) for name in names)


def _names(*names: str) -> tuple[Column[Any], ...]:
    """Short texts that every row has."""
    return tuple(Column(name, NAME, nullable=False) for name in names)


def _times(*names: str) -> tuple[Column[Any], ...]:
    """Moments that every row has."""
    return tuple(Column(name, TIME, nullable=False) for name in names)


def _day() -> Column[Any]:
    """The site's local day, `YYYY-MM-DD`."""
    return Column("day", String(10), nullable=False)


def _day_key() -> Column[Any]:
    """Likewise, as part of the primary key."""
    return Column("day", String(10), primary_key=True)


def _validity() -> tuple[Column[Any], ...]:
    """From when and until when something holds; null: always."""
    return Column("begins", TIME), Column("ends", TIME)


def _event() -> tuple[Column[Any], ...]:
    """Which event of which node: what its CloudEvents id says, with the site."""
    return (*_names("site", "node", "epoch"), Column("seq", NUMBER, nullable=False))


def _of_person() -> Column[Any]:
    """Somebody enrolled."""
    return Column("person_id", NAME, ForeignKey("people.id"), nullable=False)


def _of(what: str, *, primary_key: bool = False) -> Column[Any]:
    """A row of `what`s, with which this one goes."""
    to = ForeignKey(f"{what}s.id", ondelete="CASCADE")
    return Column(f"{what}_id", NUMBER, to, primary_key=primary_key, nullable=False, autoincrement=False)


def _persons_key() -> Column[Any]:
    """Somebody enrolled, as part of the primary key."""
    return Column("person_id", NAME, ForeignKey("people.id"), primary_key=True)


def _subject() -> tuple[Column[Any], ...]:
    """Whom or what it is about, as far as it is known: the roster's opaque id, a plate and its colour."""
    return Column("person", NAME), Column("plate", NAME), Column("plate_colour", NAME)


def _place() -> tuple[Column[Any], ...]:
    """Where a picture or a case is from; a camera may stand alone."""
    return *_names("node"), Column("lane", NAME)


def _sending() -> tuple[Column[Any], ...]:
    """How far something is on its way to somebody outside."""
    columns = (Column("tries", NUMBER, nullable=False), Column("error", Text, nullable=False))
    return (*_names("state"), *_times("next_at"), *columns)


# Who keeps what --------------------------------------------------------------------------------------------------

store = _table(
    "store",
    Column("store_id", NAME, primary_key=True),
    *_times("created_at"),
    # Derives what need not be kept itself, such as the tokens of the local inbox.
    Column("key", String(64), nullable=False),
)
site = _table(
    "site",
    Column("id", NAME, primary_key=True),
    Column("name", Text, nullable=False),
    *_names("timezone"),
)
# What templates, pictures and secrets are sealed with; the keys themselves lie in a file.
vault_keys = _table(
    "vault_keys",
    Column("id", NAME, primary_key=True),
    *_times("created_at"),
    # Since when nothing is sealed with another key, or not at all; null: not yet.
    Column("sealed_at", TIME),
)
counters = _table(
    "counters",
    Column("name", NAME, primary_key=True),
    Column("value", NUMBER, nullable=False),
)

# What nodes say --------------------------------------------------------------------------------------------------

nodes = _table(
    "nodes",
    *_keys("site", "node"),
    Column("token", DIGEST, nullable=False),
    *_times("created_at"),
    Column("revoked_at", TIME),
    # When a revoked node said that it had deleted roster and pictures.
    Column("wiped_at", TIME),
    # Of its certificates only those of this number hold; another one with each joining.
    Column("generation", NUMBER, nullable=False, server_default="0"),
)
# Certificates that nodes were given. The authority's signature is what admits a node; a row only takes one away.
certificates = _table(
    "certificates",
    Column("serial", NAME, primary_key=True),
    *_names("site", "node"),
    *_times("issued_at", "expires_at"),
    # When the node joined anew, so that this one holds no more.
    Column("replaced_at", TIME),
    # The authority's root that signed it; null: not known.
    Column("issuer", NAME),
    # When the node showed it first: what was given may not have arrived.
    Column("shown_at", TIME),
)
# The open one-time code of each node; `key` is the digest of the public key that it was used with.
invitations = _table(
    "invitations",
    *_keys("site", "node"),
    Column("secret", DIGEST, nullable=False),
    Column("key", DIGEST),
    *_times("expires_at"),
)
# How far each node says that it has counted, by its last heart-beat.
words = _table(
    "words",
    *_keys("site", "node", "epoch"),
    Column("seq", NUMBER, nullable=False),
    *_times("at"),
)
# How many events each node says that it decided on a local day, when it was last asked.
signed = _table(
    "signed",
    *_keys("site", "node", "epoch"),
    _day_key(),
    Column("decided", NUMBER, nullable=False),
    *_times("at"),
)
epochs = _table(
    "epochs",
    *_keys("site", "node", "epoch"),
    # Highest seq without a hole, and highest ever seen.
    Column("through", NUMBER, nullable=False),
    Column("highest", NUMBER, nullable=False),
    *_times("first_at"),
)
events = _table(
    "events",
    _number(),
    *_event(),
    *_names("type"),
    *_times("time"),
    # For the ledger.
    _day(),
    *_times("received_at"),
    # The exact bytes, as they came; empty once their time is over, and then their sha256 stands for them.
    Column("body", LargeBinary, nullable=False),
    Column("digest", DIGEST),
    UniqueConstraint("site", "node", "epoch", "seq"),
    Index("ix_events_site_node_day", "site", "node", "day"),
    # Of those that still have their bytes alone.
    Index(
        "ix_events_received_at",
        "received_at",
        sqlite_where=text("digest IS NULL"),
        postgresql_where=text("digest IS NULL"),
    ),
)
# A view: which row a node's number has. On SQLite it is `events`, on PostgreSQL the narrow table that `partitions.py`
# explains.
event_numbers = Table("event_numbers", MetaData(), *_event(), Column("id", NUMBER, nullable=False))
refusals = _table(
    "refusals",
    _number(),
    *_event(),
    *_names("reason"),
    Column("detail", Text, nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("body", LargeBinary, nullable=False),
    *_times("at"),
    UniqueConstraint("site", "node", "epoch", "seq", "digest"),
)
intake = _table(
    "intake",
    *_keys("site", "node"),
    _day_key(),
    # The same bytes again; other bytes under a known id; another node's events; bytes that could not be read.
    Column("repeated", NUMBER, nullable=False),
    Column("conflicts", NUMBER, nullable=False),
    Column("foreign_", NUMBER, nullable=False),
    Column("unreadable", NUMBER, nullable=False),
    # Messages of who is no node of this site.
    Column("turned_away", NUMBER, nullable=False, server_default="0"),
)
pictures = _table(
    "pictures",
    Column("sha256", DIGEST, primary_key=True),
    Column("size", NUMBER, nullable=False),
    *_names("media_type", "node"),
    *_times("received_at"),
)

# What became of it -----------------------------------------------------------------------------------------------

passages = _table(
    "passages",
    Column("id", NUMBER, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    *_names("site", "camera", "kind", "direction", "reason"),
    *_place(),
    *_subject(),
    *_times("time"),
    _day(),
    # arrival, departure or nothing: what the site's lanes make of the direction.
    Column("movement", NAME),
    Column("plate_kind", NAME),
    # Where it led, "": out of every zone; null: its lane keeps no presence.
    Column("zone", NAME),
    Column("score", Float),
    Column("margin", Float),
    Column("synthetic", Boolean, nullable=False),
    Column("evidence", Text, nullable=False),
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
whereabouts = _table(
    "whereabouts",
    *_keys("person"),
    *_names("zone", "node"),
    _day(),
    *_times("at"),
    Column("version", NUMBER, nullable=False),
    Index("ix_whereabouts_version", "version"),
)
alerts = _table(
    "alerts",
    _number(),
    *_names("site"),
    Column("key", Text, nullable=False),
    *_names("kind", "severity", "state"),
    *_times("raised_at", "updated_at"),
    Column("count", NUMBER, nullable=False),
    *_place(),
    *_subject(),
    Column("camera", NAME),
    Column("candidate", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("passage_id", NUMBER),
    # By the gateway's clock: when it was opened, and since when it waits to be acknowledged (null: it does not). A node
    # that was cut off for a day tells of what nobody could have acknowledged.
    Column("opened_at", TIME, nullable=False, server_default=""),
    Column("waiting_since", TIME),
    # When the latest of its repeats happened.
    Column("last_at", TIME, nullable=False, server_default=""),
    UniqueConstraint("site", "key"),
    Index("ix_alerts_state_id", "state", "id"),
)
alert_passages = _table(
    "alert_passages",
    Column("alert_id", NUMBER, ForeignKey("alerts.id"), primary_key=True, autoincrement=False),
    Column("passage_id", NUMBER, primary_key=True, autoincrement=False),
    Index("ix_alert_passages_passage_id", "passage_id"),
)
# What each of the latest repeats of a case rested on; the case itself holds the last one's.
alert_repeats = _table(
    "alert_repeats",
    _number(),
    Column("alert_id", NUMBER, ForeignKey("alerts.id"), nullable=False),
    *_times("at"),
    *_subject(),
    Column("detail", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("passage_id", NUMBER),
    Index("ix_alert_repeats_alert_id", "alert_id"),
)
transitions = _table(
    "transitions",
    _number(),
    Column("alert_id", NUMBER, ForeignKey("alerts.id"), nullable=False),
    *_names("source", "target", "who"),
    *_times("when"),
    Column("note", Text, nullable=False),
    # Who was sent: guard, police or grid_worker, and their name.
    Column("assignee_role", NAME),
    Column("assignee", Text),
    # What somebody photographed there, of `case_pictures`.
    Column("picture", DIGEST),
    Index("ix_transitions_alert_id", "alert_id"),
)
# What officers found a case to be, the last one last.
verdicts = _table(
    "verdicts",
    _number(),
    Column("alert_id", NUMBER, ForeignKey("alerts.id"), nullable=False),
    # confirmed or rejected.
    *_names("finding", "who"),
    *_times("at"),
    Column("reason", Text, nullable=False),
    # How often the case had been raised by then.
    Column("count", NUMBER, nullable=False),
    Index("ix_verdicts_alert_id", "alert_id"),
)
# Photos that people took for a case; they stay as long as it does.
case_pictures = _table(
    "case_pictures",
    Column("alert_id", NUMBER, ForeignKey("alerts.id"), primary_key=True, autoincrement=False),
    Column("sha256", DIGEST, primary_key=True),
    *_names("who"),
    *_times("at"),
    Index("ix_case_pictures_sha256", "sha256"),
)
# Who was told that nobody acknowledges, once per step of each time that the case was raised.
escalations = _table(
    "escalations",
    Column("alert_id", NUMBER, ForeignKey("alerts.id"), primary_key=True, autoincrement=False),
    # The transition that raised it again; 0: it was opened.
    Column("round", NUMBER, primary_key=True, autoincrement=False),
    Column("step", NUMBER, primary_key=True, autoincrement=False),
    Column("contact", NAME, primary_key=True),
    # told; or held, as long as the contact's quiet hours last.
    *_names("state"),
    *_times("at"),
    # Of `notices`; null while it is held.
    Column("notice_id", NUMBER),
    Index("ix_escalations_notice_id", "notice_id"),
)
stream = _table(
    "stream",
    _counted(),
    # passage, alert, node or notice, and which; names are looked up when it is sent, so none is kept here.
    *_names("kind", "ref"),
    *_times("at"),
)

# What ran out ----------------------------------------------------------------------------------------------------

retention_runs = _table(
    "retention_runs",
    _number(),
    _day(),
    *_names("who"),
    *_times("started_at"),
    Column("finished_at", TIME),
    # How many of each class were deleted so far, as JSON; written in the transaction that deletes them.
    Column("counts", Text, nullable=False),
)

# People ----------------------------------------------------------------------------------------------------------

people = _table(
    "people",
    Column("id", NAME, primary_key=True),
    *_names("site"),
    # What nodes call this person.
    Column("opaque", NAME, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    *_names("group", "schedule"),
    Column("watch", Boolean, nullable=False),
    # sha256 of the enrolled picture that a guard may compare with.
    Column("portrait", DIGEST),
    # Roster version of the last change.
    Column("version", NUMBER, nullable=False),
    *_times("created_at"),
    Column("withdrawn_at", TIME),
    # When they may come.
    *_validity(),
    # False: they have agreed to be listed, but want no face recognition, or need none.
    Column("face", Boolean, nullable=False, server_default=true()),
    # Guards know them and let them in by hand: another way in for who has no face, card or plate.
    Column("by_hand", Boolean, nullable=False, server_default=false()),
    # Here for a visit: nodes forget them when it ends.
    Column("visitor", Boolean, nullable=False, server_default=false()),
)
credentials = _table(
    "credentials",
    _persons_key(),
    Column("kind", NAME, primary_key=True),
    Column("value", NAME, primary_key=True),
    Column("issued_at", TIME),
    # A card that was lost, stolen or replaced stays theirs, so that whoever shows it is known to have it.
    Column("withdrawn_at", TIME),
    Column("reason", Text, nullable=False, server_default=""),
    Index("ix_credentials_kind_value", "kind", "value"),
)
collectors = _table(
    "collectors",
    # Of the child.
    _persons_key(),
    # `person`: an id of `people`, who may be enrolled later; or `plate`.
    *_keys("kind", "value"),
    *_validity(),
    # The weekdays on which they may, such as `mon,wed`; "": every day.
    Column("days", String(32), nullable=False, server_default=""),
    # Who that is to the child, in words.
    Column("note", Text, nullable=False, server_default=""),
)
guardians = _table(
    "guardians",
    _number(),
    _of_person(),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
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
carers = _table(
    "carers",
    _number(),
    *_names("site"),
    Column("name", Text, nullable=False),
    Column("language", String(8), nullable=False),
    *_times("created_at"),
)
carer_children = _table(
    "carer_children",
    _of("guardian", primary_key=True),
    _of("carer"),
    *_times("bound_at"),
    Index("ix_carer_children_carer_id", "carer_id"),
)
# By which a guardian's phone is bound, once; of the code itself only the digest.
carer_codes = _table(
    "carer_codes",
    Column("digest", DIGEST, primary_key=True),
    _of("guardian"),
    *_times("created_at", "expires_at"),
    Index("ix_carer_codes_guardian_id", "guardian_id"),
)
carer_sessions = _table(
    "carer_sessions",
    Column("digest", DIGEST, primary_key=True),
    _of("carer"),
    *_names("csrf"),
    *_times("created_at", "expires_at", "seen_at"),
    Index("ix_carer_sessions_carer_id", "carer_id"),
)
# A phone shows messages while it is bound: with the session goes the browser.
carer_browsers = _table(
    "carer_browsers",
    Column("digest", DIGEST, primary_key=True),
    _of("carer"),
    Column("session", DIGEST, ForeignKey("carer_sessions.digest", ondelete="CASCADE"), nullable=False),
    Column("endpoint", SealedText("push endpoint"), nullable=False),
    Column("p256dh", String(100), nullable=False),
    Column("auth", SealedText("push secret"), nullable=False),
    *_times("created_at"),
    Index("ix_carer_browsers_carer_id", "carer_id"),
)
consents = _table(
    "consents",
    _number(),
    *_names("site"),
    _of_person(),
    *_names("purpose"),
    Column("ground", Text, nullable=False),
    *_names("text_version"),
    # Who recorded it.
    Column("granted_by", Text, nullable=False),
    *_times("granted_at", "until"),
    Column("withdrawn_at", TIME),
    # The guardian or person who gave it, and on which day; "": not recorded.
    Column("given_by", Text, nullable=False, server_default=""),
    Column("given_on", String(10), nullable=False, server_default=""),
    Index("ix_consents_person_id_purpose", "person_id", "purpose"),
)
# What people are asked to agree to, by purpose; the latest is the present one.
consent_texts = _table(
    "consent_texts",
    *_keys("purpose", "version"),
    # From when on, and until when consents to older ones hold.
    *_times("since", "ask_until"),
    *_names("who"),
)
templates = _table(
    "templates",
    _number(),
    _of_person(),
    Column("key", String(128), nullable=False),
    Column("vector", SealedBytes("template"), nullable=False),
    Column("picture", Text, nullable=False),
    *_times("created_at"),
    Index("ix_templates_person_id", "person_id"),
)
enrolment_pictures = _table(
    "enrolment_pictures",
    _persons_key(),
    # As it was called in the import folder.
    Column("name", Text, primary_key=True),
    # The small copy that templates can be made of again; none of a picture that was of no use.
    Column("sha256", DIGEST),
    # What was wrong with it, as a list of code and text.
    Column("faults", Text, nullable=False),
    Index("ix_enrolment_pictures_sha256", "sha256"),
)
# Who and what is looked for. An entry that is active has a person of the same id, enrolled on its ground.
watch_entries = _table(
    "watch_entries",
    *_keys("id"),
    *_names("site"),
    Column("label", Text, nullable=False),
    Column("ground", Text, nullable=False),
    *_times("until"),
    # As a list, as JSON.
    Column("plates", Text, nullable=False),
    # proposed, active, refused, withdrawn, expired or lapsed.
    *_names("state", "proposed_by"),
    *_times("proposed_at"),
    # Who else approved or refused it; and who or what ended it.
    Column("decided_by", NAME),
    Column("decided_at", TIME),
    Column("ended_by", NAME),
    Column("ended_at", TIME),
    # Why it was decided, or ended.
    Column("reason", Text, nullable=False),
    Column("templates", NUMBER, nullable=False),
    Index("ix_watch_entries_state", "state"),
)
# Photographs of proposals; once it is decided they are enrolled, or deleted.
watch_pictures = _table(
    "watch_pictures",
    Column("entry_id", NAME, ForeignKey("watch_entries.id"), primary_key=True),
    Column("sha256", DIGEST, primary_key=True),
    Column("place", NUMBER, nullable=False),
    Index("ix_watch_pictures_sha256", "sha256"),
)
# When people may come; replaced as a whole, by the office's own files.
schedules = _table(
    "schedules",
    *_keys("id"),
    # A list of days, start and end, as JSON.
    Column("spans", Text, nullable=False),
    Column("holidays", Boolean, nullable=False),
)
groups = _table(
    "groups",
    *_keys("id"),
    *_names("schedule", "lessons"),
    Column("collected", Boolean, nullable=False),
    # Bells, `07:50`; "": as the lessons say.
    *(Column(name, String(5), nullable=False, server_default="") for name in ("arrive_by", "leave_from", "closes")),
)
calendar = _table(
    "calendar",
    _day_key(),
    # The weekday whose hours hold on this day; null: a day off.
    Column("works_as", String(3)),
    Column("name", Text, nullable=False),
)
departed = _table(
    "departed",
    # Left the roster at this version; nodes that are behind are told.
    Column("opaque", NAME, primary_key=True),
    Column("version", NUMBER, nullable=False),
)

# Which nodes have deleted who left the roster at `version`.
deletions = _table(
    "deletions",
    *_keys("opaque", "node"),
    *_names("person_id"),
    Column("version", NUMBER, nullable=False),
    *_times("asked_at"),
    Column("confirmed_at", TIME),
    Index("ix_deletions_person_id", "person_id"),
)

# What people order lanes to do -----------------------------------------------------------------------------------

# What the whole site was ordered to be; the last one holds until its end.
site_orders = _table(
    "site_orders",
    _number(),
    # The press: the same one, sent again, is the same order.
    Column("press", DIGEST, nullable=False),
    *_names("site", "state", "who"),
    Column("why", Text, nullable=False),
    *_times("at", "until"),
    UniqueConstraint("site", "press"),
)
# Which lanes have heard of it, and what came of it there.
site_order_lanes = _table(
    "site_order_lanes",
    Column("order_id", NUMBER, ForeignKey("site_orders.id"), primary_key=True, autoincrement=False),
    *_keys("node", "lane"),
    *_names("result"),
    *_times("at"),
)

# When it burns ---------------------------------------------------------------------------------------------------

# What somebody called by an emergency button, for real or as a drill; one that has no end is under way.
emergencies = _table(
    "emergencies",
    _number(),
    # The press: the same one, sent again, is the same emergency.
    *_names("site", "press"),
    *(Column(name, Boolean, nullable=False) for name in ("drill", "police", "siren")),
    # screen, key or input, and the user or node/device.
    *_names("source", "who"),
    Column("why", Text, nullable=False),
    *_times("at"),
    # Of its case in the book.
    Column("alert_key", Text, nullable=False),
    Column("ended_at", TIME),
    Column("ended_by", NAME),
    Column("ended_why", Text, nullable=False),
    UniqueConstraint("site", "press"),
    Index("ix_emergencies_alert_key", "alert_key"),
)
# Roll calls at the assembly point.
musters = _table(
    "musters",
    _number(),
    *_names("site"),
    Column("drill", Boolean, nullable=False),
    *_names("who"),
    _day(),
    *_times("at"),
    Column("ended_at", TIME),
    Column("ended_by", NAME),
)
# Who was inside when it began, or came in since: where and by which node's word, and who met them.
muster_people = _table(
    "muster_people",
    Column("muster_id", NUMBER, ForeignKey("musters.id"), primary_key=True, autoincrement=False),
    *_keys("person"),
    *_names("zone", "node"),
    *_times("at"),
    Column("met_at", TIME),
    Column("met_by", NAME),
    Index("ix_muster_people_person", "person"),
)

# What one shift signed over to the next; the summary is JSON (`shifts.handing.Summary`).
handovers = _table(
    "handovers",
    _number(),
    *_names("site", "leaves", "comes"),
    *_times("since", "at"),
    Column("note", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Index("ix_handovers_at", "at"),
)

# Who came to school ---------------------------------------------------------------------------------------------

# What a teacher says against the gates: stands until it is taken back, whatever the gates still tell.
attendance_corrections = _table(
    "attendance_corrections",
    _number(),
    _of_person(),
    _day(),
    *_names("kind"),
    # When somebody came or left, where the kind says so.
    Column("at", TIME),
    Column("reason", Text, nullable=False),
    *_names("who"),
    *_times("made_at"),
    # What the day looked like before, as JSON.
    Column("before", Text, nullable=False),
    Column("ended_by", NAME),
    Column("ended_at", TIME),
    # Why it was taken back, or that another one took its place.
    Column("ended_why", Text, nullable=False, server_default=""),
    Index("ix_attendance_corrections_day", "day"),
    Index("ix_attendance_corrections_person_id_day", "person_id", "day"),
)
# A child may be away from then until then, and leaves with whom it says.
leave_slips = _table(
    "leave_slips",
    _number(),
    *_names("site"),
    _of_person(),
    # The last one of it.
    _day(),
    *_times("begins", "ends"),
    Column("reason", Text, nullable=False),
    # alone; listed: with whoever is listed; person or plate: with this one, besides those listed.
    *_names("collected", "collector", "who"),
    *_times("made_at"),
    Column("ended_by", NAME),
    Column("ended_at", TIME),
    Column("ended_why", Text, nullable=False, server_default=""),
    Index("ix_leave_slips_day", "day"),
    Index("ix_leave_slips_ends", "ends"),
    Index("ix_leave_slips_person_id", "person_id"),
)
# What somebody is to be told of a day, once per person and kind; taken back when it turns out otherwise.
attendance_signals = _table(
    "attendance_signals",
    _number(),
    *_names("site"),
    _of_person(),
    _day(),
    # absent (not here by the bell) or still_inside (after closing).
    *_names("kind", "group"),
    # The bell that rang, when it was raised (the last time), and when and why it was taken back.
    *_times("bell_at", "raised_at"),
    Column("withdrawn_at", TIME),
    Column("withdrawn_why", NAME),
    # The passage that took it back; null: a correction, the calendar, or somebody's leaving the school.
    Column("passage_id", NUMBER),
    # Nodes of which nothing was heard at the bell, so that somebody may have come by unseen; "": none.
    Column("silent", Text, nullable=False),
    # From `counters`, anew with every change: who follows the signals goes on after the last one they took.
    Column("change", NUMBER, nullable=False),
    UniqueConstraint("person_id", "day", "kind"),
    Index("ix_attendance_signals_change", "change"),
    Index("ix_attendance_signals_day", "day"),
)

# Visitors --------------------------------------------------------------------------------------------------------

visits = _table(
    "visits",
    _number(),
    # `screening`: none, clear, hit or unscreened; `area`: where they may go; `serial` makes the code of the pass.
    *_names("site", "state", "screening", "area", "created_by", "serial"),
    *(Column(name, SealedText("visitor"), nullable=False) for name in ("name", "phone", "citizen", "plate", "purpose")),
    # Whom they visit: a user, or somebody enrolled; what people call them is kept too.
    Column("host_user", NAME),
    Column("host_person", NAME),
    Column("host_name", Text, nullable=False),
    *_times("begins", "ends", "created_at"),
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
visitor_list = _table(
    "visitor_list",
    _number(),
    *_names("site", "who"),
    *(Column(name, SealedText("visitor list"), nullable=False) for name in ("name", "citizen", "plate", "ground")),
    *_times("created_at", "until"),
)
# What stays of a visit that was deleted: that there was one, and what was deleted of it when.
visit_records = _table(
    "visit_records",
    Column("visit", NUMBER, primary_key=True, autoincrement=False),
    *_names("site", "state", "who"),
    _day(),
    *_times("deleted_at"),
    # Classes of what was there, as JSON; and why it went.
    Column("held", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# Who may look ----------------------------------------------------------------------------------------------------

users = _table(
    "users",
    Column("name", NAME, primary_key=True),
    *_names("role"),
    # argon2id; empty: logs in by ticket only.
    Column("password", Text, nullable=False),
    *_times("created_at"),
    Column("disabled_at", TIME),
)
# Whose days a teacher may see: these groups, and no others.
user_groups = _table(
    "user_groups",
    Column("user", NAME, ForeignKey("users.name"), primary_key=True),
    *_keys("group"),
)
sessions = _table(
    "sessions",
    Column("digest", DIGEST, primary_key=True),
    # Names it to people; it opens nothing.
    *_names("id"),
    Column("user", NAME, ForeignKey("users.name"), nullable=False),
    *_names("csrf"),
    *_times("created_at", "expires_at", "seen_at"),
    # Where it was opened: the connection's address, and what the browser calls itself.
    *_names("address"),
    Column("agent", Text, nullable=False),
    Index("ix_sessions_user", "user"),
)
# Each user's authenticator (TOTP); it holds once `confirmed_at` is there.
second_factors = _table(
    "second_factors",
    Column("user", NAME, ForeignKey("users.name"), primary_key=True),
    Column("secret", SealedText("second factor"), nullable=False),
    *_times("created_at"),
    Column("confirmed_at", TIME),
    # The latest step of 30 s whose code was used, so that no code is good twice.
    Column("last_step", NUMBER, nullable=False),
    # Wrong codes since the last right one, and until when none is looked at.
    Column("wrong", NUMBER, nullable=False),
    Column("locked_until", TIME),
)
recovery_codes = _table(
    "recovery_codes",
    Column("user", NAME, ForeignKey("users.name"), primary_key=True),
    Column("digest", DIGEST, primary_key=True),
)
secrets = _table(
    "secrets",
    # One-time secrets: the first run's, and log-in tickets (with their user).
    Column("digest", DIGEST, primary_key=True),
    *_names("purpose", "user"),
    *_times("expires_at"),
)
audit = _table(
    "audit",
    _counted(),
    *_names("site"),
    *_times("at"),
    *_names("who", "action"),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    # Each entry's hash covers the one before.
    Column("previous", DIGEST, nullable=False),
    Column("hash", DIGEST, nullable=False),
)

# Who is told -----------------------------------------------------------------------------------------------------

notices = _table(
    "notices",
    _number(),
    *_names("site"),
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
    Column("to", Text, nullable=False),
    *_names("channel"),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    # What fills a provider's own template, as JSON.
    Column("words", Text, nullable=False, server_default="{}"),
    Column("language", String(8), nullable=False, server_default="zh-CN"),
    *_sending(),
    *_times("happened_at", "created_at", "expires_at"),
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
push_subscriptions = _table(
    "push_subscriptions",
    Column("digest", DIGEST, primary_key=True),
    Column("user", NAME, ForeignKey("users.name"), nullable=False),
    Column("endpoint", SealedText("push endpoint"), nullable=False),
    Column("p256dh", String(100), nullable=False),
    Column("auth", SealedText("push secret"), nullable=False),
    *_times("created_at"),
    Index("ix_push_subscriptions_user", "user"),
)
# Keys that the gateway made for itself.
own_secrets = _table(
    "own_secrets",
    Column("name", NAME, primary_key=True),
    Column("value", SealedText("own secret"), nullable=False),
    *_times("created_at"),
)
inbox = _table(
    "inbox",
    _number(),
    *_names("guardian"),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    *_times("received_at"),
    # What came twice is shown once.
    Column("key", Text, unique=True),
)
subscribers = _table(
    "subscribers",
    Column("name", NAME, primary_key=True),
    *_names("site"),
    Column("token", DIGEST, nullable=False),
    Column("webhook", Text, nullable=False),
    # Signs what is sent to the webhook; both sides hold it, so it cannot be a hash.
    Column("secret", SealedText("webhook secret"), nullable=False),
    Column("ground", Text, nullable=False),
    *_times("created_at"),
    Column("disabled_at", TIME),
)
police_feed = _table(
    "police_feed",
    _counted(),
    Column("alert_id", NUMBER, ForeignKey("alerts.id"), nullable=False),
    *_names("type"),
    *_times("at"),
    Column("body", Text, nullable=False),
)
deliveries = _table(
    "deliveries",
    Column("feed_id", NUMBER, ForeignKey("police_feed.id"), primary_key=True, autoincrement=False),
    Column("subscriber", NAME, ForeignKey("subscribers.name"), primary_key=True),
    *_sending(),
    Index("ix_deliveries_state_next_at", "state", "next_at"),
)
