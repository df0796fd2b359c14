"""What a class of data is to the job that deletes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import Connection


class Gone(NamedTuple):
    """What one look deleted.

    Attributes:
        rows: how many.
        last: where the next look goes on; None when nothing is left that is due.
        pictures: sha256 of crops that went with it, whose files are to be deleted after the commit.
        files: sha256 of pictures of somebody, enrolled ones among them, likewise; they are not counted as crops.
    """

    rows: int
    last: str | None
    pictures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class DataClass(Protocol):
    """One class. It keeps nothing between two looks, so a run can end and begin anywhere."""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """Delete what is older than `before` among the next `limit` rows after row `after` ("": the first)."""


def number(after: str) -> int:
    """Where a class goes on whose rows have numbers."""
    return int(after or 0)


@dataclass(frozen=True)
class Due:
    """A class by its name in the configuration, and for how many days it is kept (0: for ever)."""

    name: str
    days: int
    what: DataClass
