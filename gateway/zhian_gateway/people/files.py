"""What lies in an import folder: one sub-folder per person, pictures inside, an optional `person.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from zhian_wire.codec import check_name
from zhian_wire.errors import DecodeError
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


@dataclass(frozen=True)
class Entry:
    """One person of an import."""

    id: str
    folder: Path
    about: PersonFile


def read_folder(folder: Path) -> list[Entry]:
    """Everybody in `folder`, by id.

    Raises:
        PeopleError: no such folder, nobody in it, a name that cannot be an id, or a `person.toml` that is wrong.
    """
    if not folder.is_dir():
        raise PeopleError(f"{folder}: no such folder")
    found = [_entry(path) for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    if not found:
        raise PeopleError(f"{folder}: no sub-folders; each person needs one, with pictures inside")
    return found


def _entry(folder: Path) -> Entry:
    try:
        person_id = check_name(folder.name, "person id (the folder's name)")
    except DecodeError as error:
        raise PeopleError(f"{folder}: {error}") from error
    return Entry(person_id, folder, _about(folder / "person.toml"))


def _about(path: Path) -> PersonFile:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), PersonFile)
    except FileNotFoundError:
        return PersonFile()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PeopleError(f"{path}: {error}") from error
