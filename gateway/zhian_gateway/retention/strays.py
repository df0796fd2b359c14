"""Files of pictures that nothing refers to: left by a crash between the database's commit and the file's end."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from ..pictures import Kind
from ..store import portraits
from ..store.tables import pictures
from .passing import CHUNK


def strays(link: Connection, kind: Kind, names: Sequence[str]) -> list[str]:
    """Those of these files that no row names."""
    known: set[str] = set()
    for start in range(0, len(names), CHUNK):
        some = names[start : start + CHUNK]
        if kind == "evidence":
            known |= set(link.execute(select(pictures.c.sha256).where(pictures.c.sha256.in_(some))).scalars())
            continue
        known |= portraits.named(link, some)
    return [name for name in names if name not in known]
