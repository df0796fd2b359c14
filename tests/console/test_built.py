"""What is served: small, self-contained, and built from sources that pass their own tests (scripts/check: the rest)."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

from .conftest import ROOT, missing

SOURCES = ROOT / "gateway" / "console"
LARGEST_CHUNK = 200_000
#: Addresses that are names, not places: nothing is fetched from them.
NAMES = (
    "http://www.w3.org/",
    "https://react.dev/",
    "https://react.i18next.com/",
    "https://www.i18next.com",
    "https://radix-ui.com",
    # What react-three-fiber's own description names, which it carries along, and what two of its errors advise to read.
    "https://docs.pmnd.rs/",
    "https://github.com/",
    "https://opencollective.com/react-three-fiber",
)


def test_the_page_is_small_on_the_line(console: Path) -> None:
    for chunk in (console / "assets").glob("*.js"):
        packed = chunk.with_name(f"{chunk.name}.gz")
        assert packed.stat().st_size <= LARGEST_CHUNK, chunk.name
        assert gzip.decompress(packed.read_bytes()) == chunk.read_bytes()


def test_the_page_asks_nobody_else_for_anything(console: Path) -> None:
    page = (console / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!\./)', page) == []
    assert re.findall(r"<style|<script(?![^>]*src=)|style=|url\(\s*['\"]?http", page) == []
    for style in (console / "assets").glob("*.css"):
        assert re.findall(r"url\(|@import", style.read_text(encoding="utf-8")) == []
    for chunk in (console / "assets").glob("*.js"):
        addresses = set(re.findall(r"https?://[^\s\"'`\\)]+", chunk.read_text(encoding="utf-8")))
        assert {address for address in addresses if not address.startswith(NAMES)} == set()


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_what_is_built_already_is_not_built_again(console: Path) -> None:
    again = subprocess.run([ROOT / "scripts" / "build-console"], check=True, capture_output=True, text=True)
    assert again.stdout == "console: up to date\n"


def test_the_sources_pass_their_own_tests(console: Path) -> None:
    npm = shutil.which("npm")
    if npm is None or not (SOURCES / "node_modules").is_dir():
        missing("needs Node.js 20.19 or newer")
    done = subprocess.run(
        [str(npm), "run", "--silent", "test"], cwd=SOURCES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
