"""Whether everybody can read a page: what axe finds by the success criteria of WCAG 2.2, levels A and AA."""

from __future__ import annotations

from typing import Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

LEVELS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def violations(page: Page) -> list[str]:
    """Every violation, with the first place of each."""
    # Contrast is judged at rest: the flash has a test of its own.
    page.emulate_media(reduced_motion="reduce")
    options = {"runOnly": {"type": "tag", "values": list(LEVELS)}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:300]}" for each in found]
