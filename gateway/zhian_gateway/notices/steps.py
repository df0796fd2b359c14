"""What becomes of a notice after each try: pure, so that a table can show that none is doubled and none forgotten.

A notice is at one of its receiver's channels. It leaves that one when the channel refuses it, or does not take it in
its time; and it leaves it only if nothing suggests that it has arrived. Where a channel did not answer, it may have.
Then it is tried there again if that channel drops what it has already had. Otherwise a critical notice goes on, and may
so arrive twice; any other ends as `unsure`, and may so not have arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from ..backoff import next_try
from ..config_notices import Notices
from .outcomes import Outcome

State = Literal["queued", "held", "sending", "sent", "failed", "expired", "unsure"]


@dataclass(frozen=True)
class Standing:
    """Where a notice is.

    Attributes:
        place, places: at which of how many channels.
        tries: at this channel, before this one.
        since: when it was tried there first; None: not yet.
        doubt: a channel did not answer, and may have delivered it.
    """

    place: int
    places: int
    tries: int
    since: datetime | None
    doubt: bool
    critical: bool

    @property
    def last(self) -> bool:
        """Whether there is no other channel after this one."""
        return self.place + 1 >= self.places


@dataclass(frozen=True)
class Step:
    """Where it is to be next, and in what state; `reason` is for a person."""

    state: State
    standing: Standing
    next_at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Pause:
    """A provider is not asked before `until`; the notice has waited for it since `since`."""

    since: datetime
    until: datetime
    reason: str


def after(standing: Standing, outcome: Outcome, settings: Notices, now: datetime, *, repeatable: bool) -> Step:
    """The next step after a try.

    Args:
        repeatable: the channel drops what it has had before.
    """
    since = standing.since or now
    doubt = standing.doubt or outcome.kind == "unsure"
    tried = replace(standing, tries=standing.tries + outcome.asked, since=since, doubt=doubt)
    if outcome.kind == "delivered":
        return Step("sent", tried, now)
    wait = next_try(now, tried.tries, settings.retry_s) if outcome.asked else now
    if outcome.after_s is not None:
        wait = max(wait, now + timedelta(seconds=outcome.after_s))
    if (
        _may_stay(standing, outcome, repeatable=repeatable)
        and tried.tries < settings.most_tries
        and not _impatient(standing, Pause(since, wait, ""), settings)
    ):
        return Step("queued", tried, wait, outcome.reason)
    return _leave(tried, outcome.reason, now)


def passed_over(standing: Standing, pause: Pause, settings: Notices, now: datetime) -> Step | None:
    """The step to the next channel while this one's provider is in trouble; None: wait for it."""
    if not _impatient(standing, pause, settings):
        return None
    step = _leave(standing, pause.reason, now)
    return step if step.state == "queued" else None


def _may_stay(standing: Standing, outcome: Outcome, *, repeatable: bool) -> bool:
    """Whether another try at the same channel makes sense, and cannot double what is not to be doubled."""
    if outcome.kind == "unsure":
        return repeatable or (standing.critical and standing.last)
    return outcome.kind == "later"


def _impatient(standing: Standing, pause: Pause, settings: Notices) -> bool:
    """Whether another channel has its turn before this one could be tried again."""
    return not standing.last and pause.until > pause.since + timedelta(seconds=settings.channel_s)


def _leave(standing: Standing, reason: str, now: datetime) -> Step:
    if standing.doubt and (standing.last or not standing.critical):
        return Step("unsure", standing, now, reason)
    if standing.last:
        return Step("failed", standing, now, reason)
    return Step("queued", replace(standing, place=standing.place + 1, tries=0, since=None), now, reason)
