"""How a node becomes one of its site: a code that was read out to it, a key of its own, and a certificate for that."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from zhian_wire.joining import Code, Issued, JoinRequest, RenewRequest, fingerprint

from zhian_edge.errors import BadSecret, EdgeError, LinkLost, LinkRefused

from .credentials import Credentials
from .http import TIMEOUT, open_client, request
from .papers import Papers, new_key, request_for
from .tls_words import explained

#: An authority's certificate is less than 1 kB.
_MOST: Final = 16 * 1024


def join(url: str, code: Code, papers: Papers, *, site: str, node: str) -> frozenset[str]:
    """Get this node's first certificate from the gateway at `url`, and keep it; gives the names of the gateway.

    These are what its own, verified certificate names: whichever of them a node calls, it is the same gateway.

    Nothing that is secret is shown to anybody before the authority's certificate has turned out to be the code's.

    Raises:
        LinkLost: nobody answers.
        LinkRefused: the gateway does not take the code, or is not the one of the code.
        BadSecret, HomeRefused: as `Papers`.
    """
    authority = _authority(url, code)
    key = papers.pending_key()
    context = ssl.create_default_context(cadata=authority)
    asked = JoinRequest(secret=code.secret, request=request_for(key, site, node))
    names: set[str] = set()
    hooks = {"response": [lambda answer: names.update(_names(answer))]}
    with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False, verify=context, event_hooks=hooks) as client:
        issued = _issued(client, "/join", msgspec.json.encode(asked))
    if (issued.site, issued.node) != (site, node):
        there = f"node {issued.node!r} of site {issued.site!r}"
        raise LinkRefused(f"the code is for {there}, the configuration for {node!r} of {site!r}: mend one of the two")
    if authority.strip() not in issued.authority:
        raise LinkRefused(f"{url}: answered with another authority than that of the code")
    papers.keep(key, issued)
    return frozenset(names)


def _names(answer: httpx.Response) -> Iterator[str]:
    """The names and addresses in the certificate of whoever answers; its connection must still be open."""
    stream = answer.extensions.get("network_stream")
    spoken = stream.get_extra_info("ssl_object") if stream is not None else None
    shown = spoken.getpeercert() if spoken is not None else None
    for _kind, name in (shown or {}).get("subjectAltName", ()):
        yield name.casefold()


def renew(url: str, credentials: Credentials, papers: Papers, *, site: str, node: str) -> None:
    """Get the next certificate, for a new key, by means of the one that still holds.

    Raises:
        LinkLost, LinkRefused: what is there stays in use.
        BadSecret, HomeRefused: as `Papers`.
    """
    key = new_key()
    with open_client(url, credentials) as client:
        issued = _issued(client, "/renew", msgspec.json.encode(RenewRequest(request=request_for(key, site, node))))
    papers.keep(key, issued)


def roots(url: str, credentials: Credentials) -> bytes:
    """The certificates (PEM) of the authority's roots, as the gateway, which is trusted, says; who signs is the first.

    Raises:
        LinkLost, LinkRefused: it does not answer so.
        BadSecret: as `credentials`.
    """
    with open_client(url, credentials) as client:
        answer = request(client, "GET", "/authority")
    if answer.status_code != 200 or len(answer.content) > _MOST:
        raise LinkLost(f"{url}: GET /authority was answered {answer.status_code}")
    return answer.content


def say_wiped(url: str, credentials: Credentials) -> None:
    """Tell the gateway that this node, which it has revoked, has deleted roster and pictures; it is asked again if it
    does not hear this.
    """
    with suppress(EdgeError), open_client(url, credentials) as client:
        request(client, "POST", "/wiped")


def _authority(url: str, code: Code) -> str:
    """The certificate that the code stands for, in PEM."""
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    try:
        with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False, verify=unverified) as client:
            answer = client.get("/authority")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise LinkLost(f"{url}: {explained(str(error)) or error}") from error
    if answer.status_code != 200 or len(answer.content) > _MOST:
        raise LinkLost(f"{url}: no nodes' door of a gateway: GET /authority was answered {answer.status_code}")
    try:
        shown = x509.load_pem_x509_certificates(answer.content)
    except ValueError as error:
        raise LinkRefused(f"{url}: what it shows is no authority's certificate: {error}") from error
    # Two while one root follows another; whatever else was shown is nobody's word.
    for root in shown:
        if fingerprint(root.public_bytes(serialization.Encoding.DER)) == code.fingerprint:
            return root.public_bytes(serialization.Encoding.PEM).decode()
    raise LinkRefused(
        f"{url}: its authority is not the one that the code is from; is the code whole, and the address the "
        "gateway's? Somebody may stand between: nothing was told to them"
    )


def _issued(client: httpx.Client, path: str, body: bytes) -> Issued:
    answer = request(client, "POST", path, content=body, headers={"Content-Type": "application/json"})
    if answer.status_code != 200:
        raise LinkRefused(f"{client.base_url}: POST {path} was answered {answer.status_code}: {answer.text[:300]}")
    try:
        return msgspec.json.decode(answer.content, type=Issued)
    except msgspec.DecodeError as error:
        raise BadSecret(f"{client.base_url}: not a certificate: {error}") from error
