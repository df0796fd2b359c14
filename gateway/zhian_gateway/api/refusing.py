"""Who asked for what they may not see is written into the audit, bounded so that nobody can flood it."""

from __future__ import annotations

from time import monotonic
from typing import Final

import structlog
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from ..auth.refusals import REFUSED
from ..auth.sessions import Role, Session
from ..errors import GatewayError, NotAllowed, Withheld
from ..services import Services
from ..store import audit
from ..store.faults import is_store_fault

log = structlog.get_logger(__name__)
#: They see the whole site: what is not there for them is not there.
WHOLE: Final[frozenset[Role]] = frozenset({"admin", "guard"})
_LONGEST: Final = 200


def is_refusal(session: Session | None, error: GatewayError) -> bool:
    """Whether somebody who is known was turned away from what others may see."""
    if session is None:
        return False
    return isinstance(error, NotAllowed) or (isinstance(error, Withheld) and session.role not in WHOLE)


async def note(request: Request, error: GatewayError) -> None:
    """Write down a refusal; whatever becomes of that, the caller is refused."""
    session: Session | None = getattr(request.state, "known", None)
    if session is None or not is_refusal(session, error):
        return
    services: Services = request.app.state.services
    if not services.refusals.admits(session.user, monotonic()):
        return
    try:
        await run_in_threadpool(_write, services, session, request.method, request.url.path)
    except Exception as fault:
        # A record that cannot be written opens no door; what is no fault of the store is one of ours.
        if not is_store_fault(fault):
            raise
        log.warning("audit.refusal_not_written", user=session.user, path=request.url.path, error=str(fault))


def _write(services: Services, session: Session, method: str, path: str) -> None:
    told = {"who": session.user, "action": REFUSED, "subject": path[:_LONGEST], "detail": f"{method} as {session.role}"}
    with services.store.write() as link:
        audit.record(link, site=services.site, at=services.now(), **told)
