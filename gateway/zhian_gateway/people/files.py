"""What lies in an import folder: one sub-folder per person, pictures inside, an optional `person.toml`.

A folder's name is the person's id here, in any script and with spaces, as in a replay; nodes get an opaque id instead.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec
from zhian_wire.events import PLAIN_NAME

from ..errors import PeopleError

Name = Annotated[str, msgspec.Meta(pattern=PLAIN_NAME)]
Card = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{4,32}$")]
Plate = Annotated[str, msgspec.Meta(min_length=5, max_length=10)]


class Guardian(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is told. `address` is an apprise URL, or `inbox://name` for the gateway's own inbox."""

    address: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9+]+://.+", max_length=1000)]
    name: str = ""
    language: str = "zh-CN"


class PersonFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`person.toml`. All of it may be left out; `name` is then the folder's."""

    name: str = ""
    group: Name | None = None
    schedule: str = ""
    watch: bool = False
    cards: tuple[Card, ...] = ()
    plates: tuple[Plate, ...] = ()
    guardians: tuple[Guardian, ...] = ()


#: What the store keeps of an id.
LONGEST_ID: Final = 64


@dataclass(frozen=True)
class Entry:
    """One person of an import."""

    id: str
    folder: Path
    about: PersonFile


@dataclass(frozen=True)
class Unreadable:
    """A sub-folder that nobody can be made of, and why; it does not keep the others out."""

    id: str
    reason: str


def read_folder(folder: Path) -> list[Entry | Unreadable]:
    """Everybody in `folder`, by id.

    Raises:
        PeopleError: no such folder, or nobody in it.
    """
    if not folder.is_dir():
        raise PeopleError(f"{folder}: no such folder")
    found = [_entry(path) for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    if not found:
        raise PeopleError(f"{folder}: no sub-folders; each person needs one, with pictures inside")
    return found


def _entry(folder: Path) -> Entry | Unreadable:
    name = folder.name
    if not name.isprintable() or name != name.strip() or len(name) > LONGEST_ID:
        return Unreadable(ascii(name), f"an id has at most {LONGEST_ID} printable characters, and no space at its ends")
    try:
        return Entry(name, folder, _about(folder / "person.toml"))
    except PeopleError as error:
        return Unreadable(name, str(error))


def _about(path: Path) -> PersonFile:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), PersonFile)
    except FileNotFoundError:
        return PersonFile()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PeopleError(f"{path}: {error}") from error
