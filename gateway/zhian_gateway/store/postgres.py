"""A database on a PostgreSQL server: readers see one moment, writers queue for one lock, commits wait for the disk."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from types import MappingProxyType
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Engine, Row, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.pool import ConnectionPoolEntry

from ..errors import StoreAway, StoreError
from . import partitions
from .databases import BUSY_S, WRITING
from .locations import Server
from .packing import without_nul

log = structlog.get_logger(__name__)

#: Stands for the pen in the server's list of locks; one database has one.
PEN: Final = int.from_bytes(b"zhianpen")
OLDEST: Final = 130000
#: What holds for each connection. A server that vanished without a word is noticed after some 15 seconds; one that
#: still holds the pen for a gateway that vanished gives it to the next after a minute.
SETTINGS: Final[Mapping[str, str]] = {
    "synchronous_commit": "on",
    "lock_timeout": f"{BUSY_S}s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "client_min_messages": "warning",
    "jit": "off",
}
CONNECTING: Final[Mapping[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "zhian-gateway",
}
#: So long after it was used a connection is taken to be alive.
TRUSTED_S: Final = 1.0
#: What a server says that refuses a connection for the moment only; any other word of it is for good.
FOR_NOW: Final = (
    "starting up",
    "shutting down",
    "recovery mode",
    "accepting connections",
    "too many clients",
    "remaining connection slots",
)

# The store compares and sorts times and names as bytes, as SQLite does.
_JUDGED = text(
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding, "
    "'Z' < 'a' AND '-' < 'A' AND 'a b' < 'aa' AS by_bytes"
)


class Postgres:
    """As `Database` says."""

    reading: Mapping[str, Any] = MappingProxyType({"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})

    def __init__(self, server: Server) -> None:
        """Look whether the database can be used.

        Raises:
            StoreAway: the server cannot be reached just now.
            StoreError: it refuses, the database is not made as it must be, or the driver is not installed.
        """
        self.folder = server.home
        self.engine = open_engine(server)
        self._compacting = threading.Event()
        event.listen(self.engine, "begin", self._keep_apart)
        try:
            with self.engine.connect() as link:
                self._check(link.execute(_JUDGED).one())
        except DBAPIError as error:
            self.engine.dispose()
            raise (StoreAway if self.is_away(error) else StoreError)(f"{self._name}: {said(error)}") from error
        except StoreError:
            self.engine.dispose()
            raise

    @property
    def _name(self) -> str:
        return self.engine.url.render_as_string(hide_password=True)

    def _check(self, found: Row[Any]) -> None:
        if found.version < OLDEST:
            raise StoreError(f"{self._name}: PostgreSQL {OLDEST // 10000} or newer is needed")
        if found.encoding != "UTF8" or not found.by_bytes:
            how = "CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
            raise StoreError(f"{self._name}: the database must be UTF8 and sort by bytes: {how}")

    def doubts(self) -> list[str]:
        """`fsync` and the like are the server's own affair, but its owner should know."""
        with self.engine.connect() as link:
            settings = {name: link.exec_driver_sql(f"SHOW {name}").scalar() for name in ("fsync", "full_page_writes")}
        return [f"the server runs with {name} off" for name, value in settings.items() if value != "on"]

    def look_ahead(self, link: Connection, moment: datetime, /) -> None:
        """As `partitions` says."""
        partitions.look_ahead(link, moment)

    def compact(self, moment: datetime, /) -> None:
        """Drop emptied months of passages, and write emptied months of events anew, without the room of what is gone.

        Whoever wants to read such a month waits meanwhile; everybody else does not: see `_keep_apart`.
        """
        self._compacting.set()
        try:
            self._compact(partitions.month_of(moment))
        finally:
            self._compacting.clear()

    def _compact(self, month: int) -> None:
        # Holding the pen, so that whoever wrote before they kept apart has ended.
        with self.engine.connect().execution_options(**WRITING) as link, link.begin():
            dropped = partitions.drop_empty(link, month)
            hollow = list(partitions.hollow(link, month))
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            for part in hollow:
                link.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {part}")
        if dropped or hollow:
            log.info("store.compacted", dropped=dropped, rewritten=hollow)

    def _keep_apart(self, link: Connection) -> None:
        """Touch no month but those that are asked for, while one is written anew.

        A plan that serves any number, such as the server keeps for what is asked often, locks every month before it
        looks at one. A plan for this number alone locks that month.
        """
        alone = link.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
        if self._compacting.is_set() and not alone:
            link.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")

    def overwrite(self) -> None:
        """Nothing to do: PostgreSQL gives deleted rows' space to others by itself, and overwrites it only then."""

    def is_away(self, error: DBAPIError) -> bool:
        """A connection that broke or was not made; a server that says no has said so."""
        if error.connection_invalidated:
            return True
        if not isinstance(error, OperationalError | InterfaceError):
            return False
        state = getattr(error.orig, "sqlstate", None)
        if state is not None:
            # Connection exceptions, and what a server says that is being ended or started; or is full of clients.
            return bool(state.startswith("08") or state in {"57P01", "57P02", "57P03", "53300"})
        return refused_for_now(str(error.orig))


def refused_for_now(words: str) -> bool:
    """Whether a connection that was not made may be made later; the driver then gives words alone, no SQLSTATE."""
    return "FATAL" not in words or any(word in words for word in FOR_NOW)


def said(error: DBAPIError) -> str:
    """What the driver says of an error, in one line; libpq names no password."""
    return " ".join(str(error.orig).split())


def open_engine(server: Server) -> Engine:
    """An engine on the database of a server; connections are made when they are needed.

    Raises:
        StoreError: the address cannot be read, or the driver is not installed.
    """
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    try:
        url = make_url(server.url).set(drivername="postgresql+psycopg")
        engine = create_engine(
            url,
            pool_size=8,
            max_overflow=24,
            connect_args={**CONNECTING, "options": options},
            # What is written is somebody's data, and errors are logged.
            hide_parameters=True,
        )
    except ImportError as error:
        hint = "pip install 'zhian[postgres]'"
        raise StoreError(f"PostgreSQL needs the package psycopg, which is not installed: {hint}") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"store.url cannot be read: {error}") from error
    if server.password_file is not None:
        file = server.password_file

        def with_password(_dialect: Any, _record: Any, _args: Any, params: dict[str, Any]) -> None:
            try:
                params["password"] = file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise StoreError(f"{file}: cannot be read: {error}") from error

        event.listen(engine, "do_connect", with_password)
    event.listen(engine, "connect", _prepare)
    _revive(engine)
    event.listen(engine, "begin", _begin)
    return engine


def _revive(engine: Engine) -> None:
    """A connection that died while it waited is made anew before anybody notices.

    One that was in use a moment ago is not asked: in a storm that was one of four questions to the server.
    """

    def rests(_link: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = monotonic()

    def goes_on(link: Any, record: ConnectionPoolEntry, _lent: Any) -> None:
        if monotonic() - record.info.get("rests_since", monotonic()) < TRUSTED_S:
            return
        try:
            engine.dialect.do_ping(link)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", goes_on)


def _prepare(link: Any, _: Any) -> None:
    from psycopg.types.string import StrDumper  # noqa: PLC0415 - the driver is an extra

    class WithoutNul(StrDumper):
        """Texts without the one character that the server has not."""

        def dump(self, obj: str) -> Any:
            """As bytes for the server."""
            return super().dump(without_nul(obj))

    link.adapters.register_dumper(str, WithoutNul)


def _begin(link: Connection) -> None:
    # READ COMMITTED: each statement sees what was committed before it, and once the pen is held nobody else commits.
    # REPEATABLE READ would take its moment before the lock is given, and miss what the former holder wrote.
    if link.get_execution_options().get("zhian_write"):
        link.exec_driver_sql(f"SELECT pg_advisory_xact_lock({PEN})").close()
