"""What several tables hold; a column belongs to one table, so each gets its own."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ..migrations import NUMBER
from ..sealed import SealedText

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


def table(name: str, *parts: Part) -> Table:
    """One of `metadata`; a number that it gives out is never given again."""
    return Table(name, metadata, *parts, sqlite_autoincrement=True)


def own_id() -> Column[Any]:
    """The row's id, which the database gives."""
    return Column("id", NUMBER, primary_key=True)


def counted_id() -> Column[Any]:
    """The row's id, which comes from `counters`."""
    return Column("id", NUMBER, primary_key=True, autoincrement=False)


def keys(*called: str) -> tuple[Column[Any], ...]:
    """Parts of a primary key."""
    return tuple(Column(name, NAME, primary_key=True) for name in called)


def names(*called: str) -> tuple[Column[Any], ...]:
    """Short texts that every row has."""
    return tuple(Column(name, NAME, nullable=False) for name in called)


def texts(*called: str) -> tuple[Column[Any], ...]:
    """Texts of any length that every row has."""
    return tuple(Column(name, Text, nullable=False) for name in called)


def numbers(*called: str) -> tuple[Column[Any], ...]:
    """Numbers that every row has."""
    return tuple(Column(name, NUMBER, nullable=False) for name in called)


def flags(*called: str) -> tuple[Column[Any], ...]:
    """What every row either is or is not."""
    return tuple(Column(name, Boolean, nullable=False) for name in called)


def digest_key() -> Column[Any]:
    """A row that is found by the digest of what somebody shows."""
    return Column("digest", DIGEST, primary_key=True)


def times(*called: str) -> tuple[Column[Any], ...]:
    """Moments that every row has."""
    return tuple(Column(name, TIME, nullable=False) for name in called)


def day() -> Column[Any]:
    """The site's local day, `YYYY-MM-DD`."""
    return Column("day", String(10), nullable=False)


def day_key() -> Column[Any]:
    """Likewise, as part of the primary key."""
    return Column("day", String(10), primary_key=True)


def validity() -> tuple[Column[Any], ...]:
    """From when and until when something holds; null: always."""
    return Column("begins", TIME), Column("ends", TIME)


def event() -> tuple[Column[Any], ...]:
    """Which event of which node: what its CloudEvents id says, with the site."""
    return (*names("site", "node", "epoch"), *numbers("seq"))


def of_person() -> Column[Any]:
    """Somebody enrolled."""
    return Column("person_id", NAME, ForeignKey("people.id"), nullable=False)


def of(what: str, *, primary_key: bool = False) -> Column[Any]:
    """A row of `what`s, with which this one goes."""
    to = ForeignKey(f"{what}s.id", ondelete="CASCADE")
    return Column(f"{what}_id", NUMBER, to, primary_key=primary_key, nullable=False, autoincrement=False)


def persons_key() -> Column[Any]:
    """Somebody enrolled, as part of the primary key."""
    return Column("person_id", NAME, ForeignKey("people.id"), primary_key=True)


def subject() -> tuple[Column[Any], ...]:
    """Whom or what it is about, as far as it is known: the roster's opaque id, a plate and its colour."""
    return Column("person", NAME), Column("plate", NAME), Column("plate_colour", NAME)


def place() -> tuple[Column[Any], ...]:
    """Where a picture or a case is from; a camera may stand alone."""
    return *names("node"), Column("lane", NAME)


def sending() -> tuple[Column[Any], ...]:
    """How far something is on its way to somebody outside."""
    return (*names("state"), *times("next_at"), *numbers("tries"), *texts("error"))


def of_case() -> Column[Any]:
    """The case that it is about."""
    return Column("alert_id", NUMBER, ForeignKey("alerts.id"), nullable=False)


def cases_key() -> Column[Any]:
    """Likewise, as part of the primary key."""
    return Column("alert_id", NUMBER, ForeignKey("alerts.id"), primary_key=True, autoincrement=False)


def of_user() -> Column[Any]:
    """Whoever may look."""
    return Column("user", NAME, ForeignKey("users.name"), nullable=False)


def users_key() -> Column[Any]:
    """Likewise, as part of the primary key."""
    return Column("user", NAME, ForeignKey("users.name"), primary_key=True)


def browser() -> tuple[Column[Any], ...]:
    """Where a browser is sent messages; nobody but its own push service knows what the endpoint is."""
    return (
        Column("endpoint", SealedText("push endpoint"), nullable=False),
        Column("p256dh", String(100), nullable=False),
        Column("auth", SealedText("push secret"), nullable=False),
    )


def ended() -> tuple[Column[Any], ...]:
    """Who or what ended it, and when; null: nobody yet."""
    return Column("ended_by", NAME), Column("ended_at", TIME)
