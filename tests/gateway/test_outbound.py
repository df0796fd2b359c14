"""Nobody makes the gateway ask what only it can reach: by an address, by a name, or by a name that changes."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from support.providers import Provider
from zhian_gateway import outbound
from zhian_gateway.notices.exchange import Answer, post
from zhian_gateway.notices.outcomes import Outcome


class Sink(httpx.BaseTransport):
    """Remembers what got through."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1.2.3",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[ff02::1]",
        "localhost",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "127.1",
    ],
)
def test_no_address_of_this_machine_or_its_network_is_asked(host: str) -> None:
    sink = Sink()
    with httpx.Client(transport=outbound.Guard(sink, ())) as client, pytest.raises(httpx.TransportError):
        client.post(f"https://{host}/")
    assert sink.asked == []


@pytest.mark.parametrize("place", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_public_address_is_asked_by_its_number_under_its_name(place: str) -> None:
    sink = Sink()
    guard = outbound.Guard(sink, (), lambda _host, _port: [place])
    with httpx.Client(transport=guard) as client:
        client.post("https://hooks.example:8443/a?b=c", content=b"x")
    (request,) = sink.asked
    assert ip_address(request.url.host) == ip_address(place)
    assert (request.url.port, request.url.raw_path, request.headers["Host"]) == (8443, b"/a?b=c", "hooks.example:8443")
    assert request.extensions["sni_hostname"] == "hooks.example"


def test_a_name_with_one_private_address_among_others_is_not_asked() -> None:
    sink = Sink()
    guard = outbound.Guard(sink, (), lambda _host, _port: ["93.184.216.34", "192.168.1.1"])
    with httpx.Client(transport=guard) as client, pytest.raises(outbound.TargetRefused, match=r"hooks\.example"):
        client.post("https://hooks.example/")
    assert sink.asked == []


def test_a_name_that_changes_its_address_after_it_was_looked_at_changes_nothing() -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    sink = Sink()
    guard = outbound.Guard(sink, (), lambda _host, _port: next(answers))
    with httpx.Client(transport=guard) as client:
        client.post("https://hooks.example/")
        assert sink.asked[0].url.host == "93.184.216.34"
        with pytest.raises(outbound.TargetRefused):
            client.post("https://hooks.example/")
    assert len(sink.asked) == 1


def test_a_host_that_the_site_names_may_be_anywhere(tmp_path: Path) -> None:
    with Provider(tmp_path) as provider:
        with outbound.client(allowed=["LocalHost"], timeout_s=5, ca_file=str(provider.ca_file)) as client:
            found = post(client, f"{provider.url}/x", {}, b"", most_s=5)
        assert isinstance(found, Answer)
        with outbound.client(allowed=[], timeout_s=5, ca_file=str(provider.ca_file)) as client:
            refused = post(client, f"{provider.url}/x", {}, b"", most_s=5)
        assert isinstance(refused, Outcome)
        assert (refused.kind, len(provider.requests())) == ("refused", 1)
        assert "private_hosts" in refused.reason


def test_the_certificate_is_held_against_the_name_and_not_the_number(tmp_path: Path) -> None:
    with Provider(tmp_path, host="hooks.example") as provider:
        for name, kind in (("hooks.example", "answered"), ("other.example", "refused")):
            guard = outbound.Guard(_to_this_machine(provider), (), lambda _host, _port: ["93.184.216.34"])
            with httpx.Client(transport=guard) as client:
                found = post(client, f"https://{name}:{provider.port}/x", {}, b"", most_s=5)
            assert (found.kind if isinstance(found, Outcome) else "answered") == kind
        assert "certificate is wrong" in found.reason  # type: ignore[union-attr]


def _to_this_machine(provider: Provider) -> httpx.BaseTransport:
    """The internet, where every public address is this machine."""
    inner = outbound.client(allowed=[], timeout_s=5, ca_file=str(provider.ca_file))._transport

    class Net(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            url = request.url.copy_with(host="127.0.0.1")
            sent = httpx.Request("POST", url, headers=request.headers, content=b"", extensions=request.extensions)
            return inner._inner.handle_request(sent)  # type: ignore[attr-defined,no-any-return]

    return Net()


def test_redirects_are_not_followed(tmp_path: Path) -> None:
    with Provider(tmp_path) as provider:
        provider.answers({"*": "redirect"})
        with outbound.client(allowed=["localhost"], timeout_s=5, ca_file=str(provider.ca_file)) as client:
            found = post(client, f"{provider.url}/x", {}, b"", most_s=5)
        assert isinstance(found, Answer)
        assert (found.status, len(provider.requests())) == (307, 1)
