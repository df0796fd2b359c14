"""Devices in a running gate: a card opens once and for good, orders are answered, tools can ask and open."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.configs import write_config
from support.gates import LANES, READER, decided, device, enrol, recent, running
from support.waiting import eventually
from zhian_edge.acting import WAITING, BarrierService
from zhian_edge.config.actuators import VirtualBarrier
from zhian_edge.config.reading import load
from zhian_edge.decision.actions import Act
from zhian_edge.devices import Equipment
from zhian_edge.errors import DeviceLost, DeviceRefused, DriverMissing, EdgeError, Expired, Unconfirmed
from zhian_edge.gate import Gate
from zhian_edge.hal.contracts import BarrierState, Capabilities, Diagnostics
from zhian_edge.hal.drivers.virtual import VirtualBarrierDriver
from zhian_edge.process.control import ask
from zhian_edge.signals import Acted
from zhian_wire import reasons
from zhian_wire.events import Actuated, Decision, Health, Passage
from zhian_wire.roster import Person
from zhian_wire.state import DeviceState

CARD = "04A1B2C3"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A gate with a reader, a barrier and a door contact that are scripts, and one pupil."""
    for name in ("cards", "barrier", "door"):
        (tmp_path / f"{name}.jsonl").touch()
    devices = """\
[[barriers]]
id = "boom"
driver = "virtual"
journal = "journal.jsonl"
script = "barrier.jsonl"
lane = "main"
pulse_s = 0.8
[[inputs]]
id = "help"
driver = "virtual"
script = "door.jsonl"
lane = "main"
role = "help"
"""
    write_config(tmp_path, LANES + READER + devices)
    enrol(tmp_path, Person(id="pupil-1", group="pupil", cards=(CARD,)))
    return tmp_path


@pytest.fixture
def gate(site: Path) -> Iterator[Gate]:
    with running(site / "node.toml") as one:
        yield one


def tell(site: Path, script: str, **line: Any) -> None:
    with (site / f"{script}.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


def journal(site: Path) -> list[tuple[str, int]]:
    """What came to the barrier, but for the end of whatever an earlier gate may have held."""
    file = site / "journal.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return [(order["order"], order["ms"]) for order in map(json.loads, lines) if order["order"] != "shut"]


def await_first_close(site: Path) -> None:
    """A gate closes what an earlier one may have held: the first order that would fail by a script."""
    file = site / "journal.jsonl"
    eventually(lambda: file.exists() and '"shut"' in file.read_text(), "the close")


def pulses(site: Path) -> list[Actuated]:
    """What became of orders to open."""
    told = [event.data for event in decided(site)]
    return [each for each in told if isinstance(each, Actuated) and each.action == "pulse"]


def test_a_known_card_opens_once_and_what_became_of_it_is_told(site: Path, gate: Gate) -> None:
    tell(site, "cards", card=CARD)
    eventually(lambda: journal(site), "the pulse")
    eventually(lambda: any(each.get("action") == "pulse" for each in recent(site)), "the answer")
    eventually(lambda: device(site, "in")["diagnostics"]["detail"]["shown"] == "granted", "the reader's green light")
    gate.stop()
    assert journal(site) == [("pulse", 800)]
    data = [event.data for event in decided(site)]
    decision = next(each for each in data if isinstance(each, Decision))
    actuated = pulses(site)[0]
    assert (decision.verdict, decision.person_id) == ("open", "pupil-1")
    assert (actuated.transaction, actuated.result) == (decision.transaction, "done")
    assert data.index(decision) < data.index(actuated)


def test_an_unknown_card_opens_nothing(site: Path, gate: Gate) -> None:
    tell(site, "cards", card="DEADBEEF")
    eventually(lambda: device(site, "in")["diagnostics"]["detail"]["shown"] == "refused", "the red light")
    assert not journal(site)


def test_a_killed_gate_never_pulses_again(site: Path) -> None:
    command = [sys.executable, "-m", "zhian_edge.cli", "run", str(site / "node.toml")]
    first = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        tell(site, "cards", card=CARD)
        eventually(lambda: journal(site), "the pulse", 30)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    (site / "cards.jsonl").write_text("")
    with running(site / "node.toml"):
        tell(site, "cards", card="DEADBEEF")
        eventually(lambda: device(site, "in")["diagnostics"]["counters"]["reads"], "the second gate's first card")
    assert journal(site) == [("pulse", 800)]
    assert [each.result for each in pulses(site)] in (["done"], ["unknown"])


def test_a_barrier_that_fails_is_told_and_not_tried_again(site: Path, gate: Gate) -> None:
    await_first_close(site)
    tell(site, "barrier", fail="lost", why="no power")
    tell(site, "cards", card=CARD)
    eventually(lambda: any(each.get("action") == "pulse" for each in recent(site)), "the answer")
    gate.stop()
    actuated = pulses(site)[0]
    assert (actuated.result, actuated.detail) == ("failed", "no power")
    assert not journal(site)


def test_the_installer_sees_every_device_and_opens_a_lane(site: Path, gate: Gate) -> None:
    home = site / "node"
    eventually(lambda: all(each["state"] == "ok" for each in ask(home, "devices")), "the devices")
    listed = ask(home, "devices")
    assert [(each["name"], each["kind"], each["driver"]) for each in listed] == [
        ("in", "reader", "virtual"),
        ("help", "input", "virtual"),
        ("boom", "barrier", "virtual"),
    ]
    assert ask(home, "open_lane", lane="main", who="installer") == {"result": "done", "detail": ""}
    assert journal(site) == [("pulse", 800)]
    assert "no lane 'side'" in ask(home, "open_lane", lane="side")["error"]
    assert "lane yard has no barrier" in ask(home, "open_lane", lane="yard")["error"]
    assert ask(home, "show", reader="in", feedback="wait") == {"shown": True}
    assert "has no key" in ask(home, "change_key", reader="in")["error"]


def test_who_opens_a_lane_by_hand_is_told_what_became_of_that_and_not_of_a_card(site: Path, gate: Gate) -> None:
    await_first_close(site)
    tell(site, "cards", card=CARD)
    eventually(lambda: any(each.get("action") == "pulse" for each in recent(site)), "the card's answer")
    tell(site, "barrier", fail="lost", why="no power")
    assert ask(site / "node", "open_lane", lane="main", who="installer") == {"result": "failed", "detail": "no power"}
    acted = [each for each in recent(site) if each.get("action") == "pulse"]
    assert [(each["result"], each["order"][:10]) for each in acted] == [("done", ""), ("failed", "installer-")]


@pytest.mark.parametrize(("order", "result"), [("mine", "failed"), ("nobody's", None)])
def test_only_the_answer_to_the_very_order_is_taken(site: Path, order: str, result: str | None) -> None:
    equipment = Equipment(load(site / "node.toml"), lambda _said: None)
    for number, name in enumerate(("", "another's", "mine")):
        told = "failed" if name == "mine" else "done"
        equipment._heard(
            Acted(lane="main", transaction=f"t{number}", action="pulse", result=told, at_ms=number, order=name)
        )
    acted = equipment.await_acted(order, "pulse", 0, 0.0)
    assert (None if acted is None else acted.result) == result


def test_a_lane_is_locked_and_released_and_somebody_let_pass_by_hand_all_of_it_recorded(site: Path, gate: Gate) -> None:
    home = site / "node"
    assert ask(home, "set_lane", lane="main", state="locked", who="guard")["result"] == "done"
    tell(site, "cards", card=CARD)
    eventually(lambda: device(site, "in")["diagnostics"]["detail"]["shown"] == "refused", "the red light")
    assert ask(home, "set_lane", lane="main", state="normal", who="guard")["result"] == "done"
    assert ask(home, "let_pass", lane="main", person="pupil-1", who="guard")["result"] == "recorded"
    assert "no lane 'side'" in ask(home, "set_lane", lane="side", state="locked")["error"]
    assert "expected one of locked" in ask(home, "set_lane", lane="main", state="ajar")["error"]
    assert "only observes" in ask(home, "let_pass", lane="yard")["error"]
    assert "expected in or out" in ask(home, "let_pass", lane="main", direction="up")["error"]
    gate.stop()
    data = [event.data for event in decided(site)]
    assert [(each.verdict, each.reason) for each in data if isinstance(each, Decision)] == [
        ("refuse", reasons.LOCKED), ("refuse", reasons.LOCKED), ("refuse", reasons.BACK_TO_NORMAL),
    ]  # fmt: skip
    assert [each.by for each in data if isinstance(each, Decision)] == ["guard", None, "guard"]
    passages = [(each.kind, each.person_id, each.direction) for each in data if isinstance(each, Passage)]
    assert ("manual", "pupil-1", "in") in passages
    assert "pulse" not in [order for order, _ in journal(site)]


def test_a_gate_runs_without_a_device_whose_package_is_missing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_self: object, settings: Any) -> None:
        raise DriverMissing(f"input {settings.id}: pip install 'zhian[modbus]'")

    monkeypatch.setattr("zhian_edge.hal.table.Devices.input", missing)
    with running(site / "node.toml"):
        tell(site, "cards", card=CARD)
        eventually(lambda: journal(site), "the pulse")
        eventually(lambda: "zhian[modbus]" in device(site, "help")["error"], "its error")
    health = [event.data for event in decided(site) if isinstance(event.data, Health)]
    assert [(each.device, each.cause) for each in health if each.component == "input"] == [("help", "refused")]


def test_the_heart_beat_tells_each_device_and_what_a_person_must_mend(site: Path) -> None:
    (site / "door.jsonl").unlink()
    gate = Gate(load(site / "node.toml"))
    gate.start()
    tell(site, "cards", card=CARD)

    def beat() -> dict[str, DeviceState]:
        return {each.id: each for each in gate.state().devices}

    eventually(lambda: beat()["boom"].reads, "the barrier's answer")
    eventually(lambda: {each.id: each.status for each in gate.state().devices} == {
        "help": "down", "in": "ok", "boom": "ok"}, "how they are")  # fmt: skip
    reader, lost = beat()["in"], gate.state().devices[0]
    tell(site, "cards", tamper=True)
    eventually(lambda: beat()["in"].cause == "tamper", "the tamper")
    gate.stop()
    assert (reader.kind, reader.driver, reader.lane, reader.cause) == ("reader", "virtual", "main", "")
    assert (reader.reads, reader.errors) == (1, 0)
    assert reader.last_ms is not None
    assert (lost.id, lost.cause, lost.last_ms) == ("help", "lost", None)
    assert "door.jsonl" in lost.detail


class Clock:
    """Set by hand."""

    ms = 1000

    def __call__(self) -> int:
        return self.ms


class Recorded(VirtualBarrierDriver):
    """A barrier that fails as it is told, and keeps its orders."""

    def __init__(self) -> None:
        super().__init__(VirtualBarrier(id="boom", lane="main"))
        self.given: list[str] = []
        self.error: Exception | None = None
        self.door = "closed"
        self.timed = True

    def _give(self, word: str) -> None:
        if self.error:
            raise self.error
        self.given.append(word)

    def open(self) -> None:
        if self.error:
            raise self.error

    def pulse(self, duration_ms: int, until_ms: int | None = None) -> None:
        assert until_ms == 3000
        self._give(f"pulse {duration_ms}")

    def hold(self) -> None:
        self._give("hold")

    def shut(self) -> None:
        self._give("shut")

    def state(self) -> BarrierState:
        return BarrierState(output="off", door=self.door)  # type: ignore[arg-type]

    def diagnostics(self) -> Diagnostics:
        return Diagnostics(link="", capabilities=Capabilities(timed=self.timed))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> tuple[BarrierService, Recorded, Clock, list[Acted]]:
    monkeypatch.setattr("zhian_edge.acting.POLL_S", 0.001)
    barrier, clock, told = Recorded(), Clock(), list[Acted]()
    return BarrierService(barrier, 700, told.append, clock), barrier, clock, told


def act(action: Any = "pulse", expires_ms: int = 3000, **more: Any) -> Act:
    return Act(lane="main", action=action, transaction="t", expires_ms=expires_ms, **more)


Built = tuple[BarrierService, Recorded, Clock, list[Acted]]


def test_orders_are_carried_out_in_their_time_and_answered(service: Built) -> None:
    one, barrier, clock, told = service
    one.open()
    for each in (act(), act(duration_ms=200), act("hold"), act("close")):
        one.order(each)
        one.step()
    clock.ms = 3001
    one.order(act())
    one.step()
    assert barrier.given == ["pulse 700", "pulse 200", "hold", "shut"]
    assert [(each.result, each.detail) for each in told] == [("done", "")] * 4 + [("failed", "expired")]


@pytest.mark.parametrize(
    ("error", "result"),
    [(DeviceLost("gone"), "failed"), (Unconfirmed("no answer"), "unknown"), (DeviceRefused("no relay"), "failed")],
)
def test_an_order_that_fails_is_answered_before_the_barrier_is_opened_anew_and_is_not_given_again(
    service: Built, error: EdgeError, result: str
) -> None:
    one, barrier, _, told = service
    one.open()
    barrier.error = error
    one.order(act())
    one.step()
    assert [(each.result, each.detail) for each in told] == [(result, str(error))]
    with pytest.raises(type(error)):
        one.step()
    one.close()
    barrier.error = None
    one.open()
    one.step()
    assert not barrier.given


def test_an_order_to_a_barrier_that_is_away_is_answered_when_it_has_expired(service: Built) -> None:
    one, barrier, clock, told = service
    barrier.error = DeviceLost("gone")
    one.order(act(expires_ms=2000))
    one.order(act("hold", expires_ms=600_000))
    opening: Callable[[], None] = one.open
    with pytest.raises(DeviceLost):
        opening()
    assert not told
    clock.ms = 2001
    with pytest.raises(DeviceLost):
        opening()
    assert [(each.action, each.result, each.detail) for each in told] == [("pulse", "failed", "expired: gone")]
    barrier.error = None
    one.open()
    one.step()
    assert barrier.given == ["hold"]


def test_a_hold_stands_until_it_is_ended_though_the_barrier_was_away(service: Built) -> None:
    one, barrier, _, _ = service
    one.open()
    one.order(act("hold"))
    one.step()
    one.close()
    one.open()
    assert barrier.given == ["hold", "hold"]
    one.order(act("close"))
    one.step()
    one.close()
    one.open()
    assert barrier.given == ["hold", "hold", "shut"]


@pytest.mark.parametrize("error", [DeviceLost("gone"), Unconfirmed("no answer")])
def test_a_close_that_was_not_confirmed_is_given_again_until_it_is(service: Built, error: EdgeError) -> None:
    one, barrier, _, _ = service
    one.open()
    one.order(act("hold"))
    one.step()
    barrier.error = error
    one.order(act("close"))
    one.step()
    one.close()
    barrier.error = None
    for _ in range(2):
        one.open()
        one.close()
    assert barrier.given == ["hold", "shut"]


def test_an_order_whose_time_runs_out_at_the_driver_is_answered_and_the_barrier_stays_in_use(service: Built) -> None:
    one, barrier, _, told = service
    one.open()
    barrier.error = Expired("expired 3 ms before it could be given")
    one.order(act())
    one.step()
    barrier.error = None
    one.order(act())
    one.step()
    assert [(each.result, each.detail[:7]) for each in told] == [("failed", "expired"), ("done", "")]


def test_an_order_that_meets_a_fault_of_the_driver_is_answered(service: Built) -> None:
    one, barrier, _, told = service
    one.open()
    barrier.error = IndexError("list index out of range")
    one.order(act())
    one.step()
    with pytest.raises(IndexError):
        one.step()
    one.close()
    one.order(act(expires_ms=0))
    with pytest.raises(IndexError):
        one.open()
    assert [(each.result, each.detail) for each in told] == [
        ("unknown", "IndexError: list index out of range"), ("failed", "expired: list index out of range"),
    ]  # fmt: skip


@pytest.mark.parametrize(("action", "given"), [("hold", ["hold"]), ("close", ["shut"])])
@pytest.mark.parametrize("error", [DeviceLost("gone"), Unconfirmed("no answer")])
def test_a_hold_or_close_that_failed_is_answered_again_once_when_it_is_carried_out(
    service: Built, action: str, given: list[str], error: EdgeError
) -> None:
    one, barrier, _, told = service
    one.open()
    barrier.error = error
    one.order(act(action))
    one.step()
    one.close()
    barrier.error = None
    for _ in range(2):
        one.open()
        one.close()
    first = "failed" if isinstance(error, DeviceLost) else "unknown"
    assert [(each.action, each.transaction, each.result) for each in told] == [
        (action, "t", first), (action, "t", "done"),
    ]  # fmt: skip
    assert barrier.given[: len(given)] == given


def test_a_hold_that_expired_behind_other_orders_is_carried_out_and_both_is_told(service: Built) -> None:
    one, barrier, clock, told = service
    one.order(act("hold"))
    clock.ms = 3001
    one.open()
    one.step()
    assert barrier.given == ["hold"]
    assert [(each.result, each.detail) for each in told] == [("failed", "expired"), ("done", "carried out after all")]


@pytest.mark.parametrize(("last", "given"), [("close", ["shut"]), ("hold", ["hold"])])
def test_how_a_barrier_is_to_stand_holds_however_long_it_was_away(service: Built, last: str, given: list[str]) -> None:
    one, barrier, clock, told = service
    one.order(act("hold" if last == "close" else "close"))
    one.order(act(last))
    barrier.error = DeviceLost("gone")
    clock.ms = 3001
    opening: Callable[[], None] = one.open
    with pytest.raises(DeviceLost):
        opening()
    assert [each.result for each in told] == ["failed", "failed"]
    barrier.error = None
    one.open()
    assert barrier.given == given


def test_what_stood_before_an_outage_is_not_given_again_before_an_order_that_waits(service: Built) -> None:
    one, barrier, _, _ = service
    one.open()
    one.order(act("hold"))
    one.step()
    one.close()
    one.order(act("close"))
    one.open()
    one.step()
    assert barrier.given == ["hold", "shut"]


def test_a_flood_of_pulses_loses_no_hold(service: Built) -> None:
    one, barrier, _, _ = service
    one.open()
    for _ in range(WAITING + 1):
        one.order(act())
    one.order(act("hold"))
    for _ in range(WAITING + 1):
        one.step()
    assert barrier.given[-1] == "hold"


def test_a_flood_of_orders_is_answered_too(service: Built) -> None:
    one, barrier, _, told = service
    one.open()
    for _ in range(WAITING + 3):
        one.order(act())
    for _ in range(WAITING + 1):
        one.step()
    assert len(barrier.given) == WAITING
    assert [each.detail for each in told if each.result == "failed"] == ["too many orders wait"] * 3


@pytest.mark.parametrize(
    ("orders", "given"),
    [
        ([(0, "pulse")], ["0 pulse 700", "700 shut"]),
        ([(0, "pulse"), (400, "pulse")], ["0 pulse 700", "400 pulse 700", "1100 shut"]),
        ([(0, "pulse"), (400, "hold")], ["0 pulse 700", "400 hold"]),
        ([(0, "pulse"), (400, "close")], ["0 pulse 700", "400 shut"]),
        ([(0, "pulse"), (400, "hold"), (500, "close")], ["0 pulse 700", "400 hold", "500 shut"]),
    ],
    ids=["alone", "a second person", "a hold", "a close", "a hold that ends"],
)
def test_a_pulse_that_the_board_cannot_end_holds_up_no_order(
    service: Built, orders: list[tuple[int, str]], given: list[str]
) -> None:
    one, barrier, clock, told = service
    barrier.timed = False
    one.open()
    seen: list[str] = []
    for ms in range(0, 1500, 50):
        clock.ms = ms
        for _, action in (each for each in orders if each[0] == ms):
            one.order(act(action))
            one.step()
        one.step()
        seen += [f"{ms} {word}" for word in barrier.given[len(seen) :]]
    assert seen == given
    assert [(each.at_ms, each.action, each.result) for each in told] == [(ms, name, "done") for ms, name in orders]


def test_the_door_is_watched_while_a_pulse_lasts_that_the_board_cannot_end(service: Built) -> None:
    one, barrier, clock, _ = service
    barrier.timed = False
    one.open()
    one.order(act())
    one.step()
    barrier.door, clock.ms = "open", 1200
    assert [(each.state, each.at_ms) for each in one.step()] == [("open", 1200)]


def test_a_pulse_whose_end_fails_is_told_and_ended_when_the_barrier_is_back(service: Built) -> None:
    one, barrier, clock, told = service
    barrier.timed = False
    one.open()
    one.order(act())
    one.step()
    barrier.error, clock.ms = DeviceLost("unplugged"), 1700
    with pytest.raises(DeviceLost):
        one.step()
    one.close()
    barrier.error = None
    one.open()
    assert barrier.given == ["pulse 700", "shut"]
    assert [(each.action, each.result, each.detail) for each in told] == [
        ("pulse", "done", ""), ("close", "failed", "the end of a pulse: unplugged"),
        ("close", "done", "carried out after all"),
    ]  # fmt: skip


def test_a_pulse_that_the_board_cannot_end_is_not_left_drawn_by_a_node_that_stops(service: Built) -> None:
    one, barrier, _, _ = service
    barrier.timed = False
    one.open()
    one.order(act())
    one.step()
    one.close()
    assert barrier.given == ["pulse 700", "shut"]


def test_the_door_is_told_at_first_and_when_it_moves(service: Built) -> None:
    one, barrier, _, _ = service
    one.open()
    states = []
    for door in ("closed", "closed", "open", "unknown", "open", "closed"):
        barrier.door = door
        states += [contact.state for contact in one.step()]
    assert states == ["closed", "open", "closed"]
