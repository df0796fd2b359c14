"""Progress of a pull: bars on a terminal, one plain line a step in a log or a pipe."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TransferSpeedColumn
from rich.progress import Progress as Bars

from .fetching.progress import Progress


class Shown(Progress, Protocol):
    """Progress that is shown while its context is open."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


def progress_on(console: Console) -> Shown:
    """What suits `console`."""
    return ProgressBars(console) if console.is_terminal else ProgressLines(console)


class ProgressLines:
    """One line when a step begins. Use it as a context."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to take back."""

    def begin(self, text: str, total: int | None) -> None:
        """See Progress."""
        size = f", {total / 1e6:.1f} MB" if total else ""
        self._console.print(f"{text}{size}", markup=False, highlight=False, soft_wrap=True)

    def advance(self, count: int) -> None:
        """See Progress."""


class ProgressBars:
    """One bar a step; a step is finished when the next begins. Use it as a context."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=console
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()
        self._bars.stop()

    def begin(self, text: str, total: int | None) -> None:
        """See Progress."""
        self._finish()
        self._task = self._bars.add_task(text, total=total)

    def advance(self, count: int) -> None:
        """See Progress."""
        if self._task is not None:
            self._bars.advance(self._task, count)

    def _finish(self) -> None:
        if self._task is not None:
            total = self._bars.tasks[self._task].total or self._bars.tasks[self._task].completed
            self._bars.update(self._task, total=total, completed=total)
