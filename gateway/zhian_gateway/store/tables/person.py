"""People, what opens a door to them, and what they agreed to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Text, false, true

from ..migrations import NUMBER
from .columns import (
    DIGEST,
    NAME,
    TIME,
    flags,
    keys,
    names,
    numbers,
    of_person,
    own_id,
    persons_key,
    table,
    texts,
    times,
    validity,
)

people = table(
    "people",
    Column("id", NAME, primary_key=True),
    *names("site"),
    # What nodes call this person.
    Column("opaque", NAME, nullable=False, unique=True),
    *texts("name"),
    *names("group", "schedule"),
    *flags("watch"),
    # sha256 of the enrolled picture that a guard may compare with.
    Column("portrait", DIGEST),
    # Roster version of the last change.
    *numbers("version"),
    *times("created_at"),
    Column("withdrawn_at", TIME),
    # When they may come.
    *validity(),
    # False: they have agreed to be listed, but want no face recognition, or need none.
    Column("face", Boolean, nullable=False, server_default=true()),
    # Guards know them and let them in by hand: another way in for who has no face, card or plate.
    Column("by_hand", Boolean, nullable=False, server_default=false()),
    # Here for a visit: nodes forget them when it ends.
    Column("visitor", Boolean, nullable=False, server_default=false()),
)
credentials = table(
    "credentials",
    persons_key(),
    Column("kind", NAME, primary_key=True),
    Column("value", NAME, primary_key=True),
    Column("issued_at", TIME),
    # A card that was lost, stolen or replaced stays theirs, so that whoever shows it is known to have it.
    Column("withdrawn_at", TIME),
    Column("reason", Text, nullable=False, server_default=""),
    Index("ix_credentials_kind_value", "kind", "value"),
)
collectors = table(
    "collectors",
    # Of the child.
    persons_key(),
    # `person`: an id of `people`, who may be enrolled later; or `plate`.
    *keys("kind", "value"),
    *validity(),
    # The weekdays on which they may, such as `mon,wed`; "": every day.
    Column("days", String(32), nullable=False, server_default=""),
    # In which weeks: `odd` or `even`, "": in all; and the local day that these are counted from, "": the year's own.
    Column("turn", String(8), nullable=False, server_default=""),
    Column("turn_from", String(10), nullable=False, server_default=""),
    # Who that is to the child, in words.
    Column("note", Text, nullable=False, server_default=""),
)
consents = table(
    "consents",
    own_id(),
    *names("site"),
    of_person(),
    *names("purpose"),
    *texts("ground"),
    *names("text_version"),
    # Who recorded it.
    *texts("granted_by"),
    *times("granted_at", "until"),
    Column("withdrawn_at", TIME),
    # The guardian or person who gave it, and on which day; "": not recorded.
    Column("given_by", Text, nullable=False, server_default=""),
    Column("given_on", String(10), nullable=False, server_default=""),
    # The text as it was shown to them, word for word; "": it was on paper.
    Column("words", Text, nullable=False, server_default=""),
    Index("ix_consents_person_id_purpose", "person_id", "purpose"),
)
# What people are asked to agree to, by purpose; the latest is the present one.
consent_texts = table(
    "consent_texts",
    *keys("purpose", "version"),
    # From when on, and until when consents to older ones hold.
    *times("since", "ask_until"),
    *names("who"),
    # Its words in both languages; "": handed out on paper.
    *(Column(name, Text, nullable=False, server_default="") for name in ("zh", "en")),
)
departed = table(
    "departed",
    # Left the roster at this version; nodes that are behind are told.
    Column("opaque", NAME, primary_key=True),
    *numbers("version"),
)
# The mark by which a version of the roster that was told is known again.
roster_marks = table(
    "roster_marks",
    Column("version", NUMBER, primary_key=True, autoincrement=False),
    Column("mark", NAME, nullable=False, unique=True),
)
# Which nodes have deleted who left the roster at `version`.
deletions = table(
    "deletions",
    *keys("opaque", "node"),
    *names("person_id"),
    *numbers("version"),
    *times("asked_at"),
    Column("confirmed_at", TIME),
    Index("ix_deletions_person_id", "person_id"),
)
