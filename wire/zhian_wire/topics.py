"""MQTT topics: `zhian/v1/{site}/{node}/{kind}`; and what makes a client id at the broker somebody's own."""

from __future__ import annotations

import hmac
from typing import Final, Literal, NamedTuple, get_args

from .codec import check_name
from .errors import BadTopic, DecodeError

Up = Literal["event", "state", "answer"]
Down = Literal["receipt", "command", "roster"]
UP: Final[tuple[Up, ...]] = get_args(Up)
DOWN: Final[tuple[Down, ...]] = get_args(Down)
KINDS: Final = (*UP, *DOWN)
PREFIX: Final = "zhian/v1"


class Topic(NamedTuple):
    """Whose topic it is and what it carries."""

    site: str
    node: str
    kind: str

    def __str__(self) -> str:
        return f"{PREFIX}/{self.site}/{self.node}/{self.kind}"


def topic(site: str, node: str, kind: Up | Down) -> str:
    """The topic's text.

    Raises:
        BadTopic: site or node hold what a topic cannot (wildcards, slashes, spaces), or the kind is unknown.
    """
    return str(parse(f"{PREFIX}/{site}/{node}/{kind}"))


def every_node(site: str, kind: Up) -> str:
    """The subscription to `kind` of all nodes of a site."""
    return f"{PREFIX}/{check_name(site, 'site')}/+/{kind}"


def parse(text: str) -> Topic:
    """The parts of a topic.

    Raises:
        BadTopic: it is not `zhian/v1/{site}/{node}/{kind}` with a known kind and plain names.
    """
    parts = text.split("/")
    if len(parts) != 5 or "/".join(parts[:2]) != PREFIX or parts[4] not in KINDS:
        raise BadTopic(f"topic {text!r} is not {PREFIX}/{{site}}/{{node}}/{{{'|'.join(KINDS)}}}")
    try:
        return Topic(check_name(parts[2], "site"), check_name(parts[3], "node"), parts[4])
    except DecodeError as error:
        raise BadTopic(f"topic {text!r}: {error}") from error


def client_of(secret: bytes) -> str:
    """What makes a client id at the broker its owner's own: 32 characters that follow from a secret of theirs.

    The same at each connection, so that a broker that kept a session over a power cut ends it: nats-server would keep
    all events for it, until its disk is full. Not to be guessed, for nats-server lets whoever names a client id throw
    out whoever had it.
    """
    return hmac.digest(secret, b"client id at the broker", "sha256").hex()[:32]
