"""A school of two classes on Monday 2026-10-12, whose gates tell what a test says."""

from __future__ import annotations

from typing import Any

import pytest
from support.school import School, open_school
from zhian_gateway.services import Services


@pytest.fixture
def school(parts: Services, clock: Any) -> School:
    """Ming and Hong are in grade-1, Lan in grade-2, enrolled in September."""
    return open_school(parts, clock)
