"""Tencent Cloud SMS, `SendSms` of 2021-01-11, signed by TC3-HMAC-SHA256.

Sources: "Signature v3" (cloud.tencent.com/document/api/382/52072), SendSms (/55981), error codes (/52075 and /38780).
Tests compare the signature with the example printed there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from ..outcomes import Outcome, delivered, later, refused, unsure
from .request import Keys, Request, Text, When

ENDPOINT: Final = "https://sms.tencentcloudapi.com"
SERVICE: Final = "sms"
ACTION: Final = "SendSms"
VERSION: Final = "2021-01-11"
ALGORITHM: Final = "TC3-HMAC-SHA256"
JSON: Final = "application/json; charset=utf-8"
#: They give a session's context back, up to 511 bytes of it.
CONTEXT_MOST: Final = 511

#: Limits of one number that end by themselves, after so many seconds.
_SOON: Final = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": 30.0,
    "LimitExceeded.PhoneNumberOneHourLimit": 3600.0,
}
#: Faults of theirs, and too many requests of ours in all.
_LATER: Final = ("InternalError", "RequestLimitExceeded", "LimitExceeded.DeliveryFrequencyLimit", "ServiceUnavailable")
#: Nothing gets through until somebody pays, or mends the account, its keys or the configuration.
_ACCOUNT: Final = (
    "AuthFailure",
    "UnauthorizedOperation",
    "FailedOperation.InsufficientBalanceInSmsPackage",
    "FailedOperation.SignatureIncorrectOrUnapproved",
    "FailedOperation.JsonParseFail",
    "InvalidParameterValue.SdkAppIdNotExist",
    "LimitExceeded.AppMainlandChinaDailyLimit",
    "LimitExceeded.AppDailyLimit",
)


def request(endpoint: str, keys: Keys, text: Text, when: When, *, app_id: str, region: str) -> Request:
    """The signed request. `app_id` is the application's `SmsSdkAppId`."""
    asked = {
        "PhoneNumberSet": [text.number],
        "SmsSdkAppId": app_id,
        "SignName": text.sign,
        "TemplateId": text.template,
        "TemplateParamSet": [text.parameters[name] for name in sorted(text.parameters, key=int)],
        "SessionContext": text.reference[:CONTEXT_MOST],
    }
    body = json.dumps(asked, ensure_ascii=False).encode()
    signed = {"content-type": JSON, "host": urlsplit(endpoint).netloc}
    headers = {
        "Content-Type": JSON,
        "Host": signed["host"],
        "X-TC-Action": ACTION,
        "X-TC-Timestamp": str(int(when.at.timestamp())),
        "X-TC-Version": VERSION,
        "X-TC-Region": region,
        "Authorization": authorization(keys, SERVICE, signed, body, when.at),
    }
    return Request(f"{endpoint}/", headers, body)


def authorization(keys: Keys, service: str, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
    """The header that signs a POST to `/` with these headers, whose names and values are in lower case."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    said = "\n".join(("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()))
    day = at.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"{ALGORITHM}\n{int(at.timestamp())}\n{scope}\n{hashlib.sha256(said.encode()).hexdigest()}"
    key = f"TC3{keys.secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    mac = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={keys.key_id}/{scope}, SignedHeaders={names}, Signature={mac}"


def read(body: bytes) -> Outcome:
    """What the provider said of it; what cannot be read may well have been taken."""
    try:
        answer: dict[str, Any] = json.loads(body)["Response"]
        if error := answer.get("Error"):
            return _fault(str(error["Code"]), str(error.get("Message", "")))
        (sent,) = answer["SendStatusSet"]
        code, message, number = str(sent["Code"]), str(sent.get("Message", "")), str(sent.get("SerialNo", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return unsure("the provider's answer cannot be read")
    return delivered(number) if code == "Ok" else _fault(code, message)


def _fault(code: str, message: str) -> Outcome:
    said = f"{code}: {message}"[:200]
    if code in _SOON:
        return later(said, _SOON[code])
    if code.startswith(_LATER):
        return later(said, whole=True)
    return refused(said, whole=code.startswith(_ACCOUNT))
