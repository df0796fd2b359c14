"""The running gateway follows its authority: what another process has brought in or retired, everybody here trusts."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from .office import Authority

log = structlog.get_logger(__name__)


class Following:
    """Looks whether there are other roots; one thread's."""

    def __init__(self, authority: Authority, changed: Callable[[], None]) -> None:
        """`changed` is called when there are; until it has succeeded it is called again."""
        self._authority = authority
        self._changed = changed
        self._owed = False

    def step(self) -> int:
        """Look; 0, since there is nothing to be done at once afterwards.

        Raises:
            AuthorityError: as `Authority.refresh`.
        """
        self._owed = self._authority.refresh() or self._owed
        if self._owed:
            self._changed()
            self._owed = False
            log.info("authority.changed", leaving=self._authority.leaving is not None)
        return 0
