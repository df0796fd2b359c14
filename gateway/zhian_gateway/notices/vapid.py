"""The key by which push services know this gateway (RFC 8292): made at first use, kept sealed."""

from __future__ import annotations

import base64
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy import Connection, select

from ..store import Store
from ..store.tables import own_secrets

_NAME: Final = "vapid"


def open_key(store: Store, now: str) -> Vapid02:
    """The key; who needs it first makes it."""
    with store.read() as link:
        found = _kept(link)
    if found is None:
        made = Vapid02()
        made.generate_keys()
        with store.write() as link:
            found = _kept(link)
            if found is None:
                found = made.private_pem().decode()
                link.execute(own_secrets.insert().values(name=_NAME, value=found, created_at=now))
    return Vapid02.from_pem(found.encode())


def public(key: Vapid02) -> str:
    """What a browser subscribes with (`applicationServerKey`): the public point, base64url."""
    point = key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _kept(link: Connection) -> str | None:
    value: str | None = link.execute(select(own_secrets.c.value).where(own_secrets.c.name == _NAME)).scalar()
    return value
