"""Imports of tables that are under way or over, in memory: who lost the answer on its way asks for it again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from ..errors import GatewayError, ImportUnderWay

#: Of so many people the latest one is kept.
MOST: Final = 8
T = TypeVar("T")


@dataclass(frozen=True)
class Standing(Generic[T]):
    """How far an import is.

    Attributes:
        press: its name, given by whoever began it.
        rows: that are done.
        found: what came of it; None: not over, or it failed.
        code: of what it failed by; "": of nothing.
    """

    press: str
    state: Literal["running", "done", "failed"] = "running"
    rows: int = 0
    found: T | None = None
    code: str = ""


class Imports(Generic[T]):
    """The latest import of each person; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by: dict[str, Standing[T]] = {}

    def of(self, user: str) -> Standing[T] | None:
        """How far theirs is; None: there was none since the gateway's start."""
        with self._lock:
            return self._by.get(user)

    def carry_out(self, user: str, press: str, work: Callable[[Callable[[int], None]], T]) -> T:
        """What `work` gives, which says how many rows are done.

        Raises:
            ImportUnderWay: another import of theirs is under way.
        """
        self._begin(user, press)
        rows = 0

        def done(count: int) -> None:
            nonlocal rows
            rows = count
            self._keep(user, Standing(press, rows=count))

        try:
            found = work(done)
        except BaseException as error:  # whatever it was, it is not under way any more
            code = error.code if isinstance(error, GatewayError) else GatewayError.code
            self._keep(user, Standing(press, "failed", rows, code=code))
            raise
        self._keep(user, Standing(press, "done", rows, found))
        return found

    def _begin(self, user: str, press: str) -> None:
        with self._lock:
            before = self._by.get(user)
            if before is not None and before.state == "running":
                raise ImportUnderWay(f"an import is under way: {before.rows} rows are done")
            self._by.pop(user, None)
            over = [name for name, each in self._by.items() if each.state != "running"]
            for name in over[: max(0, len(self._by) - MOST + 1)]:
                del self._by[name]
            self._by[user] = Standing(press)

    def _keep(self, user: str, standing: Standing[T]) -> None:
        with self._lock:
            self._by[user] = standing
