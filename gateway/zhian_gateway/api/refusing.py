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
from ..family.carers import Carer
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
    who, role = _known(request, error)
    services: Services = request.app.state.services
    if not who or not services.refusals.admits(who, monotonic()):
        return
    try:
        await run_in_threadpool(_write, services, (who, role), request.method, request.url.path)
    except Exception as fault:
        # A record that cannot be written opens no door; what is no fault of the store is one of ours.
        if not is_store_fault(fault):
            raise
        log.warning("audit.refusal_not_written", user=who, path=request.url.path, error=str(fault))


def _known(request: Request, error: GatewayError) -> tuple[str, str]:
    """Who was turned away, and as what; nobody, where there was nothing to be turned away from."""
    session: Session | None = getattr(request.state, "known", None)
    if session is not None:
        return (session.user, session.role) if is_refusal(session, error) else ("", "")
    carer: Carer | None = getattr(request.state, "known_carer", None)
    return (carer.signature, "carer") if carer and isinstance(error, NotAllowed | Withheld) else ("", "")


def _write(services: Services, caller: tuple[str, str], method: str, path: str) -> None:
    who, role = caller
    told = {"who": who, "action": REFUSED, "subject": path[:_LONGEST], "detail": f"{method} as {role}"}
    with services.store.write() as link:
        audit.record(link, site=services.site, at=services.now(), **told)
