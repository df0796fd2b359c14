"""What is forgotten of notices: their own copies in the inbox, in steps that grow as the notices do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select
from support.stores import Stores
from zhian_gateway.notices import forgetting
from zhian_gateway.notices.inbox import key_of
from zhian_gateway.services import Services
from zhian_gateway.store.tables import inbox, notices

NOW = "2026-03-02T08:00:00.000Z"


def notice(key: str | None, *, person: str, title: str, body: str) -> dict[str, Any]:
    moments = dict.fromkeys(("happened_at", "created_at", "next_at", "expires_at"), NOW)
    said = {"key": key, "person": person, "title": title, "body": body}
    return {"site": "s", "to": "m", "channel": "inbox", "state": "sent", "tries": 1, "error": "", **said, **moments}


def copy(key: str | None, *, title: str, body: str) -> dict[str, Any]:
    digest = None if key is None else key_of(key)
    return {"key": digest, "guardian": "m", "title": title, "body": body, "received_at": NOW}


def test_copies_go_by_their_key_and_those_of_an_older_version_by_their_words(parts: Services) -> None:
    came, left = {"title": "came", "body": "07:40"}, {"title": "left", "body": "17:00"}
    with parts.store.write() as link:
        link.execute(notices.insert(), [notice("a", person="o1", **came), notice(None, person="o1", **left)])
        link.execute(notices.insert(), [notice("b", person="o2", **came)])
        # What was told late has other words; of `b` the words are the same, and it is somebody else's.
        copies = [
            copy("a", title="late: came", body="07:40"),
            copy("b", **came),
            copy(None, **left),
            copy(None, **came),
        ]
        other = {"title": "came", "body": "08:00"}
        link.execute(inbox.insert(), [*copies, copy(None, **other)])
        forgetting.forget(link, notices.c.person == "o1")
        rest = link.execute(select(inbox.c.key, inbox.c.body).order_by(inbox.c.id)).all()
        told = link.execute(select(notices.c.title).order_by(notices.c.id)).scalars().all()
    assert [tuple(row) for row in rest] == [(key_of("b"), "07:40"), (None, "08:00")]
    assert told == ["", "", "came"]


def test_ten_times_the_notices_take_no_hundred_times_the_steps(parts: Services, storage: Stores) -> None:
    if storage.name != "sqlite":
        pytest.skip("PostgreSQL counts no steps")
    with parts.store.write() as link:
        few = steps(link, 200)
        assert steps(link, 2000) < 20 * few


def steps(link: Connection, count: int) -> int:
    """Hundreds of instructions that SQLite needs to forget every tenth of `count` notices."""
    for table in (notices, inbox):
        link.execute(table.delete())
    texts = [{"title": f"t{number}", "body": f"b{number}"} for number in range(count)]
    told = [notice(f"k{number}", person=f"o{number % 10}", **text) for number, text in enumerate(texts)]
    link.execute(notices.insert(), told)
    # One copy in ten is of an older version.
    copies = [copy(f"k{number}" if number % 10 else None, **text) for number, text in enumerate(texts)]
    link.execute(inbox.insert(), copies)
    taken = 0

    def count_one() -> None:
        nonlocal taken
        taken += 1

    raw: Any = link.connection.driver_connection
    raw.set_progress_handler(count_one, 100)
    try:
        forgetting.forget(link, notices.c.person == "o0")
    finally:
        raw.set_progress_handler(None, 100)
    return taken
