"""The registries still carry what the manifest pins. Minutes on a slow line, so only with --slow."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhian_models.errors import Unreachable
from zhian_models.fetching import pull
from zhian_models.store import Store


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_default_network_is_pulled_into_an_empty_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    wanted = store.manifest.select()
    report = pull(store, wanted)
    if any(isinstance(failed.error, Unreachable) for failed in report.failed):
        pytest.skip(f"needs the package registries: {report.failed[0].error}")
    assert not report.failed
    assert all(store.state(network) == "ok" for network in wanted)
