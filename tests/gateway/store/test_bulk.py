"""Many rows at once are the rows that were given, however many, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from zhian_gateway.services import Services
from zhian_gateway.store import bulk, packing
from zhian_gateway.store.tables import epochs, events, passages

KEY = ("site", "node", "epoch")
TOLD = {"site": "school", "node": "n", "epoch": "e", "type": "y", "time": "t", "day": "2026-10-01", "received_at": "t"}
PASSED = {"site": "school", "camera": "c", "kind": "face", "direction": "in", "reason": "r", "node": "n", "time": "t"}


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


@pytest.mark.parametrize("count", [1, bulk.FEW, packing.AT_ONCE, 2 * packing.AT_ONCE + 3])
def test_every_kind_of_value_is_kept_as_it_was(parts: Services, count: int) -> None:
    texts, numbers = ("", "智安 é🚗", "a\tb\n\\.", None), (0.0, -1e-300, 0.1, None)
    rows = [
        PASSED
        | {"id": number, "day": "2026-10-01", "evidence": "[]", "synthetic": number % 2 == 0}
        | {"body": texts[number % 4], "score": numbers[number // 2 % 4]}
        for number in range(1, count + 1)
    ]
    with parts.store.write() as link:
        bulk.insert(link, events, [TOLD | {"id": each["id"], "seq": each["id"], "body": b""} for each in rows])
        bulk.insert(link, passages, rows)
    with parts.store.read() as link:
        query = select(*(passages.c[name] for name in rows[0])).order_by(passages.c.id)
        assert [dict(each) for each in link.execute(query).mappings()] == rows


def test_bytes_and_great_numbers_are_kept_as_they_were(parts: Services) -> None:
    bodies = (b"", b"\0", bytes(range(256)), b"x" * 100_000)
    rows = [TOLD | {"seq": 2**31 - number, "body": bodies[number % 4]} for number in range(1, 2 * bulk.FEW)]
    with parts.store.write() as link:
        bulk.insert(link, events, rows)
    with parts.store.read() as link:
        found = link.execute(select(events.c.seq, events.c.body)).all()
    assert sorted(found) == sorted((each["seq"], each["body"]) for each in rows)
