"""The JSON of cases, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from zhian_wire.alerts import AlertState, Severity

from .shapes import Evidence, Person, Shape


class Assignee(Shape):
    """Who is sent, by name: a guard, a police officer, a worker of the grid."""

    role: Literal["guard", "police", "grid_worker"]
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class Escalation(Shape):
    """Who was told that nobody acknowledges. `held`: not woken yet; else how far the notice is."""

    step: int
    to: str
    state: Literal["held", "queued", "sent", "failed", "expired", "told"]
    at: str


class Transition(Shape):
    """One step of an alert's life. `picture` is the address of what was photographed there."""

    source: AlertState = Field(alias="from")
    target: AlertState = Field(alias="to")
    who: str
    when: str
    note: str
    assignee: Assignee | None = None
    picture: str | None = None


class Verdict(Shape):
    """What an officer found a case to be. `count`: how often it had been raised by then; later ones nobody judged."""

    finding: Literal["confirmed", "rejected"]
    who: str
    at: str
    reason: str
    count: int


class Alert(Shape):
    """A case. `allowed` are the states it may go to now; `last_at`: when the latest of its `count` repeats happened.

    `waiting_since`: since when, by the gateway's clock, nobody acknowledges; null when it does not wait.
    """

    id: str
    key: str
    kind: str
    severity: Severity
    state: AlertState
    raised_at: str
    updated_at: str
    count: int
    node: str
    camera: str | None
    lane: str | None
    person: Person | None
    candidate: bool
    plate: str | None
    plate_colour: str | None
    detail: str
    evidence: list[Evidence]
    passage_id: str | None
    transitions: list[Transition]
    allowed: list[AlertState]
    last_at: str
    waiting_since: str | None
    escalations: list[Escalation]
    verdict: Verdict | None = None


class Alerts(Shape):
    """A page of alerts, newest first."""

    items: list[Alert]
    next: str | None


class Judge(Shape):
    """What an officer finds a case to be; `expected_state` is what they saw."""

    finding: Literal["confirmed", "rejected"]
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
    expected_state: AlertState


class AlertRepeat(Shape):
    """One of the times that a case was raised, with what it rested on."""

    at: str
    person: Person | None
    plate: str | None
    plate_colour: str | None
    detail: str
    evidence: list[Evidence]
    passage_id: str | None


class AlertRepeats(Shape):
    """The latest of them, the last first; older ones are in the case's `count` alone."""

    items: list[AlertRepeat]


class Move(Shape):
    """A step that a person asks for, who saw the case in `expected_state`.

    `assignee`: who is sent, with `dispatched` alone; `picture`: sha256 of one that was brought for this case before.
    """

    to: AlertState
    note: Annotated[str, Field(max_length=2000)] = ""
    expected_state: AlertState
    assignee: Assignee | None = None
    picture: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
