"""The default networks and their manifest, where they are pulled."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhian_models.manifest import Manifest, load_manifest
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store


@pytest.fixture(scope="session")
def networks(models_home: Path) -> Runtime:
    """The default face networks, conditioned, in onnxruntime."""
    return open_runtime(Store(models_home), ["centerface", "fr_feature", "fr_liveness"])


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    """The manifest that the package carries."""
    return load_manifest()
