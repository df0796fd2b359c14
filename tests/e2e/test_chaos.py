"""Everything goes wrong in a random order under load: nothing is lost, nothing is doubled, and the books say so."""

from __future__ import annotations

import random
from collections.abc import Collection
from pathlib import Path

import pytest

from ..support.clips import cars
from .chaos.books import balance, clones_told, differences
from .chaos.schedule import rampage
from .chaos.site import ChaosSite, Load

SEED = 10
#: Half a minute of them; all of them, and `vision` with its networks, take minutes.
SOME = ("node killed", "broker wiped", "card cloned", "gateway restored", "node's disk full")


def survive(folder: Path, models_home: Path, clip: Path | None, seconds: float, only: Collection[str] = ()) -> None:
    chance = random.Random(SEED)
    site = ChaosSite(folder, models_home, chance, Load(clip, per_s=10))
    try:
        rampage(site, chance, seconds, only=only)
        site.end()
        books = balance(site)
        print(dict(site.line.done), books)
        assert books.balanced, (books, differences(site))
        assert clones_told(site)
    finally:
        site.close()


def test_some_of_it_in_a_random_order_loses_and_doubles_nothing(tmp_path: Path) -> None:
    survive(tmp_path, tmp_path, None, 0, SOME)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_breaks_nothing_is_lost_or_doubled(tmp_path: Path, models_home: Path) -> None:
    survive(tmp_path, models_home, cars(tmp_path / "cars.mp4", pause=0.5), 120)
