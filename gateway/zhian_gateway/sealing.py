"""Seals anew what is not sealed with the present key: after an upgrade what lay plain, after a rotation everything.

In small steps that can end anywhere: what is sealed with the present key is passed over by whoever goes on. Only when
nothing needs the former keys any more are they taken out of the key file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, delete, select, update

from .pictures import PARTS, Kind, PictureStore
from .services import Services
from .store import audit
from .store.keyfile import new_key
from .store.keys import note
from .store.resealing import seal_rows
from .store.tables import templates, vault_keys

log = structlog.get_logger(__name__)


@dataclass
class Sealed:
    """How much was sealed anew so far; `damaged` names what no key opens, and what is left as it is."""

    templates: int = 0
    secrets: int = 0
    pictures: int = 0
    damaged: tuple[str, ...] = ()
    done: bool = False


def begin(services: Services, *, who: str) -> str:
    """Begin a new key, unless the last rotation has not ended; the id of the key that seals from now on."""
    vault = services.store.vault
    if is_pending(services):
        return vault.keys[0].id
    key = new_key()
    # First the file: a database that names a key which nobody has could not be opened any more.
    with vault.alone():
        vault.replace((key, *vault.keys))
    with services.store.write() as link:
        note(link, key.id)
        _record(services, link, action="keys.begin", key=key.id, who=who)
    return key.id


def is_pending(services: Services) -> bool:
    """Whether something may not be sealed with the present key."""
    with services.store.read() as link:
        query = select(vault_keys.c.sealed_at).where(vault_keys.c.id == services.store.vault.keys[0].id)
        return link.execute(query).scalar() is None


def seal_anew(services: Services, *, who: str) -> Iterator[Sealed]:
    """Seal everything with the present key, step by step; what was done so far after each."""
    found, parts = Sealed(), services
    vault = parts.store.vault
    key = vault.keys[0].id
    with parts.store.write() as link:
        # Another process may have begun the key and died before it said so.
        note(link, key)
    for _ in _rows(parts, found):
        yield found
    for _ in _pictures(parts.pictures, found):
        yield found
    _end(parts, key, found, who)
    yield found


def _rows(parts: Services, found: Sealed) -> Iterator[None]:
    for step in seal_rows(parts.store.write, parts.store.vault):
        if step.table == templates.name:
            found.templates += step.values
        else:
            found.secrets += step.values
        found.damaged += step.damaged
        yield


def _pictures(store: PictureStore, found: Sealed) -> Iterator[None]:
    kinds: tuple[Kind, ...] = ("portraits", "evidence")
    for kind in kinds:
        for part in range(PARTS):
            renewed = store.renew(kind, part)
            found.pictures += renewed.done
            found.damaged += tuple(f"{kind} {name}" for name in renewed.damaged)
            if renewed.done:
                yield


def _end(parts: Services, key: str, found: Sealed, who: str) -> None:
    """Nothing needs the former keys any more, unless somebody began another one meanwhile."""
    vault = parts.store.vault
    if vault.keys[0].id != key:
        return
    with parts.store.write() as link:
        link.execute(update(vault_keys).where(vault_keys.c.id == key).values(sealed_at=parts.now()))
        link.execute(delete(vault_keys).where(vault_keys.c.id != key))
        done = f"{found.templates} templates, {found.secrets} secrets, {found.pictures} pictures"
        detail = f"{done}; damaged: {', '.join(found.damaged) or 'none'}"
        _record(parts, link, action="keys.sealed", key=key, who=who, detail=detail)
    with vault.alone():
        vault.replace(tuple(one for one in vault.keys if one.id == key))
    found.done = True
    parts.store.overwrite()
    log.info("keys.sealed", key=key, pictures=found.pictures, damaged=len(found.damaged))


def _record(parts: Services, link: Connection, *, action: str, key: str, who: str, detail: str = "") -> None:
    audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=key, detail=detail)
