"""Browsers that somebody has signed in at before, so that whoever guesses from the same address does not shut them out.

A guard room often shares its address with a whole building, or with everybody behind a proxy. The cookie lets nobody
in: it only gives its browser tries of its own at that one account.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from typing import Final

from ..tokens import new_secret, same

COOKIE: Final = "zhian_device"
LASTS_S: Final = 365 * 24 * 3600


def issue(key: bytes, user: str) -> str:
    """The cookie for a browser at which `user` has just signed in."""
    number = new_secret()[:16]
    return f"{number}.{_mac(key, user, number)}"


def known(key: bytes, user: str, cookie: str) -> str | None:
    """The browser's number, when `user` has signed in there; None."""
    number, _, mac = cookie.partition(".")
    return number if same(mac, _mac(key, user, number)) else None


def neighbourhood(address: str) -> str:
    """Whose tries are counted together: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    return str(found)


def _mac(key: bytes, user: str, number: str) -> str:
    return hmac.new(key, f"device/{user}/{number}".encode(), hashlib.sha256).hexdigest()
