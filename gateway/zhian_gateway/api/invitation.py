"""What an invited person does, without a login: by the secret of a link, and no oftener than a person would.

The secret comes in the body: an address lands in the logs of every machine on the way.
"""

from __future__ import annotations

from time import monotonic

from fastapi import Request

from ..auth import devices
from ..services import Services
from ..visitors import registering, rows
from ..visitors.typed import Typed
from . import visit_shapes as shapes
from . import visit_views as views
from .access import Parts, public
from .guarded import GuardedRouter

router = GuardedRouter(prefix="/api/invitation")


@router.post("")
@public
def look(parts: Parts, request: Request, wanted: shapes.Opened) -> shapes.GuestView:
    """The invitation of a link; 404 says the same of one that is over and one that never was."""
    _knock(parts, request)
    with parts.store.read() as link:
        return views.guest(parts, registering.invited(link, parts, wanted.token))


@router.post("/answer")
@public
def answer(parts: Parts, request: Request, wanted: shapes.GuestAnswer) -> shapes.GuestView:
    """Register oneself, or correct what one said; the pass is in the answer, and holds once the window let one in."""
    _knock(parts, request)
    said = Typed(wanted.name, wanted.phone, wanted.plate, wanted.citizen)
    with parts.store.write() as link:
        number = registering.complete(link, parts, wanted.token, said, wanted.agreed)
        return views.guest(parts, rows.find(link, number))


def _knock(parts: Services, request: Request) -> None:
    """Every try counts, right or wrong: a link is opened some times, not hundreds."""
    key = (f"invitation/{devices.neighbourhood(request.client.host) if request.client else '?'}",)
    parts.guests.spend(key, monotonic())
