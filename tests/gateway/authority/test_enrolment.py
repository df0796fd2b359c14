"""A code is good once, for an hour, for one key; a certificate holds until it is over, replaced or its node revoked."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from support.gateway import write_config
from zhian_edge.delivery.papers import new_key, request_for
from zhian_gateway.authority import invitations
from zhian_gateway.authority.certificates import shown_by
from zhian_gateway.authority.door import Door, bind
from zhian_gateway.authority.enrolment import Enrolment
from zhian_gateway.authority.office import open_authority
from zhian_gateway.config import load
from zhian_gateway.errors import ConfigError, NotFound, NotLoggedIn, Revoked, TooManyTries
from zhian_gateway.nodes import identity
from zhian_gateway.nodes.identity import Shown
from zhian_gateway.services import Services
from zhian_gateway.store.migrate import downgrade, upgrade
from zhian_gateway.store.sqlite import open_engine
from zhian_gateway.store.tables import audit, nodes
from zhian_gateway.store.tables import invitations as kept
from zhian_wire.joining import Issued, JoinRequest, RenewRequest

SECRET = "ABCDEFGHIJKLMNOP"
LEAKED = "QRSTUVWXYZABCDEF"


class Office:
    """An enrolment over the gateway's parts, and nodes that ask."""

    def __init__(self, parts: Services, folder: Path, clock: Any) -> None:
        self.parts = parts
        self.clock = clock
        self.enrolment = Enrolment(parts, open_authority(folder / "authority", "school", parts.clock()))

    def invite(self, node: str, secret: str = SECRET) -> None:
        with self.parts.store.write() as link:
            invitations.invite(link, site="school", node=node, secret=secret, now=self.parts.clock(), who="test")

    def join(self, secret: str = SECRET, request: str = "", address: str = "10.0.0.1") -> Issued:
        asked = request or request_for(new_key(), "school", "gate")
        return self.enrolment.join(JoinRequest(secret=secret, request=asked), address)

    def renew(self, held: Shown) -> Issued:
        return self.enrolment.renew(RenewRequest(request=request_for(new_key(), "school", held.node)), held)

    def check(self, shown: Shown, site: str = "school") -> None:
        with self.parts.store.read() as link:
            identity.check_certificate(link, shown, site=site, now=self.parts.clock())

    def certified(self) -> list[str]:
        with self.parts.store.read() as link:
            return list(identity.certified(link, "school", self.parts.clock()))

    def withdrawn(self) -> set[str]:
        with self.parts.store.read() as link:
            return set(identity.withdrawn(link, "school", self.parts.clock()))

    def nodes(self) -> list[Any]:
        with self.parts.store.read() as link:
            return list(link.execute(sa.select(nodes)))

    def revoke(self, node: str) -> None:
        with self.parts.store.write() as link:
            identity.revoke(link, site="school", node=node, now=self.parts.now(), who="test")


def shown(issued: Issued) -> Shown:
    return shown_by(x509.load_pem_x509_certificate(issued.certificate.encode()).public_bytes(Encoding.DER))


@pytest.fixture
def office(parts: Services, tmp_path: Path, clock: Any) -> Office:
    return Office(parts, tmp_path, clock)


def test_only_a_digest_of_a_code_is_kept(office: Office) -> None:
    office.invite("gate")
    with office.parts.store.read() as link:
        assert SECRET not in str(link.execute(sa.select(kept)).all())
        assert SECRET not in str(link.execute(sa.select(audit)).all())


def test_a_code_is_for_one_node_and_one_key(office: Office) -> None:
    office.invite("gate")
    request = request_for(new_key(), "school", "gate")
    first = office.join(request=request)
    # The first answer may not have arrived.
    again = office.join(request=request)
    assert (first.node, again.node) == ("gate", "gate")
    office.check(shown(again))
    with pytest.raises(NotLoggedIn, match="was used already"):
        office.join()


def test_a_code_is_over_after_an_hour(office: Office) -> None:
    office.invite("gate")
    office.clock.forward(invitations.LASTS.total_seconds())
    with pytest.raises(NotLoggedIn, match="was good until"):
        office.join()


def test_a_newer_code_takes_the_place_of_an_older_one(office: Office) -> None:
    office.invite("gate", "OLD")
    office.invite("gate", "NEW")
    with pytest.raises(NotLoggedIn, match="no open invitation"):
        office.join("OLD")
    assert office.join("NEW").node == "gate"


def test_whoever_guesses_is_locked_out_and_nobody_else(office: Office) -> None:
    office.invite("gate")
    for number in range(5):
        with pytest.raises(NotLoggedIn):
            office.join(f"GUESS{number}")
    with pytest.raises(TooManyTries):
        office.join()
    assert office.join(address="10.0.0.2").node == "gate"


def test_a_certificate_that_was_replaced_while_it_asked_for_another_gets_none(office: Office) -> None:
    office.invite("gate", "FIRST")
    first = shown(office.join("FIRST"))
    office.revoke("gate")
    with pytest.raises(Revoked):
        office.renew(first)
    office.invite("gate", "SECOND")
    second = shown(office.join("SECOND"))
    with pytest.raises(NotLoggedIn, match="replaced"):
        office.renew(first)
    assert shown(office.renew(second)).generation == second.generation


def test_joining_ends_token_and_certificates_of_before_and_renewing_does_not(office: Office) -> None:
    with office.parts.store.write() as link:
        token = identity.add(link, site="school", node="gate", now=office.parts.now(), who="test")
    office.invite("gate", "FIRST")
    first = shown(office.join("FIRST"))
    with office.parts.store.read() as link, pytest.raises(NotLoggedIn):
        identity.check(link, site="school", node="gate", token=token)
    renewed = shown(office.renew(first))
    office.check(first)
    office.check(renewed)
    office.invite("gate", "SECOND")
    office.check(first)
    second = shown(office.join("SECOND"))
    office.check(second)
    for old in (first, renewed):
        with pytest.raises(NotLoggedIn, match="replaced"):
            office.check(old)
    assert office.withdrawn() == {first.serial, renewed.serial}


def test_a_revoked_node_is_out_at_once_and_the_brokers_list_follows_its_last_words(office: Office) -> None:
    office.invite("gate")
    mine = shown(office.join())
    assert office.certified() == ["gate"]
    office.revoke("gate")
    with pytest.raises(Revoked):
        office.check(mine)
    assert (office.certified(), office.withdrawn()) == (["gate"], set())
    office.clock.forward(identity.LAST_WORDS.total_seconds() + 1)
    assert (office.certified(), office.withdrawn()) == ([], {mine.serial})
    office.invite("gate", "AGAIN")
    office.check(shown(office.join("AGAIN")))
    assert office.certified() == ["gate"]


def test_a_revoked_nodes_code_admits_nobody_used_or_not(office: Office) -> None:
    request = request_for(new_key(), "school", "gate")
    office.invite("gate")
    office.join(request=request)
    office.revoke("gate")
    with pytest.raises(NotLoggedIn, match="no open invitation"):
        office.join(request=request)
    assert [row.node for row in office.nodes()] == ["gate"]
    for name in ("gate", "never-joined"):
        office.invite(name, LEAKED)
        office.revoke(name)
        with pytest.raises(NotLoggedIn, match="no open invitation"):
            office.join(LEAKED)
    (row,) = office.nodes()
    assert row.revoked_at is not None
    with pytest.raises(NotFound):
        office.revoke("gate")


def test_a_revoked_node_that_is_invited_anew_may_join(office: Office) -> None:
    office.invite("gate")
    office.join()
    office.revoke("gate")
    office.invite("gate", LEAKED)
    office.check(shown(office.join(LEAKED)))


def test_a_revoked_node_that_has_said_that_it_is_wiped_leaves_the_list_at_once(office: Office) -> None:
    office.invite("gate")
    office.join()
    office.revoke("gate")
    with office.parts.store.write() as link:
        identity.wiped(link, site="school", node="gate", now=office.parts.now())
        identity.wiped(link, site="school", node="gate", now=office.parts.now())
    assert office.certified() == []
    with office.parts.store.read() as link:
        assert list(link.execute(sa.select(audit.c.action)).scalars()).count("node.wiped") == 1


def test_a_certificate_holds_for_its_site_its_node_and_its_time(office: Office) -> None:
    office.invite("gate")
    mine = shown(office.join())
    with pytest.raises(NotLoggedIn):
        office.check(mine, site="elsewhere")
    with pytest.raises(NotLoggedIn, match="invite it again"):
        office.check(mine._replace(node="stranger"))
    office.check(mine._replace(serial="12ab"))
    office.clock.forward(timedelta(days=90).total_seconds())
    with pytest.raises(NotLoggedIn, match="ended on"):
        office.check(mine)
    assert office.withdrawn() == set()


@pytest.fixture
def door(office: Office) -> Iterator[httpx.Client]:
    """A client of the real door that shows no certificate."""
    authority = office.enrolment.authority
    pair = authority.gateway_file(["localhost"], office.parts.clock())
    with bind("127.0.0.1", 0) as listening:
        one = Door(office.parts, office.enrolment, pair, listening)
        one.start()
        # The gateway's clock stands in these tests, the one that TLS looks at does not.
        context = ssl.create_default_context(cafile=authority.shown)
        with httpx.Client(base_url=f"https://localhost:{one.port}", verify=context, trust_env=False) as client:
            yield client
        one.stop()


def test_the_door_serves_nodes_and_nobody_else(door: httpx.Client) -> None:
    assert door.get("/authority").content.startswith(b"-----BEGIN CERTIFICATE")
    for path in ("/", "/api/alerts", "/api/setup", "/api/session", "/openapi.json", "/docs"):
        assert door.get(path).status_code == 404
    for method, path in (("GET", "/roster"), ("GET", "/presence"), ("POST", "/renew"), ("POST", "/wiped")):
        assert door.request(method, path).status_code == 401


def test_a_node_that_holds_its_connection_is_no_error_when_the_door_closes(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    authority = office.enrolment.authority
    with bind("127.0.0.1", 0) as listening:
        one = Door(
            office.parts, office.enrolment, authority.gateway_file(["localhost"], office.parts.clock()), listening
        )
        one.start()
        context = ssl.create_default_context(cafile=authority.shown)
        with httpx.Client(base_url=f"https://localhost:{one.port}", verify=context, trust_env=False) as client:
            client.get("/authority").raise_for_status()
            # It answers no goodbye, since it reads only when it asks again.
            one.stop()
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 422), (b"{}", 422), (b"[1]", 422), (b'{"secret": "x", "request": "y"}', 422), (b"x" * 70_000, 413)],
)
def test_what_is_no_request_to_join_is_refused(door: httpx.Client, body: bytes, status: int) -> None:
    assert door.post("/join", content=body).status_code == status


def test_a_token_renews_no_certificate(door: httpx.Client, office: Office) -> None:
    with office.parts.store.write() as link:
        token = identity.add(link, site="school", node="gate", now=office.parts.now(), who="test")
    headers = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "gate"}
    answer = door.post("/renew", json={"request": request_for(new_key(), "school", "gate")}, headers=headers)
    assert answer.status_code == 401
    assert "only by a certificate" in answer.text


def test_a_gateway_of_an_earlier_version_keeps_its_nodes(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "g.db")
    upgrade(engine, "0004")
    with engine.begin() as link:
        link.execute(sa.text("INSERT INTO nodes VALUES ('school', 'gate', 'digest', 'x', NULL, NULL)"))
    upgrade(engine)
    with engine.begin() as link:
        link.execute(sa.text("INSERT INTO certificates VALUES ('1a', 'school', 'gate', 'x', 'x', NULL, NULL, NULL)"))
    downgrade(engine, "0004")
    with engine.begin() as link:
        assert link.execute(sa.text("SELECT token FROM nodes")).scalar() == "digest"
    engine.dispose()


def test_a_broker_by_tls_needs_an_authority(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"broker.url: mqtts:// needs .*\[authority\]"):
        load(write_config(tmp_path, "mqtts://broker:8883"))
