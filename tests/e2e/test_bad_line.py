"""A gate behind a line that loses every twentieth packet: alerts are painted while a night's pictures still wait."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..support.waiting import eventually
from .badline.line import CannotLay
from .badline.shaping import Profile
from .badline.site import Backlog, FarSite
from .badline.watch import GuardsScreen

#: More pictures than the line carries in a minute.
BACKLOG = Backlog(events=150)
#: At least so many, and until some packet was lost.
ALERTS = 4


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarSite]:
    try:
        site = FarSite(tmp_path, Profile(), BACKLOG)
    except CannotLay as error:
        pytest.skip(f"this machine lets nobody have a network of his own: {error}")
    try:
        yield site.start()
    finally:
        site.close()


@pytest.mark.thorough
def test_alerts_pass_what_waits_and_none_is_lost(far: FarSite, browser: Browser, console: Path) -> None:
    screen = GuardsScreen(browser, far.site.gateway)
    for number in itertools.count():
        if number >= ALERTS and far.line.up.lost:
            break
        far.show_card(number)
        eventually(lambda: len(screen.delays_ms()) == number + 1, f"alert {number} on the page", 30)  # noqa: B023
    _, pictures = far.waiting()
    print(f"{sorted(map(round, screen.delays_ms()))} ms; {pictures} pictures waited")
    screen.close()
    assert pictures > BACKLOG.events // 2, "there was nothing to pass"
