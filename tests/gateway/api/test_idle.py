"""What is use of a session, and what is only a page that was left open: by the gateway's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from zhian_gateway.services import Services

Client = Callable[..., httpx.Client]
#: Of the 120 minutes without use.
HALF_S = 61 * 60
PATH = "/api/session"
BY_ITSELF = ({"X-Zhian-Untouched": "1"}, {"Sec-Fetch-Dest": "image"})


@pytest.mark.parametrize("marked", BY_ITSELF)
def test_a_page_that_nobody_touches_does_not_keep_a_session(client: Client, clock: Any, marked: dict[str, str]) -> None:
    user = client("admin")
    clock.forward(HALF_S)
    assert user.get(PATH, headers=marked).status_code == 200
    clock.forward(HALF_S)
    assert user.get(PATH, headers=marked).status_code == 401


def test_a_page_that_is_touched_and_a_program_that_asks_keep_theirs(client: Client, clock: Any) -> None:
    user = client("admin")
    for _ in range(3):
        clock.forward(HALF_S)
        assert user.get(PATH).status_code == 200


@pytest.mark.parametrize("marked", BY_ITSELF)
def test_a_guards_page_is_watched_without_being_touched_until_the_shift_is_over(
    parts: Services, client: Client, clock: Any, marked: dict[str, str]
) -> None:
    user, left = client("guard"), parts.config.sign_in.lasts_minutes * 60
    while (left := left - HALF_S) > 0:
        clock.forward(HALF_S)
        assert user.get(PATH, headers=marked).status_code == 200
    clock.forward(HALF_S)
    assert user.get(PATH, headers=marked).status_code == 401
