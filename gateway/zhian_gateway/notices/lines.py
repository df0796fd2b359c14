"""Behind whom a notice waits: so many at once to one provider, so many a minute, and a pause while it is in trouble.

Pure: who calls says what time it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from .outcomes import Outcome

#: A provider in trouble is asked again after this long at the latest, unless it said itself when.
LONGEST_PAUSE_S: Final = 60.0


class Limit(NamedTuple):
    """What one provider is burdened with."""

    at_once: int
    per_minute: int


@dataclass
class _Line:
    limit: Limit
    allowance: float
    counted_at: datetime
    busy: int = 0
    failures: int = 0
    until: datetime | None = None
    reason: str = ""
    since: datetime | None = None
    told: bool = False

    def set_back(self, by: timedelta) -> None:
        """The clock was put right, `by` back: a pause lasts as long as it was meant to, and not until that hour."""
        self.until = self.until + by if self.until is not None else None
        self.since = self.since + by if self.since is not None else None


class Lines:
    """One line per provider.

    Args:
        limit_of: the limits of a line, by its name.
        first_pause_s: after the first trouble; it doubles.
    """

    def __init__(self, limit_of: Callable[[str], Limit], first_pause_s: float) -> None:
        self._limit_of = limit_of
        self._first_pause_s = first_pause_s
        self._lines: dict[str, _Line] = {}

    @property
    def busy(self) -> int:
        """How many are on their way in all."""
        return sum(line.busy for line in self._lines.values())

    def free(self, name: str, now: datetime) -> int:
        """How many more may be sent there now; one alone, to see, after trouble."""
        line = self._line(name, now)
        if line.until is not None and now < line.until:
            return 0
        most = 1 if line.failures else line.limit.at_once
        return max(0, min(most - line.busy, int(line.allowance)))

    def paused(self, name: str, now: datetime) -> tuple[datetime, str] | None:
        """Until when nobody is sent there, and why."""
        line = self._line(name, now)
        return (line.until, line.reason) if line.until is not None and now < line.until else None

    def reason(self, name: str, now: datetime) -> str:
        """What its last trouble was."""
        return self._line(name, now).reason

    def long_in_trouble(self, name: str, longer_s: float, now: datetime) -> str | None:
        """Why a provider has taken nothing for longer than that, until `tell` says that somebody knows."""
        line = self._line(name, now)
        over = line.since is not None and (now - line.since).total_seconds() > longer_s
        return line.reason if over and not line.told else None

    def tell(self, name: str, now: datetime) -> None:
        """Somebody knows of this trouble."""
        self._line(name, now).told = True

    def moves(self, name: str, now: datetime) -> bool:
        """Whether anything can be done for those behind it: one may be sent, or may go elsewhere meanwhile."""
        return self.free(name, now) > 0 or self.paused(name, now) is not None

    def take(self, name: str, now: datetime) -> None:
        """One is on its way."""
        line = self._line(name, now)
        line.busy += 1
        line.allowance -= 1

    def give_back(self, name: str, outcome: Outcome, now: datetime) -> None:
        """It is back, and this is what became of it."""
        line = self._line(name, now)
        line.busy -= 1
        if not outcome.asked:
            # Nothing was learned of it, and nothing was taken from it.
            line.allowance += 1
            return
        if not outcome.whole or outcome.kind == "refused":
            line.failures, line.until, line.since, line.told = 0, None, None, False
            return
        line.failures += 1
        line.since = line.since or now
        pause = min(self._first_pause_s * 2 ** min(line.failures - 1, 20), LONGEST_PAUSE_S)
        line.until = now + timedelta(seconds=max(pause, outcome.after_s or 0.0))
        line.reason = outcome.reason

    def _line(self, name: str, now: datetime) -> _Line:
        line = self._lines.get(name)
        if line is None:
            limit = self._limit_of(name)
            line = self._lines[name] = _Line(limit, limit.per_minute, now)
        passed = (now - line.counted_at).total_seconds()
        if passed < 0:
            line.set_back(now - line.counted_at)
        line.allowance = min(line.limit.per_minute, line.allowance + max(0.0, passed) * line.limit.per_minute / 60)
        line.counted_at = now
        return line
