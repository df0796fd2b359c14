"""A row of an office's table as a person: what of it cannot be, by column, and what was agreed to."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from ..errors import BadInput, PeopleError
from .consent import EVIDENCE, LISTING, NO_TEXT, NOTICES, RECOGNITION, Ground, Text, ground
from .files import LONGEST_ID, Guardian, PersonFile
from .registry import Said
from .tables import Rounded, Row
from .validity import validity

YES: Final = frozenset({"是", "有", "同意", "yes", "y", "1", "true"})
NO: Final = frozenset({"否", "无", "不同意", "no", "n", "0", "false"})
ASKED: Final = (RECOGNITION, NOTICES, EVIDENCE)
#: What a value of a column looks like, for who has never seen a pattern.
LOOKS: Final = {
    "cards": "a card is 4 to 32 hexadecimal digits, as a reader tells it",
    "group": "a group has no other characters than letters, digits, '.', '_' and '-'",
    "plates": "a plate is written as on the vehicle, such as 京A12345",
}
#: Columns in which each digit counts.
EXACT: Final = ("id", "cards", "guardian_address")
ROUNDED: Final = "a spreadsheet has rounded this number: format the column as text, and type it again"
#: How spreadsheets show a long number.
POWER: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+")
SEPARATORS: Final = re.compile(r"[;；,，、\s]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row; `column` is "" for the whole of it."""

    column: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a row makes; `basis` keeps them listed, `said` is about the other purposes.

    Attributes:
        recognition: yes, no, or None: the row says nothing of it.
        unreached: the guardian who has no address, though nobody refused that they are told; "": there is none.
    """

    row: int
    id: str
    about: PersonFile
    basis: Ground
    said: Said
    recognition: bool | None
    unreached: str = ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What holds for a whole table.

    Attributes:
        ground: on what people are listed (a law or a contract; the face needs a consent of its own).
        until: last day of the ground and of the consents.
        texts: the present text of each purpose.
    """

    ground: str
    until: str
    who: str
    now: datetime
    zone: ZoneInfo
    group: str | None = None
    texts: Mapping[str, Text] = field(default_factory=dict)


def candidates(rows: Sequence[Row], rules: Rules) -> list[Candidate | tuple[Row, list[Fault]]]:
    """Everybody in the table, or what keeps a row out."""
    first: dict[str, int] = {}
    found: list[Candidate | tuple[Row, list[Fault]]] = []
    for row in rows:
        made = _candidate(row, rules)
        name = row.cells.get("id", "")
        if name in first and name and not isinstance(made, list):
            made = [Fault("id", f"{name} is in row {first[name]} already")]
        first.setdefault(name, row.number)
        found.append((row, made) if isinstance(made, list) else made)
    return found


def _candidate(row: Row, rules: Rules) -> Candidate | list[Fault]:
    faults = [Fault(name, "a formula is no value: paste the values") for name in row.formulas()]
    cells = {name: cell for name, cell in row.cells.items() if cell}
    if faults := faults or _rounded(cells):
        return faults
    faults += id_faults(cells.get("id", ""))
    about = _about(row.cells, cells, rules, faults)
    basis, said, recognition = _grounds(cells, rules, faults)
    if faults or about is None or basis is None:
        return faults
    is_told = about.guardians is None or bool(about.guardians) or NOTICES in said.refused
    return Candidate(
        row.number, cells["id"], about, basis, said, recognition, "" if is_told else cells.get("guardian", "")
    )


def id_faults(name: str) -> list[Fault]:
    """Why this can be nobody's id."""
    if not name:
        return [Fault("id", "missing")]
    if not name.isprintable() or len(name) > LONGEST_ID or name.startswith(".") or "/" in name or "\\" in name:
        return [Fault("id", f"an id has at most {LONGEST_ID} printable characters, no slash, and no dot in front")]
    return []


def _rounded(cells: Mapping[str, str]) -> list[Fault]:
    """Numbers that a spreadsheet does not keep as they were typed: some other card would be taken for the right one."""
    return [
        Fault(name, ROUNDED) for name in EXACT if isinstance(cell := cells.get(name, ""), Rounded) or _has_power(cell)
    ]


def _has_power(cell: str) -> bool:
    return any(POWER.fullmatch(each) for each in cell.split())


def _about(columns: Collection[str], cells: Mapping[str, str], rules: Rules, faults: list[Fault]) -> PersonFile | None:
    """Of a column that the table does not have nothing is said; an empty cell of cards and the like says: none."""
    said: dict[str, object] = {name: cells[name] for name in ("name", "group", "schedule") if name in cells}
    said.setdefault("group", rules.group)
    for name in {"cards", "plates"}.intersection(columns):
        said[name] = [each.upper() for each in SEPARATORS.split(cells.get(name, "")) if each]
    for name in ("begins", "ends"):
        if name in cells:
            said[name] = cells[name]
    if (by_hand := _answer("by_hand", cells, faults)) is not None:
        said["by_hand"] = by_hand
    if "guardian_address" in columns:
        said["guardians"] = _guardians(cells, faults)
    _check_days(cells, rules.zone, faults)
    try:
        return msgspec.convert(said, PersonFile)
    except msgspec.ValidationError as error:
        where = re.search(r"at `\$\.(\w+)", str(error))
        column = where[1] if where else ""
        faults.append(Fault(column, LOOKS.get(column) or str(error).split(" - at")[0]))
        return None


def _check_days(cells: Mapping[str, str], zone: ZoneInfo, faults: list[Fault]) -> None:
    try:
        validity(cells.get("begins", ""), cells.get("ends", ""), zone)
    except BadInput as error:
        faults.append(Fault("ends" if "ends" in cells else "begins", str(error)))


def _guardians(cells: Mapping[str, str], faults: list[Fault]) -> list[dict[str, str]]:
    """One guardian; who has more has a `person.toml`, or several addresses of the one."""
    addresses = [each for each in re.split(r"[;；\s]+", cells.get("guardian_address", "")) if each]
    found = []
    for address in addresses:
        said = {"address": address, "name": cells.get("guardian", "")}
        said |= {"language": cells["guardian_language"]} if "guardian_language" in cells else {}
        try:
            msgspec.convert(said, Guardian)
        except msgspec.ValidationError:
            faults.append(
                Fault("guardian_address", f"{address!r} is no address such as inbox://name or an apprise URL")
            )
            continue
        found.append(said)
    return found


def _answer(name: str, cells: Mapping[str, str], faults: list[Fault]) -> bool | None:
    """Yes, no, or nothing said."""
    word = cells.get(name, "").casefold()
    if not word:
        return None
    if word not in YES | NO:
        faults.append(Fault(name, f"{cells[name]!r} is neither yes (是) nor no (否)"))
        return None
    return word in YES


def _grounds(cells: Mapping[str, str], rules: Rules, faults: list[Fault]) -> tuple[Ground | None, Said, bool | None]:
    """On what they are listed, what was said of the other purposes, and whether the face is among it."""
    answers = {purpose: _answer(purpose, cells, faults) for purpose in ASKED}
    by, on = cells.get("consent_by") or cells.get("guardian", ""), cells.get("consent_on", "")
    if any(answers.values()) and not by:
        faults.append(Fault("consent_by", "missing: who agreed?"))
    if on and not _is_past_day(on, rules):
        faults.append(Fault("consent_on", f"{on!r} is no day such as 2026-09-01, or yet to come"))
    given = []
    try:
        same = {"until": rules.until, "granted_by": rules.who, "now": rules.now, "zone": rules.zone}
        basis = ground(text=rules.ground, purpose=LISTING, text_version=NO_TEXT, **same)  # type: ignore[arg-type]
        for purpose in [purpose for purpose, answer in answers.items() if answer]:
            present = rules.texts.get(purpose)
            version = cells.get("consent_version") or (present.version if present else "1")
            more = {"purpose": purpose, "text_version": version, "given_by": by, "given_on": on}
            given.append(ground(text="consent", **same, **more))  # type: ignore[arg-type]
    except PeopleError as error:
        faults.append(Fault("", str(error)))
        return None, Said(), None
    refused = tuple(purpose for purpose, answer in answers.items() if answer is False)
    return basis, Said(tuple(given), refused), answers[RECOGNITION]


def _is_past_day(text: str, rules: Rules) -> bool:
    try:
        return date.fromisoformat(text) <= rules.now.astimezone(rules.zone).date()
    except ValueError:
        return False
