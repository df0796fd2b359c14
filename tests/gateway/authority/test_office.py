"""The authority's key is made once, kept from others, and signs what it should and nothing else."""

from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.delivery.papers import new_key, request_for
from zhian_gateway.authority import certificates
from zhian_gateway.authority.office import Authority, open_authority
from zhian_gateway.errors import AuthorityError, BadInput, NotLoggedIn

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Authority:
    return open_authority(tmp_path / "authority", "school", NOW)


def signed(office: Authority, node: str = "gate", now: datetime = NOW) -> x509.Certificate:
    return office.sign_node(request_for(new_key(), "x", "y").encode(), node, now)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def test_the_key_is_made_once_and_nobody_else_may_read_it(office: Authority, tmp_path: Path) -> None:
    own = tmp_path / "authority" / "authority.pem"
    assert own.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "authority").stat().st_mode & 0o777 == 0o700
    assert b"PRIVATE" not in office.shown.read_bytes()
    again = open_authority(tmp_path / "authority", "school", NOW)
    assert again.fingerprint == office.fingerprint == office.code().fingerprint
    assert [each.name for each in own.parent.iterdir() if each.name.startswith(".")] == []


def test_of_many_who_make_it_at_once_all_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: open_authority(tmp_path / "a", "school", NOW).fingerprint, range(16)))
    assert len(set(made)) == 1


def test_a_key_that_others_may_read_is_not_used(office: Authority, tmp_path: Path) -> None:
    (tmp_path / "authority" / "authority.pem").chmod(0o640)
    with pytest.raises(AuthorityError, match="chmod 600"):
        open_authority(tmp_path / "authority", "school", NOW)


@pytest.mark.parametrize("damage", [b"", b"nothing\n", "half"])
def test_a_damaged_key_is_said_and_never_replaced(office: Authority, tmp_path: Path, damage: bytes | str) -> None:
    own = tmp_path / "authority" / "authority.pem"
    before = own.read_bytes()
    own.write_bytes(before[: len(before) // 2] if isinstance(damage, str) else damage)
    with pytest.raises(AuthorityError, match="restore it from a backup"):
        open_authority(tmp_path / "authority", "school", NOW)


def test_a_key_of_one_and_a_certificate_of_another_authority_are_refused(office: Authority, tmp_path: Path) -> None:
    other = open_authority(tmp_path / "other", "school", NOW)
    own = tmp_path / "authority" / "authority.pem"
    key = own.read_bytes().partition(b"-----BEGIN CERTIFICATE")[0]
    own.write_bytes(key + certificates.pem(other.certificate))
    with pytest.raises(AuthorityError, match="do not belong together"):
        open_authority(tmp_path / "authority", "school", NOW)


def test_an_authority_whose_time_is_over_says_what_to_do(office: Authority, tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="invite every node again"):
        open_authority(tmp_path / "authority", "school", NOW + certificates.AUTHORITY_LASTS)


def test_a_node_gets_its_own_name_whatever_it_asks_for(office: Authority) -> None:
    made = signed(office, "gate.1")
    shown = certificates.shown_by(der(made))
    assert (shown.site, shown.node, shown.ends) == ("school", "gate.1", NOW + certificates.NODE_LASTS)
    assert made.subject.rfc4514_string() == "CN=school/gate.1"
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    made.verify_directly_issued_by(office.certificate)


def test_a_certificate_lasts_90_days_but_never_longer_than_its_authority(office: Authority) -> None:
    late = office.certificate.not_valid_after_utc - timedelta(days=10)
    assert signed(office, now=late).not_valid_after_utc == office.certificate.not_valid_after_utc


@given(st.binary(max_size=500))
def test_what_is_no_request_is_refused(text: bytes) -> None:
    with pytest.raises(BadInput, match="not a request"):
        certificates.key_digest(text)


def test_a_request_for_another_kind_of_key_is_refused(office: Authority) -> None:
    name = x509.Name([])
    for key in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())):
        made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
        with pytest.raises(BadInput, match="P-256"):
            office.sign_node(made.public_bytes(serialization.Encoding.PEM), "gate", NOW)


def test_a_request_that_its_own_key_did_not_sign_is_refused(office: Authority) -> None:
    request = x509.load_pem_x509_csr(request_for(new_key(), "x", "y").encode())
    raw = bytearray(request.public_bytes(serialization.Encoding.DER))
    raw[-1] ^= 1
    forged = x509.load_der_x509_csr(bytes(raw)).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(BadInput, match=r"not a request|not signed"):
        office.sign_node(forged, "gate", NOW)


def test_the_gateways_and_the_brokers_certificates_are_nobodys_who_is_a_node(office: Authority) -> None:
    pair = office.broker_pair(["localhost"], NOW)
    gateway = x509.load_pem_x509_certificate(office.gateway_file(["localhost"], NOW).read_bytes())
    for each in (pair.certificate, gateway, office.certificate):
        with pytest.raises(NotLoggedIn):
            certificates.shown_by(der(each))


def test_the_gateways_certificate_follows_its_names(office: Authority) -> None:
    first = office.gateway_file(["localhost", "10.0.7.2"], NOW).read_bytes()
    assert office.gateway_file(["10.0.7.2", "localhost"], NOW).read_bytes() == first
    assert office.gateway_file(["gateway.lan"], NOW).read_bytes() != first
    assert certificates.names_of(x509.load_pem_x509_certificate(first)) == {"localhost", "10.0.7.2"}
    damaged = office.gateway_file(["gateway.lan"], NOW)
    damaged.write_bytes(b"half")
    assert b"CERTIFICATE" in office.gateway_file(["gateway.lan"], NOW).read_bytes()
    assert isinstance(office.trusting(["gateway.lan"], NOW), ssl.SSLContext)


def test_a_name_that_is_no_hosts_is_refused(office: Authority) -> None:
    with pytest.raises(BadInput, match="neither the name of a host nor an address"):
        office.gateway_file(["学校"], NOW)


def test_names_that_do_not_fit_are_refused_before_anybody_is_invited() -> None:
    certificates.check_fits("s" * 31, "n" * 32)
    with pytest.raises(BadInput, match="64 characters"):
        certificates.check_fits("s" * 32, "n" * 32)
    with pytest.raises(BadInput):
        certificates.check_fits("school", "a/b")


def test_the_list_of_the_revoked_is_signed_and_does_not_go_stale(office: Authority) -> None:
    made = signed(office)
    text = office.revocations({certificates.serial_of(made): NOW}, NOW)
    found = x509.load_pem_x509_crl(text)
    public = office.certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert found.is_signature_valid(public)
    assert found.get_revoked_certificate_by_serial_number(made.serial_number) is not None
    assert found.next_update_utc == office.certificate.not_valid_after_utc
