"""Brings a database's schema to this version (or back), by the migrations beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine

from ..errors import NewerSchema

FOLDER = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up, in one transaction; nothing happens where it is there already.

    Raises:
        NewerSchema: the database knows a revision that this version does not.
    """
    with engine.connect().execution_options(zhian_write=True) as link, link.begin():
        if _current(link) == _newest():
            return
        try:
            command.upgrade(_config(link), revision)
        except CommandError as error:
            raise NewerSchema(f"the database was written by a newer version: {error}") from error


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision` (`base`: nothing is left)."""
    with engine.connect().execution_options(zhian_write=True) as link, link.begin():
        command.downgrade(_config(link), revision)


def knows(revision: str) -> None:
    """CommandError for a schema that this version has never heard of."""
    ScriptDirectory.from_config(_config()).get_revision(revision)


@cache
def _newest() -> str | None:
    """The last revision of this version; to find it, every migration is read."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _current(link: Connection) -> str | None:
    return MigrationContext.configure(link).get_current_revision()


def _config(link: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = link
    return config
