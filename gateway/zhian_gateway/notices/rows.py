"""How a notice stands in the store: its row, and what each step writes there."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row
from zhian_wire import times

from .. import moments
from ..config_notices import Notices, Route
from ..store.tables import notices
from .happenings import Happening, Receiver
from .naming import line_of, scheme
from .outcomes import Outcome
from .steps import Standing, Step

#: A notice in one of these states is not at its end.
WAITING: Final = ("queued", "held", "sending")
#: So many tries are kept with a notice.
HISTORY_MOST: Final = 20
ERROR_MOST: Final = 300
#: Why a notice was not sent that nobody needs any more: these are no losses.
TAKEN_BACK: Final = "taken back before it was sent"
ACKNOWLEDGED: Final = "acknowledged before it was sent"
NO_CONSENT: Final = "the consent to notices ended before it was sent"
ERASED: Final = "whom it names was erased before it was sent"
NOT_NEEDED: Final = (TAKEN_BACK, ACKNOWLEDGED, NO_CONSENT, ERASED)
#: What is left of a notice when nobody may know any more whom it named.
BLANK: Final[dict[str, str]] = {"to": "", "title": "", "body": "", "error": "", "words": "{}", "history": "[]"}


def key_of(happening: Happening, receiver: Receiver) -> str:
    """The same for one happening and one receiver, however often it is told of."""
    return f"{happening.key}/{receiver.id}"


def new(
    happening: Happening, receiver: Receiver, words: dict[str, str], *, route: Route, settings: Notices, now: str
) -> dict[str, Any]:
    """The row of a notice that waits to be sent; what it says comes from elsewhere."""
    known = max(happening.at, happening.found_at or happening.at)
    expires = known + timedelta(seconds=route.expire_s or settings.expire_s)
    return {
        "key": key_of(happening, receiver),
        "happening": happening.kind,
        "passage_id": happening.passage_id,
        "alert_id": happening.alert_id,
        "guardian_id": receiver.guardian_id,
        "contact": receiver.contact,
        "person": happening.person,
        "to": receiver.name,
        "channel": scheme(receiver.addresses[0]),
        "words": json.dumps(words, ensure_ascii=False),
        "language": receiver.language,
        "state": "queued",
        "tries": 0,
        "place": 0,
        "places": len(receiver.addresses),
        "line": line_of(receiver.addresses[0], settings),
        "critical": route.critical,
        "quiet": json.dumps(receiver.quiet),
        "happened_at": moments.text(happening.at),
        "created_at": now,
        "next_at": now,
        "expires_at": moments.text(expires),
        "error": "",
    }


def standing(row: Row[Any]) -> Standing:
    """Where a notice is."""
    since = times.from_text(row.since) if row.since else None
    return Standing(row.place, row.places, row.tries, since, row.doubt, row.critical)


def stepped(step: Step) -> dict[str, Any]:
    """What a step writes."""
    return {
        "state": step.state,
        "place": step.standing.place,
        "tries": step.standing.tries,
        "since": moments.text(step.standing.since) if step.standing.since else None,
        "doubt": step.standing.doubt,
        "next_at": moments.text(step.next_at),
        "error": step.reason[:ERROR_MOST],
    }


def remembered(history: str, at: datetime, channel: str, outcome: Outcome) -> str:
    """The history with one more try."""
    tries = json.loads(history)
    tries.append({"at": moments.text(at), "channel": channel, "outcome": outcome.kind, "reason": outcome.reason[:200]})
    return json.dumps(tries[-HISTORY_MOST:], ensure_ascii=False)


def settled(values: dict[str, Any], claimed: Row[Any], present: Row[Any]) -> dict[str, Any]:
    """What a try writes over its notice, which may have changed while it was on its way.

    Args:
        claimed: the notice before the try; present: as it is now.
    """
    erased, taken_back = claimed.title and not present.title, present.expires_at < claimed.expires_at
    if not erased and not taken_back:
        return values
    if values["state"] != "sent":
        said = ERASED if erased else TAKEN_BACK
        values = values | {"state": "unsure" if values["doubt"] else "expired", "error": said}
    return {name: value for name, value in values.items() if not erased or name not in ("body", "history")}


def needed() -> ColumnElement[bool]:
    """Notices that somebody was to have; of what was blanked, nobody knows."""
    return notices.c.error.not_in(NOT_NEEDED) & (notices.c.title != "")
