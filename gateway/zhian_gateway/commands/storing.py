"""`zhian-gateway store`: where the database is, and moving it to another kind."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from ..config import check_url
from ..errors import StoreError
from ..services import Services
from ..store import audit
from ..store.locations import Location, Server
from ..store.moving import move
from .common import DEFAULT, ConfigOption, opened, operator

store = typer.Typer(no_args_is_help=True, help="Where the database is kept.")


@store.callback()
def _only() -> None:
    """Commands of one word need this."""


@store.command()
def copy(
    target: Annotated[
        str, typer.Argument(help="postgresql://user@host:port/database (new and empty), or a new SQLite file.")
    ],
    *,
    password_file: Annotated[Path | None, typer.Option(help="Holds the password of the server's user.")] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Copy the whole database into a new one, while no gateway runs, and compare both; the old one stays as it is.

    Pictures and keys stay where they are. Afterwards name the new place in the configuration, and start the gateway.
    """
    with opened(config) as parts:
        _check_stopped(parts)
        counts = move(parts.store, _location(target, password_file, parts))
        with parts.store.write() as link:
            audit.record(link, site=parts.site, at=parts.now(), who=operator(), action="store.copy", subject=target)
    for name, count in sorted(counts.items()):
        if count:
            print(f"{name:20} {count}")
    print(f"{sum(counts.values())} rows, as many in the copy as here. Now set in {config}, under [store]:")
    if "://" in target:
        print(f'  url = "{target}"')
        if password_file is not None:
            print(f'  password_file = "{password_file}"')
    else:
        print(f"  no url, and put {target} into [store] home as gateway.db")
    print("The nodes will send what they still hold again: `zhian-gateway ledger` shows when all of it is there.")


def _location(target: str, password_file: Path | None, parts: Services) -> Location:
    if "://" not in target:
        return Path(target).absolute()
    if fault := check_url(target):
        raise StoreError(f"{target.split('://', maxsplit=1)[0]}://...: {fault}")
    return Server(target, Path(parts.config.store.home), password_file)


def _check_stopped(parts: Services) -> None:
    """StoreError while something answers where the gateway does: it would go on writing into the old database."""
    listen = parts.config.listen
    if listen.port:
        with socket.socket() as probe:
            probe.settimeout(2)
            if probe.connect_ex((listen.host, listen.port)) == 0:
                raise StoreError(f"something answers on {listen.host}:{listen.port}: stop the gateway first")
