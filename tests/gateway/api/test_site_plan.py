"""The site's plan over HTTP: drawn, seen by who works there, never overwritten unseen, written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import httpx
import msgspec
import numpy as np
import pytest
from sqlalchemy import select
from support.people import ground, person_file, some_face
from support.siteplan import drawing, glb
from zhian_gateway.backup import writing
from zhian_gateway.retention.strays import strays
from zhian_gateway.services import Services
from zhian_gateway.siteplan import keeping
from zhian_gateway.siteplan.plan import Plan
from zhian_gateway.store.tables import audit, plan_files

Client = Callable[..., httpx.Client]
PICTURE = cv2.imencode(".png", np.full((60, 120, 3), 200, np.uint8))[1].tobytes()
NOBODYS = "e" * 64


@pytest.fixture
def office(client: Client) -> httpx.Client:
    return client("admin")


def brought(office: httpx.Client, what: str, data: bytes) -> str:
    return str(office.put(f"/api/site-plan/{what}", content=data).raise_for_status().json()["sha256"])


def on_picture(sha256: str) -> dict[str, Any]:
    return drawing(sheet=drawing()["sheet"] | {"picture": sha256})


def test_a_site_that_nobody_drew_has_no_drawing(office: httpx.Client) -> None:
    seen = office.get("/api/site-plan").json()
    assert seen == {"version": 0, "saved_by": "", "saved_at": "", "drawing": None}
    assert office.get("/api/site-plan/versions").json() == {"items": []}


def test_what_is_drawn_is_seen_by_guards_and_officers_as_it_was_drawn(
    parts: Services, office: httpx.Client, client: Client
) -> None:
    picture, model = brought(office, "picture", PICTURE), brought(office, "model", glb())
    wanted = on_picture(picture) | {"model": {"sha256": model, "at": [5, 5], "heading": 90, "base_m": 0, "scale": 2}}
    saved = office.put("/api/site-plan", json=wanted).raise_for_status().json()
    assert (saved["version"], saved["saved_by"], saved["saved_at"]) == (1, "admin-1", parts.now())
    for role in ("guard", "police"):
        assert client(role).get("/api/site-plan").json() == saved
    assert saved["drawing"] == wanted
    shown = client("guard").get(f"/api/site-plan/files/{picture}")
    assert (shown.content, shown.headers["content-type"]) == (PICTURE, "image/png")
    assert shown.headers["cache-control"] == "private, no-store"
    assert client("guard").get(f"/api/site-plan/files/{model}").headers["content-type"] == "model/gltf-binary"


def test_two_who_draw_at_once_overwrite_nothing_of_each_other(office: httpx.Client) -> None:
    tag = office.get("/api/site-plan").headers["ETag"]
    first = office.put("/api/site-plan", json=drawing(), headers={"If-Match": tag}).raise_for_status()
    late = office.put("/api/site-plan", json=drawing(zones=[]), headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    now = office.get("/api/site-plan")
    assert now.headers["ETag"] == first.headers["ETag"]
    assert now.json()["drawing"] == drawing()
    again = office.put("/api/site-plan", json=drawing(zones=[]), headers={"If-Match": now.headers["ETag"]})
    assert again.json()["version"] == 2


def test_earlier_versions_are_kept_so_far_and_come_back_by_saving_them(office: httpx.Client) -> None:
    office.put("/api/site-plan", json=drawing()).raise_for_status()
    for _ in range(keeping.KEPT):
        office.put("/api/site-plan", json=drawing(zones=[])).raise_for_status()
    numbers = [each["version"] for each in office.get("/api/site-plan/versions").json()["items"]]
    assert numbers == list(range(keeping.KEPT + 1, 1, -1))
    assert office.get("/api/site-plan/versions/1").status_code == 404
    assert office.get("/api/site-plan/versions/2").json()["drawing"] == drawing(zones=[])


def test_every_step_is_written_down(parts: Services, office: httpx.Client) -> None:
    picture = brought(office, "picture", PICTURE)
    office.put("/api/site-plan", json=on_picture(picture)).raise_for_status()
    with parts.store.read() as link:
        query = select(audit.c.action, audit.c.who, audit.c.subject, audit.c.detail)
        told = link.execute(query.where(audit.c.action.startswith("plan."))).all()
    assert [tuple(row) for row in told] == [
        ("plan.picture", "admin-1", picture, f"{len(PICTURE)} bytes"),
        ("plan.save", "admin-1", "1", "1 buildings, 1 zones, 1 gates, 1 cameras"),
    ]


def test_what_cannot_be_drawn_is_refused_and_nothing_is_kept(office: httpx.Client) -> None:
    crossed = drawing()
    crossed["buildings"][0]["outline"] = [[0, 0], [9, 9], [9, 0], [0, 8]]
    answer = office.put("/api/site-plan", json=crossed)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert "crosses itself" in answer.json()["detail"]
    for sheet in ({"width": 0}, {"width": 1e300}, {"metres_wide": -1}, {"picture": NOBODYS}):
        assert office.put("/api/site-plan", json=drawing(sheet=drawing()["sheet"] | sheet)).status_code == 422
    assert office.put("/api/site-plan", json=drawing(more=1)).status_code == 422
    assert office.get("/api/site-plan").json()["version"] == 0


@pytest.mark.parametrize(
    ("what", "data", "status", "code"),
    [
        ("picture", b"<svg onload='alert(1)'/>", 422, "bad_picture"),
        ("picture", PICTURE[:16] + (60_000).to_bytes(4, "big") * 2 + PICTURE[24:], 422, "bad_picture"),
        ("picture", PICTURE + bytes(4 * 1024 * 1024), 413, "too_big"),
        ("model", PICTURE, 422, "bad_model"),
        ("model", glb()[:-4], 422, "bad_model"),
        ("model", bytes(16 * 1024 * 1024 + 1), 413, "too_big"),
    ],
)
def test_files_that_cannot_be_shown_are_refused(
    office: httpx.Client, what: str, data: bytes, status: int, code: str
) -> None:
    answer = office.put(f"/api/site-plan/{what}", content=data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_picture_does_not_pass_for_a_model(office: httpx.Client) -> None:
    picture = brought(office, "picture", PICTURE)
    model = {"sha256": picture, "at": [5, 5], "heading": 0, "base_m": 0, "scale": 1}
    assert office.put("/api/site-plan", json=drawing(model=model)).status_code == 422


def test_nobodys_file_is_not_given_out(parts: Services, office: httpx.Client) -> None:
    portrait = parts.pictures.keep_portrait(PICTURE)
    assert office.get(f"/api/site-plan/files/{portrait}").status_code == 404


def test_files_last_while_a_version_shows_them_and_a_day_for_who_still_draws(
    parts: Services, office: httpx.Client, clock: Any
) -> None:
    shown, left = brought(office, "picture", PICTURE), brought(office, "model", glb())
    office.put("/api/site-plan", json=on_picture(shown)).raise_for_status()
    with parts.store.read() as link:
        assert strays(link, "portraits", [shown, left, NOBODYS]) == [NOBODYS]
    clock.forward(25 * 3600)
    with parts.store.write() as link:
        keeping.save(link, msgspec.convert(on_picture(shown), Plan), parts, who="t")
        assert link.execute(select(plan_files.c.sha256)).scalars().all() == [shown]
        assert strays(link, "portraits", [shown, left]) == [left]


def test_a_backup_has_the_plans_pictures(parts: Services, office: httpx.Client, tmp_path: Path) -> None:
    picture = brought(office, "picture", PICTURE)
    office.put("/api/site-plan", json=on_picture(picture)).raise_for_status()
    target = tmp_path / "backup"
    assert writing.write(parts, target, who="t").missing == ()
    assert (target / "pictures" / "portraits" / picture[:2] / picture).is_file()


def test_a_plans_picture_stays_when_somebody_whose_portrait_it_is_goes(parts: Services, office: httpx.Client) -> None:
    picture = brought(office, "picture", PICTURE)
    with parts.store.write() as link:
        found = replace(some_face(), portrait=PICTURE)
        parts.registry.enrol(link, "ann", person_file(name="Ann"), ground(), found, who="t", now=parts.now())
        gone = parts.registry.withdraw(link, "ann", who="t", now=parts.now())
    assert picture not in gone
    parts.pictures.delete(gone)
    assert office.get(f"/api/site-plan/files/{picture}").content == PICTURE
