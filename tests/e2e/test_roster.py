"""What a school's office says reaches a gate: a card that is lost, a face that is off, who collects whom, a holiday."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner
from zhian_edge.decision.plan import Access
from zhian_edge.delivery.credentials import TokenFile
from zhian_edge.delivery.gathering import merge
from zhian_edge.delivery.roster import RosterService
from zhian_edge.delivery.roster_file import RosterFile
from zhian_edge.signals import CameraReport
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.people import rosters
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import alerts, credentials, roster_marks
from zhian_wire import reasons
from zhian_wire.codec import decode_message, encode_message
from zhian_wire.events import Decision
from zhian_wire.roster import Roster

from ..support.gateway import GatewayProcess, HttpOnly, add_node, write_config
from ..support.lanes import ANY, BOTH, CARD, MONDAY, Node, body, crossed, plan, read
from ..support.people import ground, person_file, some_face
from ..support.waiting import eventually
from .nodes import READER, SCHOOL, NodeProcess

HOURS = """
[[schedules]]
id = "school"
[[schedules.spans]]
start = "07:00"
end = "18:00"
[[groups]]
id = "grade-1"
schedule = "school"
collected = true
"""


class Office:
    """Enrols, types commands, and hands each gate's decision the roster as it comes over the wire."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self._held = Roster(version=0)

    def type(self, *words: str | Path) -> None:
        found = CliRunner().invoke(app, [*map(str, words), "--config", str(self.config)])
        assert found.exit_code == 0, found.output

    def enrol(self, parts: Services, name: str, card: str, group: str = "staff") -> None:
        about = person_file(group=group, cards=(card,))
        basis = ground("2099-01-01T00:00:00.000Z")
        with parts.store.write() as link:
            parts.registry.enrol(link, name, about, basis, some_face(), who="t", now=parts.now())

    def send(self, node: Node) -> None:
        """What changed since the last time, as a node takes it."""
        parts = open_services(load(self.config), publish=lambda *_: None)
        with parts.store.read() as link:
            news = rosters.build(link, since=self._held.version, now="2026-03-01T00:00:00.000Z")
        parts.store.close()
        held = merge(self._held, decode_message(encode_message(news), Roster))
        assert held is not None
        self._held = held
        node.decider.use_roster(held)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    one = Office(write_config(tmp_path, "mqtt://127.0.0.1:1"))
    parts = open_services(load(one.config), publish=lambda *_: None)
    for name, card, group in (("ming", "C1", "grade-1"), ("mother", "D1", "staff"), ("aunt", "E1", "staff")):
        one.enrol(parts, name, card, group)
    parts.store.close()
    return one


def gate(office: Office, access: Access = CARD, hour: float = 7.5, days: int = 0) -> Node:
    """A gate with a camera that sees, at an hour of a day after Monday, 2 March 2026."""
    node = Node(plan(access), [], MONDAY + timedelta(days=days, hours=hour - 7.5))
    node.at(CameraReport(camera="cam", at_ms=0, status="ok"))
    office.send(node)
    return node


def answered(node: Node, card: str, at_ms: int) -> tuple[str, str] | None:
    """What a card that is held before the reader leads to, within a minute."""
    before = len(node.decisions)
    node.at(read(card, at_ms))
    node.until(at_ms + 60_000)
    told = node.decisions[before:]
    return (told[0].verdict, told[0].reason) if told else None


def test_a_face_that_is_switched_off_is_not_waited_for(office: Office) -> None:
    node = gate(office, BOTH)
    assert answered(node, "D1", 1000) == ("refuse", reasons.MISSING_FACTOR)
    office.type("people", "set", "mother", "--face", "off")
    office.send(node)
    assert answered(node, "D1", 100_000) == ("open", reasons.CARD)


def test_a_child_who_leaves_with_somebody_who_is_not_listed_is_told_of(office: Office) -> None:
    def leaving(node: Node, adult: str) -> list[str]:
        for signal in (
            read("C1", 2000, "r-out"), crossed(11, 3000, "out"), body(11, 3100, direction="out"),
            read(adult, 5000, "r-out"), crossed(21, 6000, "out"), body(21, 6100, direction="out"),
        ):  # fmt: skip
            node.at(signal)
        node.until(60_000)
        return node.alerts

    office.type("collectors", "add", "ming", "--person", "mother")
    office.type("schedules", "import", written(office, HOURS))
    assert leaving(gate(office, replace(ANY), 16.5), "D1") == []
    assert leaving(gate(office, replace(ANY), 16.5), "E1") == ["left_with_unlisted"]


def test_on_a_holiday_nobody_is_let_in_and_on_a_moved_workday_they_are(office: Office) -> None:
    office.type("schedules", "import", written(office, HOURS))
    assert answered(gate(office), "C1", 1000) == ("open", reasons.CARD)
    assert answered(gate(office, days=5), "C1", 1000) == ("refuse", reasons.OFF_SCHEDULE)
    year = "day,works_as,name\n2026-03-02,,校庆\n2026-03-07,mon,\n"
    office.type("calendar", "import", written(office, year))
    assert answered(gate(office), "C1", 1000) == ("refuse", reasons.OFF_SCHEDULE)
    assert answered(gate(office, days=5), "C1", 1000) == ("open", reasons.CARD)


def test_whoever_may_come_until_a_day_may_not_come_on_the_next(office: Office) -> None:
    office.type("people", "set", "mother", "--ends", "2026-03-02")
    assert answered(gate(office), "D1", 1000) == ("open", reasons.CARD)
    assert answered(gate(office, days=1), "D1", 1000) == ("refuse", reasons.NOT_VALID)


def written(office: Office, text: str) -> Path:
    path = office.config.with_name("office-file")
    path.write_text(text)
    return path


def steps(service: RosterService, count: int) -> list[str]:
    """The cards that open after so many answers of the gateway."""
    for _ in range(count):
        service.step()
    return sorted(card for person in service.roster.persons for card in person.cards)


def test_a_node_gathers_pages_while_the_office_goes_on_and_begins_anew_when_the_gateway_is_set_back(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "PAGE", 2)
    parts = open_services(load(office.config), publish=lambda *_: None)
    (tmp_path / "secret").write_text(add_node(parts, "gate"))
    (tmp_path / "secret").chmod(0o600)
    file = RosterFile(tmp_path, "gate")
    with HttpOnly(parts) as http:
        node = RosterService(http.url, TokenFile("gate", tmp_path / "secret"), file, file.load(), revoked=lambda: None)
        node.open()
        assert steps(node, 1) == []
        with parts.store.write() as link:
            parts.registry.withdraw(link, "aunt", who="t", now=parts.now())
        office.enrol(parts, "uncle", "F1")
        assert steps(node, 2) == ["C1", "D1", "F1"]
        with parts.store.write() as link:
            # As a snapshot from before would be, after as many other changes.
            link.execute(delete(roster_marks))
            link.execute(delete(credentials).where(credentials.c.value == "F1"))
        node.wake()
        assert steps(node, 3) == ["C1", "D1"]
        node.close()
    parts.store.close()


@pytest.mark.slow
def test_a_card_that_is_withdrawn_at_the_gateway_opens_nothing_at_the_gate_and_is_told_of(
    tmp_path: Path, gateway: GatewayProcess
) -> None:
    office = Office(gateway.config)
    with gateway.services() as parts:
        office.enrol(parts, "ming", "04A1B2C3")
    node = NodeProcess(tmp_path / "edge", gateway.broker, gateway, tmp_path, SCHOOL + READER)
    cards = tmp_path / "edge" / "cards.jsonl"
    cards.touch()
    node.start()

    def present() -> tuple[str, str]:
        def answers() -> list[tuple[str, str]]:
            return [(e.data.verdict, e.data.reason) for e in node.events() if isinstance(e.data, Decision)]

        before = len(answers())
        with cards.open("a") as file:
            file.write(json.dumps({"card": "04A1B2C3"}) + "\n")
        return eventually(lambda: answers()[before:], "the lane's answer")[0]

    def version() -> int:
        return int(node.status()["node"].get("roster_version", 0))

    def kinds() -> list[str]:
        with gateway.services() as parts, parts.store.read() as link:
            return [row.kind for row in link.execute(alerts.select())]

    try:
        known = eventually(version, "the roster", 30)
        assert present() == ("open", reasons.CARD)
        office.type("cards", "withdraw", "04A1B2C3", "--why", "lost")
        eventually(lambda: version() > known, "the next roster", 30)
        assert present() == ("refuse", reasons.WITHDRAWN_CARD)
        eventually(lambda: "withdrawn_card" in kinds(), "the case at the gateway", 30)
    finally:
        node.kill()
