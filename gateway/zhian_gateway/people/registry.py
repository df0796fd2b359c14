"""The people of a site: enrolled on a ground, withdrawn without a trace of their face."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, or_, select, true, update

from ..errors import NotFound
from ..notices import forgetting
from ..retention.holds import crops, held_pictures
from ..retention.passing import forget_pictures
from ..store import audit, counters, portraits
from ..store.tables import (
    attendance_corrections,
    attendance_signals,
    collectors,
    consents,
    departed,
    enrolment_pictures,
    leave_slips,
    muster_people,
    notices,
    passages,
    people,
    templates,
)
from . import consents as consents_of
from . import deletions, details, elsewhere, guardians, mentions, whereabouts
from .consent import LISTING, NO_TEXT, RECOGNITION, Ground
from .enrolment import Enrolled
from .files import PersonFile
from .sharing import listed, others_crops
from .validity import validity

#: How somebody is held of whom nobody said anything.
UNSAID: Final[dict[str, Any]] = {
    "group": "default",
    "schedule": "",
    "face": True,
    "begins": None,
    "ends": None,
    "by_hand": False,
}


#: On what ground somebody stays listed who took the consent to their face back, until it would have ended.
REMAINS: Final = "listed without face recognition"


@dataclass(frozen=True)
class Said:
    """What was said of purposes beside the ground of an enrolment."""

    given: tuple[Ground, ...] = ()
    refused: tuple[str, ...] = ()


NOTHING_SAID: Final = Said()


class Registry:
    """Writes what is known of people; every change takes a new roster version and is audited."""

    def __init__(self, site: str, zone: ZoneInfo) -> None:
        self._site = site
        self._zone = zone

    @property
    def site(self) -> str:
        """Whose people they are."""
        return self._site

    @property
    def zone(self) -> ZoneInfo:
        """By which days are reckoned."""
        return self._zone

    def enrol(
        self,
        link: Connection,
        person_id: str,
        about: PersonFile,
        basis: Ground,
        found: Enrolled | None,
        *,
        who: str,
        now: str,
        said: Said = NOTHING_SAID,
    ) -> list[str]:
        """Take somebody up, or anew: what `about` says replaces what was known, but for cards that hold no more.

        Args:
            found: what their pictures gave; None: nobody looked at any, and what is known of their face stays.
            basis: on what ground; templates need one for recognition, here or in `said`.
            said: what was said of other purposes.

        Returns:
            the sha256 of former pictures that nobody has any more: their files are to be deleted.

        Raises:
            PeopleError: somebody else has one of the cards.
            NoGround: there are templates, and no consent or ground for them.
            BadInput: days that are none.
        """
        before = self._pictures(link, person_id)
        self._write_person(link, person_id, about, now=now)
        for change in details.write(link, person_id, about, self._zone, now=now):
            self._audit(link, change.action, person_id, change.detail, who=who, now=now)
        for each in (basis, *said.given):
            consents_of.record(link, self._site, person_id, each, now)
        for purpose in said.refused:
            consents_of.refuse(link, self._site, person_id, purpose, who=who, now=now)
        if found is not None:
            self._write_face(link, person_id, found, now)
        count = "its face as before" if found is None else f"{len(found.templates)} templates"
        self._audit(
            link, "people.enrol", person_id, f"{count} on ground: {basis.text}; until {basis.until}", who=who, now=now
        )
        return self.unused(link, before)

    def _write_face(self, link: Connection, person_id: str, found: Enrolled, now: str) -> None:
        """Replace what is known of somebody's face; where nothing is any more, nodes are to confirm it."""
        had = link.execute(delete(templates).where(templates.c.person_id == person_id)).rowcount
        gone = enrolment_pictures.c.person_id == person_id
        link.execute(delete(enrolment_pictures).where(gone))
        portrait = hashlib.sha256(found.portrait).hexdigest() if found.portrait else None
        shown = update(people).where(people.c.id == person_id).values(portrait=portrait)
        row = link.execute(shown.returning(people.c.opaque, people.c.version)).one()
        self._write_pictures(link, person_id, found)
        self._write_templates(link, person_id, found, now)
        if had and not found.templates:
            about = {"person_id": person_id, "opaque": row.opaque, "version": row.version}
            deletions.ask(link, site=self._site, now=now, **about)

    def replace_face(self, link: Connection, person_id: str, found: Enrolled, *, who: str, now: str) -> list[str]:
        """Know somebody's face by other photographs; everything else stays as it is.

        Returns:
            the sha256 of former pictures that nobody has any more: their files are to be deleted.

        Raises:
            NotFound: nobody of that id.
            NoGround: no consent to face recognition holds.
        """
        before = self._pictures(link, person_id)
        query = update(people).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
        if link.execute(query.values(version=counters.take(link, "roster"))).rowcount == 0:
            raise NotFound(f"there is nobody enrolled as {person_id!r}")
        self._write_face(link, person_id, found, now)
        self._audit(link, "people.photograph", person_id, f"{len(found.templates)} templates", who=who, now=now)
        return self.unused(link, before)

    def renew(self, link: Connection, person_id: str, found: Enrolled, *, who: str, now: str) -> None:
        """Replace somebody's templates by those of another network; everything else stays as it is.

        Raises:
            NotFound: they have withdrawn meanwhile.
            NoGround: no consent to face recognition holds any more.
        """
        query = update(people).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
        if link.execute(query.values(version=counters.take(link, "roster"))).rowcount == 0:
            raise NotFound(f"there is nobody enrolled as {person_id!r}")
        link.execute(delete(templates).where(templates.c.person_id == person_id))
        self._write_templates(link, person_id, found, now)
        self._audit(link, "people.renew", person_id, f"{len(found.templates)} templates", who=who, now=now)

    def _write_templates(self, link: Connection, person_id: str, found: Enrolled, now: str) -> None:
        """The only place where templates are written: never without a ground."""
        if found.templates or found.kept:
            consents_of.check_face(link, person_id, now)
        for vector, picture in zip(found.templates, found.pictures, strict=True):
            values = {"key": found.key, "vector": vector, "picture": picture, "created_at": now}
            link.execute(templates.insert().values(person_id=person_id, **values))

    def _write_pictures(self, link: Connection, person_id: str, found: Enrolled) -> None:
        kept = {name: hashlib.sha256(data).hexdigest() for name, data in zip(found.pictures, found.kept, strict=False)}
        faults: dict[str, list[tuple[str, str]]] = {name: [] for name in kept}
        for each in found.complaints:
            if each.picture is not None:
                faults.setdefault(each.picture, []).append((each.code, each.text))
        for name, said in faults.items():
            text = msgspec.json.encode(said).decode()
            values = {"person_id": person_id, "name": name, "sha256": kept.get(name), "faults": text}
            link.execute(enrolment_pictures.insert().values(values))

    def _write_person(self, link: Connection, person_id: str, about: PersonFile, *, now: str) -> None:
        values = self._said(about) | {
            "watch": about.watch,
            "version": counters.take(link, "roster"),
            "withdrawn_at": None,
        }
        known = link.execute(select(people.c.name, people.c.withdrawn_at).where(people.c.id == person_id)).one_or_none()
        # Who withdrew has none any more.
        values["name"] = about.name or (known.name if known else "") or person_id
        if known is None:
            fixed = {"id": person_id, "site": self._site, "opaque": _opaque(), "created_at": now}
            link.execute(people.insert().values(UNSAID | values | fixed))
            details.tell_children(link, person_id)
            return
        if known.withdrawn_at is not None:
            # Who comes back is somebody new to the nodes: what they saw before must not be tied to them; nor were they
            # to come while they were not enrolled.
            values = UNSAID | values | {"opaque": _opaque(), "created_at": now}
            details.tell_children(link, person_id)
        link.execute(update(people).where(people.c.id == person_id).values(values))

    def _said(self, about: PersonFile) -> dict[str, Any]:
        """What the file says of how somebody is held; of the rest what is known stays."""
        days = validity(about.begins or "", about.ends or "", self._zone)
        said = {"group": about.group, "schedule": about.schedule, "face": about.face, "by_hand": about.by_hand}
        found: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        if about.begins is not None:
            found["begins"] = days.begins
        if about.ends is not None:
            found["ends"] = days.ends
        return found

    def refuse(
        self, link: Connection, person_id: str, purpose: str, *, who: str, now: str, why: str, given_by: str = ""
    ) -> list[str]:
        """Somebody takes a consent back, or refuses; who takes their face back stays on the list, by card and plate.

        Returns:
            the sha256 of pictures whose files are to be deleted.

        Raises:
            NotFound: nobody of that id, or withdrawn already.
        """
        if not link.execute(select(people.c.id).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))).all():
            raise NotFound(f"there is nobody enrolled as {person_id!r}")
        until = consents_of.listed_until(link, [person_id]).get(person_id, now)
        consents_of.refuse(link, self._site, person_id, purpose, who=who, now=now, given_by=given_by)
        left = consents_of.listed_until(link, [person_id]).get(person_id, "")
        if purpose in consents_of.KEEPING and left <= now < until:
            kept = Ground(text=REMAINS, until=until, granted_by=who, text_version=NO_TEXT, purpose=LISTING)
            consents_of.record(link, self._site, person_id, kept, now)
        self._audit(link, "consent.refuse", person_id, f"{purpose}: {why}", who=who, now=now)
        return self.forget_face(link, person_id, who=who, now=now, why=why) if purpose == RECOGNITION else []

    def forget_face(self, link: Connection, person_id: str, *, who: str, now: str, why: str) -> list[str]:
        """Delete somebody's templates and enrolled pictures, here and at every node, and keep the person.

        Returns:
            the sha256 of pictures whose files are to be deleted.
        """
        before, version = self._pictures(link, person_id), counters.take(link, "roster")
        for table in (templates, enrolment_pictures):
            link.execute(delete(table).where(table.c.person_id == person_id))
        blank = update(people).where(people.c.id == person_id).values(portrait=None, version=version)
        opaque = link.execute(blank.returning(people.c.opaque)).scalar_one()
        deletions.ask(link, site=self._site, person_id=person_id, opaque=opaque, version=version, now=now)
        self._audit(link, "people.forget_face", person_id, why, who=who, now=now)
        return self.unused(link, before)

    def withdraw(self, link: Connection, person_id: str, *, who: str, now: str, why: str = "withdrawn") -> list[str]:
        """Delete everything that shows or names somebody, but the record that they were there.

        That includes the texts of notices about them, here and in the inbox, and the crops of their passages, but those
        that an open case shows; the passages and events stay, with an opaque id that leads to nobody.

        Returns:
            the sha256 of pictures whose files are to be deleted: the enrolled ones and the crops.

        Raises:
            NotFound: nobody of that id, or withdrawn already.
        """
        query = select(people).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
        person = link.execute(query).mappings().one_or_none()
        if person is None:
            raise NotFound(f"there is nobody enrolled as {person_id!r}")
        before = self._pictures(link, person_id)
        shown = self._forget_passages(link, person["opaque"])
        version = counters.take(link, "roster")
        self._forget(link, person_id)
        guardians.forget_all(link, person_id)
        mentions.remember(link, person_id)
        for table in (collectors, attendance_corrections, attendance_signals, leave_slips):
            link.execute(delete(table).where(table.c.person_id == person_id))
        elsewhere.unname_host(link, person_id)
        whereabouts.forget(link, person["opaque"])
        link.execute(delete(muster_people).where(muster_people.c.person == person["opaque"]))
        details.tell_children(link, person_id)
        self._end_grounds(link, person_id, now, true())
        link.execute(departed.insert().values(opaque=person["opaque"], version=version))
        deletions.ask(link, site=self._site, person_id=person_id, opaque=person["opaque"], version=version, now=now)
        blank = {"name": "", "portrait": None, "watch": False, "withdrawn_at": now, "version": version}
        link.execute(update(people).where(people.c.id == person_id).values(blank))
        self._audit(link, "people.withdraw", person_id, why, who=who, now=now)
        return self.unused(link, before) + shown

    def _forget_passages(self, link: Connection, opaque: str) -> list[str]:
        """Blank what was told of somebody's passages; the crops that show them, but for those of open cases."""
        theirs = select(passages.c.id).where(passages.c.person == opaque)
        told = or_(notices.c.passage_id.in_(theirs), notices.c.person == opaque)
        forgetting.forget(link, told)
        rows = link.execute(select(passages).where(passages.c.person == opaque)).all()
        seen = {crop for row in rows for crop in crops(row.evidence)}
        # A year's passages have hardly any crops left, and who shares these is looked up for each passage.
        kept = listed(link, seen)
        moments = [(row.node, row.time) for row in rows if not kept.isdisjoint(crops(row.evidence))]
        others = others_crops(link, moments, lambda row: row.person == opaque)
        # Those that an open case holds go once it is closed: `evidence.forget_unwanted`.
        gone = seen - others - held_pictures(link)
        forget_pictures(link, gone)
        return sorted(gone)

    def _end_grounds(self, link: Connection, person_id: str, now: str, which: ColumnElement[bool]) -> None:
        theirs = (consents.c.person_id == person_id) & consents.c.withdrawn_at.is_(None)
        link.execute(update(consents).where(theirs, which).values(withdrawn_at=now))

    def _forget(self, link: Connection, person_id: str) -> None:
        """Delete templates and pictures."""
        for table in (templates, enrolment_pictures):
            link.execute(delete(table).where(table.c.person_id == person_id))

    def _pictures(self, link: Connection, person_id: str) -> set[str]:
        """The sha256 of every file that is kept of somebody."""
        query = (
            select(people.c.portrait)
            .where(people.c.id == person_id)
            .union(select(enrolment_pictures.c.sha256).where(enrolment_pictures.c.person_id == person_id))
        )
        return set(filter(None, link.execute(query).scalars()))

    def unused(self, link: Connection, before: set[str]) -> list[str]:
        """Those of these pictures that nobody has and nothing shows (any more)."""
        return sorted(before - portraits.named(link, before))

    def expired(self, link: Connection, now: str) -> list[str]:
        """Who is enrolled on grounds that have all ended."""
        until = consents_of.listed_until(link)
        enrolled = select(people.c.id).where(people.c.withdrawn_at.is_(None)).order_by(people.c.id)
        return [person for person in link.execute(enrolled).scalars() if until.get(person, "9999") <= now]

    def lapsed(self, link: Connection, now: str) -> list[str]:
        """Who has templates, and no consent or ground for them any more."""
        holds = consents_of.face_until(link, now)
        query = select(templates.c.person_id).distinct().order_by(templates.c.person_id)
        return [person for person in link.execute(query).scalars() if person not in holds]

    def _audit(self, link: Connection, action: str, subject: str, detail: str, *, who: str, now: str) -> None:
        audit.record(link, site=self._site, at=now, who=who, action=action, subject=subject, detail=detail)


def _opaque() -> str:
    return "p" + secrets.token_hex(8)
