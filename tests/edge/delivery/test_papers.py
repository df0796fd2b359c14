"""A node's certificate: kept whole, renewed in time, told about in words; failures of TLS say what to do."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from zhian_edge.delivery import renewal
from zhian_edge.delivery.credentials import Certificate
from zhian_edge.delivery.papers import Key, Papers, Times, new_key, request_for
from zhian_edge.delivery.renewal import Ending, Renewal
from zhian_edge.delivery.tls_words import explained
from zhian_edge.errors import BadSecret, LinkLost
from zhian_wire.joining import Issued

from ...support.ports import free_port

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def issued(key: Key, *, begins: datetime = NOW, days: int = 90) -> Issued:
    """A certificate for `key` by an authority of its own."""
    name = x509.Name([])
    own = new_key()

    def certificate(public: Key, ca: bool) -> str:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(public.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begins)
        builder = builder.not_valid_after(begins + timedelta(days=days))
        made = builder.add_extension(x509.BasicConstraints(ca, None), True).sign(own, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM).decode()

    return Issued(site="s", node="n", certificate=certificate(key, False), authority=certificate(own, True))


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    one = Papers(tmp_path)
    key = one.pending_key()
    one.keep(key, issued(key))
    return one


def test_the_first_key_is_the_same_until_its_certificate_is_there(tmp_path: Path) -> None:
    one = Papers(tmp_path)
    key = one.pending_key()
    again = Papers(tmp_path).pending_key()
    assert again.public_key() == key.public_key()
    assert not one.joined
    one.keep(key, issued(key))
    assert one.joined
    assert one.pending_key().public_key() != key.public_key()


def test_nobody_else_may_read_the_files(papers: Papers) -> None:
    assert papers.pair.parent.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in papers.pair.parent.iterdir()} == {0o600}
    papers.pair.chmod(0o640)
    with pytest.raises(BadSecret, match="chmod 600"):
        papers.times()


def test_what_does_not_belong_together_is_not_kept(papers: Papers) -> None:
    before = papers.pair.read_bytes(), papers.authority.read_bytes()
    key = new_key()
    wrong = issued(key)
    with pytest.raises(BadSecret, match="another key"):
        papers.keep(new_key(), wrong)
    mixed = Issued(site="s", node="n", certificate=wrong.certificate, authority=issued(new_key()).authority)
    with pytest.raises(BadSecret, match="no certificate of its authority"):
        papers.keep(key, mixed)
    with pytest.raises(BadSecret):
        papers.keep(key, Issued(site="s", node="n", certificate="", authority=""))
    assert (papers.pair.read_bytes(), papers.authority.read_bytes()) == before


def test_a_disk_that_is_full_leaves_what_was_there(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    before = papers.pair.read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    key = new_key()
    with pytest.raises(Exception, match="No space left"):
        papers.keep(key, issued(key))
    assert papers.pair.read_bytes() == before


def test_two_thirds_of_ninety_days_are_sixty() -> None:
    assert Times(NOW, NOW + timedelta(days=90)).renew_at() == NOW + timedelta(days=60)


def test_a_certificate_that_is_over_is_not_shown(papers: Papers) -> None:
    credentials = Certificate("gate", papers, now=lambda: NOW + timedelta(days=89))
    assert isinstance(credentials.tls(), ssl.SSLContext)
    assert credentials.login() is None
    assert "Authorization" not in credentials.headers()
    late = Certificate("gate", papers, now=lambda: NOW + timedelta(days=90))
    with pytest.raises(BadSecret, match=r"ended on 2026-05-31.*node invite gate.*zhian-edge join.*nothing is lost"):
        late.tls()


def test_another_certificate_is_another_version(papers: Papers) -> None:
    credentials = Certificate("gate", papers, now=lambda: NOW)
    before = credentials.version()
    key = new_key()
    papers.keep(key, issued(key))
    assert credentials.version() != before


def test_it_trusts_what_the_authority_trusts_and_says_when_it_needs_another_certificate(papers: Papers) -> None:
    own, other = papers.authority.read_bytes(), issued(new_key()).authority.encode()
    credentials = Certificate("gate", papers, now=lambda: NOW)
    before = credentials.version()
    assert not papers.follow(own + other)
    assert papers.authority.read_bytes() == own + other
    assert credentials.version() != before
    assert not papers.follow(own)
    assert papers.authority.read_bytes() == own
    # Of the one that signs now it has none yet; trusting that alone would leave it without a gateway.
    assert papers.follow(other + own)
    assert papers.authority.read_bytes() == own
    with pytest.raises(BadSecret, match="no certificate"):
        papers.follow(b"<html>")


def test_that_a_certificate_ends_is_told_once_each_way() -> None:
    ending = Ending("gate")
    times = Times(NOW, NOW + timedelta(days=90))
    said = [ending.step(times, NOW + timedelta(days=day)) for day in (0, 60, 74, 76, 80)]
    assert [[each.status for each in step] for step in said] == [[], [], [], ["degraded"], []]
    assert said[3][0].cause == "certificate_ends"
    assert [each.status for each in ending.step(Times(NOW, NOW + timedelta(days=200)), NOW)] == ["ok"]


def test_a_gateway_that_is_away_when_it_is_time_is_tried_again(papers: Papers) -> None:
    now = [NOW + timedelta(days=59)]
    credentials = Certificate("gate", papers, now=lambda: now[0])
    service = Renewal(f"https://localhost:{free_port()}", credentials, papers, ("s", "n"), lambda: now[0])
    service.open()
    assert service.step() == []
    now[0] += timedelta(days=2)
    service.open()
    for _ in range(2):
        with pytest.raises(LinkLost):
            service.step()
        service.open()
    now[0] += timedelta(days=20)
    assert [each.cause for each in service.step()] == ["certificate_ends"]
    service.close()


def test_it_is_looked_for_again_only_after_a_while(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "_NAP_S", 0.0)
    looked: list[datetime] = []
    service = Renewal(
        f"https://localhost:{free_port()}",
        Certificate("g", papers, now=lambda: NOW),
        papers,
        ("s", "n"),
        lambda: looked.append(NOW) or NOW,
    )  # type: ignore[func-returns-value]
    service.open()
    for _ in range(50):
        service.step()
    assert len(looked) == 2


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in chain",
            "not certified",
        ),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c)", "the clock"),
        ("certificate verify failed: certificate is not yet valid", "begins later"),
        ("Hostname mismatch, certificate is not valid for 'x'.", "authority.names"),
        ("IP address mismatch, certificate is not valid for '10.0.0.1'.", "authority.names"),
        ("[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:2576)", "does not know who certified"),
        ("[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired", "is over"),
        ("[SSL: SSLV3_ALERT_CERTIFICATE_REVOKED] sslv3 alert certificate revoked", "was revoked"),
        ("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required", "has none"),
        ("[SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate", "does not take"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "no TLS is spoken"),
        ("[Errno 111] Connection refused", ""),
        ("timed out", ""),
    ],
)
def test_failures_of_tls_are_said_in_words(text: str, part: str) -> None:
    assert part in explained(text) if part else explained(text) == ""


def test_a_request_names_the_node(papers: Papers) -> None:
    asked = x509.load_pem_x509_csr(request_for(new_key(), "school", "gate").encode())
    assert asked.subject.rfc4514_string() == "CN=school/gate"
    assert asked.is_signature_valid
