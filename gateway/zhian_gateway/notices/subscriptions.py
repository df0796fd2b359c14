"""Which browsers show whom messages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, RowMapping, delete, select

from ..errors import BadInput, NotFound
from ..store import audit
from ..store.tables import carer_browsers, push_subscriptions, users
from ..tokens import digest

#: Browsers of one person; the one that subscribed first gives way.
MOST: Final = 10
SECRET_BYTES: Final = 16
#: What stands before the number of a guardian who has a phone here; a user's name has no stroke in it.
CARER: Final = "carer"


def subscribe(link: Connection, user: str, endpoint: str, p256dh: str, auth: str, *, site: str, now: str) -> None:
    """This browser shows `user` messages from now on; whoever used it before is shown none there any more.

    Raises:
        BadInput: keys or an address that no browser gives out.
    """
    check(endpoint, p256dh, auth)
    ours = digest(endpoint)
    link.execute(delete(push_subscriptions).where(push_subscriptions.c.digest == ours))
    values = {"user": user, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "created_at": now}
    link.execute(push_subscriptions.insert().values(digest=ours, **values))
    theirs = select(push_subscriptions.c.digest).where(push_subscriptions.c.user == user)
    newest = theirs.order_by(push_subscriptions.c.created_at.desc(), push_subscriptions.c.digest)
    for old in list(link.execute(newest).scalars())[MOST:]:
        link.execute(delete(push_subscriptions).where(push_subscriptions.c.digest == old))
    audit.record(link, site=site, at=now, who=user, action="push.subscribe", subject=user, detail=ours[:12])


def unsubscribe(link: Connection, user: str, endpoint: str, *, site: str, now: str) -> None:
    """This browser shows `user` nothing any more.

    Raises:
        NotFound: it did not.
    """
    mine = (push_subscriptions.c.digest == digest(endpoint)) & (push_subscriptions.c.user == user)
    if link.execute(delete(push_subscriptions).where(mine)).rowcount == 0:
        raise NotFound("this browser is not subscribed")
    short = digest(endpoint)[:12]
    audit.record(link, site=site, at=now, who=user, action="push.unsubscribe", subject=user, detail=short)


def of(link: Connection, whose: str) -> Sequence[RowMapping]:
    """The browsers of `carer/NUMBER`, or of a user who may log in."""
    kind, _, number = whose.partition("/")
    if kind == CARER and number.isdecimal():
        theirs = select(carer_browsers).where(carer_browsers.c.carer_id == int(number))
        return link.execute(theirs.order_by(carer_browsers.c.created_at)).mappings().all()
    return _of_user(link, whose)


def _of_user(link: Connection, user: str) -> Sequence[RowMapping]:
    query = (
        select(push_subscriptions)
        .join(users, users.c.name == push_subscriptions.c.user)
        .where(push_subscriptions.c.user == user, users.c.disabled_at.is_(None))
    )
    return link.execute(query.order_by(push_subscriptions.c.created_at)).mappings().all()


def drop(link: Connection, digests: Sequence[str]) -> None:
    """Their push services do not know them any more."""
    for table in (push_subscriptions, carer_browsers):
        link.execute(delete(table).where(table.c.digest.in_(digests)))


def decoded(text: str) -> bytes:
    """Base64url without its padding.

    Raises:
        BadInput: it is none.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput("a key is no base64url") from error


def check(endpoint: str, p256dh: str, auth: str) -> None:
    """BadInput for keys or an address that no browser gives out."""
    if not _is_https(endpoint):
        raise BadInput("endpoint: must be an https address")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(p256dh))
    except ValueError as error:
        raise BadInput("keys.p256dh: is no point on the curve P-256") from error
    if len(decoded(auth)) != SECRET_BYTES:
        raise BadInput(f"keys.auth: must be {SECRET_BYTES} bytes")


def _is_https(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        return parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
