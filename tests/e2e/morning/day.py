"""The morning itself: it is played from its beginning to its end, with somebody at the guard's page all the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from zhian_gateway.notices.happenings import NOT_ARRIVED
from zhian_gateway.store.tables import events, guardians, notices, people

from ...support.gateway import GatewayProcess
from ...support.waiting import eventually
from ..nodes import NodeProcess
from .gates import Gates
from .office import GUARD, Office, Visitor
from .plan import Lane, Morning
from .tour import Browsing, keep, publish, settle

REEL_MS: Final = 240_000
#: What the guard room promises of a node that is not heard any more.
OFFLINE_MS: Final = 15_000


@dataclass
class Day:
    """What has happened, for tests to look at."""

    morning: Morning
    gateway: GatewayProcess
    gates: Gates
    office: Office
    visitors: list[Visitor]
    browsing: Browsing

    def play(self) -> None:
        """From the first card to the last one after the bell."""
        with self.browsing.as_role("guard", locale="en") as page:
            self.gates.play(self.morning.early)
            self._sees_the_reel(page)
            self.gates.played()
            self.settled()
            self._visitors_come()
            self._loses_a_node(page)
            self._is_called_for_help(page)
            bell = self.office.soon()
            self.office.rings(bell)
            self._calmly(lambda: self.office.rang(bell), "the bell")
            self.gates.play(self.morning.late)
            self.gates.played()
            self.settled()
            self._visitors_leave()

    def told(self, path: str, **asked: Any) -> dict[str, Any]:
        """What the gateway answers an administrator."""
        with closing(self.gateway.log_in("counts", "admin")) as client:
            found: dict[str, Any] = client.get(path, params=asked).raise_for_status().json()
            return found

    def not_arrived(self) -> set[tuple[str, str]]:
        """To whom it was said that somebody is not there by the bell, and of whom."""
        with self.gateway.services() as parts, parts.store.read() as link:
            query = select(guardians.c.address, people.c.id).select_from(notices)
            query = query.join(guardians, guardians.c.id == notices.c.guardian_id)
            query = query.join(people, people.c.opaque == notices.c.person)
            return {(to, person) for to, person in link.execute(query.where(notices.c.happening == NOT_ARRIVED))}

    def settled(self) -> None:
        """Until the gateway has whatever the nodes have decided."""
        with self.gateway.services() as parts:

            def stored(node: str) -> int:
                with parts.store.read() as link:
                    query = select(func.count()).where(events.c.node == node)
                    return int(link.execute(query).scalar_one())

            for node in (self.gates.one, self.gates.two):
                self._calmly(lambda node=node: self._waits(node) == 0, f"{node.name}'s receipts")  # type: ignore[misc]
                self._calmly(lambda node=node: stored(node.name) >= len(node.decided()), f"{node.name}'s events")  # type: ignore[misc]

    def _calmly(self, look: Callable[[], bool], what: str, seconds: float = 180.0) -> None:
        """As `eventually`, without taking the processor from those who are waited for."""

        def looked() -> bool:
            return look() or bool(time.sleep(0.3))

        eventually(looked, what, seconds)

    @staticmethod
    def _waits(node: NodeProcess) -> int:
        return int(node.status()["node"].get("outbox", 0))

    def _sees_the_reel(self, page: Page) -> None:
        """A borrowed card with both faces, the lane that opened, and who followed through it."""
        borrowed = page.locator('.card[data-state="raised"]', has_text="Barack Obama").first
        expect(borrowed).to_be_visible(timeout=REEL_MS)
        borrowed.locator(".card-body").click()
        expect(page.locator(".focus .pair img")).to_have_count(2, timeout=REEL_MS)
        expect(page.locator('.lane[data-state="open"]', has_text="Barack Obama")).to_be_visible(timeout=REEL_MS)
        settle(page)
        publish(page, "watch")
        expect(page.locator('.card[data-state="raised"]', has_text="ailgat")).to_be_visible(timeout=REEL_MS)
        page.keyboard.press("a")

    def _visitors_come(self) -> None:
        """Whom the reel does not bring."""
        places: tuple[Lane, Lane] = ("north", "south")
        for lane, visitor in zip(places, self.visitors[1:], strict=True):
            self.gates.presents(lane, visitor.card)
        self._calmly(lambda: all(each["on_site"] for each in self.visits()), "the visitors")

    def visits(self) -> list[dict[str, Any]]:
        """Today's visitors."""
        return list(self.told("/api/visits")["items"])

    def _loses_a_node(self, page: Page) -> None:
        """Its tile and its card say so in time, its lanes go on, and what they decided comes afterwards."""
        tile = page.locator('[data-tile="gate-1/gate"]')
        expect(tile).to_have_attribute("data-state", "live", timeout=60_000)
        self.gates.line.cut()
        expect(tile).to_have_attribute("data-state", "offline", timeout=OFFLINE_MS)
        self.gates.play(self.morning.cut)
        keep(page, "cut-watch")
        self.browsing.go(page, "nodes")
        expect(page.locator('[data-node="gate-1"]')).to_have_attribute("data-health", "offline")
        expect(page.locator('[data-node="gate-2"]')).to_have_attribute("data-health", "online")
        keep(page, "cut-nodes")
        self.gates.played()
        self._calmly(lambda: self._waits(self.gates.one) >= len(self.morning.cut), "what waits at the node")
        self.gates.line.mend()
        expect(page.locator('[data-node="gate-1"]')).to_have_attribute("data-health", "online", timeout=90_000)
        self.settled()
        self.browsing.go(page, "watch")
        expect(tile).to_have_attribute("data-state", "live", timeout=60_000)

    def _is_called_for_help(self, page: Page) -> None:
        """The button on the wall is above every page, and over when somebody says why."""
        self.gates.help()
        banner = page.locator(".emergency-banner")
        expect(banner).to_be_visible(timeout=OFFLINE_MS)
        keep(page, "help")
        banner.get_by_role("button", name="It is over").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill("a pupil had fallen; the nurse is there")
        dialog.get_by_role("button", name="End it now").click()
        expect(banner).to_have_count(0)

    def _visitors_leave(self) -> None:
        """One by the window, two by the gates that they came by."""
        guest, repairs, parent = self.visitors
        self.gates.presents("north", repairs.card, "out")
        self.gates.presents("south", parent.card, "out")
        with closing(self.gateway.log_in(GUARD)) as guard:
            guard.post(f"/api/visits/{guest.visit}/leave", json={"card_back": True}).raise_for_status()
        self._calmly(lambda: not any(each["on_site"] for each in self.visits()), "the visitors' leaving")
