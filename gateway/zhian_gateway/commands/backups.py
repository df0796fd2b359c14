"""`zhian-gateway backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..backup.restoring import restore as put_back
from ..backup.secrets import copy_keys
from ..backup.writing import write
from ..config import load
from ..errors import BackupError
from .common import DEFAULT, ConfigOption, opened, operator, told


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder; the backup is in it, whole, or it is not there.")],
    *,
    keys: Annotated[
        Path | None, typer.Option(help="A new folder for copies of the keys; keep it apart from the backup.")
    ] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Copy database and pictures while the gateway runs, and read the copy again. The keys are no part of it."""
    with opened(config) as parts:
        if keys is not None and keys.absolute().is_relative_to(folder.absolute()):
            raise BackupError(f"{keys}: the keys do not belong into the backup: whoever has both can see everything")
        if keys is not None and keys.exists():
            raise BackupError(f"{keys}: is there already; the keys' folder must be a new one, too")
        done = write(parts, folder, who=operator())
        print(f"{folder}: {done.events} events, {done.pictures} pictures, as of {done.taken_at}; read again and whole")
        for name in done.missing:
            print(f"missing or damaged here already, so not in the backup: {name}")
        if keys is None:
            print(f"The keys are not in it: keep a copy of {parts.store.vault.path} apart (--keys FOLDER makes one).")
        else:
            copied = copy_keys(parts.config, keys)
            print(f"{keys}: copies of {', '.join(map(str, copied))}; keep them apart from the backup")
    if done.missing:
        raise typer.Exit(1)


def restore(
    folder: Annotated[Path, typer.Argument(help="What `backup` has written.")],
    *,
    keys: Annotated[
        Path | None, typer.Option(help="Folder with the copies of the keys; by default where the configuration says.")
    ] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Put a backup into an empty home of the store, while no gateway runs; nodes then send what came after it again."""
    with told():
        settings = load(config)
        done = put_back(settings, folder, keys, who=operator())
    print(f"{settings.store.home}: {done.events} events, {done.pictures} pictures, as of {done.taken_at}")
    print(
        "Once the gateway runs, the nodes send their ring again: `zhian-gateway ledger` shows when all of it is there."
    )
    print(f"Do again what was done by hand since {done.taken_at}: withdrawals, lost cards, revoked nodes, users.")
