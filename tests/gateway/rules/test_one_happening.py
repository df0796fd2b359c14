"""What a node's own decision tells of a passage, and what the site's rules make of it, is one case."""

from __future__ import annotations

from sqlalchemy import select
from support import lanes
from support.events import event
from support.lanes import ANY, Node, body, crossed, face, plan, read
from support.pipeline import take_in
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts
from zhian_wire.events import Passage


def cases(parts: Services, node: Node) -> list[str]:
    """The kinds of all cases that come of what the node decided."""
    take_in(parts, *(event(data, seq=number + 1) for number, data in enumerate(node.events)))
    with parts.store.read() as link:
        return list(link.execute(select(alerts.c.kind).order_by(alerts.c.id)).scalars())


def at_lane(*signals: lanes.Signal) -> Node:
    node = Node(plan(ANY))
    for signal in signals:
        node.at(signal)
    node.until(60_000)
    assert any(isinstance(each, Passage) and each.kind == "face" and not each.person_id for each in node.events)
    return node


def test_a_stranger_who_follows_somebody_in_is_one_case(parts: Services) -> None:
    stranger = [face(11, 2000), crossed(12, 3000), body(12, 3100)]
    assert cases(parts, at_lane(*stranger)) == ["tailgating"]


def test_a_stranger_with_somebody_s_card_is_one_case(parts: Services) -> None:
    borrowed = [read("A1", 2000), face(11, 2500, None, lanes.other("ann")), crossed(12, 3000), body(12, 3100)]
    assert cases(parts, at_lane(*borrowed)) == ["borrowed_card"]


def test_a_stranger_who_leaves_is_a_case_of_the_site_s_own(parts: Services) -> None:
    leaves = [face(11, 2000, direction="out"), crossed(12, 3000, "out"), body(12, 3100, direction="out")]
    assert cases(parts, at_lane(*leaves)) == ["unknown_person"]
