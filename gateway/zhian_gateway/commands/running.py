"""`zhian-gateway run` and `check-config`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..config import load
from ..notices.checking import check_files
from ..operations import logs
from ..rules.rule_files import ruleset_of
from .common import DEFAULT, told

Config = Annotated[Path, typer.Argument(metavar="[CONFIG]", help="The gateway's configuration (TOML).")]


def run(config: Config = DEFAULT) -> None:
    """Run the gateway until SIGTERM or Ctrl-C."""
    with told():
        logs.set_up()
        settings = load(config)
        ruleset_of(settings)
        check_files(settings)
        # The web stack is not needed to say that a configuration is wrong.
        from ..gateway import run as run_gateway  # noqa: PLC0415

        run_gateway(settings, _announce)


def check_config(config: Config = DEFAULT) -> None:
    """Say whether a configuration can be used; errors name file, line and key."""
    with told():
        settings = load(config)
        ruleset_of(settings)
        check_files(settings)
    print(f"{config}: in order")


def _announce(url: str, secret: Path | None) -> None:
    """Where the page is; the first-run secret itself is shown to a person at a terminal, never to a log."""
    print(f"zhian-gateway: {url}", flush=True)
    if secret is None:
        return
    shown = f": {secret.read_text(encoding='utf-8').strip()}" if sys.stdout.isatty() else ""
    print(
        f"zhian-gateway: first start; make the administrator at {url}/#/setup\n"
        f"zhian-gateway: with the secret in {secret}{shown}",
        flush=True,
    )
