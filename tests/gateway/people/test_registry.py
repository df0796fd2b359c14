"""Nobody without a ground; whoever withdraws leaves no trace of a face, here or on a node."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from support.events import event, face, passage
from support.people import JPEG, ground, person_file, some_face
from support.pipeline import take_in
from zhian_gateway.errors import NoGround, NotFound
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.people import rosters
from zhian_gateway.people.consent import ground as read_ground
from zhian_gateway.services import Services
from zhian_gateway.store.tables import (
    consents,
    credentials,
    enrolment_pictures,
    guardians,
    inbox,
    notices,
    passages,
    people,
    templates,
)
from zhian_wire import codec
from zhian_wire.roster import Roster

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def enrol(parts: Services, person: str = "pupil-1", until: str = "2027-01-01T00:00:00.000Z", **about: Any) -> None:
    with parts.store.write() as link:
        parts.registry.enrol(
            link, person, person_file(**about), ground(until), some_face(), who="test", now=parts.now()
        )


def withdraw(parts: Services, person: str = "pupil-1") -> list[str]:
    with parts.store.write() as link:
        return parts.registry.withdraw(link, person, who="test", now=parts.now())


def roster(parts: Services, since: int = 0) -> Roster:
    with parts.store.read() as link:
        return rosters.build(link, since=since, now=parts.now())


def test_the_roster_has_opaque_ids_and_no_names(parts: Services) -> None:
    enrol(parts, name="王小明", cards=("04A2B3C4",), plates=("粤B12345",), guardians=["inbox://mother"])
    found = roster(parts)
    (person,) = found.persons
    text = codec.encode_message(found).decode()
    assert person.id.startswith("p")
    assert (person.cards, person.plates, len(person.templates)) == (("04A2B3C4",), ("粤B12345",), 2)
    assert not any(secret in text for secret in ("pupil-1", "王小明", "mother"))


def test_a_template_survives_the_way_to_the_node(parts: Services) -> None:
    enrol(parts)
    body = codec.encode_message(roster(parts))
    again = codec.decode_message(body, Roster)
    assert again.persons[0].templates[0].vector == some_face().templates[0]


def test_withdrawal_deletes_everything_but_the_record(parts: Services) -> None:
    enrol(parts, name="王小明", cards=("04A2B3C4",), guardians=["inbox://mother"])
    before = roster(parts)
    assert len(withdraw(parts)) == 1
    with parts.store.read() as link:
        # What finds their events, should they be erased.
        held = link.execute(select(credentials)).all()
        assert ([row.kind for row in held], "04A2B3C4" in repr(held)) == (["former"], False)
        for table in (templates, enrolment_pictures, guardians):
            assert link.execute(select(table)).first() is None
        assert link.execute(select(people.c.name, people.c.portrait)).one() == ("", None)
        assert link.execute(select(consents.c.withdrawn_at)).scalar_one() == parts.now()
    after = roster(parts, since=before.version)
    assert (after.persons, after.removed) == ((), (before.persons[0].id,))
    assert roster(parts).persons == ()


def test_who_comes_back_is_somebody_new_to_the_nodes(parts: Services) -> None:
    enrol(parts)
    first = roster(parts).persons[0].id
    withdraw(parts)
    enrol(parts)
    assert roster(parts).persons[0].id != first


def test_enrolling_again_keeps_the_id_and_replaces_the_rest(parts: Services) -> None:
    enrol(parts, cards=("04A2B3C4",))
    first = roster(parts).persons[0]
    enrol(parts, cards=("0BADCAFE",))
    (again,) = roster(parts).persons
    assert (again.id, again.cards, len(again.templates)) == (first.id, ("0BADCAFE",), 2)


def test_a_delta_holds_only_what_changed(parts: Services) -> None:
    enrol(parts, "pupil-1")
    version = roster(parts).version
    enrol(parts, "pupil-2")
    delta = roster(parts, since=version)
    assert (delta.since, len(delta.persons), delta.removed) == (version, 1, ())


def test_a_version_from_the_future_gets_the_whole(parts: Services) -> None:
    enrol(parts)
    found = roster(parts, since=99)
    assert (found.since, len(found.persons)) == (0, 1)


def test_nobody_can_be_withdrawn_twice(parts: Services) -> None:
    enrol(parts)
    withdraw(parts)
    with pytest.raises(NotFound):
        withdraw(parts)


def test_a_shared_portrait_stays_while_somebody_has_it(parts: Services) -> None:
    enrol(parts, "pupil-1")
    enrol(parts, "pupil-2")
    assert withdraw(parts, "pupil-1") == []
    assert len(withdraw(parts, "pupil-2")) == 1


def test_a_replaced_picture_is_given_up(parts: Services) -> None:
    for portrait in (JPEG, JPEG + b"other"):
        with parts.store.write() as link:
            found = some_face(portrait=portrait)
            gone = parts.registry.enrol(link, "a", person_file(), ground(), found, who="t", now=parts.now())
    assert gone == [hashlib.sha256(JPEG).hexdigest()]


def test_when_the_ground_ends_the_templates_go(parts: Services, clock: Any) -> None:
    enrol(parts, until="2026-03-02T09:00:00.000Z")
    clock.forward(3601)
    assert roster(parts).persons == ()
    version = roster(parts).version
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert link.execute(select(templates)).first() is None
        assert link.execute(select(enrolment_pictures)).first() is None
    delta = roster(parts, since=version)
    assert delta.version > version
    assert len(delta.removed) == 1


def test_who_cannot_be_withdrawn_holds_up_nobody_else(parts: Services, clock: Any) -> None:
    for person in ("pupil-1", "pupil-2"):
        enrol(parts, person, until="2026-03-02T09:00:00.000Z", plates=(f"粤B1234{person[-1]}",))
    _spoil(parts, "pupil-1")
    clock.forward(3601)
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert link.execute(select(people.c.id).where(people.c.withdrawn_at.is_(None))).scalars().all() == ["pupil-1"]
        # Their face goes all the same, and what else is swept is.
        assert link.execute(select(templates)).first() is None


def _spoil(parts: Services, person: str) -> None:
    """What a passage of somebody rested on cannot be read any more."""
    with parts.store.read() as link:
        opaque = link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()
    take_in(parts, event(passage(person_id=opaque)))
    with parts.store.write() as link:
        link.execute(update(passages).values(evidence="spoilt"))


def test_a_new_ground_may_be_shorter_than_the_one_before(parts: Services, clock: Any) -> None:
    enrol(parts, until="2027-01-01T00:00:00.000Z")
    enrol(parts, until="2026-03-02T09:00:00.000Z")
    assert [person.until for person in roster(parts).persons] == ["2026-03-02T09:00:00.000Z"]
    clock.forward(3601)
    assert roster(parts).persons == ()
    with parts.store.read() as link:
        assert parts.registry.expired(link, parts.now()) == ["pupil-1"]


@pytest.mark.parametrize(
    ("text", "until"), [("", "2027-01-01"), ("  ", "2027-01-01"), ("consent", "2026-03-01"), ("consent", "soon")]
)
def test_without_a_ground_that_holds_nobody_is_enrolled(text: str, until: str) -> None:
    with pytest.raises(NoGround):
        read_ground(text=text, until=until, granted_by="x", now=NOW, zone=ZONE)


def test_a_ground_lasts_through_its_last_local_day() -> None:
    found = read_ground(text="consent", until="2026-03-02", granted_by="x", now=NOW, zone=ZONE)
    assert found.until == "2026-03-02T16:00:00.000Z"


def test_withdrawal_takes_their_name_and_crops_out_of_what_was_told_and_seen(parts: Services) -> None:
    enrol(parts, name="王小明", guardians=["inbox://mother"])
    sha256 = hashlib.sha256(JPEG).hexdigest()
    parts.pictures.keep(sha256, JPEG)
    theirs = passage(person_id=roster(parts).persons[0].id, evidence=(face(picture=sha256),))
    take_in(parts, event(theirs, seq=1), event(seq=2))
    with parts.store.write() as link:
        (told,) = link.execute(select(notices)).all()
        for title in (told.title, "another"):
            link.execute(inbox.insert().values(guardian="mother", title=title, body=told.body, received_at="t"))
        link.execute(update(notices).values(state="sent"))
    parts.pictures.delete(withdraw(parts))
    with parts.store.read() as link:
        assert [(row.to, row.title, row.body) for row in link.execute(select(notices))] == [("", "", "")]
        assert link.execute(select(inbox.c.title)).scalars().all() == ["another"]
        assert len(link.execute(select(passages)).all()) == 2
    with pytest.raises(NotFound):
        parts.pictures.read(sha256)
