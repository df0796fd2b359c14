"""The page's files: kept by their names, packed for whoever takes that, plain for everybody else."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from zhian_gateway.api.page import mount

Get = Callable[..., httpx.Response]
SCRIPT = b"export const words = 'one and the same and the same and the same';\n" * 20


@pytest.fixture
def get(tmp_path: Path) -> Get:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>zhian</title>", encoding="utf-8")
    (tmp_path / "assets" / "main-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "assets" / "mark-3c4d.svg").write_text("<svg/>", encoding="utf-8")
    app = Starlette()
    mount(app, tmp_path)

    async def ask(path: str, accepted: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
            return await client.get(path, headers={"Accept-Encoding": accepted})

    return lambda path, accepted="gzip": asyncio.run(ask(path, accepted))


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br, GZIP"])
def test_who_takes_it_packed_waits_for_less(get: Get, accepted: str) -> None:
    answer = get("/assets/main-1a2b.js", accepted)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert int(answer.headers["Content-Length"]) < len(SCRIPT) / 3
    assert answer.content == SCRIPT


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "gzip;q=0.5", ""])
def test_everybody_else_gets_it_plain(get: Get, accepted: str) -> None:
    answer = get("/assets/main-1a2b.js", accepted)
    assert "Content-Encoding" not in answer.headers
    assert answer.content == SCRIPT


def test_both_are_kept_apart_and_for_ever(get: Get) -> None:
    for accepted in ("gzip", "identity"):
        answer = get("/assets/main-1a2b.js", accepted)
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "immutable" in answer.headers["Cache-Control"]
    assert get("/").headers["Cache-Control"] == "no-cache"


def test_what_has_no_packed_copy_is_served_as_it_is(get: Get) -> None:
    answer = get("/assets/mark-3c4d.svg")
    assert (answer.status_code, answer.text) == (200, "<svg/>")
    assert get("/assets/nothing.js").status_code == 404
