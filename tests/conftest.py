"""Fixtures for all tests: the local test material, the network weights, and one browser."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright
from support.postgres import Postgres, program
from support.stores import CURRENT, PostgresStores, SqliteStores, Stores

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM: Final = Path("/usr/bin/chromium")
#: The address field's popups are pages of their own, which begin anew with every window: twice the work of the page
#: under test. The last such list counts, so what Playwright switches off stands here too.
UNUSED_FEATURES: Final = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
#: Without these the browser looks for hosts of its maker at every start.
CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(UNUSED_FEATURES)}",
)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The local test material, which is never part of the repository."""
    folder = Path(os.environ.get("ZHIAN_SHARED", ROOT.parent / "shared")) / "testdata"
    if not folder.is_dir():
        pytest.skip("needs the local test material (../shared/testdata), which is not in the repository")
    return folder


@pytest.fixture(scope="session")
def models_home() -> Path:
    """`$ZHIAN_HOME` with the default networks pulled, as scripts/install leaves it."""
    home = Path(os.environ.get("ZHIAN_HOME", ROOT / ".zhian"))
    if not (home / "models").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no networks under {home}: scripts/install must pull them in CI")
        pytest.skip("needs the network weights: run scripts/install")
    return home


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresStores]:
    """Databases on a PostgreSQL server, one for all tests of a process."""
    if program("initdb") is None:
        missing = "needs PostgreSQL: apt-get install postgresql"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    server = Postgres().start()
    yield PostgresStores(server)
    server.remove()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def storage(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Has a test run twice: its configurations name a database of each kind."""
    stores: Stores = SqliteStores() if request.param == "sqlite" else request.getfixturevalue("postgres")
    before, CURRENT.stores = CURRENT.stores, stores
    yield stores
    CURRENT.stores = before
    stores.forget()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests: Playwright's driver can be started once a thread."""
    if not CHROMIUM.exists():
        missing = f"needs {CHROMIUM}: apt-get install chromium fonts-noto-cjk"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def another() -> Callable[..., Browser]:
    """Starts a further Chromium beside one, with flags more: `another(browser, "--disable-3d-apis")`."""

    def start(beside: Browser, *more: str) -> Browser:
        flags = [*(flag for flag in CHROMIUM_FLAGS if flag != "--disable-gpu"), *more]
        return beside.browser_type.launch(executable_path=str(CHROMIUM), args=flags)

    return start


@pytest.fixture(autouse=True)
def _no_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright's synchronous interface leaves its loop marked as the running one of this thread for good; who does
    not use a browser may run a loop of his own.
    """
    if "browser" in request.fixturenames:
        yield
        return
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture(scope="session")
def console() -> Path:
    """The folder of the built page, built anew when its sources have changed."""
    built = ROOT / "gateway" / "zhian_gateway" / "console_dist"
    if shutil.which("npm"):
        subprocess.run([ROOT / "scripts" / "build-console"], check=True, capture_output=True, text=True)
    elif not (built / "index.html").is_file():
        missing = "needs the built page: install Node.js 20.19 or newer and run scripts/build-console"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return built
