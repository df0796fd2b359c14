"""Takes the words out of notices of which nobody may know any more whom they named."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, select, tuple_, update

from ..store.tables import inbox, notices
from .inbox import key_of
from .rows import BLANK
from .withdrawing import NOT_YET

#: Most values in one `IN`.
CHUNK = 500


def forget(link: Connection, which: ColumnElement[bool]) -> None:
    """Blank these notices, and delete what of them lies in the gateway's own inbox; what waits is not sent any more.

    A copy there has its notice's key; one of an older version only the same words.
    """
    # The words are gathered once: asked anew for each row of the inbox, nobody else could write for minutes.
    words = select(notices.c.title, notices.c.body).where(which)
    link.execute(delete(inbox).where(inbox.c.key.is_(None), tuple_(inbox.c.title, inbox.c.body).in_(words)))
    keys = [key_of(key) for key in link.execute(select(notices.c.key).where(which)).scalars() if key is not None]
    for start in range(0, len(keys), CHUNK):
        link.execute(delete(inbox).where(inbox.c.key.in_(keys[start : start + CHUNK])))
    link.execute(update(notices).where(which).values(BLANK))
    # Without its words it would arrive empty.
    link.execute(update(notices).where(which, notices.c.state.in_(NOT_YET)).values(state="expired"))
