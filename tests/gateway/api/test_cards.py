"""Cards at the desk over HTTP: which readers there are, what is shown to one while somebody asks, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.gateway import add_node
from support.notices import enrol
from zhian_gateway import moments
from zhian_gateway.people.editing import Editor
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit
from zhian_wire.codec import decode_message
from zhian_wire.commands import Command, Listen
from zhian_wire.state import DeviceState, NodeState

Client = Callable[..., httpx.Client]
LISTEN = "/api/desk/readers/office/desk/listen"


@pytest.fixture
def node(parts: Services, http: Any, clock: Any) -> Iterator[httpx.Client]:
    """The desk computer's node: a desk's reader, and a lane's; it has just said so."""
    token = add_node(parts, "office")
    beat(parts, clock)
    headers = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "office"}
    with httpx.Client(base_url=http.url, headers=headers, trust_env=False) as made:
        yield made


def beat(parts: Services, clock: Any, status: Any = "ok") -> None:
    devices = (
        DeviceState(id="desk", kind="reader", driver="wedge", status=status, use="desk"),
        DeviceState(id="in", kind="reader", driver="osdp", status="ok", lane="main"),
    )
    said = NodeState(node="office", epoch="e", seq=1, time=moments.text(clock.now), version="1", devices=devices)
    parts.presence.hear("office", said, clock.now)


def show(node: httpx.Client, card: str, read: str = "r1", reader: str = "desk") -> int:
    return node.put(f"/desk/{reader}", json={"read": read, "card": card, "age_ms": 20}).status_code


def noted(parts: Services, action: str) -> list[tuple[str, str, str]]:
    with parts.store.read() as link:
        rows = link.execute(select(audit).where(audit.c.action == action).order_by(audit.c.id))
        return [(row.who, row.subject, row.detail) for row in rows]


def test_only_desks_readers_are_offered_with_how_they_are(
    parts: Services, client: Client, node: httpx.Client, clock: Any
) -> None:
    office = client("admin")
    (reader,) = office.get("/api/desk/readers").json()["items"]
    assert (reader["node"], reader["reader"], reader["state"], reader["busy"]) == ("office", "desk", "ready", None)
    beat(parts, clock, "down")
    assert [each["state"] for each in office.get("/api/desk/readers").json()["items"]] == ["down"]
    clock.forward(60)
    assert [each["state"] for each in office.get("/api/desk/readers").json()["items"]] == ["offline"]
    assert office.post(LISTEN, json={}).status_code == 503
    assert office.post(LISTEN.replace("/desk/listen", "/in/listen"), json={}).status_code == 404


def test_a_card_shown_to_a_desks_reader_comes_to_whoever_asked_and_to_nobody_else(
    parts: Services, client: Client, node: httpx.Client, outbound: Any
) -> None:
    office, window = client("admin"), client("guard")
    assert show(node, "04A1B2C3", "r0") == 200, "what nobody asked for is taken, and forgotten"
    began = office.post(LISTEN, json={}).json()
    ((to, kind, body),) = outbound.sent
    told = decode_message(body, Command)
    assert (to, kind) == ("office", "command") and isinstance(told, Listen) and told.reader == "desk"
    assert began["card"] is None
    assert window.post(LISTEN, json={}).status_code == 409
    assert [each["busy"] for each in window.get("/api/desk/readers").json()["items"]] == ["admin-1"]
    assert show(node, "04a1b2c3") == 200
    heard = office.post(LISTEN, json={"after": began["after"]}).json()
    assert heard["card"]["card"] == "04A1B2C3"
    assert office.post(LISTEN, json={"after": heard["after"]}).json()["card"] is None
    assert noted(parts, "desk.listen") == [("admin-1", "office/desk", "")], "once, however often it is asked"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"read": "r", "card": "none", "age_ms": 1}', b"x" * 2000])
def test_what_is_no_card_is_refused(node: httpx.Client, body: bytes) -> None:
    assert node.put("/desk/desk", content=body).status_code in (413, 422)


def test_whose_a_card_is_is_answered_as_a_gate_would_decide(parts: Services, client: Client) -> None:
    enrol(parts, "inbox://mother", person="ming", name="Ming", group="grade-1")
    editor, office = Editor(parts.site, parts.zone), client("admin")
    with parts.store.write() as link:
        editor.issue(link, "ming", "04A1B2C3", who="office", now=parts.now())

    def whose(card: str, spelling: str = "hex") -> tuple[str, str, str | None]:
        said = office.post("/api/cards/whose", json={"card": card, "spelling": spelling}).json()
        return said["card"], said["how"], said["owner"] and said["owner"]["name"]

    assert whose("04:a1:b2:c3") == ("04A1B2C3", "whole", "Ming")
    assert whose("0077705923", "decimal") == ("04A1B2C3", "whole", "Ming")
    assert whose("A1B2C3") == ("A1B2C3", "cut", "Ming"), "a Wiegand 26 reader tells three bytes of it"
    assert whose("04D4E5F6") == ("04D4E5F6", "unknown", None)
    with parts.store.write() as link:
        editor.withdraw_card(link, "04A1B2C3", why="lost", who="office", now=parts.now())
    assert whose("04A1B2C3") == ("04A1B2C3", "withdrawn", "Ming")
    assert office.post("/api/cards/whose", json={"card": "no card"}).status_code == 422
    assert [(who, detail) for who, _, detail in noted(parts, "card.whose")][-1] == ("admin-1", "ming (withdrawn)")


def test_a_lost_card_that_is_found_holds_again_unless_somebody_has_it_meanwhile(
    parts: Services, client: Client
) -> None:
    office = client("admin")
    for person in ("ming", "lan"):
        enrol(parts, f"inbox://{person}", person=person, name=person.title(), group="grade-1")
    office.post("/api/people/ming/cards", json={"card": "04A1B2C3"}).raise_for_status()
    found = {"card": "04A1B2C3"}
    assert office.post("/api/people/ming/cards/found", json=found).status_code == 404, "it holds"
    office.post("/api/people/ming/cards/withdraw", json=found | {"why": "lost"}).raise_for_status()
    (card,) = office.post("/api/people/ming/cards/found", json=found).json()["cards"]
    assert (card["withdrawn_at"], card["reason"]) == (None, "")
    assert noted(parts, "card.found") == [("admin-1", "ming", "…B2C3")]
    office.post("/api/people/ming/cards/withdraw", json=found | {"why": "lost"}).raise_for_status()
    office.post("/api/people/lan/cards", json=found).raise_for_status()
    assert office.post("/api/people/ming/cards/found", json=found).status_code == 422


def test_a_card_that_gates_could_not_tell_from_anothers_is_not_issued(parts: Services, client: Client) -> None:
    office = client("admin")
    for person in ("ming", "lan"):
        enrol(parts, f"inbox://{person}", person=person, name=person.title(), group="grade-1")
    office.post("/api/people/ming/cards", json={"card": "04A1B2C3"}).raise_for_status()
    for same in ("04A1B2C3", "0004A1B2C3", "A1B2C3"):
        assert office.post("/api/people/lan/cards", json={"card": same}).status_code == 422, same
    office.post("/api/people/ming/cards", json={"card": "04A1B2C3"}).raise_for_status()
