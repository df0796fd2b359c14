"""Consents in the store: what holds for whom, what is recorded, and who has refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, or_, select, update
from zhian_wire import times

from .. import moments
from ..errors import BadInput, NoGround
from ..store import audit
from ..store.tables import consent_texts, consents
from .consent import LISTING, NO_TEXT, PURPOSES, RECOGNITION, UNSAID, Ground, Standing, Text, standing

CHUNK: Final = 500
#: As long as a phone sends back.
WORDS_MOST: Final = 20_000
#: A ground for either keeps somebody on the list.
KEEPING: Final = (LISTING, RECOGNITION)


def texts(link: Connection) -> dict[str, Text]:
    """The present text of each purpose that has one."""
    query = select(consent_texts).order_by(consent_texts.c.since)
    return {row.purpose: Text(row.version, row.ask_until) for row in link.execute(query)}


def standings(link: Connection, now: str, who: Collection[str] | None = None) -> Mapping[str, dict[str, Standing]]:
    """By person (None: everybody's) and purpose."""
    rows: dict[str, list[Row[Any]]] = defaultdict(list)
    for query in _of(select(consents).order_by(consents.c.id), who):
        for row in link.execute(query):
            rows[row.person_id].append(row)
    current = texts(link)
    nothing: dict[str, Standing] = dict.fromkeys(PURPOSES, UNSAID)
    found: dict[str, dict[str, Standing]] = defaultdict(lambda: nothing)
    found |= {person: standing(theirs, current, now) for person, theirs in rows.items()}
    return found


def _of(query: Select[Any], who: Collection[str] | None) -> list[Select[Any]]:
    """The same of these people, so many at a time as fit into one `IN`; None: of everybody."""
    if who is None:
        return [query]
    ids = sorted(who)
    return [query.where(consents.c.person_id.in_(ids[start : start + CHUNK])) for start in range(0, len(ids), CHUNK)]


def listed_until(link: Connection, who: Collection[str] | None = None) -> dict[str, str]:
    """Until when each person (None: everybody) may be kept on the list, by the ground that lasts longest."""
    query = (
        select(consents.c.person_id, func.max(consents.c.until))
        .where(consents.c.purpose.in_(KEEPING), consents.c.withdrawn_at.is_(None))
        .group_by(consents.c.person_id)
    )
    return {person_id: until for some in _of(query, who) for person_id, until in link.execute(some).all()}


def face_until(link: Connection, now: str, who: Collection[str] | None = None) -> dict[str, str]:
    """Until when the faces of those may be compared whose faces may be."""
    found = standings(link, now, who)
    return {person: each[RECOGNITION].until for person, each in found.items() if each[RECOGNITION].holds}


def check_face(link: Connection, person_id: str, now: str) -> None:
    """Raises NoGround where no consent or ground stands behind comparing somebody's face."""
    if person_id not in face_until(link, now, [person_id]):
        raise NoGround(f"{person_id}: no consent to face recognition holds, so there is no template")


def allows(link: Connection, person_id: str, purpose: str, now: str) -> bool | None:
    """Whether somebody agreed to a purpose; None: nobody was ever asked."""
    found = standings(link, now, [person_id])[person_id][purpose]
    return None if found.state == "unsaid" else found.holds


def refused(link: Connection, purpose: str, now: str) -> Select[Any]:
    """The ids of those who refused a purpose, took it back, or whose consent to it ended; for an `IN`."""
    latest = select(func.max(consents.c.id)).where(consents.c.purpose == purpose).group_by(consents.c.person_id)
    over = or_(consents.c.withdrawn_at.is_not(None), consents.c.until <= now, _outdated(link, purpose, now))
    return select(consents.c.person_id).where(consents.c.id.in_(latest), over)


def _outdated(link: Connection, purpose: str, now: str) -> ColumnElement[bool]:
    text = texts(link).get(purpose)
    if text is None or text.ask_until > now:
        return false()
    return and_(consents.c.text_version != NO_TEXT, consents.c.text_version != text.version)


def record(link: Connection, site: str, person_id: str, basis: Ground, now: str) -> None:
    """The ground that holds from now on; the one before for the same purpose does not, even if it was longer."""
    end(link, person_id, basis.purpose, now)
    values = {"site": site, "person_id": person_id, "purpose": basis.purpose, "ground": basis.text}
    values |= {"text_version": basis.text_version, "granted_by": basis.granted_by, "granted_at": now}
    values |= {"until": basis.until, "given_by": basis.given_by, "given_on": basis.given_on, "words": basis.words}
    link.execute(consents.insert().values(values))


def refuse(
    link: Connection, site: str, person_id: str, purpose: str, *, who: str, now: str, given_by: str = ""
) -> None:
    """Somebody says no: what was recorded holds no more, and where nothing was, that is recorded."""
    if end(link, person_id, purpose, now) == 0:
        said = Ground(text="refused", until=now, granted_by=who, purpose=purpose, given_by=given_by)
        record(link, site, person_id, said, now)
        end(link, person_id, purpose, now)


def end(link: Connection, person_id: str, purpose: str, now: str) -> int:
    """Whatever was recorded for the purpose holds no more; how many held."""
    theirs = and_(consents.c.person_id == person_id, consents.c.purpose == purpose, consents.c.withdrawn_at.is_(None))
    return link.execute(update(consents).where(theirs).values(withdrawn_at=now)).rowcount


class NewText(NamedTuple):
    """A text to agree to. `zh`, `en`: its words in both languages; both "": it is handed out on paper alone."""

    purpose: str
    version: str
    zh: str = ""
    en: str = ""


def declare_text(
    link: Connection, text: NewText, *, ask_days: int, site: str, who: str, now: datetime, zone: ZoneInfo
) -> str:
    """From now on this is the text of a purpose; until when consents to an older one hold.

    Raises:
        BadInput: the version is empty or was one before, the days are none, or it is in one language alone.
    """
    purpose, version = text.purpose, text.version
    if bool(text.zh) != bool(text.en) or max(len(text.zh), len(text.en)) > WORDS_MOST:
        raise BadInput(f"a text is given in both languages, each of at most {WORDS_MOST} characters, or in neither")
    if not version.strip() or len(version) > 64 or not 0 <= ask_days <= 366:
        raise BadInput("a text has a version of at most 64 characters, and 0 to 366 days to ask again")
    known = and_(consent_texts.c.purpose == purpose, consent_texts.c.version == version)
    if link.execute(select(consent_texts.c.version).where(known)).first() is not None:
        raise BadInput(f"{purpose} had a text {version!r} before; another text is another version")
    day = now.astimezone(zone).date() + timedelta(days=ask_days)
    ask_until = moments.text(datetime.combine(day, time(), zone)) if ask_days else moments.text(now)
    values = {"purpose": purpose, "version": version, "since": moments.text(now), "ask_until": ask_until}
    values |= {"who": who, "zh": text.zh, "en": text.en}
    link.execute(consent_texts.insert().values(values))
    detail = f"{purpose} {version}: older consents hold until {ask_until}"
    audit.record(link, site=site, at=moments.text(now), who=who, action="consent.text", subject=purpose, detail=detail)
    return ask_until


def taken_back(link: Connection, person_id: str, purpose: str, zone: ZoneInfo) -> str:
    """The local day on which somebody's last word on a purpose was no; "": it was not."""
    query = select(consents.c.withdrawn_at).where(consents.c.person_id == person_id, consents.c.purpose == purpose)
    at = link.execute(query.order_by(consents.c.id.desc()).limit(1)).scalar()
    return moments.local_day(times.from_text(at), zone) if at else ""
