"""How commands are told the node's configuration: as an argument, by `--config`, by ZHIAN_CONFIG, or not at all."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated, Final

import typer

from zhian_edge.errors import ConfigError

#: Where an installed node has it.
DEFAULT: Final = Path("/etc/zhian/node.toml")
_HELP: Final = "the node's configuration (TOML)"
ConfigArgument = Annotated[
    Path | None, typer.Argument(metavar="[CONFIG]", help=f"{_HELP}; without one {DEFAULT}", show_default=False)
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", metavar="FILE", help=f"{_HELP}, likewise; or in ZHIAN_CONFIG", show_default=False),
]


def chosen(argument: Path | None, option: Path | None) -> Path:
    """The file that a command is about; what is typed goes before the environment.

    Raises:
        ConfigError: two were typed, or none was and the usual one is not there.
    """
    if argument and option and argument != option:
        raise ConfigError(f"two configurations: {argument} and, by --config, {option}; say one")
    path = argument or option
    if path is None and (named := os.environ.get("ZHIAN_CONFIG")):
        path = Path(named)
    if path is not None:
        return path
    if not DEFAULT.exists():
        raise ConfigError(f"there is no {DEFAULT}: say which configuration, by --config FILE (-c) or in ZHIAN_CONFIG")
    return DEFAULT


def named(path: Path) -> str:
    """What a command that is advised needs behind it to be about the same file: a blank and the option, or nothing."""
    unnamed = path == DEFAULT and not os.environ.get("ZHIAN_CONFIG")
    return "" if unnamed else f" -c {shlex.quote(str(path))}"
