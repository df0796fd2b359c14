"""What is stored is followed once each; while there is a backlog, alerts and health go first and in their own order."""

from __future__ import annotations

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert
from zhian_gateway.rules import turns
from zhian_gateway.store import counters
from zhian_gateway.store.tables import counters as table
from zhian_gateway.store.tables import events, metadata

PASSAGE, ALERT = "zhian.passage.v1", "zhian.alert.v1"


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.integers(1, 9).map(lambda _: "turn"), st.sampled_from([PASSAGE, ALERT])), max_size=60),
    st.integers(1, 4),
)
def test_everything_has_one_turn_and_each_kind_keeps_its_order(steps: list[str], limit: int) -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine, tables=[events, table])
    seqs = count(1)
    followed: list[tuple[str, int]] = []
    with engine.begin() as link:
        for name in ("followed", "followed_urgent"):
            link.execute(insert(table).values(name=name, value=0))
        for step in [*steps, *["turn"] * (2 * len(steps) + 2)]:
            if step == "turn":
                before = counters.current(link, "followed")
                turn = turns.take(link, limit)
                assert turn.more is (len(turn.rows) > 0 or counters.current(link, "followed") > before)
                followed += [(row.type, row.id) for row in turn.rows]
            else:
                seq = next(seqs)
                values = {name: "x" for name in ("site", "node", "epoch", "time", "day", "received_at")}
                link.execute(insert(events).values(values | {"seq": seq, "type": step, "body": b""}))
        assert not turns.waiting(link)
    engine.dispose()
    for kind in (PASSAGE, ALERT):
        assert [row for each, row in followed if each == kind] == sorted(row for each, row in followed if each == kind)
    assert sorted(row for _, row in followed) == list(range(1, next(seqs)))
