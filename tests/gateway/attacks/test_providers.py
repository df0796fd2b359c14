"""Notices that somebody turns on the gateway's own machine: by a scheme, by a redirect, by a name; docs/security.md."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import apprise
import httpx
import pytest
from apprise.manager_plugins import NotificationManager
from zhian_gateway.notices.apprise_post import ApprisePost
from zhian_gateway.notices.confining import confined
from zhian_gateway.notices.messages import Message
from zhian_gateway.outbound import client

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MESSAGE = Message(
    key="k",
    title="t",
    body="小明 7:30 到校",
    happening="arrival",
    language="en",
    at=NOW,
    expires_at=NOW + timedelta(hours=1),
    words={},
    late=False,
    critical=False,
)
#: What the tokens of one scheme or another may look like.
FILLINGS: Final = ("abcdef", "12345678901", "a" * 32, "a" * 64, "abc@example.com", "#abc", "a" * 24)


class Server:
    """An HTTP server that remembers who asked it."""

    def __init__(self, moves_to: str = "", status: int = 200) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(self.path)
                self.send_response(status)
                if moves_to:
                    self.send_header("Location", moves_to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_PUT = do_POST  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Nobody reads it."""

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def inner() -> Iterator[Server]:
    """What only the gateway's own machine can reach."""
    server = Server()
    yield server
    server.close()


def with_host() -> list[tuple[str, str]]:
    """An address on loopback for each scheme of the library whose templates have a host and that takes our tokens."""
    manager = NotificationManager()
    manager.load_modules()
    found: dict[str, str] = {}
    for plugin in manager.plugins():
        for group in (plugin.protocol, plugin.secure_protocol):
            for scheme in (group,) if isinstance(group, str) else group or ():
                if "host" in plugin.template_tokens and (address := filled(plugin, scheme)):
                    found[scheme] = address
    return sorted(found.items())


def filled(plugin: Any, scheme: str) -> str | None:
    for template in plugin.templates:
        if "{host}" not in template:
            continue
        placed = template.replace("{host}:{port}", "{host}").replace("{host}", "127.0.0.1:PORT")
        for filling in FILLINGS:
            address: str = placed.format(**dict.fromkeys(plugin.template_tokens, filling) | {"schema": scheme})
            made = apprise.Apprise.instantiate(address.replace("PORT", "9"), suppress_exceptions=True)
            if made is not None and made.host == "127.0.0.1":
                return address
    return None


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_no_scheme_of_the_library_that_takes_a_host_reaches_the_gateways_own_machine(inner: Server) -> None:
    tried = with_host()
    # Most that need nothing installed; a scheme that the library adds is tried as well.
    assert len(tried) > 60
    assert {"json", "apprise", "signal", "kodi", "synology", "misskey", "rsyslog", "mqtt"} <= {
        name for name, _ in tried
    }
    post = ApprisePost()
    reached = {}
    for name, address in tried:
        outcome = post.send(address.replace("PORT", str(inner.port)), MESSAGE)
        if outcome.kind != "refused" or inner.asked or "not a public address" not in outcome.reason:
            reached[name] = (outcome, inner.asked[:])
            inner.asked.clear()
    assert reached == {}


@pytest.mark.parametrize("address", ["syslog://", "dbus://", "windows://", "blink1://", "gnome://"])
def test_a_notice_that_would_only_be_shown_on_the_gateways_machine_goes_nowhere(address: str) -> None:
    assert ApprisePost().send(address, MESSAGE).kind == "refused"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("scheme", ["json", "form", "xml", "gotify"])
def test_a_providers_redirect_is_not_followed_and_is_no_delivery(inner: Server, scheme: str, status: int) -> None:
    moved = Server(f"http://127.0.0.1:{inner.port}/internal/admin", status)
    try:
        path = "abcdefghijklmno" if scheme == "gotify" else "x?redirect=yes"
        outcome = ApprisePost(("localhost",)).send(f"{scheme}://localhost:{moved.port}/{path}", MESSAGE)
    finally:
        moved.close()
    assert len(moved.asked) == 1
    assert inner.asked == []
    assert outcome.kind == "refused"


def test_a_name_that_changes_its_address_once_the_library_looks_it_up_reaches_nobody(inner: Server) -> None:
    post = ApprisePost(resolve=lambda host, port: ["93.184.216.34"])
    outcome = post.send(f"json://localhost:{inner.port}/x", MESSAGE)
    assert inner.asked == []
    assert (outcome.kind, "not a public address" in outcome.reason) == ("refused", True)


def test_a_host_that_the_site_allows_is_asked_and_no_other_by_its_leave(inner: Server) -> None:
    post = ApprisePost(("localhost",))
    assert post.send(f"json://localhost:{inner.port}/x", MESSAGE).kind == "delivered"
    assert post.send(f"json://127.0.0.1:{inner.port}/x", MESSAGE).kind == "refused"
    assert len(inner.asked) == 1


def test_only_the_thread_that_sends_is_confined_and_only_meanwhile(inner: Server) -> None:
    def ask() -> int:
        with client(allowed=("127.0.0.1",), timeout_s=10) as caller:
            return caller.post(f"http://127.0.0.1:{inner.port}/").status_code

    with ThreadPoolExecutor(1) as other, confined(most_s=60) as confinement:
        with pytest.raises(httpx.ConnectError, match="not a public address"):
            ask()
        assert other.submit(ask).result() == 200
    assert confinement.refused
    assert ask() == 200
