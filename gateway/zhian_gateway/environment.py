"""Settings from the environment, over those of the file: `ZHIAN_GATEWAY__STORE__HOME=/srv` is `[store] home`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Final

from .errors import ConfigError

PREFIX: Final = "ZHIAN_GATEWAY__"


def overlaid(table: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings with those of the environment in their place, and which variable each of these came from, by key.

    A value is TOML (`9000`, `true`, `["a"]`), or else the text itself; where a text looks like a number, quote it.

    Raises:
        ConfigError: a variable names a key below one that is no table.
    """
    result, sources = dict(table), {}
    for variable in sorted(environment):
        if variable.startswith(PREFIX):
            steps = variable.removeprefix(PREFIX).lower().split("__")
            result = _put(result, steps, _value(environment[variable]), variable)
            sources[".".join(steps)] = variable
    return result, sources


def _put(table: Mapping[str, Any], steps: list[str], value: object, variable: str) -> dict[str, Any]:
    first, rest = steps[0], steps[1:]
    if not rest:
        return {**table, first: value}
    below = table.get(first, {})
    if not isinstance(below, Mapping):
        raise ConfigError(f"environment variable {variable}: {first} is no table")
    return {**table, first: _put(below, rest, value, variable)}


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, KeyError):
        return text
