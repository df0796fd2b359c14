"""When a transaction has seen enough. Policies are objects behind one seam; those that open a barrier join here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .transaction import Transaction


class Policy(Protocol):
    """How a lane judges its transactions; holds no state of its own."""

    @property
    def name(self) -> str:
        """As in the configuration and in decisions."""
        ...

    def closes(self, transaction: Transaction, now_ms: int) -> bool:
        """Whether the transaction may be closed now."""
        ...


@dataclass(frozen=True)
class Observe:
    """A camera alone: opens nothing, reports who passed.

    Attributes:
        named_ms: somebody whose name is certain is reported this long after first evidence, still in view or not.
        unknown_ms: somebody who stays is reported as unknown after this time, if not known by then.
        crossed_ms: a crossing waits this long for a name.
        line_ms: a last word before a line waits this long for a crossing.
    """

    name: str = "observe"
    named_ms: int = 4000
    unknown_ms: int = 20000
    crossed_ms: int = 15000
    line_ms: int = 10000

    def closes(self, transaction: Transaction, now_ms: int) -> bool:
        """At the subject's last word, or when waiting longer would only make the report late."""
        if transaction.over_line:
            return self._closes_at_line(transaction, now_ms)
        if transaction.complete:
            return True
        wait = self.named_ms if transaction.named else self.unknown_ms
        return now_ms - transaction.opened_ms >= wait

    def _closes_at_line(self, transaction: Transaction, now_ms: int) -> bool:
        """A face is often lost some steps before its body crosses: last words without a crossing wait for one."""
        if transaction.crossed_ms is None:
            return transaction.complete and now_ms - transaction.last_ms >= self.line_ms
        return transaction.complete or transaction.named or now_ms - transaction.crossed_ms >= self.crossed_ms
