"""Who follows the gateway from outside gets what is new also after a restore, and is told that there was one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.gateway import HttpOnly, log_in, write_config
from support.people import ground, person_file, some_face
from support.stores import Stores
from support.waiting import eventually
from zhian_gateway.attendance import signals
from zhian_gateway.backup.restoring import restore
from zhian_gateway.backup.secrets import copy_keys
from zhian_gateway.backup.writing import write
from zhian_gateway.cases.signals import Raise
from zhian_gateway.config import load
from zhian_gateway.police import subscribers
from zhian_gateway.services import Services, open_services

BELL = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


class Site:
    """A gateway that is backed up, goes on for a while, breaks and is restored."""

    def __init__(self, folder: Path, storage: Stores) -> None:
        self._folder = folder
        self._storage = storage
        self._config = write_config(folder / "site", "mqtt://127.0.0.1:1")
        self.parts = self._opened()
        with self.parts.store.write() as link:
            keys = subscribers.add(link, site="school", name="s", ground="g", webhook="", who="t", now=self.parts.now())
            for name in "abcdefgx":
                file = person_file(name=name, group="grade-1")
                self.parts.registry.enrol(link, name, file, ground(), some_face(), who="t", now=self.parts.now())
        self.token = keys.token

    def _opened(self) -> Services:
        return open_services(load(self._config), publish=lambda *_: None)

    def _served(self) -> HttpOnly:
        """A gateway that was started anew; it can be started once."""
        self.parts.store.close()
        self.parts = self._opened()
        return HttpOnly(self.parts)

    def happens(self, *names: str) -> None:
        """A case of that key each, which the police hear of, and somebody who is not here."""
        with self.parts.store.write() as link:
            for name in names:
                now = self.parts.now()
                case = Raise(key=name, kind="unknown_person", severity="major", node="n", at=now, detail=name)
                self.parts.book.raise_(link, case, now)
                wanted = signals.Wanted(name, "2026-03-02", "absent", "grade-1", BELL)
                signals.write(link, [signals.Change(None, wanted)], site="school", silent="", now=now)

    def back_up(self) -> None:
        write(self.parts, self._folder / "copy", who="t")
        copy_keys(self.parts.config, self._folder / "keys")

    def break_and_restore(self) -> None:
        home = self.parts.config.store.home
        self.parts.store.close()
        shutil.rmtree(home)
        self._storage.lose(self._folder / "site")
        restore(load(self._config), self._folder / "copy", self._folder / "keys", who="t")
        self.parts = self._opened()

    def feed(self, count: int, last: int | None = None) -> list[tuple[int, str, Any]]:
        """The next entries after `last`: number, event, and what it says."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Last-Event-ID": str(last)} if last is not None else {})
        found: list[tuple[int, str, Any]] = []
        with self._served() as http, httpx.stream("GET", f"{http.url}/police/feed", headers=headers) as answer:
            fields: dict[str, str] = {}
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                fields[name] = value
                if name == "data":
                    found.append((int(fields["id"]), fields["event"], json.loads(value)))
                if len(found) == count:
                    break
        return found

    def absent(self, after: int) -> dict[str, Any]:
        with self._served() as http, closing(log_in(self.parts, http.url, "li", "guard")) as client:
            answer = client.get("/api/attendance/signals", params={"after": after}).raise_for_status()
            return dict(answer.json())


@pytest.fixture
def site(tmp_path: Path, storage: Stores) -> Iterator[Site]:
    one = Site(tmp_path, storage)
    yield one
    one.parts.store.close()


def test_the_police_hear_what_is_new_after_a_restore_and_that_there_was_one(site: Site) -> None:
    site.happens("a", "b")
    site.back_up()
    site.happens("c", "d", "e")
    ahead = site.feed(5)[-1][0]
    site.break_and_restore()
    # Nodes bring one of them back, and something else happens: fewer than the subscriber is ahead.
    site.happens("d", "f")
    (kept, kind, told), *cases = site.feed(3, ahead)
    assert (kept, kind, told) == (2, "reset", {"store": site.parts.store.store_id, "kept": 2})
    assert [data["state"] for _, _, data in cases] == ["raised", "raised"]
    assert all(number > ahead for number, _, _ in cases)
    # From there on it is told no more.
    site.happens("g")
    ((number, kind, _),) = site.feed(1, cases[-1][0])
    assert (number, kind) == (cases[-1][0] + 1, "case")


def test_who_was_not_ahead_of_the_backup_notices_nothing(site: Site) -> None:
    site.happens("a", "b")
    site.back_up()
    site.break_and_restore()
    site.happens("c")
    assert site.feed(2, 1)[0][:2] == (2, "case")
    assert [kind for _, kind, _ in site.feed(1, 2)] == ["case"]
    assert [kind for _, kind, _ in site.feed(3)] == ["case"] * 3


def test_a_backup_that_is_restored_twice_never_gives_a_number_again(site: Site) -> None:
    site.happens("a")
    site.back_up()
    site.break_and_restore()
    site.happens("b", "c", "d")
    ahead = site.feed(4)[-1][0]
    first = site.parts.store.store_id
    # A second later, since a life begins with the second in which it is restored.
    eventually(lambda: int(datetime.now(UTC).timestamp()) > ahead >> 20, "the next second")
    site.break_and_restore()
    site.happens("e")
    (kept, kind, told), (number, _, _) = site.feed(2, ahead)
    assert (kept, kind, told["store"] != first) == (1, "reset", True)
    assert number > ahead


def test_a_place_that_no_store_gave_begins_at_the_beginning(site: Site) -> None:
    site.happens("a", "b")
    found = site.feed(3, 10**15)
    assert [(number, kind) for number, kind, _ in found] == [(0, "reset"), (1, "case"), (2, "case")]


def test_who_follows_attendance_gets_what_is_new_and_sees_another_store(site: Site) -> None:
    site.happens("a")
    site.back_up()
    site.happens("b", "c", "d")
    before = site.absent(0)
    assert [each["person_id"] for each in before["items"]] == ["a", "b", "c", "d"]
    site.break_and_restore()
    site.happens("c", "x")
    again = site.absent(before["next"])
    assert [each["person_id"] for each in again["items"]] == ["c", "x"]
    assert before["store"] != again["store"] == site.parts.store.store_id
    assert site.absent(again["next"])["items"] == []
