"""The stream of what changed: in order, without holes, and honest about how far back it goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from support.stores import Stores
from zhian_gateway.store import open_store, stream


@pytest.fixture
def link(tmp_path: Path, storage: Stores) -> Iterator[Connection]:
    store = open_store(storage.location(tmp_path / "g.db"))
    with store.write() as link:
        for number in range(1, 11):
            stream.push(link, "passage", str(number), "t")
        yield link
    store.close()


def test_entries_follow_each_other_without_a_hole(link: Connection) -> None:
    assert [entry.id for entry in stream.after(link, 3)] == [4, 5, 6, 7, 8, 9, 10]
    assert [entry.id for entry in stream.after(link, 3, limit=2)] == [4, 5]


@pytest.mark.parametrize(("last", "known"), [(0, True), (10, True), (11, False)])
def test_an_id_from_elsewhere_is_not_known(link: Connection, last: int, known: bool) -> None:
    assert stream.reaches_back_to(link, last) is known


@pytest.mark.parametrize(("last", "known"), [(6, False), (7, True), (9, True), (10, True)])
def test_what_was_forgotten_is_said_to_be(link: Connection, last: int, known: bool) -> None:
    stream.prune(link, keep=3)
    assert stream.reaches_back_to(link, last) is known


def test_who_is_far_behind_hears_of_every_alert_and_of_the_latest_passages(link: Connection) -> None:
    stream.push(link, "alert", "a", "t")
    stream.push_all(link, "passage", [str(number) for number in range(stream.FAR)], "t")
    told = stream.after(link, 5)
    assert [entry.ref for entry in told if entry.kind == "alert"] == ["a"]
    assert [entry.id for entry in told][-stream.LATEST :] == list(
        range(stream.head(link) - stream.LATEST + 1, stream.head(link) + 1)
    )
    assert len(told) == 1 + stream.LATEST
    assert len(stream.after(link, 20, limit=10_000)) == stream.head(link) - 20
