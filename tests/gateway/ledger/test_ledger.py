"""The ledger adds up: what was decided is stored, or it is a hole that shows."""

from __future__ import annotations

from datetime import timedelta

from support.events import START, event, passage
from support.pipeline import take_in
from zhian_gateway.ledger.book import Counts, DayOfRun, Line, lines
from zhian_gateway.ledger.reading import read
from zhian_gateway.services import Services


def of_store(parts: Services) -> list[Line]:
    with parts.store.read() as link:
        return read(link, parts.site)


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


def test_a_clock_that_begins_in_1970_still_counts_on() -> None:
    days = [DayOfRun("n", "e", "1970-01-01", 4, 4), DayOfRun("n", "e", "2026-03-02", 6, 10)]
    assert [(line.decided, line.holes) for line in lines(days, {})] == [(4, 0), (6, 0)]


def test_a_day_of_nothing_but_noise_is_in_the_ledger() -> None:
    (line,) = lines([], {("n", "d"): Counts(unreadable=3)})
    assert (line.decided, line.unreadable) == (0, 3)
