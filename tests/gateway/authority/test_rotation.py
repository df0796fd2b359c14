"""One root follows another: both vouch meanwhile, nothing is half done, and who has not followed is named."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import delete, update
from zhian_edge.delivery.papers import new_key, request_for
from zhian_gateway.authority import certificates, rotation
from zhian_gateway.authority.certificates import id_of, shown_by
from zhian_gateway.authority.following import Following
from zhian_gateway.authority.office import OLD, OWN, Authority, open_authority
from zhian_gateway.errors import AuthorityError, NotLoggedIn
from zhian_gateway.nodes import identity
from zhian_gateway.nodes.identity import Shown
from zhian_gateway.services import Services
from zhian_gateway.store.tables import certificates as kept
from zhian_gateway.store.tables import nodes

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Authority:
    return open_authority(tmp_path, "school", NOW)


def signed(office: Authority, node: str = "gate", generation: int = 0) -> x509.Certificate:
    return office.sign_node(request_for(new_key(), "x", "y").encode(), node, NOW, generation)


def by(root: x509.Certificate | None, certificate: x509.Certificate) -> bool:
    return root is not None and certificates.issuer_of(certificate) == id_of(root)


def test_meanwhile_the_new_root_signs_nodes_and_the_old_one_servers(office: Authority, tmp_path: Path) -> None:
    first, code = office.certificate, office.fingerprint
    server = office.gateway_file(["localhost"], NOW).read_bytes()
    rotation.begin(tmp_path, "school", NOW)
    assert office.refresh() and not office.refresh()
    assert (office.leaving, office.fingerprint) == (first, code)
    assert by(office.certificate, signed(office)) and office.certificate != first
    assert by(first, office.broker_pair(["localhost"], NOW).certificate)
    assert office.gateway_file(["localhost"], NOW).read_bytes() == server
    assert x509.load_pem_x509_certificates(office.shown.read_bytes()) == [office.certificate, first]
    rotation.finish(tmp_path)
    assert office.refresh()
    assert by(office.certificate, x509.load_pem_x509_certificate(office.gateway_file(["localhost"], NOW).read_bytes()))
    assert office.fingerprint != code and office.leaving is None
    assert not (tmp_path / OLD).exists()


def test_the_roots_of_a_site_have_different_names(office: Authority, tmp_path: Path) -> None:
    fresh = rotation.begin(tmp_path, "school", NOW)
    assert fresh.certificate.subject != office.certificate.subject


def test_each_root_has_its_own_list_of_the_revoked(office: Authority, tmp_path: Path) -> None:
    rotation.begin(tmp_path, "school", NOW)
    office.refresh()
    text = office.revocations({"1a": NOW}, NOW)
    found = [x509.load_pem_x509_crl(b"-----BEGIN" + part) for part in text.split(b"-----BEGIN")[1:]]
    assert len({one.issuer for one in found}) == 2
    assert all(one.get_revoked_certificate_by_serial_number(0x1A) for one in found)


def test_a_change_that_was_broken_off_after_its_first_step_has_changed_nothing(
    office: Authority, tmp_path: Path
) -> None:
    shutil.copy(tmp_path / OWN, tmp_path / OLD)
    assert not office.refresh()
    with pytest.raises(AuthorityError, match="no root is leaving"):
        rotation.finish(tmp_path)
    rotation.begin(tmp_path, "school", NOW)
    assert office.refresh()
    with pytest.raises(AuthorityError, match="leaving already"):
        rotation.begin(tmp_path, "school", NOW)


def test_a_damaged_root_is_said_and_those_of_before_stay(office: Authority, tmp_path: Path) -> None:
    before = office.trusted
    (tmp_path / OLD).write_bytes(b"half")
    (tmp_path / OLD).chmod(0o600)
    with pytest.raises(AuthorityError, match="restore it from a backup"):
        office.refresh()
    assert office.trusted == before


def test_the_gateway_follows_once_and_again_where_that_failed(office: Authority, tmp_path: Path) -> None:
    told: list[int] = []

    def changed() -> None:
        told.append(1)
        if len(told) == 1:
            raise OSError("the disk is full")

    following = Following(office, changed)
    following.step()
    assert told == []
    rotation.begin(tmp_path, "school", NOW)
    with pytest.raises(OSError, match="full"):
        following.step()
    following.step()
    following.step()
    assert len(told) == 2


class Register:
    """Certificates, as the gateway keeps them."""

    def __init__(self, parts: Services, office: Authority) -> None:
        self.parts = parts
        self.office = office

    def join(self, node: str) -> Shown:
        with self.parts.store.write() as link:
            generation = identity.next_generation(link, "school", node, self.parts.now())
            return self._given(link, node, generation, joins=True)

    def renew(self, node: str) -> Shown:
        with self.parts.store.write() as link:
            return self._given(link, node, identity.generation(link, "school", node), joins=False)

    def _given(self, link: identity.Connection, node: str, generation: int, *, joins: bool) -> Shown:
        made = self.office.sign_node(request_for(new_key(), "x", "y").encode(), node, self.parts.clock(), generation)
        shown = shown_by(made.public_bytes(Encoding.DER))
        identity.certify(link, shown=shown, now=self.parts.now(), joins=joins)
        return shown

    def comes(self, shown: Shown) -> None:
        with self.parts.store.read() as link:
            identity.check_certificate(link, shown, site="school", now=self.parts.clock())
            news = identity.news(link, shown)
        if news:
            with self.parts.store.write() as link:
                identity.note(link, shown, self.parts.now())

    def behind(self) -> list[str]:
        with self.parts.store.read() as link:
            return identity.behind(link, "school", id_of(self.office.certificate), self.parts.clock())


@pytest.fixture
def register(parts: Services, office: Authority) -> Register:
    return Register(parts, office)


def test_a_node_is_behind_until_it_has_shown_what_it_was_given(register: Register, tmp_path: Path) -> None:
    register.join("gate")
    register.join("never-back")
    rotation.begin(tmp_path, "school", NOW)
    register.office.refresh()
    fresh = register.renew("gate")
    # The answer may not have arrived.
    assert register.behind() == ["gate", "never-back"]
    register.comes(fresh)
    assert register.behind() == ["never-back"]
    with register.parts.store.write() as link:
        identity.revoke(link, site="school", node="never-back", now=register.parts.now(), who="test")
    assert register.behind() == []


def test_nobody_is_waited_for_whose_certificate_is_over(register: Register, tmp_path: Path) -> None:
    shown = register.join("gate")
    rotation.begin(tmp_path, "school", NOW)
    register.office.refresh()
    assert register.behind() == ["gate"]
    with register.parts.store.read() as link:
        assert identity.behind(link, "school", id_of(register.office.certificate), shown.ends) == []


def test_a_restored_database_learns_what_was_given_since_and_the_replaced_stays_out(register: Register) -> None:
    first = register.join("gate")
    with register.parts.store.read() as link:
        backup = link.execute(nodes.select()).one()._asdict()
    second = register.join("gate")
    with register.parts.store.write() as link:
        link.execute(delete(kept))
        link.execute(update(nodes).values(backup))
    register.comes(second)
    with register.parts.store.read() as link:
        assert identity.certified(link, "school", register.parts.clock()) == {"gate": second.generation}
        assert not identity.news(link, second)
    with pytest.raises(NotLoggedIn, match="was replaced"):
        register.comes(first)


def test_each_joining_has_a_higher_number_than_any_before(register: Register) -> None:
    # Also two within one second.
    first, second = register.join("gate"), register.join("gate")
    assert 0 < first.generation < second.generation
    assert register.renew("gate").generation == second.generation


def test_a_node_of_before_keeps_its_name_without_a_number(office: Authority) -> None:
    assert certificates.uri("school", "gate") == "zhian:school/gate"
    assert shown_by(signed(office).public_bytes(Encoding.DER)).generation == 0
    assert shown_by(signed(office, generation=7).public_bytes(Encoding.DER)).generation == 7
