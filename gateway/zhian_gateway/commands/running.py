"""`zhian-gateway run` and `check-config`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ..config import load
from ..config_types import Config
from ..notices.checking import check_files, unsent
from ..operations import logs
from ..rules.rule_files import ruleset_of
from .common import DEFAULT, ConfigFile, ConfigOption, told

#: So many objects more than were let go, and the youngest are looked through for cycles.
YOUNG: Final = 20_000


def run(config: ConfigFile = None, option: ConfigOption = DEFAULT) -> None:
    """Run the gateway until SIGTERM or Ctrl-C."""
    with told():
        logs.set_up()
        settings = load(config or option)
        ruleset_of(settings)
        check_files(settings)
        run_gateway = _web_stack()
        run_gateway(settings, _announce)


def _web_stack() -> Callable[[Config, Callable[[str, Path | None], None]], None]:
    """What runs the gateway; it is not needed to say that a configuration is wrong.

    Whatever is imported stays: looking for garbage in it meanwhile would be a tenth of the start, and later a pause in
    each full collection.
    """
    gc.disable()
    try:
        from ..gateway import run as run_gateway  # noqa: PLC0415
    finally:
        gc.freeze()
        # A batch's events are nearly all let go by their counts: to look for cycles after every 700th object was a
        # twentieth of a storm.
        gc.set_threshold(YOUNG)
        gc.enable()
    return run_gateway


def check_config(config: ConfigFile = None, option: ConfigOption = DEFAULT) -> None:
    """Say whether a configuration can be used; errors name file, line and key."""
    with told():
        settings = load(config or option)
        ruleset_of(settings)
        check_files(settings)
    for account, routes in unsent(settings):
        print(f"{config or option}: [[notices.sms]] {account} has no template for {', '.join(routes)}")
    print(f"{config or option}: in order")


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
