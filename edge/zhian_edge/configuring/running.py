"""Runs a node with the configuration that holds, and begins anew when another one does."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import structlog
from zhian_models.systemd import notify
from zhian_wire.times import to_text

from zhian_edge.configuring.changing import give_up, reason
from zhian_edge.configuring.choosing import Chosen, choose

log = structlog.get_logger(__name__)

#: Beyond the time that a trial has, until the process is ended whatever it does: stopping takes some seconds itself.
GRACE_S: Final = 30.0
Ending = Literal["stopped", "failed", "again"]


def run_chosen(path: Path, run: Callable[[Chosen], Ending]) -> Ending:
    """Run what `path` and the shelf beside the node say; `again` becomes a process that begins anew, and not returns.

    Raises:
        EdgeError: it cannot start, and nothing was being tried.
    """
    chosen = choose(path, wall_now)
    guard = _guard(chosen)
    try:
        ending = run(chosen)
    except Exception as error:  # whatever keeps a new configuration from starting, the former one did start
        if not give_up(chosen, wall_now, reason(error)):
            raise
        log.error("configuration goes back", why=reason(error))  # noqa: TRY400 - it is known what failed
        ending = "again"
    finally:
        guard.cancel()
    if ending == "failed" and give_up(chosen, wall_now, "the node could not go on with it"):
        ending = "again"
    if ending == "again":
        begin_anew()
    return ending


def begin_anew() -> None:
    """Become the same command once more; whoever watches this process sees it reload, under the same number."""
    notify("RELOADING=1")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command line


def wall_now() -> str:
    """The time, before anybody has looked whether it can be believed."""
    return to_text(datetime.now(UTC))


def _guard(chosen: Chosen) -> threading.Timer:
    """Goes back by force from a configuration with which the process hangs; does nothing where none is tried."""
    trial = chosen.standing.trial

    def force() -> None:
        if give_up(chosen, wall_now, "the node hung with it"):
            log.error("configuration goes back by force")
            begin_anew()

    guard = threading.Timer(trial.confirm_s + GRACE_S if trial else 0.0, force)
    guard.daemon = True
    if trial is not None:
        guard.start()
    return guard
