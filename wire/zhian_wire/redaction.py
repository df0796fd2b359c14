"""Takes the secrets out of a configuration's text, and puts them back where they were. Pure.

Whoever keeps the text gets marks (`kept-` and sixteen digits) in place of user names, passwords and whatever else lets
somebody in; who has the secrets puts them back. A mark is bound to its place: in another address it would carry a
camera's password to whoever listens there, and under another key to wherever that key's value is told.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from .errors import BadMark
from .secret_parts import END_OF_HOST, noted, spans
from .toml_lines import TOKEN, Where, basic_string, find_lines, line_of

#: What stands for a secret.
MARK: Final = re.compile(r"kept-[0-9a-f]{16}")
#: What stands for a secret that was typed anew, for whoever only looks.
TYPED: Final = "new-secret"
#: The last step to a key itself, which may be quoted and say anything.
_KEY_ITSELF: Final = -1


class Place(NamedTuple):
    """Where a mark may stand.

    Attributes:
        key: the way to its value, by the ids of tables where they stand in a list; () for a comment.
        before: what stands before it in the value.
        host: what follows it there, up to the end of an address's host.
    """

    key: Where
    before: str
    host: str


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

    def hide(secret: str) -> str:
        mark = "kept-" + hmac.new(key, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]
        secrets[mark] = secret
        return mark

    pieces, end = [], 0
    for match in TOKEN.finditer(text):
        token = match[0]
        shown = _redacted_comment(token, hide) if token.startswith("#") else _redacted_string(token, hide)
        pieces += [text[end : match.start()], shown]
        end = match.end()
    redacted = "".join([*pieces, text[end:]])
    places: dict[str, set[Place]] = {}
    for mark, place, _ in (*_in_comments(redacted), *_in_values(redacted)):
        places.setdefault(mark, set()).add(place)
    return Redacted(redacted, secrets, {mark: frozenset(where) for mark, where in places.items()})


def restore(text: str, secrets: Mapping[str, str], places: Mapping[str, frozenset[Place]]) -> str:
    """A valid TOML text with its secrets in place of their marks.

    Raises:
        BadMark: a mark that stands for nothing here, or one that was put into another place; with its line.
    """
    for mark, place, start in _in_comments(text):
        if fault := _fault(mark, place, secrets, places):
            raise BadMark(text.count("\n", 0, start) + 1, f"{mark} {fault}")
    for mark, place, where in _in_values(text):
        if fault := _fault(mark, place, secrets, places):
            raise BadMark(line_of(find_lines(text), where), f"{mark} {fault}")
    pieces, end = [], 0
    for match in TOKEN.finditer(text):
        pieces += [text[end : match.start()], _restored(match[0], secrets)]
        end = match.end()
    return "".join([*pieces, text[end:]])


def without_typed(text: str) -> str:
    """A valid TOML text whose marks stay, and in which secrets that were typed anew are not to be read.

    For whoever keeps or shows a text that somebody edited; nothing can be put back into it.
    """
    pieces, end = [], 0
    for match in TOKEN.finditer(text):
        token = match[0]
        shown = _without_typed(token)
        pieces += [text[end : match.start()], shown]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _without_typed(token: str) -> str:
    if token.startswith("#"):
        return token if MARK.fullmatch(token.strip("# ")) or not noted(token) else f"# {TYPED}"
    value = _value(token)
    shown = value
    for start, end in reversed(spans(value)):
        if not MARK.fullmatch(value[start:end]):
            shown = shown[:start] + TYPED + shown[end:]
    return token if shown == value else _written(token, value, shown)


def _fault(mark: str, place: Place, secrets: Mapping[str, str], places: Mapping[str, frozenset[Place]]) -> str:
    if mark not in secrets:
        return "stands for nothing that this node keeps: write the secret itself"
    if place not in places.get(mark, frozenset()):
        return "belongs to another address or key: write the secret itself where one of these changes"
    return ""


def _redacted_comment(token: str, hide: _Hide) -> str:
    return f"# {hide(token)}" if noted(token) or MARK.search(token) else token


def _redacted_string(token: str, hide: _Hide) -> str:
    value = _value(token)
    # What only looks like a mark would not come back.
    hidden = [(0, len(value))] if MARK.search(value) else spans(value)
    shown = value
    for start, end in reversed(hidden):
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
        return TOKEN.fullmatch(token) is not None and _value(token) == value
    except tomllib.TOMLDecodeError:
        return False


def _value(token: str) -> str:
    found = tomllib.loads(f"value = {token}")["value"]
    assert isinstance(found, str)
    return found


def _in_comments(text: str) -> Iterator[tuple[str, Place, int]]:
    """Every mark in a comment with its place, and where the comment begins."""
    for match in TOKEN.finditer(text):
        if match[0].startswith("#"):
            yield from ((mark, Place((), before, after), match.start()) for mark, before, after in _around(match[0]))


def _in_values(text: str) -> Iterator[tuple[str, Place, Where]]:
    """Every mark in a value or key of a valid TOML text with its place, and the way to it."""
    for key, where, value in _strings(tomllib.loads(text), (), ()):
        for mark, before, after in _around(value):
            yield mark, Place(key, before, END_OF_HOST.split(after, maxsplit=1)[0]), where


def _around(value: str) -> Iterator[tuple[str, str, str]]:
    for match in MARK.finditer(value):
        yield match[0], value[: match.start()], value[match.end() :]


def _strings(node: Any, key: Where, where: Where) -> Iterator[tuple[Where, Where, str]]:
    """Every string in `node`, with its place's key and the way to it."""
    if isinstance(node, str):
        yield key, where, node
    elif isinstance(node, Mapping):
        for name, inner in node.items():
            yield (*key, name, _KEY_ITSELF), (*where, name), name
            yield from _strings(inner, (*key, name), (*where, name))
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            step = (_named(inner, index),) if isinstance(inner, Mapping) else ()
            yield from _strings(inner, (*key, *step), (*where, index))


def _named(table: Mapping[str, Any], index: int) -> str | int:
    """What a table of a list is called, as it may be moved there; its index where it has no name."""
    return next((name for each in ("id", "name") if isinstance(name := table.get(each), str)), index)
