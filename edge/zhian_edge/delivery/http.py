"""Requests to the gateway, and which of their failures may pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import httpx

from zhian_edge.errors import LinkLost, LinkRefused, NodeRevoked

from .credentials import Credentials
from .tls_words import explained

TIMEOUT: Final = httpx.Timeout(20.0, connect=5.0)
_DENIED: Final = (401, 403)
#: Level, name and value, as `setsockopt` takes them.
SocketOption = tuple[int, int, int]


def open_client(url: str, credentials: Credentials, sockets: Sequence[SocketOption] = ()) -> httpx.Client:
    """A client that knows the gateway. No proxy of the environment may see a node's secret.

    Args:
        sockets: options of its sockets.

    Raises:
        BadSecret: as `credentials`.
    """
    secure = url.startswith("https:")
    transport = _Renewed(credentials, sockets) if secure else httpx.HTTPTransport(socket_options=sockets)
    return httpx.Client(
        base_url=url, headers=credentials.headers(), timeout=TIMEOUT, trust_env=False, transport=transport
    )


class _Renewed(httpx.BaseTransport):
    """HTTPS whose connections are made anew once there is another certificate to show; one thread uses it."""

    def __init__(self, credentials: Credentials, sockets: Sequence[SocketOption]) -> None:
        self._credentials = credentials
        self._sockets = sockets
        self._open()

    def _open(self) -> None:
        self._version = self._credentials.version()
        context = self._credentials.tls()
        self._inner = httpx.HTTPTransport(verify=context, trust_env=False, socket_options=self._sockets)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._credentials.version() != self._version:
            self._inner.close()
            self._open()
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def request(
    client: httpx.Client,
    method: str,
    path: str,
    *,
    content: bytes | Iterable[bytes] | None = None,
    headers: dict[str, str] | None = None,
    params: Mapping[str, int | str] | None = None,
) -> httpx.Response:
    """One request; an answer below 500 that is not a denial is the caller's business.

    Raises:
        LinkLost: no answer, or the gateway is not itself (5xx, 429).
        NodeRevoked: it says that this node was revoked.
        LinkRefused: the gateway does not know this node, or one side does not take the other's certificate.
        BadSecret: as `credentials`, once they have changed.
    """
    try:
        answer = client.request(method, path, content=content, headers=headers, params=params)
    except httpx.HTTPError as error:
        if words := explained(str(error)):
            raise LinkRefused(f"{client.base_url}: {words} ({error})") from error
        raise LinkLost(f"{client.base_url}: {type(error).__name__}: {error}") from error
    if _says_revoked(answer):
        raise NodeRevoked(f"{client.base_url}: this node was revoked ({answer.status_code})")
    if answer.status_code in _DENIED:
        said = f"{answer.status_code} {_message(answer)}".strip()
        raise LinkRefused(f"{client.base_url}: the gateway does not accept this node ({said})")
    if answer.status_code >= 500 or answer.status_code == 429:
        raise LinkLost(f"{client.base_url}: {method} {path} was answered {answer.status_code}")
    return answer


def code_of(answer: httpx.Response) -> str:
    """What the gateway calls its refusal; empty: this is no answer of the gateway's own, but of something between."""
    return _of_error(answer, "code")


def _message(answer: httpx.Response) -> str:
    """What the gateway says about it, if it says something."""
    return _of_error(answer, "message")


def _of_error(answer: httpx.Response, part: str) -> str:
    try:
        return str(answer.json()["error"][part])[:300]
    except (ValueError, KeyError, TypeError):
        return ""


def _says_revoked(answer: httpx.Response) -> bool:
    """410, or 403 with the code; a 403 alone may come from something between here and the gateway."""
    return answer.status_code == 410 or (answer.status_code == 403 and b'"revoked"' in answer.content)
