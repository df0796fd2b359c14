"""A guard's screen in a real browser: when each alert was painted on it, beside when its node decided it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from playwright.sync_api import Browser

from ...support.gateway import GatewayProcess

#: Notes for every card of the strip when the picture that shows it was handed to the screen (wall time, ms).
_NOTE: Final = """
window.painted = {};
new MutationObserver(() => {
  for (const card of document.querySelectorAll(".card[data-alert]")) {
    const id = card.dataset.alert;
    if (id in window.painted) continue;
    window.painted[id] = null;
    requestAnimationFrame(() => setTimeout(() => { window.painted[id] = Date.now(); }));
  }
}).observe(document, { childList: true, subtree: true });
"""
KIND: Final = "unknown_card"


class GuardsScreen:
    """The page, signed in; cases that were painted are closed, as guards do, so that the strip stays short."""

    def __init__(self, browser: Browser, gateway: GatewayProcess) -> None:
        self._client = gateway.log_in("wang", "guard")
        self._context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
        self._context.add_cookies(
            [{"name": name, "value": value, "url": gateway.url} for name, value in self._client.cookies.items()]
        )
        self._page = self._context.new_page()
        self._page.add_init_script(_NOTE)
        self._page.goto(gateway.url)
        self._page.locator(".strip").wait_for()
        self._closed: set[str] = set()

    def wait(self, seconds: float) -> None:
        """While the page goes on."""
        self._page.wait_for_timeout(seconds * 1000)

    def delays_ms(self) -> list[float]:
        """From each decision to its painting, of all that were painted so far."""
        decided = self._decided()
        painted = self._painted()
        return [painted[name] - decided[name] for name in decided.keys() & painted.keys()]

    def tidy(self) -> None:
        """Close what was painted."""
        for name in self._painted().keys() - self._closed:
            step = {"to": "false_alarm", "note": "seen", "expected_state": "raised"}
            answer = self._client.post(f"/api/alerts/{name}/transitions", json=step)
            if answer.is_success:
                self._closed.add(name)

    def close(self) -> None:
        """Leave."""
        self._context.close()
        self._client.close()

    def _painted(self) -> dict[str, float]:
        found: dict[str, float | None] = self._page.evaluate("window.painted")
        return {name: at for name, at in found.items() if at is not None}

    def _decided(self) -> dict[str, float]:
        """Of all alerts of the kind, by id: when their node decided them (wall time, ms)."""
        found: dict[str, float] = {}
        before: dict[str, str] = {}
        while True:
            page = self._client.get("/api/alerts", params={"limit": "200", **before}).raise_for_status().json()
            for each in page["items"]:
                if each["kind"] == KIND:
                    found[each["id"]] = datetime.fromisoformat(each["raised_at"]).timestamp() * 1000
            if not page["next"]:
                return found
            before = {"before": page["next"]}
