"""Takes from the queue what may be sent now: marked as `sending` in the store before anybody is asked.

So a gateway that is killed meanwhile knows afterwards what may have been sent. What is too old, held by quiet hours, or
needed by nobody any more is said so here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select, update
from zhian_wire import times

from .. import moments, spans
from ..cases.escalating import cases_of, still_waits
from ..config_types import Config
from ..people.guardians import addresses
from ..store import stream
from ..store.tables import guardians, notices
from .agreeing import may_tell
from .exchange import LONGEST_WAIT_S
from .happenings import ESCALATION
from .lines import Lines
from .messages import Message
from .naming import line_of, scheme
from .rows import ACKNOWLEDGED, ERASED, NO_CONSENT, standing, stepped
from .steps import Pause, passed_over
from .texts import Library

#: What is looked at in one turn beside what is sent.
MOST_AT_ONCE: Final = 200
#: No provider is waited for longer, and no quiet hours are; a little more, so that nothing is asked too early.
LONGEST_WAIT: Final = timedelta(seconds=LONGEST_WAIT_S + 60)
LONGEST_QUIET: Final = timedelta(hours=25)


@dataclass(frozen=True)
class Claim:
    """One notice on its way."""

    row: Row[Any]
    line: str
    address: str
    message: Message


class Claimer:
    """One thread uses it."""

    def __init__(self, config: Config, lines: Lines, texts: Library) -> None:
        self._config = config
        self._settings = config.notices
        self._zone = ZoneInfo(config.site.timezone)
        self._lines = lines
        self._texts = texts

    def waiting(self, link: Connection, now: datetime) -> list[str]:
        """Behind whom something is due, what is critical first."""
        first = func.max(case((notices.c.critical, 1), else_=0))
        due = select(notices.c.line).where(_due(now)).group_by(notices.c.line)
        return list(link.execute(due.order_by(first.desc(), func.min(notices.c.id))).scalars())

    def claim(self, link: Connection, line: str, now: datetime) -> Iterator[Claim]:
        """What is to be sent to that provider now, at most as much as it takes.

        Its places in the line are the caller's to take, once the store has kept it; a failed transaction takes none.
        """
        pause = self._lines.paused(line, now)
        free = self._lines.free(line, now)
        for row in self._rows(link, line, now):
            if self._is_over(link, row, now) or self._is_held(link, row, now):
                continue
            if pause is not None:
                self._pass_over(link, row, pause, now)
            elif free > 0 and not self._is_forbidden(link, row, now):
                free -= 1
                yield self._take(link, row, line, now)

    def put_right(self, link: Connection, now: datetime, *, queued: timedelta, held: timedelta) -> None:
        """What waits for a moment further off than that is looked at now: a clock that was ahead had set it."""
        for state, most in (("queued", queued), ("held", held)):
            theirs = and_(notices.c.state == state, notices.c.next_at > moments.text(now + most))
            link.execute(update(notices).where(theirs).values(next_at=moments.text(now)))

    def impatient(self, link: Connection, line: str, now: datetime) -> list[Row[Any]]:
        """What should not wait any more for a line that is full: it is too old, or has another channel."""
        waited = func.coalesce(notices.c.since, notices.c.created_at)
        begun = moments.text(now - timedelta(seconds=self._settings.channel_s))
        elsewhere = and_(notices.c.place + 1 < notices.c.places, waited < begun)
        done = or_(notices.c.expires_at <= moments.text(now), elsewhere)
        query = _with_addresses().where(_due(now), notices.c.line == line, done)
        return list(link.execute(query.order_by(notices.c.id).limit(MOST_AT_ONCE)))

    def see_to(self, link: Connection, line: str, now: datetime) -> None:
        """Do with it what is to be done without its provider."""
        for row in self.impatient(link, line, now):
            if not self._is_over(link, row, now) and not self._is_held(link, row, now):
                self._pass_over(link, row, (now, "the provider takes its time for others' notices"), now)

    def begun(self, link: Connection, now: datetime) -> list[Claim]:
        """What is marked as being sent; only after a start, when nobody sends it any more."""
        rows = link.execute(_with_addresses().where(notices.c.state == "sending").order_by(notices.c.id))
        return [Claim(row, row.line, self.address(row, row.place), self._message(row, now)) for row in rows]

    def _rows(self, link: Connection, line: str, now: datetime) -> list[Row[Any]]:
        query = _with_addresses().where(_due(now), notices.c.line == line)
        # What was not tried yet goes before what failed: else the same ones would try a line in trouble each time.
        order = (notices.c.critical.desc(), notices.c.tries, notices.c.id)
        return list(link.execute(query.order_by(*order).limit(MOST_AT_ONCE)))

    def _is_over(self, link: Connection, row: Row[Any], now: datetime) -> bool:
        if row.expires_at <= moments.text(now):
            said = f"too old to be of use{': ' + row.error if row.error else ''}"
        elif row.happening == ESCALATION and not still_waits(link, row.id):
            said = ACKNOWLEDGED
        elif not row.title:
            said = ERASED
        else:
            return False
        self._end(link, row, said, now)
        return True

    def _is_forbidden(self, link: Connection, row: Row[Any], now: datetime) -> bool:
        # It may have waited for hours, behind quiet hours or an outage: what counts is what the guardians say today.
        if row.ward is None or may_tell(link, row.ward, self._settings, moments.text(now)):
            return False
        self._end(link, row, NO_CONSENT, now)
        return True

    def _end(self, link: Connection, row: Row[Any], said: str, now: datetime) -> None:
        # Whoever did not answer may have delivered it before.
        self._write(link, row, {"state": "unsure" if row.doubt else "expired", "error": said}, now)

    def _is_held(self, link: Connection, row: Row[Any], now: datetime) -> bool:
        if row.critical:
            return False
        until = spans.quiet_until(json.loads(row.quiet), now.astimezone(self._zone))
        if until is None:
            return False
        # No later than it expires, so that it is then said to be undeliverable.
        due = min(moments.text(until), row.expires_at)
        self._write(link, row, {"state": "held", "next_at": due, "error": f"quiet hours until {until:%H:%M}"}, now)
        return True

    def _pass_over(self, link: Connection, row: Row[Any], pause: tuple[datetime, str], now: datetime) -> None:
        since = times.from_text(row.since or row.created_at)
        step = passed_over(standing(row), Pause(since, *pause), self._settings, now)
        if step is None:
            link.execute(update(notices).where(notices.c.id == row.id).values(next_at=moments.text(pause[0])))
            return
        self._write(link, row, stepped(step) | self.at_place(row, step.standing.place), now)

    def _take(self, link: Connection, row: Row[Any], line: str, now: datetime) -> Claim:
        self._write(link, row, {"state": "sending"}, now)
        address = self.address(row, row.place)
        return Claim(row, line, address, self._message(row, now))

    def address(self, row: Row[Any], place: int) -> str:
        """A guardian's stands in the store, a contact's in the configuration; "" when it is gone."""
        if row.contact is not None:
            contact = self._config.response.contact(row.contact)
            found = (contact.address, *contact.further) if contact else ()
        else:
            found = addresses(row) if row.address is not None else ()
        return found[place] if place < len(found) else ""

    def at_place(self, row: Row[Any], place: int) -> dict[str, str]:
        """What a row says of the channel that it is at."""
        address = self.address(row, place)
        return {"channel": scheme(address), "line": line_of(address, self._settings)}

    def _message(self, row: Row[Any], now: datetime) -> Message:
        happened = times.from_text(row.happened_at)
        late = (now - happened).total_seconds() > self._settings.late_s
        return Message(
            key=row.key or f"notice/{row.id}",
            title=row.title,
            body=self._late(row.language, happened) + row.body if late else row.body,
            happening=row.happening,
            language=row.language,
            at=happened,
            expires_at=times.from_text(row.expires_at),
            words=json.loads(row.words),
            late=late,
            critical=row.critical,
        )

    def _late(self, language: str, happened: datetime) -> str:
        local = happened.astimezone(self._zone)
        return self._texts[language].late.format(date=f"{local:%Y-%m-%d}", time=f"{local:%H:%M}")

    def _write(self, link: Connection, row: Row[Any], values: dict[str, Any], now: datetime) -> None:
        link.execute(update(notices).where(notices.c.id == row.id).values(values))
        told(link, row, now)


def told(link: Connection, row: Row[Any], now: datetime) -> None:
    """Pages show it: with the cases that it tells of, or among the notices."""
    at = moments.text(now)
    if row.happening != ESCALATION:
        stream.push(link, "notice", str(row.id), at)
        return
    for each in cases_of(link, row.id):
        stream.push(link, "alert", str(each), at)


def _with_addresses() -> Select[Any]:
    theirs = (guardians.c.front, guardians.c.address, guardians.c.further, guardians.c.person_id.label("ward"))
    query = select(notices, *theirs)
    return query.join(guardians, guardians.c.id == notices.c.guardian_id, isouter=True)


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(notices.c.state.in_(("queued", "held")), notices.c.next_at <= moments.text(now))
