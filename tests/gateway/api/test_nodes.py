"""What nodes get by HTTP: the roster with its ETag, whole or as a delta."""

from __future__ import annotations

import httpx
import pytest
from support.gateway import HttpOnly, add_node
from support.people import ground, person_file, some_face
from zhian_gateway.nodes import identity
from zhian_gateway.services import Services
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
