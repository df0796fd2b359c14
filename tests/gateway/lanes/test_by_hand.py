"""A guard's word has a number of its own, whatever stands in the ledger already."""

from __future__ import annotations

from sqlalchemy import select
from support.events import event, passage
from zhian_gateway.ingest.reading import Taken
from zhian_gateway.lanes import by_hand
from zhian_gateway.services import Services
from zhian_gateway.store.tables import events
from zhian_wire import codec


def recorded(parts: Services, order: str) -> bool:
    hand = by_hand.Hand(
        id=order, site=parts.site, node="gate-1", lane="main", direction="in", person=None, visit=None, who="guard",
        why="a parent", at=parts.now(),
    )  # fmt: skip
    with parts.store.write() as link:
        return by_hand.record(link, parts.rows, hand, parts.now())


def forge(parts: Services, seq: int) -> None:
    """As an older gateway took it from a node."""
    told = event(passage(), epoch=by_hand.EPOCH, seq=seq)
    with parts.store.write() as link:
        parts.rows.insert(link, [Taken(told, codec.encode(told))], parts.now())


def numbers(parts: Services) -> list[int]:
    """Of what the ledger can tell again."""
    with parts.store.read() as link:
        bodies = list(link.execute(select(events.c.body).order_by(events.c.seq)).scalars())
    return [codec.decode(body).seq for body in bodies]


def test_the_words_at_a_nodes_lanes_are_counted_from_one(parts: Services) -> None:
    assert all(recorded(parts, order) for order in ("a", "b"))
    assert numbers(parts) == [1, 2]


def test_where_the_last_number_was_used_words_are_recorded_under_those_that_are_free(parts: Services) -> None:
    for seq in (2, 2**31 - 2):
        forge(parts, seq)
    assert all(recorded(parts, order) for order in ("a", "b", "c"))
    assert numbers(parts) == [2, 3, 4, 2**31 - 2, 2**31 - 1]


def test_where_only_the_last_number_was_used_they_begin_at_one(parts: Services) -> None:
    forge(parts, 2**31 - 1)
    assert all(recorded(parts, order) for order in ("a", "b"))
    assert numbers(parts) == [1, 2, 2**31 - 1]
