"""The pictures that people are known by, of the roster and of the watch list."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Text

from ..sealed import SealedBytes
from .columns import (
    DIGEST,
    NAME,
    TIME,
    ended,
    keys,
    names,
    numbers,
    of_person,
    own_id,
    persons_key,
    table,
    texts,
    times,
)

templates = table(
    "templates",
    own_id(),
    of_person(),
    Column("key", String(128), nullable=False),
    Column("vector", SealedBytes("template"), nullable=False),
    *texts("picture"),
    *times("created_at"),
    Index("ix_templates_person_id", "person_id"),
)
enrolment_pictures = table(
    "enrolment_pictures",
    persons_key(),
    # As it was called in the import folder.
    Column("name", Text, primary_key=True),
    # The small copy that templates can be made of again; none of a picture that was of no use.
    Column("sha256", DIGEST),
    # What was wrong with it, as a list of code and text.
    *texts("faults"),
    Index("ix_enrolment_pictures_sha256", "sha256"),
)
# Who and what is looked for. An entry that is active has a person of the same id, enrolled on its ground.
watch_entries = table(
    "watch_entries",
    *keys("id"),
    *names("site"),
    *texts("label", "ground"),
    *times("until"),
    # As a list, as JSON.
    *texts("plates"),
    # proposed, active, refused, withdrawn, expired or lapsed.
    *names("state", "proposed_by"),
    *times("proposed_at"),
    # Who else approved or refused it; and who or what ended it.
    Column("decided_by", NAME),
    Column("decided_at", TIME),
    *ended(),
    # Why it was decided, or ended.
    *texts("reason"),
    *numbers("templates"),
    Index("ix_watch_entries_state", "state"),
)
# Photographs of proposals; once it is decided they are enrolled, or deleted.
watch_pictures = table(
    "watch_pictures",
    Column("entry_id", NAME, ForeignKey("watch_entries.id"), primary_key=True),
    Column("sha256", DIGEST, primary_key=True),
    *numbers("place"),
    Index("ix_watch_pictures_sha256", "sha256"),
)
