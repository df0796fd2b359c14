"""Who is erased is nobody's any more, anywhere; counts and proof stay. Who asks gets everything that is held."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, update
from support.events import event, face, passage
from support.gateway import HttpOnly, add_node
from support.people import JPEG, ground, person_file, some_face
from support.pipeline import take_in
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.errors import BadInput, Conflict, NotFound
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.ledger.reading import read as read_ledger
from zhian_gateway.nodes import identity
from zhian_gateway.people import blanking, deletions, latecomers, marks, refused
from zhian_gateway.people.erasing import ERASED, Erasure, erase
from zhian_gateway.people.exporting import export
from zhian_gateway.people.latecomers import erase_latecomers
from zhian_gateway.police import subscribers
from zhian_gateway.retention.contents import empty
from zhian_gateway.services import Services
from zhian_gateway.store import audit, counters
from zhian_gateway.store import tables as t
from zhian_wire import codec
from zhian_wire.events import Alert, Decision, Event
from zhian_wire.evidence import Evidence
from zhian_wire.state import NodeState

NAME, CARD, PLATE, MOTHER = "王小明", "04A2B3C4", "京A7Q7Q7", "inbox://mother-of-xm"


def state(node: str, roster_version: int) -> NodeState:
    at = "2026-03-02T08:00:00.000Z"
    return NodeState(node=node, epoch="e1", seq=9, time=at, version="1", roster_version=roster_version)


def crop(number: int) -> str:
    return hashlib.sha256(JPEG + bytes([number])).hexdigest()


def kept(parts: Services, number: int) -> str:
    sha256 = crop(number)
    parts.pictures.keep(sha256, JPEG + bytes([number]))
    with parts.store.write() as link:
        values = {
            "sha256": sha256,
            "size": 65,
            "media_type": "image/jpeg",
            "node": "gate-1",
            "received_at": parts.now(),
        }
        link.execute(t.pictures.insert().values(values))
    return sha256


def enrolled(parts: Services, person: str, **about: Any) -> str:
    """Their opaque id."""
    with parts.store.write() as link:
        parts.registry.enrol(link, person, person_file(**about), ground(), some_face(), who="t", now=parts.now())
        return str(link.execute(select(t.people.c.opaque).where(t.people.c.id == person)).scalar_one())


@pytest.fixture
def child(parts: Services) -> str:
    """A child with everything that can be held about one; the opaque id."""
    opaque = enrolled(parts, "pupil-1", name=NAME, cards=(CARD,), plates=(PLATE,), guardians=[MOTHER])
    parts.pictures.keep_portrait(JPEG)
    other = enrolled(parts, "pupil-2", name="李小红")
    with parts.store.write() as link:
        link.execute(t.collectors.insert().values(person_id="pupil-2", kind="person", value="pupil-1"))
        subscribers.add(link, site="school", name="station", ground="g", webhook="http://x.example", who="t", now="t")
    came = Decision(
        transaction="t2", lane="side", verdict="open", reason="card", policy="card", evidence_age_ms=3,
        person_id=opaque, evidence=(Evidence(kind="card", device="in", at_ms=1, card=CARD),),
    )  # fmt: skip
    take_in(
        parts,
        event(passage(person_id=opaque, evidence=(face(picture=kept(parts, 1)),), lane="side"), seq=1),
        event(came, seq=2),
        event(passage(person_id=other, evidence=(face(picture=kept(parts, 2)),), lane="side"), seq=3),
        event(passage(evidence=(face(picture=kept(parts, 3)),), lane="side"), seq=4),
    )
    return opaque


def case(parts: Services, opaque: str, state: str) -> None:
    photo = kept(parts, 9)
    values = {"key": f"gate-1/side/{opaque}/x", "kind": "unknown_person", "severity": "major", "state": state}
    values |= {"site": "school", "raised_at": "t", "updated_at": "t", "count": 1, "node": "gate-1", "person": opaque}
    with parts.store.write() as link:
        link.execute(t.alerts.insert().values(values | {"id": 9, "detail": NAME, "candidate": False, "evidence": "[]"}))
        link.execute(t.case_pictures.insert().values(alert_id=9, sha256=photo, who="guard", at="t"))
        step = {
            "alert_id": 9,
            "source": "raised",
            "target": state,
            "who": "guard",
            "when": "t",
            "note": f"it was {NAME}",
        }
        link.execute(t.transitions.insert().values(step))


def erased(parts: Services, person: str = "pupil-1") -> Erasure:
    return erase(parts, person, who="cli:test", why="request of 2 March")


def test_nothing_in_any_file_says_who_it_was(parts: Services, child: str, storage: Stores) -> None:
    case(parts, child, "resolved")
    files = [*Path(parts.config.store.home).glob("gateway.db*")]

    def everywhere() -> bytes:
        if storage.name == "postgres":
            # Its files keep what was deleted until they need the room (docs/operate.md); its tables do not.
            with parts.store.read() as link:
                return repr([link.execute(select(table)).all() for table in t.metadata.sorted_tables]).encode()
        return b"".join(file.read_bytes() for file in files)

    needles = [NAME.encode(), CARD.encode(), PLATE.encode(), b"mother-of-xm", crop(1).encode()]
    assert all(needle in everywhere() for needle in needles)
    done = erased(parts)
    assert (done.passages, done.events, done.cases) == (1, 2, 1)
    assert [needle for needle in needles if needle in everywhere()] == []
    with parts.store.read() as link:
        for table in t.metadata.sorted_tables:
            if table.name not in ("departed", "deletions", "audit"):
                text = repr(link.execute(select(table)).all())
                assert child not in text, table.name
                assert "'pupil-1'" not in text, table.name
    for sha256 in (crop(1), crop(9)):
        with pytest.raises(NotFound):
            parts.pictures.read(sha256)


def test_others_keep_what_is_theirs(parts: Services, child: str) -> None:
    erased(parts)
    with parts.store.read() as link:
        people = link.execute(select(t.people.c.name).where(t.people.c.withdrawn_at.is_(None))).scalars().all()
        bodies = link.execute(select(t.events.c.body).where(t.events.c.seq > 2)).scalars().all()
    assert people == ["李小红"]
    assert all(bodies)
    assert parts.pictures.read(crop(2))
    assert parts.pictures.read_portrait(hashlib.sha256(JPEG).hexdigest()) == JPEG


def test_a_crop_that_comes_after_its_person_was_erased_is_not_kept_and_their_node_lets_go_of_it(
    http: HttpOnly,
) -> None:
    parts, token = http.parts, add_node(http.parts, "gate-1")
    opaque = enrolled(parts, "pupil-1")
    # Told before, of a case, and by a node that was away: none of the crops is here yet.
    take_in(parts, event(passage(person_id=opaque, evidence=(face(picture=crop(1)),), lane="side"), seq=1))
    erased(parts)
    take_in(parts, event(passage(person_id=opaque, evidence=(face(picture=crop(2)),), lane="side"), seq=2))
    assert erase_latecomers(parts) > 0
    headers = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "gate-1"}
    for number in (1, 2, 3):
        data = JPEG + bytes([number])
        told = httpx.put(f"{http.url}/pictures/{crop(number)}", content=data, headers=headers, trust_env=False)
        assert (told.status_code, told.json()["sha256"]) == (200, crop(number))
    assert parts.pictures.read(crop(3)) == JPEG + bytes([3]), "a stranger's is kept"
    for number in (1, 2):
        with pytest.raises(NotFound):
            parts.pictures.read(crop(number))
    with parts.store.read() as link:
        assert list(link.execute(select(t.pictures.c.sha256)).scalars()) == [crop(3)]


def test_what_a_plate_alone_tells_of_them_is_exported_and_goes(parts: Services, child: str, tmp_path: Path) -> None:
    shared = "京B8Q8Q8"
    for person in ("pupil-3", "pupil-4"):
        enrolled(parts, person, plates=(shared, *((PLATE + "3",) if person == "pupil-3" else ())))
    by_car = [
        event(passage(kind="plate", plate=plate, person_id=None, evidence=(), lane="side", reason="plate"), seq=seq)
        for seq, plate in ((5, PLATE), (6, PLATE + "3"), (7, shared))
    ]
    take_in(parts, *by_car)
    with parts.store.write() as link:
        link.execute(update(t.alerts).values(state="resolved"))
    assert export(parts, "pupil-1", tmp_path / "one.zip", who="t").rows["passages"] == 2
    assert export(parts, "pupil-3", tmp_path / "three.zip", who="t").rows["passages"] == 1
    erased(parts)
    erased(parts, "pupil-3")
    with parts.store.read() as link:
        left = link.execute(select(t.passages.c.plate).where(t.passages.c.id > 4).order_by(t.passages.c.id)).scalars()
        assert list(left) == [None, None, shared], "a car that somebody else has too is not one person's"
        assert PLATE not in repr(link.execute(select(t.alerts)).all())


def test_crops_that_only_a_case_shows_go_and_other_peoples_stay(parts: Services, child: str) -> None:
    case(parts, child, "resolved")
    pieces = [{"kind": "face", "picture": kept(parts, 7)}, {"kind": "face", "picture": crop(2)}]
    common = {"camera": "c", "at": "t", "box": None, "score": 0.7, "margin": None, "live": None}
    shown = json.dumps([common | {"network": "n", "synthetic": False} | each for each in pieces])
    with parts.store.write() as link:
        link.execute(update(t.alerts).where(t.alerts.c.id == 9).values(evidence=shown))
        link.execute(t.alert_passages.insert().values(alert_id=9, passage_id=3))
    erased(parts)
    with pytest.raises(NotFound):
        parts.pictures.read(crop(7))
    assert parts.pictures.read(crop(2))


def borrowed(parts: Services, owner: str, holder: str, seq: int, *pieces: Evidence) -> tuple[Event, Event]:
    """A passage that is the owner's and names the holder in its evidence, and what its node raises of it."""
    named = face(person_id=holder, picture=kept(parts, seq * 10 + 1))
    own = face(person_id=owner, picture=kept(parts, seq * 10 + 2))
    shown = (own, named, *pieces)
    alert = Alert(
        key=f"side/borrowed_card/{owner}/1", kind="borrowed_card", severity="major", device="cam-1", lane="side",
        person_id=owner, detail=f"by the face: {holder}", evidence=shown,
    )  # fmt: skip
    return event(passage(person_id=owner, evidence=shown, lane="side"), seq=seq), event(alert, seq=seq + 1)


def opaque_of(parts: Services, person: str) -> str:
    with parts.store.read() as link:
        return str(link.execute(select(t.people.c.opaque).where(t.people.c.id == person)).scalar_one())


def naming(parts: Services, opaque: str) -> list[str]:
    """The tables that say the opaque id, but those that are to."""
    with parts.store.read() as link:
        texts = {table.name: repr(link.execute(select(table)).all()) for table in t.metadata.sorted_tables}
    return [name for name, text in texts.items() if opaque in text and name not in ("departed", "deletions", "audit")]


def pictures_of(parts: Services) -> set[str]:
    with parts.store.read() as link:
        return set(link.execute(select(t.pictures.c.sha256)).scalars())


@pytest.mark.parametrize("bytes_are_over", [False, True])
def test_of_somebody_elses_evidence_the_name_and_the_crop_that_bears_it_go_and_the_rest_stays(
    parts: Services, child: str, bytes_are_over: bool
) -> None:
    other = opaque_of(parts, "pupil-2")
    view = Evidence(kind="view", device="cam-1", at_ms=900, picture=kept(parts, 99))
    told = borrowed(parts, other, child, 5, view)
    take_in(parts, *told)
    with parts.store.write() as link:
        if bytes_are_over:
            empty(link, [5, 6])
    with pytest.raises(Conflict, match="open cases"):
        erased(parts)
    closed(parts)
    erased(parts)
    assert naming(parts, child) == []
    assert pictures_of(parts) >= {crop(52), crop(99), crop(2), crop(3)}, "the other child's, and nobody's, stay"
    assert not {crop(1), crop(51)} & pictures_of(parts)
    with parts.store.read() as link:
        (shown,) = link.execute(select(t.passages.c.evidence).where(t.passages.c.id == 5)).scalars()
        (case,) = link.execute(select(t.alerts).where(t.alerts.c.kind == "borrowed_card")).all()
    for evidence in (shown, case.evidence):
        said = [(piece["subject"], piece["picture"]) for piece in json.loads(evidence)]
        assert said == [(other, crop(52)), (None, None), (None, crop(99))]
    assert (case.person, case.detail) == (other, f"by the face: {ERASED}")


def test_who_is_named_late_in_somebody_elses_evidence_goes_when_the_case_is_closed(parts: Services, child: str) -> None:
    other = opaque_of(parts, "pupil-2")
    erased(parts)
    take_in(parts, *borrowed(parts, other, child, 5))
    erase_latecomers(parts)
    assert crop(51) in pictures_of(parts), "somebody handles it"
    closed(parts)
    erase_latecomers(parts)
    assert naming(parts, child) == []
    assert crop(51) not in pictures_of(parts)
    assert crop(52) in pictures_of(parts)
    assert erase_latecomers(parts) == 0


def test_who_is_named_late_in_a_passage_of_somebody_else_goes_at_once(parts: Services, child: str) -> None:
    other = opaque_of(parts, "pupil-2")
    erased(parts)
    take_in(parts, borrowed(parts, other, child, 5)[0])
    assert erase_latecomers(parts) == 1
    assert naming(parts, child) == []
    assert crop(51) not in pictures_of(parts)
    assert crop(52) in pictures_of(parts)


def test_a_picture_that_two_peoples_passages_share_stays_as_long_as_one_of_them(parts: Services, child: str) -> None:
    other, shared = opaque_of(parts, "pupil-2"), kept(parts, 99)
    view = Evidence(kind="view", device="cam-1", at_ms=900, picture=shared)
    take_in(
        parts,
        event(passage(person_id=child, evidence=(view,), lane="side"), seq=5),
        event(passage(person_id=other, evidence=(view,), lane="side"), seq=6),
    )
    erased(parts)
    assert parts.pictures.read(shared)
    with parts.store.read() as link:
        marks = link.execute(select(func.count()).select_from(t.unwanted_crops)).scalar_one()
    assert marks == 1, "their own crop, and not the one that is somebody's still"
    erased(parts, "pupil-2")
    with pytest.raises(NotFound):
        parts.pictures.read(shared)


def test_counts_and_proof_stay(parts: Services, child: str) -> None:
    with parts.store.read() as link:
        ledger = read_ledger(link, parts.site, parts.zone)
    record = erased(parts).record
    with parts.store.read() as link:
        assert read_ledger(link, parts.site, parts.zone) == ledger
        assert link.execute(select(func.count()).select_from(t.passages)).scalar_one() == 3
        assert link.execute(select(t.passages.c.person).where(t.passages.c.id == 1)).scalar_one() == ERASED
        (consent,) = link.execute(select(t.consents).where(t.consents.c.person_id == record)).all()
        assert (consent.purpose, consent.ground, consent.granted_by) == ("recognition", "", "")
        assert consent.withdrawn_at == parts.now()
        told = link.execute(select(t.audit).where(t.audit.c.action == "people.erase")).one()
        assert (told.subject, record in told.detail) == ("pupil-1", True)
        assert audit.first_fault(link) is None


def test_who_is_in_an_open_case_is_not_erased_before_it_is_closed(parts: Services, child: str) -> None:
    case(parts, child, "acknowledged")
    with pytest.raises(Conflict, match=r"pupil-1 is in open cases \(9\)"):
        erased(parts)
    with parts.store.read() as link:
        assert link.execute(select(t.people.c.name).where(t.people.c.id == "pupil-1")).scalar_one() == NAME
        assert all(link.execute(select(t.events.c.body)).scalars())


def test_who_withdrew_can_be_erased_afterwards_and_once(parts: Services, child: str) -> None:
    with parts.store.write() as link:
        parts.registry.withdraw(link, "pupil-1", who="t", now=parts.now())
    assert erased(parts).passages == 1
    with pytest.raises(NotFound):
        erased(parts)


def test_cards_and_plates_that_went_with_a_withdrawal_are_found_by_the_erasure(parts: Services, child: str) -> None:
    held = Evidence(kind="card", device="in", at_ms=1, card=CARD)
    refused = Decision(
        transaction="t3", lane="side", verdict="refuse", reason="card", policy="card", evidence_age_ms=3,
        person_id=None, evidence=(held,),
    )  # fmt: skip
    by_car = passage(kind="plate", plate=PLATE, person_id=None, evidence=(), lane="side", reason="plate")
    take_in(parts, event(refused, seq=5), event(by_car, seq=6))
    with parts.store.write() as link:
        link.execute(update(t.alerts).values(state="resolved"))
        parts.registry.withdraw(link, "pupil-1", who="t", now=parts.now())
        assert CARD not in repr(link.execute(select(t.credentials)).all())
    erased(parts)
    with parts.store.read() as link:
        bodies = dict(link.execute(select(t.events.c.seq, t.events.c.body)).all())
        assert [seq for seq, body in sorted(bodies.items()) if body] == [3, 4]
        assert link.execute(select(t.passages.c.plate).where(t.passages.c.id == 6)).scalar_one() is None
        assert link.execute(select(t.credentials)).all() == []


#: Free text that stands before a name in an event's bytes: longer than any card, with a quote or a backslash in it.
FREE_TEXT = (
    "家长来接，学生卡忘在教室里，班主任电话确认后由门卫放行，已登记姓名",
    "C:\\",
    'he said "yes',
    '\\"',
    "忘带卡",
)


def after_free_text(child: str | None, why: str, seq: int) -> Event:
    """A guard's order with a reason, and then the card (`child`: and the name) of whom it was for."""
    word = Evidence(kind="manual", device="side", at_ms=1, by="wang", why=why)
    held = Evidence(kind="card", device="in", at_ms=2, card=CARD, person_id=child)
    told = Decision(
        transaction=f"t{seq}", lane="side", verdict="open", reason="manual", policy="card", evidence_age_ms=3,
        evidence=(word, held),
    )  # fmt: skip
    return event(told, seq=seq)


def bodies_from(parts: Services, seq: int) -> list[bytes]:
    with parts.store.read() as link:
        bodies = link.execute(select(t.events.c.body).where(t.events.c.seq >= seq).order_by(t.events.c.seq))
        return list(bodies.scalars())


def test_a_name_is_found_whatever_text_stands_before_it(parts: Services, child: str, tmp_path: Path) -> None:
    take_in(parts, *(after_free_text(child, why, seq) for seq, why in enumerate(FREE_TEXT, 5)))
    assert export(parts, "pupil-1", tmp_path / "one.zip", who="t").events == 2 + len(FREE_TEXT)
    assert erased(parts).events == 2 + len(FREE_TEXT)
    assert bodies_from(parts, 5) == [b""] * len(FREE_TEXT)


def test_a_card_that_was_withdrawn_is_found_whatever_text_stands_before_it(parts: Services, child: str) -> None:
    take_in(parts, *(after_free_text(None, why, seq) for seq, why in enumerate(FREE_TEXT, 5)))
    withdrawn(parts)
    erased(parts)
    assert bodies_from(parts, 5) == [b""] * len(FREE_TEXT)


def test_a_name_that_comes_late_is_found_whatever_text_stands_before_it(parts: Services, child: str) -> None:
    erased(parts)
    take_in(parts, *(after_free_text(child, why, seq) for seq, why in enumerate(FREE_TEXT, 5)))
    assert erase_latecomers(parts) == len(FREE_TEXT)
    assert bodies_from(parts, 5) == [b""] * len(FREE_TEXT)


def opened(parts: Services, passage_id: int) -> None:
    """A case that shows a passage, and whom it shows is asked about."""
    values = {"id": 8, "key": "gate-1/side/tailgating", "kind": "tailgating", "severity": "major", "state": "raised"}
    values |= {"site": "school", "raised_at": "t", "updated_at": parts.now(), "count": 1, "node": "gate-1"}
    with parts.store.write() as link:
        link.execute(t.alerts.insert().values(values | {"detail": "", "candidate": False, "evidence": "[]"}))
        link.execute(t.alert_passages.insert().values(alert_id=8, passage_id=passage_id))


def closed(parts: Services) -> None:
    with parts.store.write() as link:
        link.execute(update(t.alerts).values(state="resolved", updated_at=parts.now()))


def withdrawn(parts: Services, person: str = "pupil-1") -> None:
    with parts.store.write() as link:
        gone = parts.registry.withdraw(link, person, who="t", now=parts.now())
    parts.pictures.delete(gone)


def test_an_open_case_keeps_its_evidence_of_who_withdraws_until_it_is_closed(
    parts: Services, child: str, clock: Any
) -> None:
    opened(parts, 1)
    withdrawn(parts)
    Housekeeping(parts).step()
    assert parts.pictures.read(crop(1)), "somebody handles it"
    # Long after the passage: what counts is when the case was closed.
    clock.forward(20 * 86400)
    closed(parts)
    Housekeeping(parts).step()
    with pytest.raises(NotFound):
        parts.pictures.read(crop(1))
    assert parts.pictures.read(crop(2)), "the other child's stays"


def test_a_crop_that_comes_after_its_person_withdrew_goes_at_once(parts: Services, child: str) -> None:
    withdrawn(parts)
    kept(parts, 1)
    Housekeeping(parts).step()
    with pytest.raises(NotFound):
        parts.pictures.read(crop(1))


def test_a_ground_that_ends_takes_nothing_out_of_an_open_case(parts: Services, child: str, clock: Any) -> None:
    opened(parts, 1)
    clock.forward(400 * 86400)
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert link.execute(select(t.people.c.withdrawn_at).where(t.people.c.id == "pupil-1")).scalar_one()
    assert parts.pictures.read(crop(1))


def test_a_killed_erasure_is_ended_by_asking_again(
    parts: Services, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr("zhian_gateway.people.erasing._record", die)
        erased(parts)
    done = erased(parts)
    assert (done.passages, done.events) == (1, 0)


def test_what_a_node_tells_of_them_afterwards_goes_too(parts: Services, child: str) -> None:
    erased(parts)
    late = kept(parts, 5)
    take_in(parts, event(passage(person_id=child, evidence=(face(picture=late),), lane="side"), seq=5))
    Housekeeping(parts).step()
    with parts.store.read() as link:
        rows = link.execute(select(t.passages.c.person, t.passages.c.evidence).where(t.passages.c.id == 5)).all()
        assert rows == [(ERASED, "[]")]
        assert link.execute(select(t.events.c.body).where(t.events.c.id == 5)).scalar_one() == b""
    with pytest.raises(NotFound):
        parts.pictures.read(late)
    assert erase_latecomers(parts) == 0


def told_late(parts: Services, child: str, picture: str) -> None:
    """A refusal and an alert of theirs come after all: no passage names them."""
    held = Evidence(kind="card", device="in", at_ms=1, card=CARD)
    refused = Decision(
        transaction="t9", lane="side", verdict="refuse", reason="card", policy="card", evidence_age_ms=3,
        person_id=child, evidence=(held,),
    )  # fmt: skip
    alert = Alert(
        key=f"side/{child}/refused/1", kind="entry_refused", severity="minor", device="cam-1", lane="side",
        person_id=child, evidence=(face(picture=picture), held),
    )  # fmt: skip
    take_in(parts, event(refused, seq=50), event(alert, seq=51))


def test_a_refusal_and_an_alert_that_come_afterwards_go_too(parts: Services, child: str) -> None:
    erased(parts)
    late = kept(parts, 77)
    told_late(parts, child, late)
    closed(parts)
    Housekeeping(parts).step()
    with parts.store.read() as link:
        bodies = dict(link.execute(select(t.events.c.seq, t.events.c.body)).all())
        assert [seq for seq, body in sorted(bodies.items()) if body] == [3, 4]
        for table in (t.alerts, t.alert_repeats):
            text = repr(link.execute(select(table)).all())
            assert child not in text, table.name
            assert late not in text, table.name
    with pytest.raises(NotFound):
        parts.pictures.read(late)
    assert erase_latecomers(parts) == 0


def test_a_refusal_alone_that_comes_afterwards_goes_and_others_stay(parts: Services, child: str) -> None:
    erased(parts)
    Housekeeping(parts).step()
    other = Decision(transaction="t8", lane="side", verdict="refuse", reason="card", policy="card", evidence_age_ms=3)
    take_in(parts, event(replace(other, person_id=child), seq=60), event(other, seq=61))
    Housekeeping(parts).step()
    with parts.store.read() as link:
        bodies = dict(link.execute(select(t.events.c.seq, t.events.c.body).where(t.events.c.seq >= 60)).all())
    assert (bodies[60], bool(bodies[61])) == (b"", True)


def test_messages_that_were_refused_are_gone_over_too(parts: Services, child: str) -> None:
    """Other bytes under a number that is taken, and bytes that nobody can read, before the erasure and after it."""

    def refused(seq: int, card: str) -> None:
        keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
        held = Evidence(kind="card", device="in", at_ms=1, card=card)
        told = Decision(
            transaction="t7", lane="side", verdict="open", reason="card", policy="card", evidence_age_ms=3,
            person_id=child if card == CARD else None, evidence=(held,),
        )  # fmt: skip
        unreadable = codec.encode(event(told, seq=seq)).replace(b'"open"', b'"maybe"')
        keeper.keep([Message("gate-1", codec.encode(event(told, seq=4))), Message("gate-1", unreadable)])

    def bodies() -> list[bytes]:
        with parts.store.read() as link:
            return list(link.execute(select(t.refusals.c.body).order_by(t.refusals.c.id)).scalars())

    refused(70, CARD)
    refused(71, "0F0F0F0F")
    with parts.store.write() as link:
        parts.registry.withdraw(link, "pupil-1", who="t", now=parts.now())
    closed(parts)
    erased(parts)
    assert [bool(body) for body in bodies()] == [False] * 2 + [True] * 2
    refused(72, CARD)
    Housekeeping(parts).step()
    assert [bool(body) for body in bodies()] == [False] * 2 + [True] * 2 + [False]
    with parts.store.read() as link:
        assert link.execute(select(func.count()).where(t.refusals.c.digest != "")).scalar_one() == 5


def test_what_comes_of_somebody_in_an_open_case_goes_when_it_is_closed(parts: Services, child: str) -> None:
    erased(parts)
    told_late(parts, child, kept(parts, 77))
    Housekeeping(parts).step()
    assert parts.pictures.read(crop(77)), "somebody handles it"
    closed(parts)
    Housekeeping(parts).step()
    with parts.store.read() as link:
        found = link.execute(select(t.events.c.body).where(t.events.c.seq >= 50)).scalars().all()
    assert found == [b"", b""]


def late_word(parts: Services, child: str, seq: int) -> None:
    """A refusal that names the child, and a message about them that is refused itself."""
    told = Decision(
        transaction=f"t{seq}", lane="side", verdict="refuse", reason="card", policy="card", evidence_age_ms=3,
        person_id=child,
    )  # fmt: skip
    take_in(parts, event(told, seq=seq))
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    unreadable = codec.encode(event(told, seq=seq + 1)).replace(b'"refuse"', b'"maybe"')
    keeper.keep([Message("gate-1", unreadable)])


def names_anywhere(parts: Services, child: str) -> bool:
    with parts.store.read() as link:
        bodies = [*link.execute(select(t.events.c.body)).scalars(), *link.execute(select(t.refusals.c.body)).scalars()]
    return any(child.encode() in body for body in bodies)


def test_what_comes_while_an_erasure_goes_on_goes_too(
    parts: Services, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it went over the events, and before it ends: the sweep looks at it then, and knows of no erasure yet."""
    real = refused.empty_all

    def slowly(*args: Any) -> int:
        emptied = real(*args)
        late_word(parts, child, 60)
        erase_latecomers(parts)
        return emptied

    erased(parts, "pupil-2")
    monkeypatch.setattr("zhian_gateway.people.refused.empty_all", slowly)
    erased(parts)
    assert names_anywhere(parts, child), "it came too late for the erasure itself"
    erase_latecomers(parts)
    assert not names_anywhere(parts, child)


@pytest.mark.parametrize("slow", ["latecomers.look", "refused.empty_some"])
def test_whom_a_sweep_did_not_know_of_is_looked_for_by_the_next(
    parts: Services, child: str, slow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is erased after the sweep asked who was, and something of them comes before it looks."""
    module, name = slow.split(".")
    real = getattr({"latecomers": latecomers, "refused": refused}[module], name)
    erased(parts, "pupil-2")
    with monkeypatch.context() as patch:

        def meanwhile(*args: Any) -> Any:
            patch.setattr(f"zhian_gateway.people.{slow}", real)
            erased(parts)
            late_word(parts, child, 60)
            return real(*args)

        patch.setattr(f"zhian_gateway.people.{slow}", meanwhile)
        erase_latecomers(parts)
    assert names_anywhere(parts, child), "that sweep did not know of them"
    erase_latecomers(parts)
    assert not names_anywhere(parts, child)


def told_before(parts: Services, opaque: str) -> None:
    """An open case of nobody's, whose earlier time was about them."""
    opened(parts, 3)
    values = {"alert_id": 8, "at": "t", "person": opaque, "detail": "", "evidence": "[]"}
    with parts.store.write() as link:
        link.execute(t.alert_passages.delete())
        link.execute(t.alert_repeats.insert().values(values))


def shown_last(parts: Services, passage_id: int) -> None:
    """An open case of nobody's whose latest passage this is."""
    opened(parts, passage_id)
    with parts.store.write() as link:
        link.execute(t.alert_passages.delete())
        link.execute(update(t.alerts).where(t.alerts.c.id == 8).values(passage_id=passage_id))


def passed_by(parts: Services, opaque: str) -> list[int]:
    with parts.store.read() as link:
        found = link.execute(select(t.passages.c.id).where(t.passages.c.person == opaque).order_by(t.passages.c.id))
        return list(found.scalars())


@pytest.mark.parametrize("how", ["repeat", "latest"])
def test_whom_an_open_case_showed_before_or_shows_last_waits_until_it_is_closed(
    parts: Services, child: str, how: str
) -> None:
    def case_of(passage_id: int) -> None:
        told_before(parts, child) if how == "repeat" else shown_last(parts, passage_id)

    case_of(1)
    with pytest.raises(Conflict, match=r"open cases \(8\)"):
        erased(parts)
    closed(parts)
    erased(parts)
    take_in(parts, event(passage(person_id=child, evidence=(), lane="side"), seq=5))
    with parts.store.write() as link:
        link.execute(t.alert_repeats.delete())
        link.execute(t.alerts.delete().where(t.alerts.c.id == 8))
    case_of(5)
    erase_latecomers(parts)
    assert passed_by(parts, child) == [5], "somebody handles it"
    closed(parts)
    erase_latecomers(parts)
    assert passed_by(parts, child) == []


def test_a_case_that_is_opened_while_a_sweep_goes_over_the_events_keeps_its_passage(
    parts: Services, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased(parts)
    take_in(parts, event(passage(person_id=child, evidence=(face(picture=kept(parts, 5)),), lane="side"), seq=5))
    real = blanking.events

    def slowly(*args: Any) -> int:
        opened(parts, 5)
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr("zhian_gateway.people.blanking.events", slowly)
        erase_latecomers(parts)
    assert passed_by(parts, child) == [5], "somebody handles it"
    closed(parts)
    erase_latecomers(parts)
    assert passed_by(parts, child) == []


def test_a_node_confirms_by_the_version_of_the_roster_that_it_holds(parts: Services, child: str) -> None:
    keeper = Housekeeping(parts)
    record = erased(parts).record
    with parts.store.read() as link:
        (asked,) = deletions.of(link, record)

    def said(version: int) -> list[str | None]:
        parts.presence.hear("gate-1", state("gate-1", version), parts.clock())
        while keeper.step():
            pass
        with parts.store.read() as link:
            return [row["confirmed_at"] for row in deletions.of(link, record)]

    assert said(asked["version"] - 1) == [None]
    assert said(asked["version"] + 1000) == [None], "a version of a store from before a restore proves nothing"
    assert said(asked["version"]) == [parts.now()]
    with parts.store.read() as link:
        row = link.execute(select(t.audit).where(t.audit.c.action == "people.deleted")).one()
    assert (row.who, row.subject) == ("gate-1", record)


def test_a_roster_of_a_store_that_was_set_back_proves_no_deletion(parts: Services, child: str) -> None:
    """The same numbers are taken again for other changes; the mark of what a node holds is not."""
    with parts.store.write() as link:
        asked = counters.current(link, "roster") + 1
        right = marks.give(link, asked)
    record = erased(parts).record

    def said(mark: str) -> list[str | None]:
        beat = replace(state("gate-1", asked), roster_mark=mark)
        parts.presence.hear("gate-1", beat, parts.clock())
        Housekeeping(parts).step()
        with parts.store.read() as link:
            return [row["confirmed_at"] for row in deletions.of(link, record)]

    assert said("0" * 32) == said("\x00") == [None]
    assert said(right) == [parts.now()]


def test_a_revoked_node_confirms_by_its_wipe(parts: Services, child: str) -> None:
    with parts.store.write() as link:
        parts.registry.withdraw(link, "pupil-1", who="t", now=parts.now())
        link.execute(update(t.nodes).values(revoked_at=parts.now(), wiped_at=parts.now()))
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert deletions.waiting(link) == []


def test_a_revoked_node_that_may_hold_them_still_stays_listed(parts: Services, child: str) -> None:
    with parts.store.write() as link:
        link.execute(update(t.nodes).values(revoked_at=parts.now()))
        parts.registry.withdraw(link, "pupil-1", who="t", now=parts.now())
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert [row["node"] for row in deletions.waiting(link)] == ["gate-1"]
    with parts.store.write() as link:
        identity.wiped(link, site=parts.site, node="gate-1", now=parts.now())
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert deletions.waiting(link) == []


def test_an_export_holds_everything_and_nobody_else(parts: Services, child: str, tmp_path: Path) -> None:
    case(parts, child, "resolved")
    done = export(parts, "pupil-1", tmp_path / "one.zip", who="cli:test")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        assert file.testzip() is None
        names = set(file.namelist())
        data = json.loads(file.read("data.json"))
        page = file.read("index.html").decode()
        bodies = file.read("events.jsonl").splitlines()
        shown = {file.read(name) for name in names if name.startswith("pictures/")}
        everything = b"".join(file.read(name) for name in names)
    assert shown == {JPEG, JPEG + b"\x01", JPEG + b"\x09"}
    assert [json.loads(body)["seq"] for body in bodies] == [1, 2]
    for each in (NAME, CARD, PLATE, MOTHER, "written consent"):
        assert each in json.dumps(data, ensure_ascii=False)
        assert each in page
    assert (len(data["templates"]), len(data["passages"]), len(data["notices"]), len(data["cases"])) == (2, 1, 1, 1)
    assert data["audit"][-1]["action"] == "people.export"
    assert (done.pictures, done.events, done.missing) == (5, 2, ())
    assert "李小红".encode() not in everything
    assert crop(2).encode() not in everything
    assert (tmp_path / "one.zip").stat().st_mode & 0o077 == 0


def test_what_is_written_about_somebody_cannot_become_a_page_of_its_own(parts: Services, tmp_path: Path) -> None:
    enrolled(parts, "x", name="<script>alert(1)</script>")
    export(parts, "x", tmp_path / "x.zip", who="t")
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        assert b"<script" not in file.read("index.html")


def test_an_export_goes_over_nothing_and_of_nobody_there_is_none(parts: Services, child: str, tmp_path: Path) -> None:
    (tmp_path / "one.zip").write_text("mine")
    with pytest.raises(BadInput, match="there already"):
        export(parts, "pupil-1", tmp_path / "one.zip", who="t")
    with pytest.raises(NotFound):
        export(parts, "nobody", tmp_path / "two.zip", who="t")
    assert [path.name for path in tmp_path.glob("*.zip")] == ["one.zip"]


def test_the_commands_say_what_they_did(parts: Services, child: str, tmp_path: Path) -> None:
    config = str(Path(parts.config.store.home).parent / "gateway.toml")

    def typed(*words: str) -> tuple[int, str]:
        found = CliRunner().invoke(app, ["people", *words, "-c", config])
        return found.exit_code, found.output

    assert "2 events" in typed("export", "pupil-1", str(tmp_path / "out.zip"))[1]
    code, output = typed("erase", "pupil-1", "--why", "asked for")
    assert (code, "1 passages, 2 events" in output, "To confirm" in output) == (0, True, True)
    assert typed("deletions")[0] == 1
    assert typed("erase", "pupil-1", "--why", "asked for")[0] == 2
