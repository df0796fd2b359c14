"""One line per entry on stderr, of ours and of every library: readable on a terminal, JSON elsewhere."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import Final

import structlog

from ..errors import ConfigError

VARIABLE: Final = "ZHIAN_LOG"
_ROWS: Final = re.compile(r"^(DETAIL|CONTEXT):.*$", re.M)
LEVELS: Final = ("debug", "info", "warning", "error")


def set_up() -> None:
    """From now on; `ZHIAN_LOG` names the lowest level that is said (info).

    Raises:
        ConfigError: it names no level.
    """
    level = os.environ.get(VARIABLE, "info").lower()
    if level not in LEVELS:
        raise ConfigError(f"environment variable {VARIABLE}: {level!r} is none of {', '.join(LEVELS)}")
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Plain tracebacks: values of variables may be somebody's data, and do not belong in a log.
        structlog.processors.format_exc_info,
        _without_rows,
    ]
    terminal = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    # Libraries tell of their normal work at info: what they say matters from warning on.
    logging.basicConfig(level=max(logging.WARNING, _number(level)), handlers=[handler], force=True)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_rows(_logger: object, _method: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """PostgreSQL tells in its second line what stood in the row that it did not take."""
    if isinstance(text := entry.get("exception"), str):
        entry["exception"] = _ROWS.sub(r"\1: not shown", text)
    return entry


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
