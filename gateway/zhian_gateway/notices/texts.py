"""What a notice says, in its reader's language: data of this package, and of a site's own file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from ..errors import ConfigError
from ..faults import line_of

#: What an entry may name; `what` is the kind of alert, in words.
PLACEHOLDERS: Final = frozenset({"name", "group", "site", "lane", "date", "time", "what"})
LATE_PLACEHOLDERS: Final = frozenset({"date", "time"})
#: A lock screen shows nobody's name.
DISCREET_PLACEHOLDERS: Final = frozenset({"site", "lane", "date", "time"})
LANGUAGES: Final = ("zh-CN", "en")
DEFAULT: Final = "zh-CN"
OTHER: Final = "other"
DISCREET: Final = "discreet"
OWN: Final = Path(__file__).with_name("texts.toml")
TITLE_MOST: Final = 200
BODY_MOST: Final = 2000


@dataclass(frozen=True)
class Entry:
    """The formats of one happening."""

    title: str
    body: str

    def fill(self, words: Mapping[str, str]) -> tuple[str, str]:
        """Title and body."""
        return self.title.format_map(words), self.body.format_map(words)


@dataclass(frozen=True)
class Texts:
    """One language."""

    late: str
    entries: Mapping[str, Entry]

    def of(self, happening: str) -> Entry:
        """The formats of a happening; a kind of alert that has none of its own is named."""
        return self.entries.get(happening, self.entries[OTHER])


class Library:
    """Every language; any thread may use it."""

    def __init__(self, languages: Mapping[str, Texts]) -> None:
        self._languages = dict(languages)

    def __getitem__(self, language: str) -> Texts:
        return self._languages.get(language, self._languages[DEFAULT])


def library(path: str = "") -> Library:
    """The texts, with those of the site's own file at `path` in place of ours.

    Raises:
        ConfigError: it names file, line and key.
    """
    found: dict[str, Texts] = {}
    theirs = read(Path(path)) if path else {}
    for language, ours in _own().items():
        site = theirs.get(language, Texts("", {}))
        found[language] = Texts(site.late or ours.late, {**ours.entries, **site.entries})
    return Library(found)


@cache
def _own() -> dict[str, Texts]:
    return read(OWN)


def read(path: Path) -> dict[str, Texts]:
    """The texts in a file.

    Raises:
        ConfigError: it cannot be read, or an entry names what there is not; by file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return {language: _language(path, text, language, entries) for language, entries in data.items()}


def _language(path: Path, text: str, language: str, entries: Any) -> Texts:
    if language not in LANGUAGES or not isinstance(entries, dict):
        raise _wrong(path, text, [language], f"is no language; there are {', '.join(LANGUAGES)}")
    late = entries.get("late", "")
    _check((path, text), [language, "late"], late, LATE_PLACEHOLDERS, TITLE_MOST)
    made = {}
    for happening, entry in entries.items():
        if happening != "late":
            made[happening] = _entry(path, text, [language, happening], entry)
    return Texts(late, made)


def _entry(path: Path, text: str, steps: list[str], entry: Any) -> Entry:
    if not isinstance(entry, dict) or set(entry) != {"title", "body"}:
        raise _wrong(path, text, steps, "needs title and body, and nothing else")
    allowed = DISCREET_PLACEHOLDERS if steps[-1] == DISCREET else PLACEHOLDERS
    for key, most in (("title", TITLE_MOST), ("body", BODY_MOST)):
        _check((path, text), [*steps, key], entry[key], allowed, most)
    return Entry(entry["title"], entry["body"])


def _check(file: tuple[Path, str], steps: list[str], value: Any, allowed: frozenset[str], most: int) -> None:
    if not isinstance(value, str) or len(value) > most:
        raise _wrong(*file, steps, f"must be text of at most {most} characters")
    problem = fault(value, allowed)
    if problem:
        raise _wrong(*file, steps, problem)


def fault(format_: str, allowed: frozenset[str] = PLACEHOLDERS) -> str | None:
    """What is wrong with a format, in words; None where nothing is."""
    try:
        parts = list(Formatter().parse(format_))
    except ValueError as error:
        return f"is no format: {error}"
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in allowed or spec or conversion:
            shown = ", ".join(f"{{{each}}}" for each in sorted(allowed))
            return f"{{{name}}} is no placeholder; there are {shown}"
    return None


def _wrong(path: Path, text: str, steps: list[str], what: str) -> ConfigError:
    return ConfigError(f"{path}:{line_of(text, list(steps))}: {'.'.join(steps)}: {what}")
