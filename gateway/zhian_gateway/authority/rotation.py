"""One root follows another while nodes run.

`begin` brings in the new one: gateway, broker and nodes trust both, and each node fetches a certificate of the new one
over its running link. `finish` takes the old one away, once no node holds a certificate of it any more.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from zhian_models.atomic import PRIVATE, write_atomically

from ..errors import AuthorityError
from .office import OLD, OWN, Pair, new_root, read_roots, text_of


def begin(folder: Path, site: str, now: datetime) -> Pair:
    """A new root beside the present one; the new one. Broken off, nothing has changed.

    Raises:
        AuthorityError: one follows another already, or the files cannot be read or written.
    """
    roots = read_roots(folder)
    if roots.leaving is not None:
        raise AuthorityError(f"{folder / OLD}: a root is leaving already; `zhian-gateway authority retire` ends that")
    fresh = new_root(site, now)
    try:
        write_atomically(folder / OLD, text_of(roots.signing), mode=PRIVATE)
        write_atomically(folder / OWN, text_of(fresh), mode=PRIVATE)
    except OSError as error:
        raise AuthorityError(f"{folder}: {error.strerror or error}") from error
    return fresh


def finish(folder: Path) -> None:
    """The old root, key and all, is gone.

    Raises:
        AuthorityError: none is leaving, or the file cannot be deleted.
    """
    if read_roots(folder).leaving is None:
        raise AuthorityError(f"{folder}: no root is leaving; `zhian-gateway authority rotate` brings in another one")
    try:
        (folder / OLD).unlink()
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise AuthorityError(f"{folder / OLD}: {error.strerror or error}") from error
