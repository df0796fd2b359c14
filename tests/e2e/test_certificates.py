"""A node with a certificate, a real gateway and real brokers: join, deliver, renew, be revoked; and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from zhian_edge.delivery import renewal
from zhian_edge.delivery.credentials import Certificate
from zhian_edge.delivery.http import open_client, request
from zhian_edge.delivery.link import Link
from zhian_edge.delivery.outbox import Identity
from zhian_edge.errors import LinkRefused
from zhian_gateway.authority import certificates
from zhian_gateway.authority.office import open_authority
from zhian_gateway.store.tables import nodes

from ..support.gates import running
from ..support.ports import free_port
from ..support.secure import MOSQUITTO, NATS, SecureSite
from ..support.waiting import eventually
from .joined import Node, decide, edge, enrol, has_picture, service


@pytest.fixture(scope="module", params=[MOSQUITTO, pytest.param(NATS, marks=pytest.mark.slow)])
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[SecureSite]:
    one = SecureSite(tmp_path_factory.mktemp(request.param), request.param)
    try:
        yield one.start()
    finally:
        one.kill()


@pytest.fixture
def node(site: SecureSite) -> Node:
    return Node(site)


def test_a_node_joins_by_a_code_and_delivers_by_its_certificate(site: SecureSite, node: Node) -> None:
    enrol(site, node.name)
    with node.delivering() as gate:
        assert node.stored("first")
        eventually(lambda: gate.state().outbox == 0, "the receipt")
        eventually(lambda: gate._rosters.roster.persons, "the roster")
        files = node.papers.pair.parent
        assert {each.name: each.stat().st_mode & 0o777 for each in files.iterdir()} == {
            "node.pem": 0o600,
            "site-ca.pem": 0o600,
        }
        assert "certificate: until" in edge("doctor", node.config)


def test_a_certificate_is_renewed_over_the_running_link(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "LOOK_S", 1.0)
    with node.delivering() as gate:
        opened = service(gate, "link")["opened"]
        node.reissue(age=timedelta(days=70))
        late = datetime.now(UTC) + timedelta(days=89)
        eventually(lambda: node.papers.times().ends > late, "the renewed certificate")
        second = decide(gate, "second")
        eventually(lambda: has_picture(node.site, second), "a picture after the renewal")
        assert node.stored("second")
        assert service(gate, "link")["opened"] == opened, "delivery was interrupted"
    with running(node.config) as gate:
        decide(gate, "third")
        eventually(lambda: node.stored("third"), "an event by the new certificate")


def test_a_revoked_node_is_wiped_and_shut_out_and_loses_nothing(site: SecureSite, node: Node) -> None:
    def confirmed() -> bool:
        mine = select(nodes.c.wiped_at).where(nodes.c.node == node.name)
        with site.gateway.services() as parts, parts.store.read() as link:
            return link.execute(mine).scalar() is not None

    def listed() -> bool:
        name = "zhian.acl" if site.broker.server == MOSQUITTO else "zhian-accounts.conf"
        return node.name in (site.folder / "broker" / name).read_text()

    enrol(site, node.name)
    with node.delivering() as gate:
        eventually(lambda: gate._rosters.roster.persons, "the roster")
        assert listed()
        site.revoke(node.name)
        eventually(lambda: not gate._rosters.roster.persons, "the wiping")
        eventually(confirmed, "the node's word that it is wiped", 40)
        assert not (node.folder / "node" / "roster.sealed").exists()
        eventually(lambda: not listed(), "the broker's list without it")
        decide(gate, "after")
        eventually(lambda: gate.state().outbox >= 1, "the outbox")
    assert not node.stored("after")
    said = edge("doctor", node.config, code=1)
    assert "FAIL certificate: the gateway has revoked this node" in said
    assert f"zhian-gateway node invite {node.name}` prints a code" in said
    assert "ok   certificate" not in said and "is the gateway running" not in said
    # Invited again, it delivers what it kept.
    node.join()
    with running(node.config):
        eventually(lambda: node.stored("after"), "what was decided meanwhile", 40)


def test_a_gateway_of_another_authority_is_refused(node: Node) -> None:
    node.join()
    other = open_authority(node.folder / "other", "school", datetime.now(UTC))
    node.papers.authority.write_bytes(certificates.pem(other.certificate))
    for said in node.refusals("roster", "link"):
        assert "not certified by this site's authority" in said
    assert not node.stored("kept")
    eventually(lambda: "ALERT_UNKNOWN_CA" in node.site.gateway.log(), "the gateway's word")


def test_a_node_of_another_authority_is_refused(node: Node) -> None:
    node.join().forge()
    for said in node.refusals("roster", "link"):
        assert "the other side does not" in said
        assert "zhian-edge join" in said
    assert not node.stored("kept")
    eventually(lambda: "unable to get local issuer certificate" in node.site.gateway.log(), "the gateway's word")


def test_a_node_that_was_off_for_too_long_is_told_what_to_do(node: Node) -> None:
    node.join().reissue(age=timedelta(days=91))
    for said in node.refusals("roster", "link", "certificate"):
        assert "ended on" in said
        assert f"zhian-gateway node invite {node.name}" in said
    assert not node.stored("kept")
    node.join()
    with running(node.config):
        eventually(lambda: node.stored("kept"), "what was decided meanwhile")


def test_a_certificate_that_is_over_is_refused_by_the_other_side_too(node: Node) -> None:
    node.join().reissue(age=timedelta(days=91))
    # A node whose clock stands still takes it for good.
    credentials = Certificate(node.name, node.papers, now=lambda: datetime.now(UTC) - timedelta(days=30))
    with open_client(node.site.url, credentials) as client, pytest.raises(LinkRefused, match="certificate is over"):
        request(client, "GET", "/roster")
    with pytest.raises(LinkRefused, match="certificate is over"):
        Link(node.site.broker.url, Identity("school", node.name, ZoneInfo("UTC")), credentials, SimpleQueue())
    eventually(lambda: "certificate has expired" in node.site.gateway.log(), "the gateway's word")


def test_an_address_that_the_certificate_does_not_name_is_refused(node: Node) -> None:
    site = node.join().site
    node.configure(url=f"https://127.0.0.1:{site.door}", broker=f"mqtts://127.0.0.1:{site.broker.port}")
    for said in node.refusals("roster", "link"):
        assert "authority.names" in said
    assert not node.stored("kept")


def test_a_client_without_a_certificate_gets_nowhere(node: Node) -> None:
    site = node.join().site
    node.papers.pair.unlink()
    node.configure(more=f'ca_file = "{node.papers.authority}"')
    by_http, by_mqtt = node.refusals("roster", "link")
    assert "bearer token is needed" in by_http
    assert "certificate" in by_mqtt
    node.configure(url=f"http://127.0.0.1:{site.door}", broker=f"mqtt://127.0.0.1:{site.broker.port}")
    node.refusals("roster", "link")
    assert not node.stored("kept")


def test_no_tls_where_tls_is_expected_is_said(node: Node) -> None:
    node.join().configure(url=f"https://localhost:{node.site.gateway.port}")
    assert "no TLS is spoken there" in node.refusals("roster")[0]


@pytest.mark.thorough
def test_a_code_is_good_once_for_its_own_node_and_its_own_gateway(node: Node) -> None:
    url, code = node.site.url, node.site.invite(node.name)

    def refused(code: str, url: str = url) -> str:
        return edge("join", url, code, "--config", node.config, code=1)

    assert "expected 42" in refused(code[:-1])
    assert "not the one that the code is from" in refused(code[:-2] + ("AA" if code[-2] != "A" else "BA"))
    assert "no open invitation has this code" in refused(("A" if code[0] != "A" else "B") + code[1:])
    assert "refused" in refused(code, f"https://localhost:{free_port()}")
    own, text = node.name, node.config.read_text()
    node.config.write_text(text.replace(own, "gate-x"))
    assert f"the code is for node '{own}'" in refused(code)
    node.config.write_text(text)
    assert "until" in edge("join", url, code, "--config", node.config)
    assert "was used already" in refused(code)


@pytest.mark.parametrize("host", ["127.0.0.1", "LOCALHOST"])
def test_joining_asks_for_another_address_only_where_the_gateways_certificate_does_not_name_it(
    node: Node, host: str
) -> None:
    site = node.site
    node.configure(url=f"https://{host}:{site.door}")
    said = edge("join", site.url, site.invite(node.name), "--config", node.config)
    asked = f'still to do: write into [gateway] of {node.config} url = "{site.url}"'
    assert (asked in said) == (host == "127.0.0.1"), said
    assert "brokers" not in said


@pytest.mark.slow
def test_a_gateway_that_is_stopped_and_started_finds_its_nodes_again(node: Node) -> None:
    with node.delivering() as gate:
        assert node.site.gateway.stop() == 0
        late = decide(gate, "late")
        node.site.gateway.start()
        eventually(lambda: has_picture(node.site, late), "what was decided meanwhile", 40)


def test_joining_anew_ends_what_was_before(node: Node) -> None:
    before = node.join().papers.pair.read_bytes()
    node.join().papers.pair.write_bytes(before)
    assert "was replaced" in node.refusals("roster")[0]


def test_a_store_that_was_restored_still_knows_its_nodes(node: Node) -> None:
    node.join().reissue(age=timedelta())
    with running(node.config) as gate:
        decide(gate, "known")
        eventually(lambda: node.stored("known"), "an event by a certificate that the database does not know")
