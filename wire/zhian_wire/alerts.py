"""The life of an alert: its states, and the only steps between them.

            ┌──────────────── undo / raised again ────────────────┐
            ▼                                                     │
raised ──▶ acknowledged ──▶ dispatched ──▶ resolved | false_alarm ┘

A case may be closed from every open state, since a guard who sees at a glance that nothing is wrong must not
click three times; it may be opened again from every closed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from .errors import IllegalTransition

AlertState = Literal["raised", "acknowledged", "dispatched", "resolved", "false_alarm"]
Severity = Literal["critical", "major", "minor", "info"]
#: The worst one first.
SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "major", "minor", "info")

OPEN: Final[frozenset[AlertState]] = frozenset({"raised", "acknowledged", "dispatched"})
CLOSED: Final[frozenset[AlertState]] = frozenset({"resolved", "false_alarm"})

ALLOWED: Final[Mapping[AlertState, tuple[AlertState, ...]]] = MappingProxyType(
    {
        "raised": ("acknowledged", "dispatched", "resolved", "false_alarm"),
        "acknowledged": ("raised", "dispatched", "resolved", "false_alarm"),
        "dispatched": ("raised", "acknowledged", "resolved", "false_alarm"),
        "resolved": ("raised",),
        "false_alarm": ("raised",),
    }
)


class Transition(msgspec.Struct, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}):
    """One step in an alert's life. `when` is RFC 3339 in UTC; `who` a user, node or rule."""

    source: AlertState
    target: AlertState
    who: str
    when: str
    note: str = ""


def worst(severities: Iterable[Severity]) -> Severity:
    """The worst of them; there must be one."""
    return min(severities, key=SEVERITIES.index)


def advance(state: AlertState, step: Transition) -> AlertState:
    """The state after `step`.

    Raises:
        IllegalTransition: the step starts elsewhere, or is not in `ALLOWED`.
    """
    if step.source != state:
        raise IllegalTransition(f"the alert is {state}, not {step.source}")
    if step.target not in ALLOWED[state]:
        raise IllegalTransition(f"an alert that is {state} cannot become {step.target}")
    return step.target


def raise_again(state: AlertState, *, who: str, when: str, note: str = "") -> Transition | None:
    """The step that a new raise of the same key takes; None while the alert is raised already."""
    if state == "raised":
        return None
    return Transition(source=state, target="raised", who=who, when=when, note=note)
