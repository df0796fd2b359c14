"""Aliyun's Dysmsapi, `SendSms` of 2017-05-25: signed by ACS3-HMAC-SHA256, or by the older RPC signature (HMAC-SHA1).

Sources: "V3 request structure and signature" and "RPC request signature" (help.aliyun.com/document_detail/2612907 and
/315526), SendSms (/419273), error codes (/101346). Tests compare both signatures with the examples printed there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Final
from urllib.parse import quote, urlsplit

from ..outcomes import Outcome, delivered, later, refused, unsure
from .request import Keys, Request, Text, When

ENDPOINT: Final = "https://dysmsapi.aliyuncs.com"
ACTION: Final = "SendSms"
VERSION: Final = "2017-05-25"
ALGORITHM: Final = "ACS3-HMAC-SHA256"
#: A variable of a notification's template holds so many characters (1 to 35, "短信模板规范").
VARIABLE_MOST: Final = 35

_FORM: Final = "application/x-www-form-urlencoded"
#: Worth another try here: faults of theirs, and too many requests of ours in all, whoever they were for.
_LATER: Final = (
    "isp.SYSTEM_ERROR",
    "isp.GATEWAY_ERROR",
    "isv.SYSTEM_ERROR",
    "InternalError",
    "ServiceUnavailable",
    "SystemError",
    "Throttling",
)
#: Nothing gets through until somebody pays, or mends the account, its keys or the configuration.
_ACCOUNT: Final = frozenset(
    {
        "isv.OUT_OF_SERVICE",
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.ACCOUNT_ABNORMAL",
        "isv.ACCOUNT_NOT_EXISTS",
        "isv.PRODUCT_UN_SUBSCRIPT",
        "isv.PRODUCT_UNSUBSCRIBE",
        "isv.DAY_LIMIT_CONTROL",
        "isv.MONTH_LIMIT_CONTROL",
        "isv.DENY_IP_RANGE",
        "isp.RAM_PERMISSION_DENY",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_SIGN_ILLEGAL",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "InvalidTimeStamp.Expired",
        "Forbidden.RAM",
    }
)


def parameters(text: Text) -> dict[str, str]:
    """What `SendSms` is asked; numbers of mainland China go without their country code."""
    return {
        "PhoneNumbers": text.number.removeprefix("+86").removeprefix("+"),
        "SignName": text.sign,
        "TemplateCode": text.template,
        "TemplateParam": json.dumps(dict(text.parameters), ensure_ascii=False, separators=(",", ":")),
        "OutId": text.reference,
    }


def acs3_request(endpoint: str, keys: Keys, text: Text, when: When) -> Request:
    """The request signed by ACS3-HMAC-SHA256: parameters in the query, an empty body."""
    host = urlsplit(endpoint).netloc
    query = canonical(parameters(text))
    headers = {
        "host": host,
        "x-acs-action": ACTION,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": when.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": when.nonce,
        "x-acs-version": VERSION,
    }
    signed = {"Authorization": authorization(keys, query, headers)}
    return Request(f"{endpoint}/?{query}", headers | signed, b"")


def authorization(keys: Keys, query: str, headers: Mapping[str, str]) -> str:
    """The header that signs a POST to `/` with `query` and these headers, whose names are in lower case."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    said = "\n".join(("POST", "/", query, lines, ";".join(names), headers["x-acs-content-sha256"]))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(said.encode()).hexdigest()}"
    mac = hmac.new(keys.secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={keys.key_id},SignedHeaders={';'.join(names)},Signature={mac}"


def rpc_request(endpoint: str, keys: Keys, text: Text, when: When) -> Request:
    """The request signed by the older RPC signature, everything in a form."""
    asked = parameters(text) | {
        "AccessKeyId": keys.key_id,
        "Action": ACTION,
        "Format": "JSON",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": when.nonce,
        "SignatureVersion": "1.0",
        "Timestamp": when.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": VERSION,
    }
    signed = asked | {"Signature": rpc_signature("POST", asked, keys.secret)}
    return Request(f"{endpoint}/", {"Content-Type": _FORM}, canonical(signed).encode())


def rpc_signature(method: str, asked: Mapping[str, str], secret: str) -> str:
    """Base64 of HMAC-SHA1, keyed with the secret and `&`, over the method and the sorted parameters."""
    to_sign = f"{method}&{encoded('/')}&{encoded(canonical(asked))}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1).digest()).decode()


def canonical(asked: Mapping[str, str]) -> str:
    """Sorted and percent-encoded as RFC 3986 says."""
    return "&".join(f"{encoded(name)}={encoded(asked[name])}" for name in sorted(asked))


def encoded(text: str) -> str:
    """Everything but letters, digits and `-_.~`."""
    return quote(text, safe="-_.~")


def read(body: bytes) -> Outcome:
    """What the provider said of it; what cannot be read may well have been taken."""
    try:
        answer = json.loads(body)
        code, message = str(answer["Code"]), str(answer.get("Message", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return unsure("the provider's answer cannot be read")
    if code == "OK":
        return delivered(str(answer.get("BizId", "")))
    return _fault(code, message)


def _fault(code: str, message: str) -> Outcome:
    said = f"{code}: {message}"[:200]
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        # Of this number: by the minute and the hour it ends soon; by the day it does not.
        soon = {"分钟": 60.0, "小时": 3600.0}
        wait = next((seconds for word, seconds in soon.items() if word in message), None)
        return later(said, wait) if wait is not None else refused(said)
    if code.startswith(_LATER):
        return later(said, whole=True)
    return refused(said, whole=code in _ACCOUNT or code.startswith("InvalidAccessKeyId"))
