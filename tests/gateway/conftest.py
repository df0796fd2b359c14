"""Fixtures for the gateway: a store, its parts, its HTTP, and a whole gateway with a broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from support.gateway import GatewayProcess, HttpOnly, log_in, running, write_config
from support.stores import Stores
from support.template import quick_databases
from zhian_gateway.auth import passwords
from zhian_gateway.config import load
from zhian_gateway.services import Services, open_services
from zhian_wire import topics

#: What people call two of the cameras; a lane has no name.
NAMES = """
[outbound]
private_hosts = ["127.0.0.1"]

[[cameras]]
id = "cam-1"
name = "Main gate"

[[cameras]]
id = "cam-2"
name = "东门"
"""

#: What is tried on PostgreSQL each time; the rest of this folder likewise, but with the thorough tests.
ON_BOTH_FAST = ("ledger",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here runs on both kinds of database, of which the second is thorough for most of it."""
    here = Path(__file__).parent
    for item in items:
        on = getattr(item, "callspec", None) and item.callspec.params.get("storage")  # type: ignore[attr-defined]
        if on == "postgres" and item.path.is_relative_to(here):
            folder = item.path.relative_to(here).parts[0]
            if folder not in ON_BOTH_FAST:
                item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session", autouse=True)
def _quick_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with quick_databases(tmp_path_factory.mktemp("template")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """A password's hash takes long on purpose; attacks/test_http.py brings the real one, where it is what is tried."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


class FakeClock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


class Outbound:
    """Remembers what was published."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, topics.Down, bytes]] = []

    def __call__(self, node: str, kind: topics.Down, body: bytes) -> None:
        self.sent.append((node, kind, body))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def outbound() -> Outbound:
    return Outbound()


@pytest.fixture
def parts(tmp_path: Path, storage: Stores, clock: FakeClock, outbound: Outbound) -> Iterator[Services]:
    """The gateway's parts on a new store, without threads."""
    config = load(write_config(tmp_path / "parts", "mqtt://127.0.0.1:1", more=NAMES))
    services = open_services(config, publish=outbound, clock=clock)
    yield services
    services.store.close()


@pytest.fixture
def http(parts: Services) -> Iterator[HttpOnly]:
    """The gateway's HTTP over `parts`, on a real port."""
    with HttpOnly(parts) as server:
        yield server


@pytest.fixture
def client(http: HttpOnly) -> Iterator[Callable[..., httpx.Client]]:
    """Makes clients that are logged in: `client("teacher")`."""
    made: list[httpx.Client] = []

    def make(role: str = "guard") -> httpx.Client:
        made.append(log_in(http.parts, http.url, f"{role}-1", role))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, storage: Stores) -> Iterator[GatewayProcess]:
    """A whole gateway with a broker, both real."""
    with running(tmp_path_factory.mktemp("gateway")) as process:
        yield process
