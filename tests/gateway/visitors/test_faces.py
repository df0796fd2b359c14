"""A visitor's face by the real networks: found on the list where its owner agreed, and open for the day."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from pathlib import Path

import httpx
import pytest
from support.gateway import HttpOnly, log_in
from support.people import ground, person_file
from support.stores import Stores
from zhian_gateway.people import rosters
from zhian_gateway.people.networks import NetworkEnroller
from zhian_gateway.services import Services
from zhian_models.store import Store

from .conftest import Window


@pytest.fixture
def portraits(models_home: Path) -> Path:
    folder = models_home / "models" / "portraits"
    if not folder.is_dir():
        pytest.skip("needs the demo's portraits: run scripts/test, which brings them")
    return folder


def takes(window: Window, guard: httpx.Client, picture: Path) -> str:
    """Somebody who agrees to everything is photographed; the visit."""
    visit = window.registers(name="访客", agreed=["keeping", "photo", "face"])
    data = picture.read_bytes()
    address = f"/api/visits/{visit}/pictures/{hashlib.sha256(data).hexdigest()}"
    guard.put(address, content=data).raise_for_status()
    return visit


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_face_of_the_watch_list_is_found_on_another_picture_and_a_strangers_is_not(
    storage: Stores, parts: Services, models_home: Path, portraits: Path, tmp_path: Path
) -> None:
    enroller = NetworkEnroller(Store(models_home))
    real = dataclasses.replace(parts, enroller=enroller)
    folder = tmp_path / "watched"
    folder.mkdir()
    shutil.copy(portraits / "obama.jpg", folder)
    with real.store.write() as link:
        about = person_file(name="某人", watch=True)
        real.registry.enrol(link, "w", about, ground(), enroller.enrol("w", folder), who="t", now=real.now())
    with HttpOnly(real) as http:

        def client(role: str = "guard") -> httpx.Client:
            return log_in(real, http.url, f"{role}-1", role)

        client("teacher").close()
        window = Window(real, client)
        guard = window.guard
        hit, clear = (takes(window, guard, portraits / name) for name in ("obama2.jpg", "biden.jpg"))
        said = [window.asks(visit, "screening").json()["answers"][0] for visit in (hit, clear)]
        assert [(each["word"], each["why"]) for each in said] == [("hit", "face"), ("clear", "")]
        guard.post(f"/api/visits/{clear}/admit", json={"face": True}).raise_for_status()
        guard.close()
    with real.store.read() as link:
        (person,) = [each for each in rosters.build(link, since=0, now=real.now()).persons if not each.watch]
    assert [template.key for template in person.templates] == [enroller.key]
