"""Many rows at once are the rows that were given, however many, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from zhian_gateway.services import Services
from zhian_gateway.store import bulk
from zhian_gateway.store.tables import epochs

KEY = ("site", "node", "epoch")


def row(number: int, through: int, first_at: str) -> dict[str, object]:
    names = {"site": "school", "node": f"gate-{number}", "epoch": "e1"}
    return names | {"through": through, "highest": through + 1, "first_at": first_at}


@pytest.mark.parametrize("count", [0, 1, bulk.AT_ONCE - 1, bulk.AT_ONCE, 2 * bulk.AT_ONCE + 3])
def test_what_is_there_is_changed_and_the_rest_is_new(parts: Services, count: int) -> None:
    with parts.store.write() as link:
        bulk.insert(link, epochs, [row(number, 1, "first") for number in range(0, count, 2)])
    with parts.store.write() as link:
        bulk.upsert(link, epochs, [row(number, 7, "then") for number in range(count)], key=KEY, kept="first_at")
    with parts.store.read() as link:
        found = {each.node: (each.through, each.highest, each.first_at) for each in link.execute(select(epochs))}
    assert found == {f"gate-{number}": (7, 8, "then" if number % 2 else "first") for number in range(count)}
