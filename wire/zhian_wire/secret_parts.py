"""Which parts of a configuration's values, comments and messages may be secret. Pure.

Cameras take passwords under any name (`pw`, `psw`, `loginpas`, `p`). So it is not asked which parts look like secrets:
of an address all is hidden but what is known to be none, its scheme, host and plain path.
"""

from __future__ import annotations

import re
from typing import Final

END_OF_HOST: Final = re.compile(r"[/?#]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST: Final = re.compile(r"[\w.:\[\]-]*")
_PLAIN_PATH: Final = re.compile(r"(?:/[\w.~+-]*)*")
#: Words beside which secrets stand, in what installers note down.
_WORDS: Final = "pass|pwd|psw|secret|token|auth|sign|key|login|cred|口令|密码|密钥"
_QUERY: Final = r"[?&][^\s=]*="
_NOTED: Final = re.compile(rf"(?i)@|://|{_QUERY}|{_WORDS}")
_BARE: Final = re.compile(rf"(?i)@|{_QUERY}|({_WORDS})[\w-]*\s*[=:]")
_IN_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_BARE_IN_WORDS: Final = re.compile(rf"(?<!\S)(?!\S*://)\S*(?:@|{_QUERY})\S*")
_PUNCTUATION: Final = ".,:;!()[]{}'\"`"


def noted(comment: str) -> bool:
    """Whether a comment may hold a secret."""
    return _NOTED.search(comment) is not None


def spans(value: str) -> list[tuple[int, int]]:
    """Where the secrets of a value stand, in order: all of an address's user, query, and path from what is not plain.

    A value without a scheme is hidden as a whole or not at all.
    """
    scheme = _SCHEME.search(value)
    if scheme is None or scheme.start():
        return [(0, len(value))] if scheme or _BARE.search(value) else []
    at = value.rfind("@")
    host = max(at + 1, scheme.end())
    path = END_OF_HOST.search(value, scheme.end())
    end = path.start() if path else len(value)
    if end < host or not _HOST.fullmatch(value, host, end):
        return [(scheme.end(), len(value))]  # nobody can say where the host is
    found = [(scheme.end(), at), (_end_of_plain(value, end), len(value))]
    return [(first, last) for first, last in found if first < last]


def scrubbed(words: str) -> str:
    """A message without what may be secret in the addresses that it names."""
    words = re.sub(r"://.*@", "://…@", words)
    return _BARE_IN_WORDS.sub("…", _IN_WORDS.sub(_scrubbed_address, words))


def _end_of_plain(value: str, start: int) -> int:
    """Where in an address whose host ends at `start` the part begins that is not known to be harmless."""
    plain = _PLAIN_PATH.match(value, start)
    end = plain.end() if plain else start
    if end == len(value) or value[end] in "?#":
        return end + 1
    return value.rfind("/", start, end) + 1


def _scrubbed_address(match: re.Match[str]) -> str:
    address = match[0].rstrip(_PUNCTUATION)
    shown = address
    for start, end in reversed(spans(address)):
        shown = f"{shown[:start]}…{shown[end:]}"
    return shown + match[0][len(address) :]
