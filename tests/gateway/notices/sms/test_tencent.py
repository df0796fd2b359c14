"""Requests to Tencent Cloud are signed as its documentation and its own SDK sign them, and its answers understood."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tencentcloud.common.sign import Sign
from zhian_gateway.notices.sms import tencent
from zhian_gateway.notices.sms.request import Keys, Text, When

AT = datetime.fromtimestamp(1551113065, UTC)
TEXT = Text("+8613800138000", "第一小学", "1110", {"2": "08:00", "1": "王小明", "10": "东门"}, "ref")


def test_the_documented_example_has_the_documented_signature() -> None:
    """cloud.tencent.com: Signature v3 (DescribeInstances), with the keys that the English page prints whole."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    keys = Keys("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    assert tencent.authorization(keys, "cvm", headers, body, AT) == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


@given(name=some.text(), secret=some.text(min_size=1), moment=some.integers(0, 4_000_000_000))
def test_any_message_is_signed_as_the_vendors_own_sdk_signs_it(name: str, secret: str, moment: int) -> None:
    at = datetime.fromtimestamp(moment, UTC)
    text = Text("+8613800138000", "第一小学", "1110", {"1": name}, "ref")
    made = tencent.request(
        tencent.ENDPOINT, Keys("AKID", secret), text, When(at, "n"), app_id="1400000000", region="ap-guangzhou"
    )
    day = at.strftime("%Y-%m-%d")
    said = (
        "POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:sms.tencentcloudapi.com\n\ncontent-type;host\n"
        + hashlib.sha256(made.body).hexdigest()
    )
    hashed = hashlib.sha256(said.encode()).hexdigest()
    to_sign = f"TC3-HMAC-SHA256\n{moment}\n{day}/sms/tc3_request\n{hashed}"
    theirs = Sign.sign_tc3(secret, day, "sms", to_sign)
    assert made.headers["Authorization"].endswith(f"Signature={theirs}")
    assert made.headers["X-TC-Timestamp"] == str(moment)


def test_the_request_asks_for_what_the_interface_wants() -> None:
    made = tencent.request(
        tencent.ENDPOINT, Keys("AKID", "s"), TEXT, When(AT, "n"), app_id="1400000000", region="ap-guangzhou"
    )
    assert json.loads(made.body) == {
        "PhoneNumberSet": ["+8613800138000"],
        "SmsSdkAppId": "1400000000",
        "SignName": "第一小学",
        "TemplateId": "1110",
        "TemplateParamSet": ["王小明", "08:00", "东门"],
        "SessionContext": "ref",
    }
    assert (made.headers["X-TC-Action"], made.headers["X-TC-Version"]) == ("SendSms", "2021-01-11")


def _sent(code: str) -> bytes:
    return json.dumps({"Response": {"SendStatusSet": [{"Code": code, "SerialNo": "5000:1", "Message": "m"}]}}).encode()


def _error(code: str) -> bytes:
    return json.dumps({"Response": {"Error": {"Code": code, "Message": "m"}, "RequestId": "x"}}).encode()


@pytest.mark.parametrize(
    ("body", "kind", "after_s", "whole"),
    [
        (_sent("Ok"), "delivered", None, False),
        (_sent("FailedOperation.PhoneNumberInBlacklist"), "refused", None, False),
        (_sent("InvalidParameterValue.IncorrectPhoneNumber"), "refused", None, False),
        (_sent("FailedOperation.InsufficientBalanceInSmsPackage"), "refused", None, True),
        (_sent("LimitExceeded.PhoneNumberThirtySecondLimit"), "later", 30.0, False),
        (_sent("LimitExceeded.PhoneNumberOneHourLimit"), "later", 3600.0, False),
        (_sent("LimitExceeded.PhoneNumberDailyLimit"), "refused", None, False),
        (_error("AuthFailure.SignatureFailure"), "refused", None, True),
        (_error("InternalError.Timeout"), "later", None, True),
        (_error("RequestLimitExceeded.IPLimitExceeded"), "later", None, True),
    ],
)
def test_an_error_code_says_whether_to_try_again(body: bytes, kind: str, after_s: float | None, whole: bool) -> None:
    found = tencent.read(body)
    assert (found.kind, found.after_s, found.whole) == (kind, after_s, whole)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"Response": {}}', b'{"Response": {"SendStatusSet": []}}'])
def test_an_answer_that_cannot_be_read_leaves_it_open_whether_it_was_taken(body: bytes) -> None:
    assert tencent.read(body).kind == "unsure"
