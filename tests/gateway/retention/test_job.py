"""What is old enough goes, what an open case needs stays, and the ledger proves as much as before."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, update
from support.events import event, face, passage
from support.gateway import write_config
from support.people import JPEG, ground, person_file, some_face
from support.pipeline import take_in
from support.stores import Stores
from zhian_gateway.config import load
from zhian_gateway.errors import Conflict, NotFound
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.ledger.reading import read as read_ledger
from zhian_gateway.people import rosters
from zhian_gateway.retention import job as retention
from zhian_gateway.retention.job import Job, Report
from zhian_gateway.services import Services, open_services
from zhian_gateway.store import audit
from zhian_gateway.store import tables as t
from zhian_wire import codec
from zhian_wire.events import Decision, Event
from zhian_wire.evidence import Evidence
from zhian_wire.receipts import Receipt

DAY = 86_400


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)


@pytest.fixture
def parts(tmp_path: Path, storage: Stores, clock: Any) -> Iterator[Services]:
    """No lane is closed to strangers here, so that a passage alone is no case."""
    path = write_config(tmp_path / "parts", "mqtt://127.0.0.1:1")
    path.write_text(path.read_text(encoding="utf-8").replace("= true", "= false"), encoding="utf-8")
    services = open_services(load(path), publish=lambda *_: None, clock=clock)
    yield services
    services.store.close()


def picture(parts: Services, node: str, data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    kind = parts.pictures.keep(sha256, data)
    with parts.store.write() as link:
        values = {"size": len(data), "media_type": kind, "node": node, "received_at": parts.now()}
        link.execute(t.pictures.insert().values(sha256=sha256, **values))
    return sha256


def enrolled(parts: Services, person: str = "pupil-1") -> str:
    """The opaque id of somebody new."""
    with parts.store.write() as link:
        about = person_file(name=person, guardians=["inbox://mother"])
        parts.registry.enrol(
            link,
            person,
            about,
            ground("2030-01-01T00:00:00.000Z"),
            some_face(),
            who="t",
            now="2026-01-01T00:00:00.000Z",
        )
        return str(link.execute(select(t.people.c.opaque).where(t.people.c.id == person)).scalar_one())


def run(parts: Services) -> Report:
    (*_, last) = Job(parts).batches("test")
    return last


def count(parts: Services, table: Any) -> int:
    with parts.store.read() as link:
        return int(link.execute(select(func.count()).select_from(table)).scalar_one())


def keep(parts: Services, *found: Event) -> list[Receipt]:
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    return keeper.keep([Message(each.node, codec.encode(each)) for each in found])


def strangers(parts: Services, *seqs: int) -> list[str]:
    """Strangers passed, each with a crop."""
    shown = [picture(parts, "gate-1", JPEG + bytes([seq])) for seq in seqs]
    take_in(
        parts,
        *(event(passage(evidence=(face(picture=sha),)), seq=seq) for seq, sha in zip(seqs, shown, strict=True)),
    )
    return shown


def test_strangers_go_after_their_days_with_their_crops_and_people_enrolled_stay(parts: Services, clock: Any) -> None:
    crops = strangers(parts, 1, 2, 3)
    take_in(parts, event(passage(person_id=enrolled(parts)), seq=4))
    clock.forward(29 * DAY)
    assert not +run(parts).counts
    clock.forward(2 * DAY)
    assert +run(parts).counts == {"pictures": 3, "strangers": 3, "events": 4}
    assert count(parts, t.passages) == 1
    for crop in crops:
        with pytest.raises(NotFound):
            parts.pictures.read(crop)
    clock.forward(400 * DAY)
    assert run(parts).counts["known"] == 1


def test_a_day_whose_contents_are_gone_is_proven_as_before(parts: Services, clock: Any) -> None:
    strangers(parts, 1, 2, 4)
    with parts.store.read() as link:
        before = read_ledger(link, parts.site, parts.zone)
    clock.forward(40 * DAY)
    run(parts)
    with parts.store.read() as link:
        assert link.execute(select(t.events.c.body).distinct()).scalars().all() == [b""]
        digests = link.execute(select(t.events.c.digest).order_by(t.events.c.seq)).scalars().all()
        assert read_ledger(link, parts.site, parts.zone) == before
        assert parts.rows.missing(link) == {"gate-1": 1}
    assert digests[2] == hashlib.sha256(codec.encode(with_crop(4))).hexdigest()


def with_crop(seq: int) -> Event:
    sha = hashlib.sha256(JPEG + bytes([seq])).hexdigest()
    return event(passage(evidence=(face(picture=sha),)), seq=seq)


def test_a_late_copy_of_what_is_gone_is_not_stored_again_and_a_forgery_of_it_is_refused(
    parts: Services, clock: Any
) -> None:
    strangers(parts, 1, 2)
    clock.forward(40 * DAY)
    run(parts)
    (receipt,) = keep(parts, with_crop(1))
    assert (receipt.through, receipt.highest, receipt.refused) == (2, 2, ())
    (receipt,) = keep(parts, event(passage(score=0.99), seq=2))
    assert [refusal.reason for refusal in receipt.refused] == ["conflict"]
    assert (count(parts, t.events), count(parts, t.passages)) == (2, 0)


def test_what_an_open_case_needs_stays_until_it_is_closed(parts: Services, clock: Any) -> None:
    crops = strangers(parts, 1, 2)
    with parts.store.write() as link:
        row = link.execute(select(t.passages).where(t.passages.c.id == 1)).mappings().one()
        values = {"key": "k", "kind": "unknown_person", "severity": "major", "state": "acknowledged", "site": "school"}
        values |= {"raised_at": parts.now(), "updated_at": parts.now(), "count": 1, "node": "gate-1", "detail": ""}
        link.execute(t.alerts.insert().values(values | {"candidate": False, "evidence": row["evidence"], "id": 1}))
        link.execute(t.alert_passages.insert().values(alert_id=1, passage_id=1))
    clock.forward(800 * DAY)
    found = run(parts).counts
    assert (found["pictures"], found["strangers"], found["cases"]) == (1, 1, 0)
    assert parts.pictures.read(crops[0]) == JPEG + b"\x01"
    with parts.store.write() as link:
        (body,) = link.execute(select(t.events.c.body).where(t.events.c.id == 1)).scalars()
        assert body == codec.encode(with_crop(1))
        link.execute(update(t.alerts).values(state="resolved", updated_at=parts.now()))
    found = run(parts).counts
    assert (found["pictures"], found["strangers"], found["cases"]) == (1, 1, 0)
    clock.forward(731 * DAY)
    assert run(parts).counts["cases"] == 1


def test_a_rehearsal_says_what_a_run_then_does_and_deletes_nothing(parts: Services, clock: Any) -> None:
    strangers(parts, 1, 2, 3)
    take_in(parts, event(passage(person_id=enrolled(parts)), seq=4))
    with parts.store.write() as link:
        link.execute(update(t.notices).values(state="sent"))
    clock.forward(1200 * DAY)
    promised = Job(parts).rehearse()
    assert count(parts, t.passages) == 4
    assert promised.dry
    assert promised.counts["audit"] > 0
    assert +promised.counts == +run(parts).counts


def test_zero_days_keep_for_ever(parts: Services, clock: Any) -> None:
    settings = msgspec.structs.replace(
        parts.config.retention, **{f"{name}_days": 0 for name in ("pictures", "strangers", "events", "audit")}
    )
    object.__setattr__(parts, "config", msgspec.structs.replace(parts.config, retention=settings))
    strangers(parts, 1)
    clock.forward(9000 * DAY)
    assert not +run(parts).counts


@pytest.mark.parametrize("killed_after", range(1, 9))
def test_a_run_that_is_killed_anywhere_is_told_of_and_the_next_one_ends_it(
    parts: Services, clock: Any, killed_after: int
) -> None:
    crops = strangers(parts, 1, 2, 3, 4)
    clock.forward(40 * DAY)
    batches = Job(parts).batches("test")
    for _ in range(killed_after):
        next(batches)
    done = sum(so_far(parts).values())
    batches.close()
    left = run(parts).counts
    with parts.store.read() as link:
        told = link.execute(select(t.audit.c.detail).where(t.audit.c.action == "retention.interrupted")).scalars().all()
        assert audit.first_fault(link) is None
    assert len(told) == 1
    assert sum(msgspec.json.decode(told[0], type=dict[str, int]).values()) == done
    assert left["pictures"] + msgspec.json.decode(told[0]).get("pictures", 0) == 4
    assert left["strangers"] + msgspec.json.decode(told[0]).get("strangers", 0) == 4
    assert not any((parts.config.store.picture_folder / "evidence" / crop[:2] / crop).exists() for crop in crops)


def so_far(parts: Services) -> dict[str, int]:
    """What the run that is under way has written down."""
    with parts.store.read() as link:
        (text,) = link.execute(select(t.retention_runs.c.counts)).scalars()
        return msgspec.json.decode(text, type=dict[str, int])


def test_files_that_a_crash_left_are_swept_up_and_new_ones_are_left_alone(parts: Services) -> None:
    known = picture(parts, "gate-1", JPEG)
    names = [hashlib.sha256(JPEG + bytes([n])).hexdigest() for n in (1, 2)]
    for n, name in enumerate(names, 1):
        parts.pictures.keep(name, JPEG + bytes([n]))
    lost = parts.pictures.keep_portrait(JPEG + b"nobody's")
    folder = parts.config.store.picture_folder
    files = {name: folder / "evidence" / name[:2] / name for name in (known, *names)}
    files[lost] = folder / "portraits" / lost[:2] / lost
    for name in (known, names[0], lost):
        os.utime(files[name], (0, 0))
    assert +run(parts).counts == {"stray files": 2}
    assert [name for name, file in files.items() if file.exists()] == [known, names[1]]


def test_two_runs_at_once_are_not(parts: Services) -> None:
    first = Job(parts).batches("one")
    next(first)
    with pytest.raises(Conflict, match="under way"):
        next(Job(parts).batches("two"))
    first.close()
    run(parts)


def test_it_runs_once_a_day_by_itself_from_the_hour_on(parts: Services, clock: Any) -> None:
    clock.forward(-13.5 * 3600)  # 02:30 of the site
    keeper = Housekeeping(parts)
    while keeper.step():
        pass
    assert count(parts, t.retention_runs) == 0
    clock.forward(3600)
    for _ in range(2):
        while keeper.step():
            pass
    assert count(parts, t.retention_runs) == 1
    clock.forward(DAY)
    while keeper.step():
        pass
    assert count(parts, t.retention_runs) == 2


def test_every_run_is_in_the_audit_and_the_audit_itself_is_cut_without_a_break(parts: Services, clock: Any) -> None:
    for _ in range(7):
        with parts.store.write() as link:
            audit.record(link, site="school", at=parts.now(), who="w", action="look")
    clock.forward(1000 * DAY)
    with parts.store.write() as link:
        audit.record(link, site="school", at=parts.now(), who="w", action="look")
    clock.forward(100 * DAY)
    assert run(parts).counts["audit"] == 7
    with parts.store.write() as link:
        assert audit.first_fault(link) is None
        assert link.execute(select(t.audit.c.action).order_by(t.audit.c.id.desc()).limit(1)).scalar() == "retention.run"
        link.execute(update(t.audit).where(t.audit.c.action == "look").values(who="x"))
        assert audit.first_fault(link) == 8


def test_entries_that_somebody_took_off_the_beginning_are_missed(parts: Services) -> None:
    with parts.store.write() as link:
        for _ in range(3):
            audit.record(link, site="school", at="t", who="w", action="look")
        link.execute(t.audit.delete().where(t.audit.c.id == 1))
        assert audit.first_fault(link) == 1


def test_orders_by_hand_stay_as_long_as_the_audit(parts: Services, clock: Any) -> None:
    def ordered(kind: Any, seq: int) -> Event:
        shown = (Evidence(kind=kind, device="in", at_ms=1),)
        return event(
            Decision(
                transaction=f"t{seq}", lane="main", verdict="open", reason="card", policy="card", evidence_age_ms=1,
                person_id=None, evidence=shown,
            ),
            seq=seq,
        )  # fmt: skip

    take_in(parts, ordered("manual", 1), ordered("card", 2))
    clock.forward(60 * DAY)
    assert run(parts).counts["events"] == 1
    clock.forward(1100 * DAY)
    assert run(parts).counts["events"] == 1


def test_an_event_that_no_rule_has_seen_keeps_its_bytes(parts: Services, clock: Any) -> None:
    take_in(parts, event(seq=1))
    keep(parts, event(seq=2))
    clock.forward(60 * DAY)
    run(parts)
    with parts.store.read() as link:
        assert link.execute(select(t.events.c.seq).where(t.events.c.digest.is_(None))).scalars().all() == [2]


def test_a_clock_of_a_node_in_1970_or_2099_neither_hastens_nor_hinders(parts: Services, clock: Any) -> None:
    for seq, year in ((1, 1970), (2, 2099)):
        take_in(parts, event(seq=seq, at=clock.now.replace(year=year)))
    assert not +run(parts).counts
    clock.forward(31 * DAY)
    assert run(parts).counts["strangers"] == 2


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_what_is_deleted_is_not_in_the_files_any_more(parts: Services, clock: Any) -> None:
    take_in(parts, event(passage(plate="京A7Q7Q7", person_id=None), seq=1))
    files = [Path(parts.config.store.home) / name for name in ("gateway.db", "gateway.db-wal")]
    needle = "京A7Q7Q7".encode()
    assert any(needle in file.read_bytes() for file in files)
    clock.forward(60 * DAY)
    run(parts)
    assert not any(needle in file.read_bytes() for file in files)


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_the_space_of_what_is_gone_is_free_for_what_comes(parts: Services, clock: Any) -> None:
    take_in(parts, *(event(passage(person_id=None, plate="京" * 200), seq=seq) for seq in range(1, 60)))
    clock.forward(60 * DAY)
    run(parts)
    with parts.store.read() as link:
        free = link.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        size = link.exec_driver_sql("PRAGMA page_size").scalar_one()
        assert link.exec_driver_sql("PRAGMA foreign_key_check").first() is None
    assert free * size > 59 * 1000


def test_known_people_keep_their_passages_when_the_bytes_go(parts: Services, clock: Any) -> None:
    opaque = enrolled(parts)
    take_in(parts, *(event(passage(person_id=opaque), seq=seq) for seq in range(1, 6)))
    clock.forward(60 * DAY)
    assert run(parts).counts["events"] == 5
    with parts.store.read() as link:
        assert link.execute(select(t.passages.c.id).where(t.passages.c.person == opaque)).scalars().all() == [
            1,
            2,
            3,
            4,
            5,
        ]
        lost = select(t.passages.c.id).where(t.passages.c.id.not_in(select(t.events.c.id)))
        assert link.execute(lost).first() is None


def test_nodes_get_the_roster_as_before(parts: Services, clock: Any) -> None:
    enrolled(parts)
    with parts.store.read() as link:
        before = rosters.build(link, since=0, now=parts.now())
    clock.forward(800 * DAY)
    run(parts)
    with parts.store.read() as link:
        assert rosters.build(link, since=0, now=parts.now()) == before
