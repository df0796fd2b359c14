"""What each channel really sends is what its receiver's own library accepts, and says no more than it may."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, update
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from support.notices import enrol, tell, the_only, work_off
from support.providers import Provider
from zhian_gateway import outbound
from zhian_gateway.notices import subscriptions, vapid
from zhian_gateway.notices.sms_post import masked
from zhian_gateway.notices.webhook_post import signature
from zhian_gateway.people.files import Guardian
from zhian_gateway.services import Services
from zhian_gateway.store.tables import notices, own_secrets, push_subscriptions

Site = Callable[..., Services]
POINT = (Encoding.X962, PublicFormat.UncompressedPoint)


# Webhooks ---------------------------------------------------------------------------------------------------------


def test_a_webhook_is_accepted_by_the_standards_own_library(site: Site, provider: Provider, clock: Any) -> None:
    clock.now = datetime.now(UTC)
    parts = site()
    tell(parts, enrol(parts, "webhook://app"))
    work_off(parts)
    (request,) = provider.requests()
    body = bytes.fromhex(request["body"])
    secret = "c2VjcmV0LW9mLXRoZS10ZXN0LTEyMzQ1Ng=="
    said: Any = Webhook(secret).verify(body, request["headers"])
    assert (said["type"], said["data"]["words"]["name"]) == ("notice.arrival", "小明")
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body + b" ", request["headers"])
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, request["headers"] | {"webhook-id": "msg_other"})
    old = request["headers"] | {"webhook-timestamp": str(int(request["headers"]["webhook-timestamp"]) - 301)}
    with pytest.raises(WebhookVerificationError, match="old"):
        Webhook(secret).verify(body, old)


def test_the_signature_is_the_one_that_the_standard_prints() -> None:
    """github.com/standard-webhooks/standard-webhooks, the example of the specification's verification tests."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# Text messages ----------------------------------------------------------------------------------------------------


def test_aliyun_is_asked_for_what_the_template_needs(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, "sms://+8613800138000"))
    work_off(parts)
    (request,) = provider.requests("/")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(request["path"]).query).items()}
    assert (asked["PhoneNumbers"], asked["TemplateCode"], asked["SignName"]) == ("13800138000", "SMS_1", "第一小学")
    assert json.loads(asked["TemplateParam"]) == {"name": "小明", "at": "16:00:00"}
    assert request["headers"]["Authorization"].startswith("ACS3-HMAC-SHA256 Credential=LTAI-test,")
    assert json.loads(the_only(parts).history)[0]["reason"] == "9006^0 (1 part)"


def test_tencent_is_asked_for_what_the_template_needs(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, "sms://tencent/+8613800138000"))
    work_off(parts)
    (body,) = provider.bodies("/")
    assert json.loads(body)["TemplateParamSet"] == ["小明", "16:00:00"]
    assert the_only(parts).state == "sent"


def test_a_late_text_message_goes_by_the_template_that_says_so(site: Site, provider: Provider, clock: Any) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian("sms://tencent/+8613900139000", further=("sms://+8613800138000",))))
    clock.forward(601)
    work_off(parts)
    (request,) = provider.requests("/")
    assert "TemplateCode=SMS_2" in request["path"]
    first, second = json.loads(the_only(parts).history)
    assert first["reason"] == "[[notices.sms]] tencent has no template for a late arrival"
    assert second["outcome"] == "delivered"


@pytest.mark.parametrize("name", ["王" * 36, ""])
def test_a_variable_that_the_provider_does_not_take_is_not_sent(site: Site, provider: Provider, name: str) -> None:
    parts = site()
    tell(parts, enrol(parts, "sms://+8613800138000", name=name or " "))
    if not name:
        with parts.store.write() as link:
            link.execute(update(notices).values(words='{"name": "", "time": "08:00"}'))
    work_off(parts)
    assert provider.requests() == []
    assert (the_only(parts).state, "variable name" in the_only(parts).error) == ("failed", True)


def test_a_happening_without_an_approved_template_is_said(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, "sms://+8613800138000"), "departure")
    work_off(parts)
    assert the_only(parts).error == "[[notices.sms]] ali has no template for departure (zh-CN)"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("to +8613800138000: no", "to +86138****8000: no"),
        ("13800138000", "138****8000"),
        ("isv.X: 4 of 70", "isv.X: 4 of 70"),
    ],
)
def test_a_number_is_masked(said: str, shown: str) -> None:
    assert masked(said) == shown


# Web Push ---------------------------------------------------------------------------------------------------------


class Browser:
    """A browser that has subscribed, with RFC 8291 of its own: no code of the sender's is used to read."""

    def __init__(self, key: ec.EllipticCurvePrivateKey | None = None, auth: bytes = bytes(range(16))) -> None:
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.auth = auth

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(*POINT)

    def subscribe(self, parts: Services, user: str, endpoint: str) -> None:
        with parts.store.write() as link:
            keys = (_text(self.public), _text(self.auth))
            subscriptions.subscribe(link, user, endpoint, *keys, site=parts.site, now=parts.now())

    def read(self, body: bytes) -> bytes:
        """RFC 8291, 3.4, and RFC 8188, 2."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        secret = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        about = b"WebPush: info\0" + self.public + sender
        material = _expand(hmac.new(self.auth, secret, hashlib.sha256).digest(), about, 32)
        whole = hmac.new(salt, material, hashlib.sha256).digest()
        nonce = _expand(whole, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(_expand(whole, b"Content-Encoding: aes128gcm\0", 16)).decrypt(nonce, sealed, None)
        text, end = padded.rstrip(b"\0")[:-1], padded.rstrip(b"\0")[-1]
        assert end == 2
        return text


def _expand(key: bytes, about: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, about).derive(key)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_tests_own_browser_reads_the_example_of_rfc_8291() -> None:
    """RFC 8291, 5."""
    number = int.from_bytes(_bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    browser = Browser(ec.derive_private_key(number, ec.SECP256R1()), _bytes("BTBZMqHH6r4Tts7J_aSIgg"))
    body = _bytes(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.read(body) == b"When I grow up, I want to be a watermelon"


def subscribed(parts: Services, provider: Provider, path: str = "/push/1", user: str = "mother") -> Browser:
    if (user, "guard") not in parts.accounts.every():
        parts.accounts.add(user, "guard", None, who="t")
    browser = Browser()
    browser.subscribe(parts, user, f"{provider.url}{path}")
    return browser


@pytest.fixture
def trusting(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Push services' certificates are signed by the usual authorities; here, by the test's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(provider.ca_file))
    monkeypatch.setattr(outbound, "_trusting", outbound._trusting.__wrapped__)


@pytest.mark.usefixtures("trusting")
def test_only_the_browser_itself_can_read_a_message_and_it_names_nobody(site: Site, provider: Provider) -> None:
    parts = site()
    browser = subscribed(parts, provider)
    tell(parts, enrol(parts, "webpush://mother"))
    work_off(parts)
    (request,) = provider.requests("/push/1")
    body = bytes.fromhex(request["body"])
    assert the_only(parts).state == "sent"
    shown = json.loads(browser.read(body))
    assert (shown["title"], shown["body"]) == ("第一小学", "有一条新通知，请打开查看。")
    assert "小明".encode() not in body
    headers = request["headers"]
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == ("aes128gcm", "3600", "normal")
    assert headers["Topic"] == shown["tag"]


@pytest.mark.usefixtures("trusting")
def test_a_site_may_allow_names_on_lock_screens(site: Site, provider: Provider) -> None:
    parts = site(more="", push="names = true")
    browser = subscribed(parts, provider)
    tell(parts, enrol(parts, "webpush://mother"))
    work_off(parts)
    (body,) = provider.bodies("/push/1")
    assert json.loads(browser.read(body))["title"] == "小明 已到达"


@pytest.mark.usefixtures("trusting")
def test_the_token_is_signed_with_the_key_that_browsers_were_given(site: Site, provider: Provider) -> None:
    parts = site()
    subscribed(parts, provider)
    tell(parts, enrol(parts, "webpush://mother"))
    work_off(parts)
    token, key = provider.requests("/push/1")[0]["headers"]["Authorization"].removeprefix("vapid t=").split(",k=")
    assert key == vapid.public(vapid.open_key(parts.store, parts.now()))
    head, claims, signed = token.split(".")
    half = len(_bytes(signed)) // 2
    numbers = (int.from_bytes(_bytes(signed)[:half]), int.from_bytes(_bytes(signed)[half:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))
    public.verify(encode_dss_signature(*numbers), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    said = json.loads(_bytes(claims))
    assert (said["aud"], said["sub"]) == (provider.url, "mailto:ops@school.example")
    assert 0 < said["exp"] - parts.clock().timestamp() <= 24 * 3600


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("mode", ["404", "410"])
def test_a_browser_that_is_gone_is_forgotten_and_the_others_are_told(site: Site, provider: Provider, mode: str) -> None:
    parts = site()
    subscribed(parts, provider, "/push/gone")
    subscribed(parts, provider, "/push/here")
    provider.answers({"/push/gone": mode, "*": "201"})
    tell(parts, enrol(parts, "webpush://mother"))
    work_off(parts)
    assert the_only(parts).state == "sent"
    with parts.store.read() as link:
        (left,) = link.execute(select(push_subscriptions)).all()
    assert left.endpoint.endswith("/push/here")


def test_who_has_no_browser_is_told_by_the_next_channel(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian("webpush://mother", further=("webhook://app",))))
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).place) == ("sent", 1)
    assert json.loads(the_only(parts).history)[0]["reason"] == "no browser of this user is subscribed"


def test_the_key_is_made_once_and_lies_sealed(site: Site) -> None:
    parts = site()
    first = vapid.public(vapid.open_key(parts.store, parts.now()))
    assert vapid.public(vapid.open_key(parts.store, parts.now())) == first
    with parts.store.read() as link:
        (lying,) = link.exec_driver_sql(f"SELECT value FROM {own_secrets.name}").scalars()
    assert "PRIVATE KEY" not in lying
