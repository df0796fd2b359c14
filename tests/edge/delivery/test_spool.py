"""A picture is whole or absent, outlives its event's delivery, and only pictures ever make room."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Outbox
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.delivery.spool import Spool
from zhian_wire.receipts import Receipt, Refusal

from .peers import IDENTITY, WALL_MS, alert, drafts, passage, proofs

DAY_MS = 86_400_000


def names(spool: Spool) -> list[str]:
    return sorted(name for name, _ in spool.held())


def test_a_draft_becomes_lasting_under_its_hash(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    sha256 = spool.draft(b"crop")
    assert sha256 == hashlib.sha256(b"crop").hexdigest()
    assert names(spool) == []
    assert spool.adopt(sha256)
    assert spool.adopt(sha256), "a second event may show the same picture"
    assert spool.path(sha256).read_bytes() == b"crop"


def test_a_picture_that_is_not_there_is_not_adopted(tmp_path: Path) -> None:
    assert not Spool(tmp_path).adopt("0" * 64)


def test_only_as_much_is_thinned_as_is_needed_oldest_first(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    order = [spool.draft(bytes([n]) * 1000) for n in range(5)]
    assert all(map(spool.adopt, order))
    assert spool.excess(3500, 0) == 1500
    assert spool.thin(order, 1500) == order[:2]
    assert names(spool) == sorted(order[2:])
    assert spool.excess(3500, 0) == 0


def test_a_full_disk_thins_pictures_whatever_their_budget(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.adopt(spool.draft(b"x" * 1000))
    assert spool.excess(1 << 40, 1 << 60) == 1000


def test_drafts_that_no_event_took_are_swept(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    old = spool.draft(b"old")
    assert spool.sweep(60, 1000.0) == 0
    new = spool.draft(b"new")
    assert spool.sweep(60, 1059.0) == 0
    assert spool.sweep(60, 1060.0) == 1
    assert not spool.adopt(old)
    assert spool.adopt(new)


def test_a_draft_made_before_the_clock_was_set_is_not_old(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    draft = spool.draft(b"crop")
    os.utime(tmp_path / "tmp" / draft, (5, 5))
    assert spool.sweep(60, 1000.0) == 0
    assert spool.adopt(draft)


def test_nothing_of_a_revoked_node_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.adopt(spool.draft(b"kept"))
    spool.draft(b"draft")
    spool.clear()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_pictures_wait_for_their_events_receipt_and_those_of_alerts_go_first(tmp_path: Path) -> None:
    database = Database(tmp_path / "node.sqlite3")
    outbox, book = Outbox(database, IDENTITY), PictureBook(database)
    seen = passage("b", "b" * 64).evidence
    shown = type(alert())(key="k", kind="k", severity="major", device="d", evidence=passage("a", "a" * 64).evidence)
    outbox.commit(drafts(passage("b", "b" * 64), shown, passage("c", "c" * 64)))
    assert seen[0].picture == "b" * 64
    assert (book.next(9), book.waiting()) == ([], 3)
    outbox.apply(
        [Receipt(node="gate", epoch=outbox.epoch, through=2, store_id="s", proof=proofs(outbox, 1, 2))], WALL_MS
    )
    assert book.next(9) == ["a" * 64, "b" * 64]
    book.mark(["a" * 64], "sent")
    assert book.next(9) == ["b" * 64]
    assert book.thinnable() == ["a" * 64, "b" * 64, "c" * 64], "delivered ones go before the others"
    book.mark(["a" * 64], "thinned")
    assert book.thinnable() == ["b" * 64, "c" * 64]


def book_of(folder: Path) -> tuple[Outbox, PictureBook]:
    database = Database(folder / "node.sqlite3")
    return Outbox(database, IDENTITY), PictureBook(database)


def receipted(outbox: Outbox, *seqs: int, refused: int | None = None) -> None:
    wrong = () if refused is None else (Refusal(seq=refused, reason="unreadable"),)
    proof = proofs(outbox, *seqs)
    outbox.apply(
        [Receipt(node="gate", epoch=outbox.epoch, through=0, store_id="s", proof=proof, refused=wrong)], WALL_MS
    )


def test_a_picture_that_waits_outlives_the_ring(tmp_path: Path) -> None:
    outbox, book = book_of(tmp_path)
    outbox.commit(drafts(passage("a", "a" * 64), passage("later")))
    receipted(outbox, 1, 2)
    assert outbox.prune(WALL_MS + 8 * DAY_MS, 7) == []
    assert book.next(9) == ["a" * 64]
    book.mark(["a" * 64], "sent")
    assert outbox.prune(WALL_MS + 8 * DAY_MS, 7) == ["a" * 64]


def test_a_picture_of_a_refused_event_goes_with_another_that_shows_it(tmp_path: Path) -> None:
    outbox, book = book_of(tmp_path)
    outbox.commit(drafts(passage("a", "a" * 64), passage("b", "a" * 64)))
    receipted(outbox, 2, refused=1)
    assert book.next(9) == ["a" * 64]


def test_a_picture_of_a_refused_event_alone_waits_for_nothing_until_it_is_shown_again(tmp_path: Path) -> None:
    outbox, book = book_of(tmp_path)
    outbox.commit(drafts(passage("a", "a" * 64), passage("b")))
    receipted(outbox, 2, refused=1)
    assert (book.next(9), book.waiting()) == ([], 0)
    outbox.commit(drafts(passage("c", "a" * 64)))
    receipted(outbox, 3)
    assert book.next(9) == ["a" * 64]


def test_pictures_of_events_that_are_asked_for_again_are_sent_again(tmp_path: Path) -> None:
    outbox, book = book_of(tmp_path)
    outbox.commit(drafts(passage("a", "a" * 64), passage("b", "b" * 64)))
    receipted(outbox, 1, 2)
    book.mark(["a" * 64, "b" * 64], "sent")
    assert outbox.reopen(outbox.epoch, [(1, 1)]) == 1
    assert book.waiting() == 1
    receipted(outbox, 1)
    assert book.next(9) == ["a" * 64]


def test_a_gateway_that_lost_its_store_gets_the_pictures_again(tmp_path: Path) -> None:
    database = Database(tmp_path / "node.sqlite3")
    outbox, book = Outbox(database, IDENTITY), PictureBook(database)
    outbox.commit(drafts(passage("a", "a" * 64)))
    known = proofs(outbox, 1)
    for store_id, proof in (("s1", known), ("s2", {}), ("s2", known)):
        outbox.apply([Receipt(node="gate", epoch=outbox.epoch, through=0, store_id=store_id, proof=proof)], WALL_MS)
        if store_id == "s1":
            book.mark(book.next(9), "sent")
    assert book.next(9) == ["a" * 64]
