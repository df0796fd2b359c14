"""A trace in the gateway's log says where it went wrong, and nothing of what was being written."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from support.stores import Stores
from zhian_gateway.operations import logs
from zhian_gateway.store import Store, open_store
from zhian_gateway.store.tables import counters, users

NAME = "王小明-and-nobody-else"
ROW = {"name": NAME, "role": "guard", "password": "argon2-of-somebody", "created_at": "t"}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    logs.set_up()
    yield stream
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def store(tmp_path: Path, storage: Stores) -> Iterator[Store]:
    one = open_store(storage.location(tmp_path / "g.db"))
    yield one
    one.close()


def test_what_was_written_stands_in_no_trace(store: Store, said: io.StringIO) -> None:
    twice = (users.insert().values(ROW), users.insert().values(ROW))
    wrong = (counters.insert().values(name=NAME, value=None),)
    for statements in (twice, wrong):
        try:
            with store.write() as link:
                for statement in statements:
                    link.execute(statement)
        except DBAPIError:
            structlog.get_logger("zhian").exception("loop.failed", loop="test")
            logging.getLogger("library").exception("failed")
    text = said.getvalue()
    assert text.count('"exception": ') == 4
    assert "IntegrityError" in text
    assert NAME not in text and ROW["password"] not in text
    with store.read() as link:
        assert link.execute(select(users)).first() is None
