"""Takes the secrets out of a configuration's text, and puts them back where they were. Pure.

Whoever keeps the text gets marks (`kept-` and sixteen digits) in place of user names, passwords and whatever else lets
somebody in; who has the secrets puts them back. A mark is bound to its place: in another address it would carry a
camera's password to whoever listens there.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from .errors import BadMark
from .toml_lines import basic_string

#: What stands for a secret.
MARK: Final = re.compile(r"kept-[0-9a-f]{16}")
#: What stands for a secret that was typed anew, for whoever only looks.
TYPED: Final = "new-secret"
#: Strings and comments of a valid TOML text, in the order in which a reader must try them (toml.io, v1.0.0).
_TOKEN: Final = re.compile(
    r'"""(?:\\.|(?!""")[^\\])*"{3,5}'
    r"|'''(?:(?!''').)*'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*",
    re.S,
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: Words beside which secrets stand, in addresses of cameras and in what installers note down.
_WORDS: Final = "pass|pwd|secret|token|auth|sign|key|口令|密码|密钥"
_NAMED: Final = re.compile(rf"(?i)({_WORDS})[\w-]*\s*[=:]")
_NOTED: Final = re.compile(rf"(?i)@|{_WORDS}")
_END_OF_HOST: Final = re.compile(r"[/?#]")

#: What stands before a mark, and the host after it.
Place = tuple[str, str]
#: Takes a secret, gives its mark.
_Hide = Callable[[str], str]


class Redacted(NamedTuple):
    """A text without its secrets.

    Attributes:
        secrets: what each mark stands for.
        places: where each mark may stand.
    """

    text: str
    secrets: Mapping[str, str]
    places: Mapping[str, frozenset[Place]]


def redact(text: str, key: bytes) -> Redacted:
    """A valid TOML text with marks in place of its secrets.

    Args:
        key: known to nobody else; the same secret has the same mark under it, and no mark can be guessed back.
    """
    secrets: dict[str, str] = {}
    places: dict[str, set[Place]] = {}

    def hide(secret: str) -> str:
        mark = "kept-" + hmac.new(key, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]
        secrets[mark] = secret
        return mark

    pieces, end = [], 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        shown = _redacted_comment(token, hide) if token.startswith("#") else _redacted_string(token, hide)
        for mark, place in _marks(shown):
            places.setdefault(mark, set()).add(place)
        pieces += [text[end : match.start()], shown]
        end = match.end()
    known = {mark: frozenset(where) for mark, where in places.items()}
    return Redacted("".join([*pieces, text[end:]]), secrets, known)


def restore(text: str, secrets: Mapping[str, str], places: Mapping[str, frozenset[Place]]) -> str:
    """A valid TOML text with its secrets in place of their marks.

    Raises:
        BadMark: a mark that stands for nothing here, or one that was put into another place; with its line.
    """
    pieces, end = [], 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        line = text.count("\n", 0, match.start()) + 1
        for mark, place in _marks(token):
            _check(mark, place, secrets, places, line)
        pieces += [text[end : match.start()], _restored(token, secrets)]
        end = match.end()
    return "".join([*pieces, text[end:]])


def without_typed(text: str) -> str:
    """A valid TOML text whose marks stay, and in which secrets that were typed anew are not to be read.

    For whoever keeps or shows a text that somebody edited; nothing can be put back into it.
    """
    pieces, end = [], 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        shown = _without_typed(token)
        pieces += [text[end : match.start()], shown]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _without_typed(token: str) -> str:
    if token.startswith("#"):
        return token if MARK.fullmatch(token.strip("# ")) or not _NOTED.search(token) else f"# {TYPED}"
    value = _value(token)
    shown = value
    for start, end in reversed(_spans(value)):
        if not MARK.fullmatch(value[start:end]):
            shown = shown[:start] + TYPED + shown[end:]
    return token if shown == value else _written(token, value, shown)


def scrubbed(words: str) -> str:
    """A message without what stands before the host of an address."""
    return re.sub(r"://[^\s@]*@", "://…@", words)


def _check(
    mark: str, place: Place, secrets: Mapping[str, str], places: Mapping[str, frozenset[Place]], line: int
) -> None:
    if mark not in secrets:
        raise BadMark(line, f"{mark} stands for nothing that this node keeps: write the secret itself")
    if place not in places.get(mark, frozenset()):
        raise BadMark(line, f"{mark} belongs to another address: write the secret itself where the address changes")


def _redacted_comment(token: str, hide: _Hide) -> str:
    return f"# {hide(token)}" if _NOTED.search(token) or MARK.search(token) else token


def _redacted_string(token: str, hide: _Hide) -> str:
    value = _value(token)
    # What only looks like a mark would not come back.
    spans = [(0, len(value))] if MARK.search(value) else _spans(value)
    shown = value
    for start, end in reversed(spans):
        shown = shown[:start] + hide(value[start:end]) + shown[end:]
    return token if shown == value else _written(token, value, shown)


def _restored(token: str, secrets: Mapping[str, str]) -> str:
    if not MARK.search(token):
        return token
    if token.startswith("#"):
        return MARK.sub(lambda mark: secrets[mark[0]], token).removeprefix("# ")
    value = _value(token)
    return _written(token, value, MARK.sub(lambda mark: secrets[mark[0]], value))


def _written(token: str, value: str, other: str) -> str:
    """`other` as a token of the kind of `token`, which says `value`; a basic string where that kind cannot say it."""
    for quotes in ('"""', "'''", '"', "'"):
        if token.startswith(quotes):
            kept = f"{quotes}{other}{quotes}"
            return kept if token == f"{quotes}{value}{quotes}" and _says(kept, other) else basic_string(other)
    return basic_string(other)


def _says(token: str, value: str) -> bool:
    try:
        return _TOKEN.fullmatch(token) is not None and _value(token) == value
    except tomllib.TOMLDecodeError:
        return False


def _value(token: str) -> str:
    found = tomllib.loads(f"value = {token}")["value"]
    assert isinstance(found, str)
    return found


def _spans(value: str) -> list[tuple[int, int]]:
    """Where the secrets of a value stand, in order."""
    scheme = _SCHEME.search(value)
    if scheme is None:
        return [(0, len(value))] if _NAMED.search(value) else []
    at = value.rfind("@")
    if at > scheme.end() and _END_OF_HOST.search(value, scheme.end(), at):
        return [(scheme.end(), len(value))]  # nobody can say where the host begins
    host = max(at + 1, scheme.end())
    spans = [(scheme.end(), at)] if at > scheme.end() else []
    path = _END_OF_HOST.search(value, host)
    if path is not None and path.end() < len(value) and _NAMED.search(value, path.end()):
        spans.append((path.end(), len(value)))
    return spans


def _marks(token: str) -> Iterator[tuple[str, Place]]:
    """Every mark of a token with its place; a comment that is one has a place of its own."""
    value = token if token.startswith("#") else _value(token)
    for match in MARK.finditer(value):
        after = value[match.end() :]
        host = _END_OF_HOST.split(after, maxsplit=1)[0] if not value.startswith("#") else after
        yield match[0], (value[: match.start()], host)
