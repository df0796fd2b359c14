"""Messages to browsers: who is signed in may have them shown here, or not any more."""

from __future__ import annotations

from ..errors import NotFound
from ..notices import subscriptions, vapid
from ..services import Services
from . import push_shapes as shapes
from .access import Caller, Parts, everyone
from .guarded import GuardedRouter
from .shapes import Done

router = GuardedRouter(prefix="/api/push")


@router.get("/key")
@everyone
def push_key(parts: Parts) -> shapes.PushKey:
    """The gateway's public key, which is made when it is asked for first."""
    _check_on(parts)
    return shapes.PushKey(key=vapid.public(vapid.open_key(parts.store, parts.now())))


@router.post("/subscribe")
@everyone
def subscribe(parts: Parts, caller: Caller, browser: shapes.PushSubscription) -> Done:
    """Show messages for whoever is signed in on this browser; the same one again is fine."""
    _check_on(parts)
    keys = browser.keys
    with parts.store.write() as link:
        subscriptions.subscribe(
            link, caller.user, browser.endpoint, keys.p256dh, keys.auth, site=parts.site, now=parts.now()
        )
    return Done()


@router.post("/unsubscribe")
@everyone
def unsubscribe(parts: Parts, caller: Caller, browser: shapes.PushEndpoint) -> Done:
    """Show nothing on this browser any more."""
    with parts.store.write() as link:
        subscriptions.unsubscribe(link, caller.user, browser.endpoint, site=parts.site, now=parts.now())
    return Done()


def _check_on(parts: Services) -> None:
    if not parts.config.notices.webpush.contact:
        raise NotFound("Web Push is off: the configuration names no [notices.webpush] contact")
