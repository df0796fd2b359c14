"""Of somebody with everything that can be held about one: the export has all of it, an erasure leaves none."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from support.events import event, face, passage
from support.people import ground, some_face
from support.pipeline import take_in
from zhian_gateway import moments
from zhian_gateway.attendance import correcting, leave
from zhian_gateway.cases.pieces import Piece
from zhian_gateway.cases.signals import Raise
from zhian_gateway.emergency import muster
from zhian_gateway.family import carers
from zhian_gateway.lanes import by_hand
from zhian_gateway.notices import inbox
from zhian_gateway.people import whereabouts
from zhian_gateway.people.erasing import erase
from zhian_gateway.people.exporting import export
from zhian_gateway.people.files import PersonFile
from zhian_gateway.people.validity import Validity
from zhian_gateway.police import subscribers
from zhian_gateway.services import Services
from zhian_gateway.store import tables as t
from zhian_wire.evidence import Evidence

WHO, NAME, BEFORE, MOTHER, PHONE = "staff-9", "王小明", "王旧名", "王妈妈", "13800138001"
CARD, LOST, PLATE = "04A2B3C4", "04D9E8F7", "京A7Q7Q7"
#: Cars that no gate ever saw: one stands in a child's list, one on a child's leave slip.
SECOND, THIRD = "粤B1X2Y3", "苏C3Z4W5"
#: Nothing of this may be found anywhere.
WORDS = (NAME, BEFORE, MOTHER, PHONE, CARD, LOST, PLATE, SECOND, THIRD)
#: Where the id stays: the audit, as docs/operate.md says.
BY_ID = ("audit",)
#: Where the opaque id stays, so that what nodes still tell of it is known and goes as well.
BY_OPAQUE = ("departed", "deletions")
#: By table: the kinds of the export that have what it says of them.
EXPORTED = {
    "alert_repeats": ["case_repeats", "vehicle_case_repeats", "named_case_repeats"],
    "alerts": ["cases", "vehicle_cases", "named_cases"],
    "attendance_corrections": ["attendance_corrections"],
    "attendance_signals": ["attendance_told"],
    "audit": ["audit", "audit_names"],
    "carers": ["phones"],
    "collectors": ["collectors", "collects"],
    "consents": ["consents"],
    "credentials": ["cards_and_plates"],
    "enrolment_pictures": ["enrolled_pictures"],
    "guardians": ["guardians"],
    "hand_passes": ["passages_by_hand"],
    "inbox": ["inbox"],
    "leave_slips": ["leave_slips", "collects_by_slip"],
    "muster_people": ["roll_calls"],
    "notices": ["notices"],
    "passages": ["passages", "vehicle_passages", "named_passages"],
    "people": ["record"],
    "recorded_whereabouts": ["now_by_hand"],
    "templates": ["templates"],
    "visits": ["visits_hosted"],
    "whereabouts": ["now"],
}
Client = Callable[..., httpx.Client]


def everything(parts: Services) -> Iterator[tuple[str, str, str]]:
    """Table, column and text of every value there is, with the sealed ones opened."""
    with parts.store.read() as link:
        for table in t.metadata.sorted_tables:
            for row in link.execute(select(table)).mappings():
                for column, value in row.items():
                    text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value
                    if isinstance(text, str):
                        yield table.name, column, text


def found(parts: Services, *words: str) -> dict[str, set[str]]:
    """The columns that have one of these words, with those that they have."""
    held: dict[str, set[str]] = {}
    for table, column, text in everything(parts):
        if here := {word for word in words if word in text}:
            held.setdefault(f"{table}.{column}", set()).update(here)
    return held


class Life:
    """Somebody of whom everything is held that can be, and who is in others' records as well."""

    def __init__(self, parts: Services, client: Client) -> None:
        self.parts, self.now, self.at = parts, parts.now(), parts.clock()
        self.admin, self.guard = client("admin"), client("guard")
        self.opaque = self._enrolled(WHO, name=BEFORE, group="teacher", cards=(CARD, LOST), plates=(SECOND,))
        self.other = self._enrolled("pupil-2", name="李小红", group="class-1")

    def _enrolled(self, who: str, **about: Any) -> str:
        with self.parts.store.write() as link:
            self.parts.registry.enrol(link, who, PersonFile(**about), ground(), some_face(), who="t", now=self.now)
            return str(link.execute(select(t.people.c.opaque).where(t.people.c.id == who)).scalar_one())

    def said(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, answer.text
        return dict(answer.json())

    def lives(self) -> None:
        # Before they are renamed: a visit keeps what its host was called then.
        self.visited()
        self.office()
        self.phone()
        self.away()
        self.passes()
        self.is_met()
        self.cases()
        self.arrives()
        self.looked_up()

    def office(self) -> None:
        about, mother = f"/api/people/{WHO}", {"name": MOTHER, "address": f"inbox://{PHONE}"}
        self.said(self.admin.post(f"{about}/particulars", json={"name": NAME}))
        self.said(self.admin.post(f"{about}/plates", json={"plates": [PLATE, SECOND, THIRD]}))
        self.said(self.admin.post(f"{about}/guardians", json=mother))
        self.said(self.admin.post(f"{about}/guardians", json={"name": MOTHER, "address": f"inbox://2-{PHONE}"}))
        (_, second) = self.said(self.admin.get(f"{about}/guardians"))["items"]
        changed = {"name": MOTHER, "language": "en", "address": f"inbox://3-{PHONE}"}
        self.said(self.admin.put(f"/api/guardians/{second['id']}", json=changed))
        self.said(self.admin.delete(f"/api/guardians/{second['id']}"))
        self.said(self.admin.post(f"{about}/cards/withdraw", json={"card": LOST, "why": "lost"}))
        agreed = {"purpose": "notices", "until": "2026-12-31", "by": MOTHER}
        self.said(self.admin.post(f"{about}/consents", json=agreed))
        with self.parts.store.write() as link:
            add = self.parts.editor.add_collector
            for key in (("person", WHO), ("plate", SECOND)):
                add(link, "pupil-2", key, Validity(), who="t", now=self.now)
            add(link, WHO, ("plate", PLATE), Validity(), who="t", now=self.now)

    def phone(self) -> None:
        with self.parts.store.write() as link:
            (guardian,) = link.execute(select(t.guardians.c.id).where(t.guardians.c.person_id == WHO)).scalars()
            code = carers.issue(link, guardian, site=self.parts.site, who="t", now=self.at)
            carers.redeem(link, code, None, site=self.parts.site, now=self.at)
            carers.issue(link, guardian, site=self.parts.site, who="t", now=self.at)

    def away(self) -> None:
        span = (self.at + timedelta(hours=1), self.at + timedelta(hours=2))
        with self.parts.store.write() as link:
            for who, collected, collector in (
                (WHO, "plate", PLATE),
                ("pupil-2", "person", WHO),
                ("pupil-2", "plate", THIRD),
            ):
                wanted = leave.Wanted(who, *span, "dentist", collected, collector)
                leave.give(link, self.parts, wanted, who="teacher-1")
            today = self.at.date()
            more = {"kind": "excused", "at": None, "reason": "ill", "who": "teacher-1"}
            correcting.correct(link, self.parts, WHO, first=today, last=today, **more)
            signal = {"site": "school", "person_id": WHO, "day": today.isoformat(), "kind": "absent", "group": "g"}
            signal |= {"bell_at": self.now, "raised_at": self.now, "silent": "", "change": 1}
            link.execute(t.attendance_signals.insert().values(signal))

    def passes(self) -> None:
        held = Evidence(kind="card", device="in", at_ms=1, card=CARD, person_id=self.opaque)
        named = face(person_id=self.opaque, picture="a" * 64)
        in_car = {"kind": "plate", "plate": PLATE, "evidence": (), "reason": "plate"}
        take_in(
            self.parts,
            event(passage(person_id=self.opaque, evidence=(named, held)), seq=1),
            event(passage(person_id=self.other, evidence=(face(person_id=self.other), held)), seq=2),
            event(passage(person_id=None, **in_car), seq=3),
            event(passage(person_id=self.other, **in_car), seq=4),
        )
        hand = by_hand.Hand(
            id="h1", site="school", node="gate-1", lane="main", direction="in", person=self.opaque, visit=None,
            who="guard-1", why="forgot the card", at=self.now,
        )  # fmt: skip
        with self.parts.store.write() as link:
            by_hand.note(link, hand)
            went = whereabouts.Went(self.opaque, "yard", "gate-1", self.now, "2026-03-02", "gate-1")
            whereabouts.keep(link, [went])
            body = f'{{"person_id":"{self.opaque}","card":"{CARD}"}}'.encode()
            refused = {"site": "school", "node": "gate-1", "epoch": "e1", "seq": 77, "reason": "unreadable"}
            refused |= {"detail": f"near {CARD}", "digest": "d" * 64, "body": body, "at": self.now}
            link.execute(t.refusals.insert().values(refused))

    def is_met(self) -> None:
        with self.parts.store.write() as link:
            muster.begin(link, "school", drill=True, who="guard-1", now=self.at, zone=self.parts.zone)
            muster.mark(link, "school", WHO, met=True, who="guard-1", now=self.now)

    def visited(self) -> None:
        span = {"begins": self.now, "ends": moments.text(self.at + timedelta(hours=2))}
        wanted = {"name": "李雷", "phone": "13700137000", "purpose": "家长会", "agreed": ["keeping"], **span}
        visit = self.said(self.guard.post("/api/visits/window", json=wanted | {"host": {"kind": "person", "id": WHO}}))
        self.visit = str(visit["id"])

    def cases(self) -> None:
        with self.parts.store.write() as link:
            subscribers.add(
                link, site="school", name="station", ground="g", webhook="http://x.example", who="t", now="t"
            )
            common = {"kind": "tailgating", "severity": "major", "node": "gate-1", "at": self.now}
            raises = [
                Raise(key=f"x/{self.opaque}", person=self.opaque, plate=PLATE, detail=f"by {CARD}", **common),
                Raise(key=f"x/{PLATE}", plate=PLATE, **common),
                Raise(key="x/other", person=self.other, plate=PLATE, **common),
                Raise(key="x/other", person=self.other, plate=PLATE, **common),
            ]
            piece = {"kind": "face", "camera": "cam-1", "at": self.now, "picture": None, "box": None, "score": None}
            piece |= {"margin": None, "live": None, "network": None, "synthetic": False}
            named = Piece(**piece, subject=self.opaque)
            raises.append(Raise(key="x/nobody", evidence=(named,), **common))
            numbers = [self.parts.book.raise_(link, each, self.now) for each in raises]
            at = {"alert_id": numbers[0], "when": self.now, "source": "raised", "target": "resolved", "who": "guard-1"}
            link.execute(t.transitions.insert().values(at | {"note": "spoke to them"}))
            photo = {"alert_id": numbers[0], "sha256": "e" * 64, "who": "guard-1", "at": self.now}
            link.execute(t.case_pictures.insert().values(photo))
            told = {"alert_id": numbers[0], "round": 0, "step": 1, "contact": "head", "state": "told", "at": self.now}
            link.execute(t.escalations.insert().values(told | {"notice_id": self._told(link, numbers[0])}))
            for table in (t.alerts, t.alert_repeats):
                link.execute(update(table).where(table.c.person == self.other).values(plate=PLATE))
            link.execute(update(t.alerts).values(state="resolved"))

    def _told(self, link: Any, number: int) -> int:
        """A contact, of a case about them; it arrived in the gateway's own inbox."""
        row = {"site": "school", "contact": "head", "key": f"case/{number}/head", "happening": "escalation"}
        row |= {"alert_id": number, "to": "head", "channel": "inbox", "title": NAME, "body": f"{NAME} {PLATE}"}
        row |= {"state": "sent", "next_at": self.now, "tries": 1, "error": ""}
        row |= {"happened_at": self.now, "created_at": self.now, "expires_at": self.now}
        return int(link.execute(t.notices.insert().values(row).returning(t.notices.c.id)).scalar_one())

    def arrives(self) -> None:
        """Every notice is in the gateway's own inbox, too."""
        with self.parts.store.write() as link:
            for row in link.execute(select(t.notices)).all():
                # What comes late says so.
                said = {"title": f"(late) {row.title}", "body": row.body, "now": self.now, "key": inbox.key_of(row.key)}
                inbox.receive(link, PHONE, **said)
            link.execute(update(t.notices).values(state="sent"))

    def looked_up(self) -> None:
        for asked in ({"person": NAME}, {"person": BEFORE}, {"plate": PLATE}, {"plate_near": PLATE}, {"card": CARD}):
            self.said(self.guard.get("/api/passages", params=asked))
        self.said(self.admin.get("/api/audit", params={"person": NAME}))
        self.said(self.guard.post("/api/cards/whose", json={"card": CARD}))


@pytest.fixture
def life(parts: Services, client: Client) -> Life:
    lived = Life(parts, client)
    lived.lives()
    return lived


def test_no_column_of_any_table_says_who_was_erased(life: Life) -> None:
    parts = life.parts
    assert set().union(*found(parts, *WORDS).values()) == set(WORDS), "it is all there before"
    assert "visits.name" in found(parts, "李雷"), "sealed columns are looked into as well"
    erase(parts, WHO, who="cli:test", why="request of 2 March")
    nothing_is_left(life)


def test_nor_who_withdrew_before(life: Life) -> None:
    parts = life.parts
    with parts.store.write() as link:
        parts.registry.withdraw(link, WHO, who="t", now=parts.now())
    assert "visits.host_name" not in found(parts, *WORDS), "a withdrawal leaves no name"
    erase(parts, WHO, who="cli:test", why="request of 2 March")
    nothing_is_left(life)


def test_what_waits_to_be_told_of_them_is_not_sent_without_its_words(life: Life) -> None:
    with life.parts.store.write() as link:
        link.execute(update(t.notices).values(state="queued"))
    erase(life.parts, WHO, who="cli:test", why="request of 2 March")
    with life.parts.store.read() as link:
        left = link.execute(select(t.notices.c.state, t.notices.c.body)).all()
    assert set(left) == {("expired", "")}


def nothing_is_left(life: Life) -> None:
    parts = life.parts
    assert found(parts, *WORDS) == {}
    assert {where.split(".")[0] for where in found(parts, WHO)} <= set(BY_ID)
    assert {where.split(".")[0] for where in found(parts, life.opaque)} <= set(BY_OPAQUE)


def test_who_collected_by_them_is_told_to_the_gates_anew_and_their_visitor_stays(life: Life) -> None:
    parts = life.parts
    with parts.store.read() as link:
        before = link.execute(select(t.people.c.version).where(t.people.c.id == "pupil-2")).scalar_one()
    erase(parts, WHO, who="cli:test", why="request of 2 March")
    (visit,) = life.said(life.guard.get("/api/visits"))["items"]
    assert (visit["name"], visit["host"], visit["state"]) == ("李雷", "", "announced")
    held = life.said(life.admin.get(f"/api/visits/{life.visit}/export"))
    assert (held["name"], held["host_name"], held["host_person"]) == ("李雷", "", None)
    with parts.store.read() as link:
        assert link.execute(select(t.people.c.version).where(t.people.c.id == "pupil-2")).scalar_one() > before
        slips = link.execute(select(t.leave_slips.c.person_id, t.leave_slips.c.collected)).all()
        assert slips == [("pupil-2", "listed")] * 2


#: Tables of which no row is exported, with the reason.
NOT_EXPORTED = {
    "events": "their exact bytes are a file of the export",
    "refusals": "likewise",
    "carer_codes": "opens a phone",
}


def test_an_export_has_rows_of_every_table_that_names_them(life: Life, tmp_path: Path) -> None:
    parts = life.parts
    tables = {where.split(".")[0] for where in found(parts, *WORDS, WHO, life.opaque)}
    done = export(parts, WHO, tmp_path / "one.zip", who="t")
    with parts.store.read() as link:
        rows = {name: link.execute(select(t.metadata.tables[name])).mappings().all() for name in tables}
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        data = json.loads(file.read("data.json"))
        refused = file.read("refused.jsonl").decode().splitlines()
    assert tables - set(NOT_EXPORTED) == set(EXPORTED), "a table that is new is exported, or said why not"
    for table, kinds in EXPORTED.items():
        assert sum(len(data[kind]) for kind in kinds) == naming(rows[table], life.opaque), table
    assert (len(data["case_steps"]), len(data["told_to_police"]), len(data["named_cases"])) == (1, 2, 1)
    assert done.events == 4
    assert [json.loads(line)["seq"] for line in refused] == [77]
    assert [row["action"] for row in data["audit_names"]] == ["collector.add", "leave.give", "card.whose"]
    assert "李雷" not in json.dumps(data, ensure_ascii=False), "their visitor is somebody else"


def naming(rows: Any, opaque: str) -> int:
    """How many rows say anything of them."""
    words = (*WORDS, WHO, opaque)
    return sum(any(word in str(value) for value in row.values() for word in words) for row in rows)
