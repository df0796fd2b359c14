"""What lies in an import folder: one sub-folder per person, pictures inside, an optional `person.toml`.

A folder's name is the person's id here, in any script and with spaces, as in a replay; nodes get an opaque id instead.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from zhian_wire.calendar import Day
from zhian_wire.events import PLAIN_NAME
from zhian_wire.turns import Turn

from ..config_base import Address, Span
from ..errors import BadInput, GatewayError, PeopleError
from ..faults import explained, line_of, not_toml
from ..typed_files import toml_text
from .validity import validity

T = TypeVar("T")

#: What is looked at as a picture.
SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
#: What the store keeps of an id.
LONGEST_ID: Final = 64
PersonId = Annotated[str, msgspec.Meta(max_length=LONGEST_ID)]
Name = Annotated[str, msgspec.Meta(pattern=PLAIN_NAME)]
Card = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{4,32}$")]
Plate = Annotated[str, msgspec.Meta(min_length=5, max_length=10)]


class Guardian(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is told.

    Attributes:
        address: as docs/integrate.md lists them: an apprise URL, `inbox://NAME`, `sms://+86...` and so on.
        further: where they are told when that does not work, in this order.
        happenings: of what they want to be told; left out: of everything that the site tells guardians.
        quiet: when they are not woken, such as `22:00-06:00`, but by what is critical.
        person: the guardian's own id, where they are enrolled too; they may then collect the child.
    """

    address: Address
    name: str = ""
    language: str = "zh-CN"
    person: PersonId = ""
    further: Annotated[tuple[Address, ...], msgspec.Meta(max_length=5)] = ()
    happenings: tuple[Name, ...] | None = None
    quiet: Annotated[tuple[Span, ...], msgspec.Meta(max_length=5)] = ()


class CollectorFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With whom somebody may leave: a person's id, or a plate; on these days only, where it says so.

    Attributes:
        days: weekdays; empty: every day. `note`: who that is to the child.
        turn: `odd` or `even` weeks alone, by their number, or with `turn_from` counted from that day (`odd`: its week).
    """

    person: PersonId = ""
    plate: Plate | None = None
    begins: str = ""
    ends: str = ""
    days: tuple[Day, ...] = ()
    note: str = ""
    turn: Turn = ""
    turn_from: str = ""

    def __post_init__(self) -> None:
        if bool(self.person) == bool(self.plate):
            raise ValueError("says whom by `person` or by `plate`, one of them")

    @property
    def key(self) -> tuple[str, str]:
        """As `collectors` names it: kind and value."""
        return ("plate", self.plate) if self.plate else ("person", self.person)


class PersonFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`person.toml`. All of it may be left out; `name` is then the folder's.

    What is None was not said, and so is an empty name: whoever is enrolled already keeps what is known, such as a face
    that an office switched off. An empty list of cards, plates or guardians says that there are none.

    Attributes:
        withdrawn: cards that were theirs and are lost, stolen or replaced: whoever shows one is told of.
        begins, ends: when they may come, in days or moments of the site; they stay known outside of that.
        face: False: no face recognition; none of their pictures is looked at, and cards and plates do alone.
        by_hand: guards know them and let them in: a way in for who has neither face, card nor plate.
        collectors: with whom they may leave, beside the guardians who are enrolled.
    """

    name: str = ""
    group: Name | None = None
    schedule: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    watch: bool = False
    cards: tuple[Card, ...] | None = None
    withdrawn: tuple[Card, ...] = ()
    plates: tuple[Plate, ...] | None = None
    begins: str | None = None
    ends: str | None = None
    face: bool | None = None
    by_hand: bool | None = None
    guardians: tuple[Guardian, ...] | None = None
    collectors: tuple[CollectorFile, ...] | None = None

    @property
    def says_who_collects(self) -> bool:
        """Whether collectors are those of the file."""
        return self.collectors is not None or any(guardian.person for guardian in self.guardians or ())


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
        there = ", ".join(loose_pictures(folder)[:3])
        lie = f" but pictures ({there})" if there else ""
        raise PeopleError(
            f"{folder}: no sub-folders{lie}; each person needs one, named by the id, with pictures inside"
        )
    return found


def loose_pictures(folder: Path) -> list[str]:
    """Pictures that lie beside the sub-folders, where they are nobody's: most likely somebody forgot whose."""
    return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())


def _entry(folder: Path) -> Entry | Unreadable:
    name = folder.name
    if not name.isprintable() or name != name.strip() or len(name) > LONGEST_ID:
        return Unreadable(ascii(name), f"an id has at most {LONGEST_ID} printable characters, and no space at its ends")
    try:
        return Entry(name, folder, _about(folder / "person.toml"))
    except PeopleError as error:
        return Unreadable(name, str(error))


def _about(path: Path) -> PersonFile:
    if not path.exists():
        return PersonFile()
    about = read_toml(path, PersonFile, PeopleError)
    _check_days(path, about)
    return about


def _check_days(path: Path, about: PersonFile) -> None:
    """PeopleError for days that are none; whichever zone the site is in, they are the same."""
    parts: list[tuple[list[str | int], str, str]] = [([], about.begins or "", about.ends or "")]
    parts += [(["collectors", index], one.begins, one.ends) for index, one in enumerate(about.collectors or ())]
    for where, begins, ends in parts:
        for key, said in (("begins", (begins, "")), ("ends", ("", ends)), ("ends", (begins, ends))):
            try:
                validity(*said, ZoneInfo("UTC"))
            except BadInput as error:
                steps = [*where, key]
                named = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
                line = line_of(toml_text(path, PeopleError), steps)
                raise PeopleError(f"{path}:{line}: {named.removeprefix('.')}: {error}") from error


def read_toml(path: Path, kind: type[T], wrong: type[GatewayError]) -> T:
    """What a TOML file says; days and moments in it are text.

    Raises:
        wrong: it names file, line and key.
    """
    text = toml_text(path, wrong)
    try:
        return msgspec.convert(_plain(tomllib.loads(text)), kind)
    except tomllib.TOMLDecodeError as error:
        raise wrong(not_toml(error, text, path)) from error
    except msgspec.ValidationError as error:
        raise wrong(explained(error, text, path, kind)) from error


def _plain(value: Any) -> Any:
    """TOML's own dates as text, whichever way somebody wrote them."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
