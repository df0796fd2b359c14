"""A guard's screen in a real browser: when each alert was painted on it."""

from __future__ import annotations

from typing import Final

import httpx
from playwright.sync_api import Browser

#: Notes for every card of the strip when the picture that shows it was handed to the screen (wall time, ms).
_NOTE: Final = """
window.painted = {};
const look = (root) => {
  const cards = root.matches?.(".card[data-alert]") ? [root] : root.querySelectorAll?.(".card[data-alert]") ?? [];
  for (const card of cards) {
    const id = card.dataset.alert;
    if (id in window.painted) continue;
    window.painted[id] = null;
    requestAnimationFrame(() => setTimeout(() => { window.painted[id] = Date.now(); }));
  }
};
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) look(node);
}).observe(document, { childList: true, subtree: true });
"""


class Screen:
    """The page, signed in as `client`; cases that were painted are closed, as guards do, so that the strip stays short.

    `most`: closed at once; a guard has two hands.
    """

    def __init__(self, browser: Browser, client: httpx.Client, most: int = 10) -> None:
        self._client = client
        self._most = most
        self._closed: set[str] = set()
        url = str(client.base_url)
        context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in client.cookies.items()])
        self._page = context.new_page()
        self._page.add_init_script(_NOTE)
        self._page.goto(url)
        self._page.locator(".strip").wait_for()

    def wait(self, seconds: float) -> None:
        """While the page goes on."""
        self._page.wait_for_timeout(seconds * 1000)

    def painted(self) -> dict[str, float]:
        """When each alert was (wall time, seconds), by id."""
        found: dict[str, float | None] = self._page.evaluate("window.painted")
        return {name: at / 1000 for name, at in found.items() if at is not None}

    def tidy(self) -> None:
        """Close what was painted."""
        for name in [name for name in self.painted() if name not in self._closed][: self._most]:
            step = {"to": "false_alarm", "note": "seen", "expected_state": "raised"}
            self._client.post(f"/api/alerts/{name}/transitions", json=step)
            self._closed.add(name)
