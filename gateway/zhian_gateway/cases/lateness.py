"""Whom to tell of cases that nobody acknowledges: pure, so that a table can prove who is woken and who is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from zhian_wire.alerts import Severity

from .. import spans
from ..config_types import Contact, Response

Done = Literal["told", "held"]


@dataclass(frozen=True)
class Waiting:
    """A case that waits to be acknowledged.

    Attributes:
        since: when it was raised, or raised again, by the gateway's clock.
        round: which time that was, so that a new raise begins the steps anew.
        done: what was recorded in this round, by number of the step and contact.
    """

    alert_id: int
    severity: Severity
    since: datetime
    round: int
    done: Mapping[tuple[int, str], Done] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """Somebody to be told of a case, or to be held back until their quiet hours end."""

    waiting: Waiting
    step: int
    contact: Contact
    state: Done


def due(waiting: Waiting, response: Response, now: datetime, zone: tzinfo) -> Iterator[Call]:
    """What is to be done now; steps are counted from 1, and nobody is told twice by one step of a round."""
    target = response.target(waiting.severity).acknowledge_s
    if target == 0:
        return
    for number, step in enumerate(response.steps, 1):
        late = now >= waiting.since + timedelta(seconds=target + step.after_s)
        if not late or waiting.severity not in step.severities:
            continue
        for contact in response.told(step):
            done = waiting.done.get((number, contact.name))
            state: Done = "held" if is_quiet(contact, waiting.severity, now.astimezone(zone)) else "told"
            if done not in ("told", state):
                yield Call(waiting, number, contact, state)


def is_quiet(contact: Contact, severity: Severity, local: datetime) -> bool:
    """Whether somebody is not to be woken at this moment of the site's wall; a critical case always wakes."""
    if severity == "critical":
        return False
    return any(severity in quiet.severities and spans.covers(quiet.hours, local) for quiet in contact.quiet)
