"""What every command shares: the configuration, the store, and how errors are said."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import RowMapping
from sqlalchemy.exc import DatabaseError
from zhian_wire import times

from ..config import load
from ..config_types import Config
from ..errors import ConfigError, GatewayError
from ..services import Services, open_services

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="ZHIAN_GATEWAY_CONFIG", help="The gateway's configuration (TOML).")
]
ConfigFile = Annotated[
    Path | None, typer.Argument(metavar="[CONFIG]", help="The gateway's configuration (TOML).", show_default=False)
]
DEFAULT = Path("gateway.toml")


@contextmanager
def opened(path: Path) -> Iterator[Services]:
    """The gateway's parts on its store, whether or not the gateway runs; errors end the command with their text."""
    with told():
        if path == DEFAULT and not path.exists():
            raise ConfigError(f"there is no {path} here: say which by --config FILE (-c), or in ZHIAN_GATEWAY_CONFIG")
        config: Config = load(path)
        services = open_services(config, publish=lambda _node, _kind, _body: None)
        try:
            yield services
        finally:
            services.store.close()


@contextmanager
def told() -> Iterator[None]:
    """Errors that a person can do something about are said in one line, without a trace."""
    try:
        yield
    except GatewayError as error:
        print(f"zhian-gateway: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    except DatabaseError as error:
        # The first line of its own words alone: the others, and the statement, say what somebody's row holds.
        words = next(iter(str(error.orig).splitlines()), type(error.orig).__name__)
        print(f"zhian-gateway: the database cannot be used: {words}; see zhian-gateway doctor", file=sys.stderr)
        raise typer.Exit(2) from error


def spoken(row: RowMapping, zone: ZoneInfo) -> list[str]:
    """`begins` and `ends` of a row in the site's own time; the end is the first moment that is outside."""
    return [
        f"{key} {times.from_text(row[key]).astimezone(zone):%Y-%m-%d %H:%M}" for key in ("begins", "ends") if row[key]
    ]


def operator() -> str:
    """Who types, for the audit."""
    try:
        return f"cli:{getpass.getuser()}"[:64]
    except (KeyError, OSError):
        return "cli"


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """In columns as wide as they must be: a number that is cut would be a wrong number."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
