"""Requests to Aliyun are signed as its documentation and its own SDK sign them, and its answers are understood."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from alibabacloud_openapi_util.client import Client
from hypothesis import given
from hypothesis import strategies as some
from Tea.request import TeaRequest
from zhian_gateway.notices.sms import aliyun
from zhian_gateway.notices.sms.request import Keys, Text, When

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
KEYS = Keys("testId", "testSecret")
WHEN = When(datetime(2017, 7, 12, 2, 42, 19, tzinfo=UTC), "45e25e9b-0a6f-4070-8c85-2956eda1b466")
TEXT = Text("+8615300000001", "阿里云短信测试专用", "SMS_71390007", {"customer": "test"}, "123")


def test_the_documented_example_of_sendsms_has_the_documented_signature() -> None:
    """help.aliyun.com/document_detail/56189."""
    asked = aliyun.parameters(TEXT) | {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "RegionId": "cn-hangzhou",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": WHEN.nonce,
        "SignatureVersion": "1.0",
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert aliyun.rpc_signature("GET", asked, "testSecret") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_the_documented_example_of_the_rpc_signature_has_the_documented_signature() -> None:
    """help.aliyun.com/document_detail/25492 (DescribeRegions)."""
    asked = {
        "Format": "XML",
        "AccessKeyId": "testid",
        "Action": "DescribeRegions",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "SignatureVersion": "1.0",
        "Version": "2014-05-26",
        "Timestamp": "2016-02-23T12:46:24Z",
    }
    assert aliyun.rpc_signature("GET", asked, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_the_documented_example_of_acs3_has_the_documented_signature() -> None:
    """help.aliyun.com: V3 request structure and signature (RunInstances)."""
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": EMPTY,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    keys = Keys("YourAccessKeyId", "YourAccessKeySecret")
    assert aliyun.authorization(keys, aliyun.canonical(query), headers) == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


@given(name=some.text(min_size=1, max_size=35), secret=some.text(some.characters(codec="ascii"), min_size=1))
def test_any_message_is_signed_as_the_vendors_own_sdk_signs_it(name: str, secret: str) -> None:
    keys = Keys("LTAI-test", secret)
    text = Text("+8613800138000", "第一小学", "SMS_1", {"name": name}, "ref")
    asked = _form(aliyun.rpc_request(aliyun.ENDPOINT, keys, text, WHEN).body)
    assert asked.pop("Signature") == Client.get_rpcsignature(asked, "POST", secret)
    assert aliyun.acs3_request(aliyun.ENDPOINT, keys, text, WHEN).headers["Authorization"] == _theirs(keys, text)


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(), strict_parsing=True))


def _theirs(keys: Keys, text: Text) -> str:
    made = aliyun.acs3_request(aliyun.ENDPOINT, keys, text, WHEN)
    asked = TeaRequest()
    asked.method, asked.pathname, asked.query = "POST", "/", aliyun.parameters(text)
    asked.headers = {name: value for name, value in made.headers.items() if name != "Authorization"}
    found: str = Client.get_authorization(asked, "ACS3-HMAC-SHA256", EMPTY, keys.key_id, keys.secret)
    return found


def test_the_request_carries_what_was_signed() -> None:
    made = aliyun.acs3_request(aliyun.ENDPOINT, KEYS, TEXT, WHEN)
    parts = urlsplit(made.url)
    assert (parts.scheme, parts.netloc, made.body) == ("https", "dysmsapi.aliyuncs.com", b"")
    assert dict(parse_qsl(parts.query)) == {
        "PhoneNumbers": "15300000001",
        "SignName": "阿里云短信测试专用",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "OutId": "123",
    }
    assert made.headers["x-acs-version"] == "2017-05-25"


@pytest.mark.parametrize(
    ("code", "message", "kind", "after_s", "whole"),
    [
        ("OK", "OK", "delivered", None, False),
        ("isv.MOBILE_NUMBER_ILLEGAL", "", "refused", None, False),
        ("isv.SMS_TEMPLATE_ILLEGAL", "", "refused", None, False),
        ("isv.AMOUNT_NOT_ENOUGH", "账户余额不足", "refused", None, True),
        ("InvalidAccessKeyId.NotFound", "", "refused", None, True),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1", "later", 60.0, False),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5", "later", 3600.0, False),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10", "refused", None, False),
        ("isp.SYSTEM_ERROR", "", "later", None, True),
        ("Throttling.User", "", "later", None, True),
    ],
)
def test_an_error_code_says_whether_to_try_again(
    code: str, message: str, kind: str, after_s: float | None, whole: bool
) -> None:
    found = aliyun.read(json.dumps({"Code": code, "Message": message, "BizId": "9^0"}).encode())
    assert (found.kind, found.after_s, found.whole) == (kind, after_s, whole)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'"OK"', b"\xff\xfe", b"null"])
def test_an_answer_that_cannot_be_read_leaves_it_open_whether_it_was_taken(body: bytes) -> None:
    assert aliyun.read(body).kind == "unsure"
