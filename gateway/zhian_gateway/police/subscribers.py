"""Who is subscribed to the police feed, and how they prove it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Connection, func, select, update
from zhian_wire.codec import check_name
from zhian_wire.errors import DecodeError

from ..errors import BadInput, Conflict, NoGround, NotFound, NotLoggedIn
from ..store import audit
from ..store.tables import deliveries, subscribers
from ..tokens import digest, new_secret


class Keys(NamedTuple):
    """Shown once: `token` opens the stream, `secret` checks the webhook's signature."""

    token: str
    secret: str


def add(link: Connection, *, site: str, name: str, ground: str, webhook: str, who: str, now: str) -> Keys:
    """A new subscriber.

    Raises:
        NoGround: nothing is passed on without one.
        BadInput: a name or address that cannot be.
        Conflict: there is one already.
    """
    if not ground.strip():
        raise NoGround("nothing is passed on without a ground: say which (--ground)")
    _check(name, webhook)
    if link.execute(select(subscribers.c.name).where(subscribers.c.name == name)).first():
        raise Conflict(f"there is a subscriber {name!r} already")
    keys = Keys(new_secret(), new_secret())
    values = {"site": site, "token": digest(keys.token), "webhook": webhook, "secret": keys.secret}
    link.execute(subscribers.insert().values(name=name, ground=ground.strip(), created_at=now, **values))
    audit.record(link, site=site, at=now, who=who, action="police.subscribe", subject=name, detail=ground.strip())
    return keys


def disable(link: Connection, *, site: str, name: str, who: str, now: str) -> None:
    """The subscriber is told nothing any more; what waits for its webhook is given up.

    Raises:
        NotFound: no such subscriber, or disabled already.
    """
    gone = update(subscribers).where(subscribers.c.name == name, subscribers.c.disabled_at.is_(None))
    if link.execute(gone.values(disabled_at=now)).rowcount == 0:
        raise NotFound(f"there is no subscriber {name!r}")
    waiting = update(deliveries).where(deliveries.c.subscriber == name, deliveries.c.state == "queued")
    link.execute(waiting.values(state="dead", error="the subscription ended"))
    audit.record(link, site=site, at=now, who=who, action="police.disable", subject=name)


def given_up(link: Connection, name: str) -> int:
    """How many entries its webhook never took, and nobody tries any more."""
    query = select(func.count()).select_from(deliveries).where(deliveries.c.subscriber == name)
    return int(link.execute(query.where(deliveries.c.state == "dead")).scalar_one())


def retry(link: Connection, *, site: str, name: str, who: str, now: str) -> int:
    """Try what was given up once more, from the beginning; how many entries that are.

    Raises:
        NotFound: no such subscriber, or disabled.
    """
    query = select(subscribers.c.name).where(subscribers.c.name == name, subscribers.c.disabled_at.is_(None))
    if link.execute(query).first() is None:
        raise NotFound(f"there is no subscriber {name!r}")
    dead = update(deliveries).where(deliveries.c.subscriber == name, deliveries.c.state == "dead")
    again = link.execute(dead.values(state="queued", tries=0, next_at=now)).rowcount
    audit.record(link, site=site, at=now, who=who, action="police.retry", subject=name, detail=str(again))
    return again


def every(link: Connection) -> list[tuple[str, str, str]]:
    """Name, ground and webhook of everybody who is subscribed."""
    query = select(subscribers.c.name, subscribers.c.ground, subscribers.c.webhook)
    found = link.execute(query.where(subscribers.c.disabled_at.is_(None)).order_by(subscribers.c.name))
    return [(row.name, row.ground, row.webhook) for row in found]


def _check(name: str, webhook: str) -> None:
    try:
        check_name(name, "subscriber")
    except DecodeError as error:
        raise BadInput(str(error)) from error
    if webhook and not _can_be_asked(webhook):
        raise BadInput(f"webhook {webhook!r} must be an http or https address whose host and port can be")


def _can_be_asked(webhook: str) -> bool:
    """Whether it is an address for httpx and its host a name for the resolver, which find out only when they ask."""
    try:
        url, port = httpx.URL(webhook), urlsplit(webhook).port
        # Reading `host` decodes it; the codec is the one that the resolver uses.
        possible = bool(url.host) and bool(url.raw_host.decode().encode("idna"))
    except (httpx.InvalidURL, ValueError):
        return False
    return possible and url.scheme in ("http", "https") and not {" ", "%"} & set(url.host) and port != 0


def of_token(link: Connection, token: str) -> str:
    """The subscriber whose token it is; NotLoggedIn."""
    name = _name(link, token)
    if name is None:
        raise NotLoggedIn("no subscriber has that token")
    return name


def knows(link: Connection, token: str) -> bool:
    """Whether a subscriber has that token (still)."""
    return _name(link, token) is not None


def _name(link: Connection, token: str) -> str | None:
    query = select(subscribers.c.name).where(subscribers.c.token == digest(token), subscribers.c.disabled_at.is_(None))
    name: str | None = link.execute(query).scalar()
    return name
