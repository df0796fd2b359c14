"""What every SMS provider's adapter makes and reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Text:
    """One message to one number.

    Attributes:
        number: E.164, such as `+8613800138000`.
        sign: the approved signature (短信签名), without brackets.
        template: the approved template's id.
        parameters: by the template's own names, or numbers.
        reference: ours, which reports of the provider repeat.
    """

    number: str
    sign: str
    template: str
    parameters: Mapping[str, str]
    reference: str


@dataclass(frozen=True)
class Keys:
    """What requests are signed with."""

    key_id: str
    secret: str


@dataclass(frozen=True)
class When:
    """The moment and the random word that make a request unlike any other."""

    at: datetime
    nonce: str


@dataclass(frozen=True)
class Request:
    """A signed POST."""

    url: str
    headers: Mapping[str, str]
    body: bytes
