"""Fixtures for all tests: the local test material, the network weights, and one browser."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Final

import certifi
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright
from support.postgres import Postgres, program
from support.stores import CURRENT, PostgresStores, SqliteStores, Stores
from support.turns import taking_turns

ROOT = Path(__file__).resolve().parent.parent
#: The one without windows runs the same pages for three quarters of the processor time.
CHROMIUMS: Final = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM: Final = next((path for path in CHROMIUMS if path.exists()), CHROMIUMS[0])
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


#: No example is timed: how long one takes says how much else the machine does. The fast tests make do with few.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.register_profile("fast", settings.get_profile("unhurried"), max_examples=25)
settings.load_profile("unhurried")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: to look for garbage in it, now and at every later look, is a good part of
    the collecting.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What looks at footage is thorough. Where tests run side by side, those that wait and those that count do."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.thorough)
    if hasattr(config, "workerinput"):
        turns = taking_turns(dict.fromkeys(item.path.relative_to(ROOT / "tests") for item in items))
        items.sort(key=lambda item: turns[item.path.relative_to(ROOT / "tests")])


@pytest.fixture(scope="session", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Clients of this process trust one of the world's authorities instead of all: no test speaks with the world, and
    every client would read the whole list anew, which takes longer than most requests.
    """
    end = "-----END CERTIFICATE-----\n"
    one = tmp_path_factory.mktemp("authorities") / "one.pem"
    one.write_text(certifi.contents().split(end, 1)[0] + end, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(one))
        yield


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
        missing = f"needs {CHROMIUM}: apt-get install {CHROMIUM.name} fonts-noto-cjk"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(CHROMIUM_FLAGS))
        # A bound for what never comes; on a busy machine what comes takes more than the usual 5 s.
        expect.set_options(timeout=20_000)
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
        # Those that run side by side build into one folder, so each waits for its turn.
        turn = os.open(built.parent, os.O_RDONLY)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX)
            subprocess.run([ROOT / "scripts" / "build-console"], check=True, capture_output=True, text=True)
        finally:
            os.close(turn)
    elif not (built / "index.html").is_file():
        missing = "needs the built page: install Node.js 20.19 or newer and run scripts/build-console"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return built
