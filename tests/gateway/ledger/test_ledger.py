"""The ledger adds up: what was decided is stored, or it is a hole that shows."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.events import START, event, passage
from support.pipeline import take_in
from zhian_gateway.ledger.book import Counts, DayOfRun, Line, Signed, Word, lines
from zhian_gateway.ledger.reading import read
from zhian_gateway.services import Services


def of_store(parts: Services) -> list[Line]:
    with parts.store.read() as link:
        return read(link, parts.site, parts.zone)


def test_a_whole_day_has_no_hole(parts: Services) -> None:
    take_in(parts, *(event(seq=seq) for seq in range(1, 11)))
    assert of_store(parts) == [Line(node="gate-1", day="2026-03-02", decided=10, stored=10, holes=0)]


def test_what_is_missing_shows_on_its_day(parts: Services) -> None:
    tomorrow = START + timedelta(days=1)
    take_in(parts, event(seq=1), event(seq=4), event(seq=5, at=tomorrow), event(seq=7, at=tomorrow))
    found = [(line.day, line.decided, line.stored, line.holes) for line in of_store(parts)]
    assert found == [("2026-03-02", 4, 2, 2), ("2026-03-03", 3, 2, 1)]


def test_days_are_the_sites_own(parts: Services) -> None:
    take_in(parts, event(seq=1, at=START.replace(hour=15, minute=59)), event(seq=2, at=START.replace(hour=16)))
    assert [line.day for line in of_store(parts)] == ["2026-03-02", "2026-03-03"]


def test_copies_and_refusals_are_counted(parts: Services) -> None:
    take_in(parts, event(seq=1), event(seq=1), event(passage(plate="粤B99999"), seq=1))
    (line,) = of_store(parts)
    assert (line.stored, line.repeated, line.conflicts, line.holes) == (1, 1, 1, 0)


def test_epochs_are_counted_apart_and_added() -> None:
    days = [DayOfRun("n", "e1", "d", 5, 5), DayOfRun("n", "e2", "d", 2, 3)]
    assert lines(days, {}) == [Line(node="n", day="d", decided=8, stored=7, holes=1)]


def test_what_was_moved_is_counted_as_the_node_tells_it() -> None:
    days = [DayOfRun("n", f"moved-{number}", "d", 1, 1) for number in range(3)]
    said = [Signed("n", "moved", "d", 5, "at")]
    (line,) = lines(days, {}, (), said)
    assert (line.decided, line.stored, line.holes, line.waiting) == (5, 3, 0, 2)


def test_a_clock_that_begins_in_1970_still_counts_on() -> None:
    days = [DayOfRun("n", "e", "1970-01-01", 4, 4), DayOfRun("n", "e", "2026-03-02", 6, 10)]
    assert [(line.decided, line.holes) for line in lines(days, {})] == [(4, 0), (6, 0)]


def test_a_clock_that_falls_back_to_1970_in_the_middle_of_a_day_makes_no_hole() -> None:
    # Numbers 1 to 4 and 9 to 12 are of one day, 5 to 8 of 1970 between them.
    days = [DayOfRun("n", "e", "2026-03-02", 8, 12), DayOfRun("n", "e", "1970-01-01", 4, 8)]
    assert [(line.decided, line.stored, line.holes) for line in lines(days, {})] == [(4, 4, 0), (8, 8, 0)]
    lost = [DayOfRun("n", "e", "2026-03-02", 7, 12), DayOfRun("n", "e", "1970-01-01", 4, 8)]
    assert sum(line.holes for line in lines(lost, {})) == 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30))
def test_whatever_the_clock_does_as_many_holes_are_told_as_numbers_are_missing(numbers: list[tuple[str, bool]]) -> None:
    """Each number's day, and whether it is stored; what lies above the last that is stored nobody knows here."""
    there = [(seq, day) for seq, (day, stored) in enumerate(numbers, 1) if stored]
    days = [
        DayOfRun("n", "e", day, len(seqs), max(seqs))
        for day in sorted({day for _, day in there})
        for seqs in [[seq for seq, of in there if of == day]]
    ]
    found = lines(days, {})
    assert all(line.holes >= 0 for line in found)
    assert sum(line.holes for line in found) == max((seq for seq, _ in there), default=0) - len(there)


def test_a_day_of_nothing_but_noise_is_in_the_ledger() -> None:
    (line,) = lines([], {("n", "d"): Counts(unreadable=3)})
    assert (line.decided, line.unreadable) == (0, 3)


def test_what_the_node_decided_and_nobody_brought_is_not_yet_arrived() -> None:
    days = [DayOfRun("n", "e", "d1", 60, 60)]
    (line,) = lines(days, {}, [Word("n", "e", "d1", seq=64, at="t", arrived=60)])
    assert (line.decided, line.stored, line.holes, line.waiting, line.said) == (64, 60, 0, 4, "t")


def test_a_word_that_is_older_than_what_arrived_changes_nothing() -> None:
    (line,) = lines([DayOfRun("n", "e", "d1", 60, 60)], {}, [Word("n", "e", "d1", seq=58, at="t", arrived=60)])
    assert (line.decided, line.waiting) == (60, 0)


def test_an_unreadable_last_event_is_settled_and_not_waited_for() -> None:
    (line,) = lines([DayOfRun("n", "e", "d1", 2, 2)], {}, [Word("n", "e", "d1", seq=3, at="t", arrived=3)])
    assert line.waiting == 0


def test_a_node_that_nothing_came_of_is_in_the_ledger_by_its_own_word() -> None:
    (line,) = lines([], {}, [Word("n", "e", "d1", seq=4, at="t", arrived=0)])
    assert (line.day, line.decided, line.stored, line.waiting) == ("d1", 4, 0, 4)


def test_numbers_that_were_used_again_are_no_proof() -> None:
    word = Word("n", "e", "d1", seq=160, at="t", arrived=160, fell_from=150, arrived_then=100)
    (line,) = lines([DayOfRun("n", "e", "d1", 160, 160)], {}, [word], [Signed("n", "e", "d1", 150, "t")])
    assert (line.decided, line.stored, line.waiting, line.reused, line.missing) == (210, 160, 0, 50, 50)


def test_a_card_that_was_restored_after_all_had_come_leaves_the_ledger_whole() -> None:
    word = Word("n", "e", "d1", seq=150, at="t", arrived=150, fell_from=150, arrived_then=150)
    (line,) = lines([DayOfRun("n", "e", "d1", 150, 150)], {}, [word])
    assert (line.decided, line.missing) == (150, 0)


def test_signed_counts_say_on_which_day_it_was_decided() -> None:
    days = [DayOfRun("n", "e", "d1", 5, 5)]
    words = [Word("n", "e", "d2", seq=10, at="t2", arrived=5)]
    signed = [Signed("n", "e", "d1", 7, "t1"), Signed("n", "e", "d2", 2, "t2")]
    found = [(line.day, line.decided, line.stored, line.waiting, line.said) for line in lines(days, {}, words, signed)]
    assert found == [("d1", 7, 5, 2, "t1"), ("d2", 3, 0, 3, "t2")]


def test_a_hole_is_not_counted_once_more_as_waiting() -> None:
    days = [DayOfRun("n", "e", "d1", 5, 5), DayOfRun("n", "e", "d2", 1, 7)]
    words = [Word("n", "e", "d2", seq=7, at="t", arrived=7)]
    found = lines(days, {}, words, [Signed("n", "e", "d1", 6, "t")])
    assert [(line.holes, line.waiting) for line in found] == [(0, 0), (1, 0)]
