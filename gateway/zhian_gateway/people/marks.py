"""Random marks of the roster's versions: whoever shows one holds that version of this very history.

A database that was set back (a snapshot of the machine, a copied file, a restore) takes the same numbers a second time
for other changes. A mark is drawn when its version is first told, so what was told after the copy is not known here.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

from sqlalchemy import Connection, delete, select
from zhian_wire.roster import MARK

from ..store.tables import roster_marks

#: Whoever holds an older version than the last so many that were told gets the whole roster.
KEPT: Final = 1000


def of(link: Connection, version: int) -> str | None:
    """The mark of a version; None: it was never told."""
    return link.execute(select(roster_marks.c.mark).where(roster_marks.c.version == version)).scalar()


def version_of(link: Connection, mark: str) -> int | None:
    """The version that a mark stands for; None: of another history, too long ago, or no mark."""
    if not re.fullmatch(MARK, mark):
        return None
    return link.execute(select(roster_marks.c.version).where(roster_marks.c.mark == mark)).scalar()


def give(link: Connection, version: int) -> str:
    """The mark of a version that is told now, in a transaction that writes."""
    found = of(link, version)
    if found is not None:
        return found
    mark = secrets.token_hex(16)
    link.execute(roster_marks.insert().values(version=version, mark=mark))
    newest = select(roster_marks.c.version).order_by(roster_marks.c.version.desc())
    link.execute(delete(roster_marks).where(roster_marks.c.version <= newest.offset(KEPT).limit(1).scalar_subquery()))
    return mark
