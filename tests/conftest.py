"""Fixtures for all tests: where the local test material and the network weights lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
