"""What nodes get by HTTP: the roster with its ETag, whole or as a delta."""

from __future__ import annotations

import httpx
import msgspec
import pytest
from sqlalchemy import delete, select
from support.gateway import HttpOnly, add_node
from support.people import ground, person_file, some_face
from zhian_gateway.nodes import identity
from zhian_gateway.people import marks, rosters
from zhian_gateway.services import Services
from zhian_gateway.store.tables import people, roster_marks
from zhian_wire import codec
from zhian_wire.roster import ISSUED, Roster
from zhian_wire.times import from_text


@pytest.fixture
def node(http: HttpOnly, parts: Services) -> httpx.Client:
    headers = {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"}
    return httpx.Client(base_url=http.url, headers=headers)


def enrol(parts: Services, person: str) -> None:
    with parts.store.write() as link:
        parts.registry.enrol(link, person, person_file(), ground(), some_face(), who="t", now=parts.now())


def test_a_roster_that_did_not_change_is_not_sent_again(parts: Services, node: httpx.Client) -> None:
    enrol(parts, "a")
    with node:
        first = node.get("/roster")
        tag = first.headers["etag"]
        again = node.get("/roster", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert from_text(again.headers[ISSUED]) <= parts.clock()
        enrol(parts, "b")
        later = node.get("/roster", params={"since": 1}, headers={"If-None-Match": tag})
    delta = codec.decode_message(later.content, Roster)
    assert (later.status_code, delta.since, len(delta.persons), delta.version) == (200, 1, 1, 2)
    assert delta.issued is not None  # nodes without a time server know by it how late it is at least
    assert delta.issued <= parts.clock()


def test_versions_of_another_database_mean_nothing_here(parts: Services, node: httpx.Client) -> None:
    enrol(parts, "a")
    with node:
        found = node.get("/roster", params={"since": 1}, headers={"If-None-Match": '"other-1"'})
    whole = codec.decode_message(found.content, Roster)
    assert (whole.since, len(whole.persons)) == (0, 1)


def test_a_gateway_that_was_set_back_sends_the_whole_roster_also_at_the_same_version(
    parts: Services, node: httpx.Client
) -> None:
    """As by a snapshot of its machine: the numbers are taken again, and the store is still called the same."""
    enrol(parts, "a")
    with node:
        tag = node.get("/roster").headers["etag"]
        with parts.store.write() as link:
            link.execute(delete(roster_marks))  # what was told after the snapshot
        for added in (None, "b"):
            if added:
                enrol(parts, added)
            found = node.get("/roster", params={"since": 1}, headers={"If-None-Match": tag})
            whole = codec.decode_message(found.content, Roster)
            assert (found.status_code, whole.since) == (200, 0)
            assert found.headers["etag"] != tag


def test_a_delta_begins_at_what_the_etag_says_alone(parts: Services, node: httpx.Client) -> None:
    for name in "abc":
        enrol(parts, name)
    with node:
        tag = node.get("/roster").headers["etag"]
        enrol(parts, "d")
        for since, headers in ((3, {}), (2, {"If-None-Match": tag}), (3, {"If-None-Match": f"{tag}x"})):
            found = node.get("/roster", params={"since": since}, headers=headers)
            assert codec.decode_message(found.content, Roster).since == 0
        weak = node.get("/roster", params={"since": 3}, headers={"If-None-Match": f"W/{tag}"})
    assert codec.decode_message(weak.content, Roster).since == 3


class Pages:
    """Asks for a roster page by page, as a node does."""

    def __init__(self, node: httpx.Client, held: str = "", since: int = 0) -> None:
        self._node = node
        self._held = {"If-None-Match": held} if held else {}
        self._since = since
        self._after, self.etag = "", ""
        self.ids: list[str] = []
        self.removed: list[str] = []

    def ask(self) -> httpx.Response:
        run = {"run": self.etag.strip('"')} if self._after else {}
        asked = {"after": self._after, "since": self._since, **run}
        return self._node.get("/roster", params=asked, headers=self._held)

    def turn(self) -> Roster:
        answer = self.ask()
        page = codec.decode_message(answer.content, Roster)
        assert self.etag in ("", answer.headers["etag"])
        self.etag, self._after = answer.headers["etag"], page.next
        self.ids += [person.id for person in page.persons]
        self.removed += page.removed
        return page

    def rest(self) -> Roster:
        while (page := self.turn()).next:
            continue
        return page


def ids_of(parts: Services) -> dict[str, str]:
    with parts.store.read() as link:
        return dict(link.execute(select(people.c.id, people.c.opaque)).all())  # type: ignore[arg-type]


def test_a_roster_comes_in_pages_of_one_version(
    parts: Services, node: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "PAGE", 2)
    for name in "abcde":
        enrol(parts, name)
    with node:
        run = Pages(node)
        assert (run.turn().version, len(run.ids)) == (5, 2)
        opaque = ids_of(parts)
        ahead, told = ([name for name in "abcde" if (opaque[name] in run.ids) is had] for had in (False, True))
        with parts.store.write() as link:
            for gone in (ahead[0], told[0]):
                parts.registry.withdraw(link, gone, who="t", now=parts.now())
        enrol(parts, ahead[1])
        enrol(parts, "f")
        last = run.rest()
        assert (last.version, run.ids.count(opaque[ahead[2]])) == (5, 1)
        assert {opaque[ahead[0]], opaque[ahead[1]]} & set(run.ids) == set(), "who changed since comes with the delta"
        delta = Pages(node, run.etag, 5)
        delta.rest()
        held = set(run.ids) - set(delta.removed) | set(delta.ids)
        assert held == {ids_of(parts)[name] for name in (told[1], ahead[1], ahead[2], "f")}
        assert opaque[told[0]] in delta.removed
        assert Pages(node, delta.etag, 9).ask().status_code == 304


@pytest.mark.parametrize("held", [0, 2])
def test_a_node_that_knows_no_pages_gets_all_of_them_in_one_answer(
    parts: Services, node: httpx.Client, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    for name in "abcdefg"[:held]:
        enrol(parts, name)
    with node:
        tag = node.get("/roster").headers["etag"]
        for name in "abcdefg"[held:]:
            enrol(parts, name)
        with parts.store.write() as link:
            parts.registry.withdraw(link, "a", who="t", now=parts.now())
        asked = {"params": {"since": held}, "headers": {"If-None-Match": tag}}
        at_once = codec.decode_message(node.get("/roster", **asked).content, Roster)
        monkeypatch.setattr(rosters, "PAGE", 2)
        answer = node.get("/roster", **asked)
    in_one = codec.decode_message(answer.content, Roster)
    assert msgspec.structs.replace(in_one, issued=None) == msgspec.structs.replace(at_once, issued=None)
    assert (in_one.since, len(in_one.persons), len(in_one.removed)) == (held, 6 - max(0, held - 1), min(held, 1))
    assert "content-length" not in answer.headers, "it is told piece by piece"


def test_pages_of_a_gateway_that_was_set_back_are_begun_anew(
    parts: Services, node: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "PAGE", 1)
    enrol(parts, "a")
    enrol(parts, "b")
    with node:
        run = Pages(node)
        run.turn()
        with parts.store.write() as link:
            link.execute(delete(roster_marks))
        assert run.ask().status_code == 409
        assert node.get("/roster", params={"after": "x", "run": "\x00"}).status_code == 422


def test_the_marks_of_the_latest_versions_are_kept(parts: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "KEPT", 2)
    with parts.store.write() as link:
        told = [marks.give(link, version) for version in (3, 5, 5, 9)]
        assert [marks.version_of(link, mark) for mark in told] == [None, 5, 5, 9]


def test_a_revoked_node_gets_nothing(parts: Services, node: httpx.Client) -> None:
    from zhian_gateway.nodes import identity  # noqa: PLC0415

    with parts.store.write() as link:
        identity.revoke(link, site=parts.site, node="gate-1", now=parts.now(), who="t")
    with node:
        assert node.get("/roster").status_code == 403


def test_a_revoked_node_is_told_so_and_a_stranger_is_not(http: HttpOnly, parts: Services) -> None:
    token = add_node(parts, "gate-1")
    with parts.store.write() as link:
        identity.revoke(link, site=parts.site, node="gate-1", now=parts.now(), who="test")
    headers = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "gate-1"}
    answer = httpx.get(f"{http.url}/roster", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "revoked")
    guess = httpx.get(f"{http.url}/roster", headers=headers | {"Authorization": "Bearer guess"})
    assert guess.status_code == 401
