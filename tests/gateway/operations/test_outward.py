"""What could not be sent on is counted, with the oldest, until it arrived; what waits on purpose is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from sqlalchemy import update
from support.notices import enrol, tell
from zhian_gateway.cases.signals import Raise
from zhian_gateway.police import subscribers
from zhian_gateway.services import Services
from zhian_gateway.store.tables import deliveries, notices

Client = Callable[..., httpx.Client]
NOTHING = {"waiting": 0, "oldest": None, "given_up": 0, "why": ""}


def hit(parts: Services, key: str) -> None:
    with parts.store.write() as link:
        case = Raise(key=key, kind="watch_hit", severity="critical", node="gate-1", at=parts.now(), candidate=True)
        parts.book.raise_(link, case, parts.now())


def test_what_the_police_did_not_get_is_counted_from_the_oldest_on(parts: Services, client: Client, clock: Any) -> None:
    with parts.store.write() as link:
        common = {"site": parts.site, "ground": "g", "who": "t", "now": parts.now()}
        subscribers.add(link, name="station", webhook="http://127.0.0.1:1/x", **common)
    user, began = client(), parts.now()
    hit(parts, "a")
    assert user.get("/api/outward").json()["police"] == NOTHING, "what has just happened is on its way"
    clock.forward(31)
    hit(parts, "b")
    with parts.store.write() as link:
        link.execute(update(deliveries).values(error="ConnectError: refused"))
    told = user.get("/api/outward").json()["police"]
    assert told == {"waiting": 1, "oldest": began, "given_up": 0, "why": "ConnectError: refused"}
    with parts.store.write() as link:
        link.execute(update(deliveries).values(state="dead"))
    told = user.get("/api/outward").json()["police"]
    assert (told["waiting"], told["given_up"]) == (0, 2)
    with parts.store.write() as link:
        link.execute(update(deliveries).values(state="sent", error=""))
    assert user.get("/api/outward").json()["police"] == NOTHING


def test_notices_that_wait_for_the_end_of_quiet_hours_are_no_debt(parts: Services, client: Client, clock: Any) -> None:
    tell(parts, enrol(parts, "inbox://mother"))
    clock.forward(31)
    assert client().get("/api/outward").json()["notices"]["waiting"] == 1
    with parts.store.write() as link:
        link.execute(update(notices).values(state="held"))
    assert client().get("/api/outward").json()["notices"] == NOTHING
