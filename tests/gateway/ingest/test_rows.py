"""What is missing is counted by the database as it would be by hand."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.events import event
from support.pipeline import admit
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.progress import holes
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.services import Services
from zhian_wire import codec

NODES = ("gate-1", "gate-2", "gate-3")
SEQS = st.sets(st.integers(1, 12), max_size=6)


@given(
    stored=st.fixed_dictionaries(dict.fromkeys(NODES, SEQS)), broken=st.fixed_dictionaries(dict.fromkeys(NODES, SEQS))
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_every_node_as_many_are_missing_as_its_holes_hold(
    parts: Services, stored: dict[str, set[int]], broken: dict[str, set[int]]
) -> None:
    admit(parts.store, parts.site, *NODES)
    # Runs of their own for every example.
    epoch, before = uuid4().hex, missing(parts)
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    there = [
        Message(node, codec.encode(event(node=node, epoch=epoch, seq=seq))) for node in NODES for seq in stored[node]
    ]
    # These say whose they are, and cannot be read.
    bad = [
        Message(node, codec.encode(event(node=node, epoch=epoch, seq=seq)).replace(b'"type":"', b'"type":"no.such.'))
        for node in NODES
        for seq in broken[node] - stored[node]
    ]
    keeper.keep([*there, *bad])
    with parts.store.read() as link:
        more = {
            run.node: sum(last - first + 1 for first, last in holes(at, parts.rows.settled(link, run, at.through)))
            for run, at in parts.rows.runs(link).items()
            if run.epoch == epoch
        }
    assert missing(parts) == before + Counter(more)
    assert missing(parts, {"gate-2"}) == Counter({"gate-2": missing(parts)["gate-2"]})


def missing(parts: Services, nodes: set[str] | None = None) -> Counter[str]:
    with parts.store.read() as link:
        return parts.rows.missing(link, nodes)
