"""Progress of a pull as bars on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TransferSpeedColumn
from rich.progress import Progress as Bars


class ProgressBars:
    """One bar a step; a step is finished when the next begins. Use it as a context."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=console
        )
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressBars:
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
