"""A school's yard as it was drawn, for the pages that show it: a building, a zone, a gate and two cameras."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess
from support.siteplan import glb
from zhian_wire.state import CameraState, DeviceState

from .scene import Site

BARRIER = DeviceState(id="boom", kind="barrier", driver="modbus", lane="main", status="ok")
EYE = CameraState(id="cam-1", status="ok", last_frame_age_ms=60)
WIDE, HIGH = 1200, 800
HALL = [[150, 120], [620, 120], [620, 330], [380, 330], [380, 480], [150, 480]]


def plan_picture() -> bytes:
    """A PNG as an architect might hand over: paths, a wall, a lawn."""
    paper = np.full((HIGH, WIDE, 3), (236, 240, 238), np.uint8)
    cv2.rectangle(paper, (60, 60), (WIDE - 60, HIGH - 60), (150, 150, 150), 4)
    cv2.rectangle(paper, (720, 120), (1080, 480), (190, 224, 196), -1)
    cv2.rectangle(paper, (640, 330), (700, HIGH - 60), (214, 214, 214), -1)
    done, data = cv2.imencode(".png", paper)
    assert done
    return bytes(data)


def drawing(picture: str | None, model: str | None = None) -> dict[str, Any]:
    """The yard, as JSON."""
    shown = {"sha256": model, "at": [900, 300], "heading": 0, "base_m": 0, "scale": 1} if model else None
    return {
        "sheet": {"picture": picture, "width": WIDE, "height": HIGH, "metres_wide": 120},
        "model": shown,
        "buildings": [
            {"id": "hall", "name": "教学楼", "outline": HALL, "floors": 3, "floor_height_m": 3.6, "base_m": 0},
        ],
        "zones": [
            {
                "id": "yard", "name": "操场", "zone": None, "floor": 1, "building": None,
                "outline": [[720, 120], [1080, 120], [1080, 480], [720, 480]],
            },
        ],
        "gates": [
            {
                "id": "front", "name": "正门", "at": [670, 735], "heading": 0, "width_m": 6,
                "node": "gate-1", "lane": "main",
            },
            {
                "id": "back", "name": "后门", "at": [1040, 90], "heading": 180, "width_m": 4,
                "node": None, "lane": None,
            },
        ],
        "cameras": [
            {
                "id": "eye", "name": "门口", "at": [760, 690], "heading": 250, "height_m": 4,
                "node": "gate-1", "camera": "cam-1",
            },
        ],
    }  # fmt: skip


def draw(gateway: GatewayProcess, *, model: bool = False) -> None:
    """Save the yard as an administrator does; `model`: with an imported one on the lawn."""
    with closing(gateway.log_in("architect", "admin")) as office:
        picture = office.put("/api/site-plan/picture", content=plan_picture()).raise_for_status().json()["sha256"]
        found = office.put("/api/site-plan/model", content=glb()).raise_for_status().json()["sha256"] if model else None
        office.put("/api/site-plan", json=drawing(picture, found)).raise_for_status()


def opened(site: Site, page: Page, user: str = "wang", role: str = "guard") -> Page:
    """The plan before somebody, with its gate's camera and barrier well."""
    site.beat(EYE, devices=(BARRIER,))
    site.enter(page, user, role)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/map")
    expect(page.locator("main .loading")).to_have_count(0)
    return page
