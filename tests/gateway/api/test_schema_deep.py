"""As `test_schema.py`, for long, with everybody who may come at every route."""

from __future__ import annotations

import pytest
from support.fuzzing import EVERYBODY, fuzz, shown_by
from support.gateway import HttpOnly

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("who", EVERYBODY)
def test_many_generated_requests_of_anybody_are_answered_by_the_schema(http: HttpOnly, who: str) -> None:
    shown = shown_by(who, http)
    fuzz(http, lambda _: shown, examples=50)
