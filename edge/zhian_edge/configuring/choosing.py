"""At a start: the file's configuration, or the one that was pushed instead of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import structlog
from zhian_wire.secret_parts import scrubbed

from zhian_edge.config.reading import load, load_text, read_text
from zhian_edge.config.types import Config
from zhian_edge.configuring import standing as standings
from zhian_edge.configuring.shelf import Shelf
from zhian_edge.configuring.standing import Choice, Standing
from zhian_edge.errors import ConfigError
from zhian_edge.process.ownership import own

log = structlog.get_logger(__name__)


class Chosen(NamedTuple):
    """What to run.

    Attributes:
        config: as typed.
        path: the file, from whose folder paths are counted.
        text: of the configuration.
        mark: of it.
        shelf: where pushed ones lie.
        standing: what holds.
    """

    config: Config
    path: Path
    text: str
    mark: str
    shelf: Shelf
    standing: Standing


def choose(path: Path, now: Callable[[], str]) -> Chosen:
    """What a node begins with; a trial counts as begun from here on.

    Raises:
        BadConfig: the file itself cannot be used.
        AlreadyRunning, HomeRefused: as `own`.
        OSError: the node's folder cannot be written.
    """
    file_text = read_text(path)
    home = Path(load(path).node.home)
    with own(home):
        shelf = Shelf(home)
        before = shelf.standing()
        choice = standings.at_start(before, shelf.mark(file_text), now())
        while True:
            if choice.standing != before:
                shelf.keep(choice.standing)
                before = choice.standing
            try:
                return _chosen(path, file_text, shelf, choice)
            except ConfigError as error:
                log.error("pushed configuration cannot be used", error=_first(error))  # noqa: TRY400 - it is told
                choice = standings.unreadable(choice.standing, now(), _first(error))


def effective(path: Path) -> Config:
    """What a node of this file runs or would run, for tools beside it; nothing is written.

    Raises:
        BadConfig: the file itself cannot be used.
    """
    config = load(path)
    home = Path(config.node.home)
    try:
        shelf = Shelf(home) if (home / "configuration").is_dir() else None
        standing = shelf.standing() if shelf else Standing()
        if shelf is None or not standing.pushed or standing.file != shelf.mark(read_text(path)):
            return config
        return load_text(shelf.text(standing.pushed), path)
    except (ConfigError, OSError) as error:
        log.warning("pushed configuration cannot be used", error=_first(error))
        return config


def _chosen(path: Path, file_text: str, shelf: Shelf, choice: Choice) -> Chosen:
    text = shelf.text(choice.mark) if choice.mark else file_text
    log.info("configuration", origin="pushed" if choice.mark else "file", mark=shelf.mark(text))
    return Chosen(load_text(text, path), path, text, shelf.mark(text), shelf, choice.standing)


def _first(error: Exception) -> str:
    """The first line without secrets, as the gateway hears it: what a configuration holds is told at no length."""
    return scrubbed(str(error).splitlines()[0]) if str(error) else type(error).__name__
