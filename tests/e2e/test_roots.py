"""The site's authority gets another root while a real gateway, real brokers and nodes run; who was off is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner
from zhian_edge.delivery import renewal, roster
from zhian_gateway.authority import certificates
from zhian_gateway.authority.office import OLD, Roots, read_pair
from zhian_gateway.cli import app

from ..support.gates import running
from ..support.secure import MOSQUITTO, NATS, SecureSite, gateway_command
from ..support.waiting import eventually
from .joined import Node, decide, has_picture


@pytest.fixture(params=[MOSQUITTO, pytest.param(NATS, marks=pytest.mark.slow)])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SecureSite]:
    one = SecureSite(tmp_path, request.param)
    try:
        yield one.start()
    finally:
        one.kill()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "LOOK_S", 1.0)
    monkeypatch.setattr(renewal, "ROOTS_S", 1.0)
    monkeypatch.setattr(roster, "POLL_S", 1.0)


def authority(site: SecureSite, *words: str) -> str:
    return gateway_command("authority", *words, "--config", site.gateway.config)


def refused(site: SecureSite, *words: str) -> str:
    found = CliRunner().invoke(app, ["authority", *words, "--config", str(site.gateway.config)])
    assert found.exit_code == 2, found.output
    return found.output


def trusted(node: Node) -> int:
    return len(x509.load_pem_x509_certificates(node.papers.authority.read_bytes()))


def issuer(node: Node) -> str:
    return certificates.issuer_of(x509.load_pem_x509_certificate(node.papers.pair.read_bytes()))


@pytest.mark.thorough
def test_nodes_follow_to_another_root_over_the_running_link_and_who_was_off_is_told(site: SecureSite) -> None:
    follows, sleeps = Node(site), Node(site).join()
    assert "no root is leaving" in refused(site, "retire")
    home = site.folder / "gateway" / "authority"
    with follows.delivering() as gate:
        before = issuer(follows)
        said = authority(site, "rotate")
        assert follows.name in said and sleeps.name in said
        leaving = read_pair(home / OLD)
        assert "leaving already" in refused(site, "rotate")
        eventually(lambda: issuer(follows) != before, "a certificate of the new root", 30)
        assert trusted(follows) == 2
        eventually(
            lambda: f"{follows.name}  until" in (shown := authority(site, "show")) and shown.count("old root") == 1,
            "the gateway's knowledge of it",
            30,
        )
        # One that joins meanwhile is of the new root at once.
        joins = Node(site)
        with joins.delivering():
            assert issuer(joins) == issuer(follows)
        said = refused(site, "retire")
        assert sleeps.name in said and follows.name not in said
        said = authority(site, "retire", "--force")
        assert f"zhian-gateway node invite {sleeps.name}" in said and follows.name not in said
        eventually(lambda: trusted(follows) == 1, "the old root forgotten at the node", 30)
        eventually(lambda: (site.folder / "broker" / "site-ca.pem").read_bytes().count(b"BEGIN") == 1, "the broker's")
        if site.broker.server == MOSQUITTO:
            # It forgets a root only so; nats-server has done so by then.
            site.broker.kill()
            site.broker.start()
        late = decide(gate, "by the new root")
        eventually(lambda: has_picture(site, late) and follows.stored("by the new root"), "what comes since", 40)
    with running(joins.config) as gate:
        late = decide(gate, "of the third")
        eventually(lambda: has_picture(site, late) and joins.stored("of the third"), "the third's", 40)
    for words in sleeps.refusals("roster", "link"):
        assert "another root" in words and "zhian-edge join" in words
    # Nor does anybody come in by what the old key, had it been stolen, would sign.
    sleeps.papers.keep(*sleeps.signed_by(Roots(leaving), datetime.now(UTC)))
    sleeps.papers.authority.write_bytes((home / "site-ca.pem").read_bytes())
    for words in sleeps.refusals("roster", "link"):
        assert "the other side does not" in words
    sleeps.join()
    with running(sleeps.config):
        eventually(lambda: sleeps.stored("kept"), "what was decided meanwhile", 40)
