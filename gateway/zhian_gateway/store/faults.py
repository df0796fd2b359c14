"""Tells what the store itself suffers from (full disk, lock, damage, no server) from the fault of what was written."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    PendingRollbackError,
    TimeoutError,  # noqa: A004 - the pool's, by its own name
)

from ..errors import StoreAway

#: By exact type: what a value is to blame for (DataError, IntegrityError, ...) is a DatabaseError too.
_FAULTS: Final = frozenset(
    {DatabaseError, InterfaceError, InternalError, OperationalError, PendingRollbackError, TimeoutError, StoreAway}
)

#: PostgreSQL's "program limit exceeded", which its driver takes for an operational error: what was written is too long
#: or too deep for it, and will be so for ever.
_TOO_MUCH: Final = "54"


def is_store_fault(error: Exception) -> bool:
    """Whether the same may go well once the store is well again, so that nothing may be given up for it."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        if str(getattr(error.orig, "sqlstate", None) or "").startswith(_TOO_MUCH):
            return False
    return type(error) in _FAULTS
