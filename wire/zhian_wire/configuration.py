"""What node and gateway say to each other about the node's configuration; both by HTTPS, as bodies may be large.

The gateway keeps what is wanted (`GET /configuration`), the node fetches it whenever it is there, and says what it has
and what became of it (`PUT /configuration`). The text that a node shows has its secrets taken out (`redaction`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec

from .toml_lines import Finding, Where

#: Of a text that is pushed; the largest of the examples has 4,000.
MOST_CHARACTERS: Final = 20_000
#: Keys by which a node is itself and finds its gateway: wrong ones could not be mended from afar.
FIXED: Final[tuple[Where, ...]] = (
    ("site", "id"),
    ("site", "timezone"),
    ("node", "id"),
    ("node", "home"),
    ("gateway", "brokers"),
    ("gateway", "url"),
    ("gateway", "token_file"),
    ("gateway", "ca_file"),
)
#: Keys of devices that name files of the node: who could name others would read and write there.
FILES: Final = ("script", "journal", "key_file", "password_file")
#: Keys by which a device is reached: what a file holds is told to whoever stands there.
REACH: Final = ("driver", "link", "host", "port", "user", "security", "address")

Seconds = Annotated[int, msgspec.Meta(ge=10, le=900)]


class Push(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A configuration that somebody wants on a node.

    Attributes:
        id: never given twice.
        base: mark of the configuration that it was made from; on any other the node refuses it.
        text: all of it, with the node's own marks where its secrets stay; empty: `restore` it is.
        restore: mark of a former one that the node still has.
        confirm_s: so long the node tries it before it goes back.
    """

    id: str
    base: str
    text: str = ""
    restore: str = ""
    confirm_s: Seconds = 120
    who: str = ""
    why: str = ""


class Desired(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the gateway answers a node: which report it has last, and what is wanted; None: nothing."""

    known: str = ""
    push: Push | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a push. `at`: by the node's clock. `detail` says why it was not applied, without secrets."""

    push: str
    result: Literal["applied", "rolled_back", "refused"]
    at: str
    detail: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The configuration that a node runs.

    Attributes:
        mark: tells configurations apart; made with a key that only the node has, so that nobody finds secrets by it.
        text: without secrets.
        origin: `file`: as it lies at the node; `pushed`: from here.
        kept: marks of former ones that the node still has, the latest first.
        trying: the push that is being tried; empty: none.
        outcome: of the last push.
    """

    mark: str
    text: str
    origin: Literal["file", "pushed"]
    version: str
    kept: tuple[str, ...] = ()
    trying: str = ""
    outcome: Outcome | None = None


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a text: its line (from 1), the key, and what was expected."""

    line: int
    key: str
    message: str


def forbidden(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    """What a push may not change, given both documents."""
    for where in FIXED:
        if _at(old, where) != _at(new, where):
            yield Finding(where, "is changed at the node alone: a wrong one could not be mended from here")
    known = [table for _, table in _devices(old)]
    for where, table in _devices(new):
        for key in FILES:
            if table.get(key) and not any(_same_file(key, table, other) for other in known):
                yield Finding((*where, key), f"names a file of the node, with its {_reach(table)}; set it at the node")


def _same_file(key: str, table: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(table.get(each) == other.get(each) for each in (key, *REACH))


def _reach(table: Mapping[str, Any]) -> str:
    return ", ".join(key for key in REACH if key in table)


def _devices(document: Mapping[str, Any]) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    for name, tables in document.items():
        for index, table in enumerate(tables if isinstance(tables, Sequence) else ()):
            if isinstance(table, Mapping):
                yield (name, index), table


def _at(document: Mapping[str, Any], where: Where) -> Any:
    found: Any = document
    for step in where:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
