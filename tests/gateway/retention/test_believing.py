"""A clock that stands years ahead withdraws nobody and deletes nothing, until somebody or something vouches for it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from structlog.testing import capture_logs
from support.people import ground, person_file, some_face
from zhian_gateway.errors import Conflict
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.operations.facts import Observer
from zhian_gateway.operations.health import judge
from zhian_gateway.retention import believing
from zhian_gateway.retention.job import Job
from zhian_gateway.services import Services
from zhian_gateway.store import audit, locking
from zhian_gateway.store import tables as t

DAY = 86_400
YEARS = 1500 * DAY


@pytest.fixture
def alone(parts: Services) -> Services:
    """A gateway whose clock nothing synchronises, with somebody enrolled for a year and an entry in the audit."""
    with parts.store.write() as link:
        about, face = person_file(name="Ann"), some_face()
        ends = ground("2027-01-01T00:00:00.000Z")
        parts.registry.enrol(link, "ann", about, ends, face, who="t", now="2026-01-01T00:00:00.000Z")
        audit.record(link, site="school", at=parts.now(), who="t", action="people.add", subject="ann")
    return replace(parts, synchronised=lambda: False)


def keep_house(parts: Services) -> Housekeeping:
    """What a start does in its first minute."""
    keeper = Housekeeping(parts)
    while keeper.step():
        pass
    return keeper


def kept(parts: Services) -> tuple[int, int]:
    """People who are enrolled, and runs of retention that ended."""
    with parts.store.read() as link:
        people = select(func.count()).where(t.people.c.withdrawn_at.is_(None))
        runs = select(func.count()).select_from(t.retention_runs)
        return link.execute(people).scalar_one(), link.execute(runs).scalar_one()


@pytest.mark.parametrize("seen_before", [True, False])
def test_a_start_with_a_clock_years_ahead_deletes_nothing_and_says_so(
    alone: Services, clock: Any, seen_before: bool
) -> None:
    if seen_before:
        keep_house(alone)
    runs = kept(alone)[1]
    clock.forward(YEARS)
    with capture_logs() as logs:
        keep_house(alone)
    assert kept(alone) == (1, runs)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["clock.doubted"]
    with pytest.raises(Conflict, match=r"retention clock --confirm"):
        list(Job(alone).batches("t"))
    (check,) = (each for each in judge(Observer(alone).look()) if each.name == "clock")
    assert (check.verdict, check.code, check.values) == ("warn", "clock_doubted", {"days": 1500.0})


def test_it_goes_on_when_the_clock_is_set_right(alone: Services, clock: Any) -> None:
    keep_house(alone)
    clock.forward(YEARS)
    keeper = keep_house(alone)
    clock.forward(-YEARS + DAY)
    while keeper.step():
        pass
    assert kept(alone) == (1, 2)


def test_a_clock_that_is_synchronised_or_confirmed_is_believed(alone: Services, clock: Any) -> None:
    keep_house(alone)
    clock.forward(YEARS)
    believing.confirm(alone, who="cli:t")
    keep_house(alone)
    assert kept(alone)[0] == 0
    clock.forward(YEARS)
    assert not believing.believes(alone)
    assert believing.believes(replace(alone, synchronised=lambda: True))
    # What was believed once needs nobody to vouch for it again.
    assert believing.believes(alone)
    with alone.store.read() as link:
        entry = link.execute(select(t.audit.c.who).where(t.audit.c.action == "clock.confirmed")).scalar_one()
    assert entry == "cli:t"


def test_what_was_believed_by_mistake_is_forgotten_once_the_clock_is_synchronised(alone: Services, clock: Any) -> None:
    clock.forward(YEARS)
    believing.confirm(alone, who="cli:t")
    clock.forward(-YEARS)
    assert believing.believes(replace(alone, synchronised=lambda: True))
    clock.forward(YEARS - DAY)
    assert not believing.believes(alone)


def test_a_gateway_that_runs_or_was_off_for_some_days_needs_nobody(alone: Services, clock: Any) -> None:
    for _ in range(40):
        clock.forward(6 * DAY)
        assert believing.believes(alone)


def test_a_new_site_has_nothing_to_doubt(parts: Services, clock: Any) -> None:
    with parts.store.write() as link:
        link.execute(delete(t.audit))
    assert believing.believes(replace(parts, synchronised=lambda: False))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave files that are another user's")
def test_a_lock_that_root_made_is_its_folders_owners(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with locking.opened(tmp_path / "retention.lock"):
        pass
    made = (tmp_path / "retention.lock").stat()
    assert (made.st_uid, made.st_gid, made.st_mode & 0o777) == (65534, 65534, 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_nobody_makes_root_give_them_a_file_by_another_name(tmp_path: Path) -> None:
    home, roots = tmp_path / "home", tmp_path / "roots"
    home.mkdir()
    roots.write_text("root's own")
    os.chown(home, 65534, 65534)
    (home / "soft.lock").symlink_to(roots)
    (home / "hard.lock").hardlink_to(roots)
    with pytest.raises(OSError, match=r"soft\.lock"), locking.opened(home / "soft.lock"):
        pass
    with locking.opened(home / "hard.lock"):
        pass
    assert roots.stat().st_uid == 0
