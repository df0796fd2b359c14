"""What a step says beside its note: who is sent to see, and what they photographed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: Who goes: the site's own guard, the police, or the grid's worker (网格员).
SentRole = Literal["guard", "police", "grid_worker"]


@dataclass(frozen=True)
class Sent:
    """Somebody who is sent, by name."""

    role: SentRole
    name: str


@dataclass(frozen=True)
class Extra:
    """As the transition's row and the audit hold it; `picture` is a sha256."""

    sent: Sent | None = None
    picture: str | None = None

    def columns(self) -> dict[str, str | None]:
        """Of the table of transitions."""
        role, name = (self.sent.role, self.sent.name) if self.sent else (None, None)
        return {"assignee_role": role, "assignee": name, "picture": self.picture}

    def text(self) -> str:
        """For the audit; empty when there is nothing."""
        sent = f" ({self.sent.role} {self.sent.name})" if self.sent else ""
        return sent + (f" [picture {self.picture}]" if self.picture else "")


NOTHING: Final = Extra()
