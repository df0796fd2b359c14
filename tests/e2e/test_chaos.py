"""Everything goes wrong in a random order under load: nothing is lost, nothing is doubled, and the books say so."""

from __future__ import annotations

import os
import random
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ..support.clips import cars
from ..support.postgres import Postgres, program
from .chaos.books import balance, clones_told, differences
from .chaos.schedule import rampage
from .chaos.site import ChaosSite, Load

SEED = 10
#: Half a minute of them; all of them, and `vision` with its networks, take minutes.
SOME = ("node killed", "broker wiped", "card cloned", "gateway restored", "node's disk full")
#: What has to do with a server beside the gateway.
SOME_WITH_SERVER = ("PostgreSQL killed", "gateway killed", "broker killed", "node killed")


class Trial(NamedTuple):
    """A site of its own for so many seconds, and each of `only` these faults (all of them) at least once."""

    folder: Path
    models_home: Path
    clip: Path | None = None
    seconds: float = 0
    only: Collection[str] = ()


def survive(trial: Trial, server: Postgres | None = None) -> None:
    chance = random.Random(SEED)
    site = ChaosSite(trial.folder, trial.models_home, chance, Load(trial.clip, per_s=10), server)
    try:
        done = rampage(site, chance, trial.seconds, only=trial.only)
        site.end()
        books = balance(site)
        print(dict(site.line.done), books)
        assert books.balanced, (books, differences(site))
        assert clones_told(site) or "card cloned" not in done
    finally:
        site.close()


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server of the test's own, since others must not feel that it is killed; it waits for the disk, as it should."""
    if program("initdb") is None:
        missing = "needs PostgreSQL: apt-get install postgresql"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    one = Postgres(durable=True).start()
    yield one
    one.remove()


@pytest.mark.thorough
def test_some_of_it_in_a_random_order_loses_and_doubles_nothing(tmp_path: Path) -> None:
    survive(Trial(tmp_path, tmp_path, only=SOME))


@pytest.mark.slow
def test_neither_does_a_server_that_is_killed_among_the_others(tmp_path: Path, server: Postgres) -> None:
    survive(Trial(tmp_path, tmp_path, only=SOME_WITH_SERVER), server)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_neither_does_a_card_that_is_cloned_before_it_heard_of_its_last_clone(tmp_path: Path) -> None:
    survive(Trial(tmp_path, tmp_path, seconds=90, only=("card cloned", "broker killed")))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_breaks_nothing_is_lost_or_doubled(tmp_path: Path, models_home: Path) -> None:
    survive(Trial(tmp_path, models_home, cars(tmp_path / "cars.mp4", pause=0.5), 120))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_breaks_nothing_is_lost_or_doubled_on_a_server(
    tmp_path: Path, models_home: Path, server: Postgres
) -> None:
    survive(Trial(tmp_path, models_home, cars(tmp_path / "cars.mp4", pause=0.5), 120), server)
