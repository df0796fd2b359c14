"""Calls to places outside that somebody named: never to this machine or its own network, unless the site says so.

An address that a person typed (a webhook, a browser's push service) could make the gateway ask services that only it
can reach. So the name is resolved here, every address that it has must be a public one, and the call goes to just the
address that was looked at: whoever changes the name's address in between (DNS rebinding) changes nothing. The
certificate is still held against the name. Redirects are not followed, and no proxy of the environment is asked.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Collection
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Final, TypeAlias

import httpx

Address: TypeAlias = IPv4Address | IPv6Address
#: Every address of a name, for a port.
Resolve: TypeAlias = Callable[[str, int], list[str]]

#: Translated to IPv4 on the way (RFC 6052), so what counts is the address inside.
_NAT64: Final = IPv6Network("64:ff9b::/96")
#: So many of a name's addresses are tried.
TRIED: Final = 2


class TargetRefused(httpx.TransportError):
    """The place is on this machine or its own network, and the site does not allow it; nothing was sent."""


class Guard(httpx.BaseTransport):
    """Lets requests through to public addresses, and to the hosts that the site allows by name.

    Args:
        inner: what really sends.
        allowed: hosts that may be anywhere, as they stand in addresses.
    """

    def __init__(self, inner: httpx.BaseTransport, allowed: Collection[str], resolve: Resolve | None = None) -> None:
        self._inner = inner
        self._allowed = frozenset(host.lower() for host in allowed)
        self._resolve = resolve or addresses

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx says; TargetRefused before anything is sent."""
        host = request.url.host.lower()
        if host in self._allowed:
            return self._inner.handle_request(request)
        failure: httpx.TransportError | None = None
        for place in self._checked(request, host)[:TRIED]:
            try:
                return self._inner.handle_request(_pinned(request, host, place))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if wrong_certificate(error):
                    raise
                failure = error
        raise failure or httpx.ConnectError(f"{host} has no address", request=request)

    def close(self) -> None:
        """As httpx says."""
        self._inner.close()

    def _checked(self, request: httpx.Request, host: str) -> list[str]:
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            found = self._resolve(host, port)
        except OSError as error:
            raise httpx.ConnectError(f"{host} cannot be resolved", request=request) from error
        for place in found:
            if not is_public(ip_address(place)):
                raise TargetRefused(f"{host} is not a public address, and [outbound] private_hosts does not name it")
        return found


def client(
    *,
    allowed: Collection[str],
    timeout_s: float,
    ca_file: str = "",
    resolve: Resolve | None = None,
) -> httpx.Client:
    """A guarded client.

    Args:
        timeout_s: of each of connecting, writing, and waiting for the next bytes.
        ca_file: trust these certificate authorities instead of the usual ones.
    """
    inner = httpx.HTTPTransport(verify=_trusting(ca_file), trust_env=False)
    guard = Guard(inner, allowed, resolve)
    return httpx.Client(transport=guard, timeout=timeout_s, follow_redirects=False, trust_env=False)


@cache
def _trusting(ca_file: str) -> ssl.SSLContext:
    """Reading all usual authorities takes a while, and they are the same for everybody."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context()


def is_public(address: Address) -> bool:
    """Whether it is nobody's own network; an IPv4 address that is wrapped in an IPv6 one counts as what it is."""
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


def addresses(host: str, port: int) -> list[str]:
    """Every address of `host`, as the system resolves it, without scopes.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))


def _pinned(request: httpx.Request, host: str, place: str) -> httpx.Request:
    """The request to just that address; `Host` was set before, and the certificate is held against the name."""
    extensions = dict(request.extensions) | {"sni_hostname": host}
    url = request.url.copy_with(host=place)
    return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)


def wrong_certificate(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """What was wrong with the other side's certificate, where that is why a call failed."""
    root: BaseException | None = error
    while root is not None:
        if isinstance(root, ssl.SSLCertVerificationError):
            return root
        root = root.__cause__ or root.__context__
    return None


def readable(path: str) -> bool:
    """Whether a file of certificate authorities can be used."""
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError):
        return False
    return Path(path).is_file()
