"""Which keys a database needs, and whether its key file holds them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, select

from .. import moments
from ..errors import KeyFault
from . import keyfile
from .tables import vault_keys
from .vault import Vault


def open_vault(engine: Engine, path: Path, lock: Path) -> Vault:
    """The vault of a database; its key file is made with the first one.

    Raises:
        KeyFault: the file is missing, damaged, or another database's; nothing was changed.
    """
    with engine.connect() as link, link.begin():
        needed = set(link.execute(select(vault_keys.c.id)).scalars())
    if not needed and not path.exists():
        keyfile.create(path)
    vault = Vault(path, lock)
    held = [key.id for key in vault.keys]
    if missing := sorted(needed - set(held)):
        raise KeyFault(
            f"{path} does not hold key {', '.join(missing)}, with which this database is sealed (it holds "
            f"{', '.join(held)}): put back the file that does; nothing was changed"
        )
    if held[0] not in needed:
        with engine.connect().execution_options(zhian_write=True) as link, link.begin():
            note(link, held[0])
    return vault


def note(link: Connection, key: str) -> None:
    """Something may be sealed with this key from now on."""
    if link.execute(select(vault_keys.c.id).where(vault_keys.c.id == key)).first() is None:
        link.execute(vault_keys.insert().values(id=key, created_at=moments.text(moments.wall_clock())))
