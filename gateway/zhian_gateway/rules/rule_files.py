"""Reads a site's rules and says what is wrong with them, by file, line and key; the built-in ones follow its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from ..config_types import Config
from ..errors import ConfigError
from ..faults import converted, line_of
from ..typed_files import toml_text
from .matching import Ruleset
from .rule_types import RuleFile

BUILT_IN = Path(__file__).with_name("built_in.toml")


def ruleset_of(config: Config) -> Ruleset:
    """The rules that a gateway follows.

    Raises:
        ConfigError: its rule file names file, line and key.
    """
    return read_rules(Path(config.rules.file) if config.rules.file else None, ZoneInfo(config.site.timezone))


def read_rules(path: Path | None, zone: ZoneInfo) -> Ruleset:
    """The rules in `path`, and the built-in ones after them.

    Raises:
        ConfigError: it names file, line and key.
    """
    own = _read(path) if path is not None else RuleFile()
    built_in = built_in_rules()
    return Ruleset((*own.raises, *built_in.raises), (*own.change, *built_in.change), zone)


@cache
def built_in_rules() -> RuleFile:
    """What holds at every site."""
    return _read(BUILT_IN)


def _read(path: Path) -> RuleFile:
    text = toml_text(path, ConfigError)
    found = converted(text, path, RuleFile)
    _check_ids(found, text, path)
    return found


def _check_ids(found: RuleFile, text: str, path: Path) -> None:
    seen: set[str] = set()
    for table, rules in (("raise", found.raises), ("change", found.change)):
        for index, rule in enumerate(rules):
            if rule.id in seen:
                line = line_of(text, [table, index, "id"])
                raise ConfigError(f"{path}:{line}: {table}[{index}].id: {rule.id} is there twice")
            seen.add(rule.id)
