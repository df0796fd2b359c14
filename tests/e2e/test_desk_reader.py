"""An office issues and replaces cards with a real reader driver, over node, broker and gateway, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from console.scene import Site, evidence_folder
from contract.talking import Obeying
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from zhian_gateway.store.tables import audit

from ..support.gateway import GatewayProcess, running
from .nodes import NodeProcess

NODE = "office"
#: The board's process makes its pty; configurations take devices alone, and its name is one.
DESK = """
[[readers]]
id = "desk"
driver = "serial-board"
board = "pn532"
link = "{link}"
use = "desk"
dwell_s = 0.5
"""
OLD, NEW, FOUND = "04A1B2C3", "04D4E5F607A8B9", "04C0FFEE"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Obeying]:
    """A board for 13.56 MHz cards, on a pty."""
    made = Obeying("board_process.py", "pn532", tmp_path / "ttyDESK")
    made.start()
    yield made
    made.kill()


@pytest.fixture
def gateway(console: Path, tmp_path: Path) -> Iterator[GatewayProcess]:
    with running(tmp_path / "gateway") as process:
        yield process


@pytest.fixture
def node(gateway: GatewayProcess, board: Obeying, tmp_path: Path) -> Iterator[NodeProcess]:
    """The desk computer: a node with a reader, and neither camera nor network weights."""
    more = DESK.format(link=(tmp_path / "ttyDESK").resolve())
    made = NodeProcess(tmp_path / "edge", gateway.broker, gateway, tmp_path, more, name=NODE)
    made.start()
    yield made
    made.kill()


def present(page: Page, board: Obeying, card: str) -> None:
    """Ask for a card, wait until the page does, and hold one to the reader."""
    page.get_by_role("button", name="Read a card").click()
    expect(page.locator("[data-reading=true]")).to_contain_text("Hold the card to desk")
    board.order(f"present {card}")
    expect(page.locator(".card-owner")).to_contain_text(card, timeout=10_000)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_card_is_issued_lost_and_replaced_by_a_reader_at_the_desk(
    gateway: GatewayProcess, node: NodeProcess, board: Obeying, browser: Browser
) -> None:
    site = Site(gateway)
    site.enrol("ming", "张小明", seed=1)
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    site.enter(page, user="office", role="admin")
    page.goto(f"{gateway.url}/#/people/ming")
    expect(page.get_by_role("button", name="Read a card")).to_be_enabled(timeout=20_000)

    board.order(f"present {FOUND}")
    present(page, board, OLD)
    expect(page.locator(".card-owner")).to_contain_text("Nobody's card")
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.locator(f'[data-card="{OLD}"]')).to_contain_text("Holds")

    page.get_by_role("button", name="Lost").click()
    present(page, board, NEW)
    page.screenshot(path=evidence_folder() / "desk-replace.png")
    page.get_by_role("button", name=f"Replace {OLD}").click()
    expect(page.locator(f'[data-card="{NEW}"]')).to_contain_text("Holds")
    expect(page.locator(f'[data-card="{OLD}"]')).to_contain_text("Withdrawn: Lost")

    page.goto(f"{gateway.url}/#/people")
    page.get_by_role("button", name="Whose card is this?").click()
    expect(page.locator("[data-reading=true]")).to_be_visible(timeout=20_000)
    for card, said in ((OLD, "Withdrawn: Lost"), (NEW, "张小明"), (FOUND, "Nobody's card")):
        board.order(f"present {card}")
        expect(page.locator(".card-owner")).to_contain_text(card, timeout=10_000)
        expect(page.locator(".card-owner")).to_contain_text(said)
    page.context.close()
    with gateway.services() as parts, parts.store.read() as link:
        noted = list(
            link.execute(select(audit.c.action).where(audit.c.action.like("card.%")).order_by(audit.c.id)).scalars()
        )
        assert [each for each in noted if each != "card.whose"] == ["card.issue", "card.withdraw", "card.issue"]
    assert node.count("zhian.decision.v1") == 0, "what a desk reads decides nothing"
    site.close()
