"""`zhian-gateway keys`: the keys that templates, pictures and secrets are sealed with."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import select

from .. import sealing
from ..store.tables import vault_keys
from .common import DEFAULT, ConfigOption, opened, operator

keys = typer.Typer(no_args_is_help=True, help="Keys of templates, pictures and secrets at rest.")


@keys.command()
def show(config: ConfigOption = DEFAULT) -> None:
    """Where the key file is, and which keys it must hold."""
    with opened(config) as parts, parts.store.read() as link:
        rows = link.execute(select(vault_keys).order_by(vault_keys.c.created_at)).all()
    print(f"{parts.store.vault.path}: keep a copy of this file, apart from the backups")
    for row in rows:
        state = f"everything is sealed with it since {row.sealed_at}" if row.sealed_at else "not everything yet"
        print(f"{row.id}  since {row.created_at}  {state}")


@keys.command()
def rotate(
    seal_only: Annotated[
        bool, typer.Option("--seal-only", help="No new key: only end what an upgrade or a rotation began.")
    ] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Begin a new key, seal everything with it, and forget the old one; the gateway may run meanwhile.

    A rotation that was interrupted is ended by the next one, or by the running gateway.
    """
    with opened(config) as parts:
        if seal_only and not sealing.is_pending(parts):
            print("everything is sealed with the present key")
            return
        key = parts.store.vault.keys[0].id if seal_only else sealing.begin(parts, who=operator())
        done = sealing.Sealed()
        for done in sealing.seal_anew(parts, who=operator()):  # noqa: B007 - the last one is the whole
            pass
    print(f"key {key}: {done.templates} templates, {done.secrets} secrets, {done.pictures} pictures sealed anew")
    for name in done.damaged:
        print(f"damaged, left as it is: {name}")
    print("Copy the key file anew; backups from before need the one that you have a copy of.")
    if done.damaged:
        raise typer.Exit(1)
