"""Nothing that a message holds, and no fault of the store, stops ingest or sends a receipt too early."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from support.events import event
from support.pipeline import admit
from zhian_gateway.ingest import intake as module
from zhian_gateway.ingest.batching import BatchSizes
from zhian_gateway.ingest.intake import HOLE_LOOK_S, PRESSED, PRESSED_PER_S, Intake
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.services import Services
from zhian_wire import codec
from zhian_wire.commands import Resend
from zhian_wire.events import Alert
from zhian_wire.receipts import Receipt


class Outlet:
    """Remembers receipts, and what was asked for."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.asked: list[Resend] = []

    def publish(self, node: str, kind: str, body: bytes) -> None:
        if kind == "receipt":
            self.receipts.append(codec.decode_message(body, Receipt))
        else:
            self.asked.append(codec.decode_message(body, Resend))


@pytest.fixture
def outlet() -> Outlet:
    return Outlet()


@pytest.fixture
def keeper(parts: Services) -> Keeper:
    admit(parts.store, parts.site, "gate-1")
    return Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)


@pytest.fixture
def intake(parts: Services, keeper: Keeper, outlet: Outlet) -> Intake:
    made = Intake(parts.store, keeper, parts.rows, outlet, site=parts.site, clock=parts.clock, on_commit=lambda: None)
    for seq in (1, 2, 3):
        made.put("gate-1", codec.encode(event(seq=seq)))
    return made


def test_what_waits_is_kept_as_one_batch(intake: Intake, outlet: Outlet) -> None:
    assert intake.step() == 3
    assert [receipt.through for receipt in outlet.receipts] == [3]


def test_receipts_tell_a_node_whose_count_fell_from_where(parts: Services) -> None:
    admit(parts.store, parts.site, "gate-1")
    own = {"site": parts.site, "zone": parts.zone, "clock": parts.clock, "falls": parts.falls}
    keeper = Keeper(parts.store, parts.book, **own)
    parts.falls["gate-1", "e1"] = 9
    found = [keeper.keep([Message("gate-1", codec.encode(event(seq=seq)))]) for seq in (1, 12)]
    assert [receipt.highest for (receipt,) in found] == [9, 12]


def test_rules_are_woken_by_every_batch_but_in_a_storm_by_alerts_alone(
    parts: Services, keeper: Keeper, outlet: Outlet
) -> None:
    woken: list[int] = []

    def wake() -> None:
        woken.append(made.waiting)

    made = Intake(parts.store, keeper, parts.rows, outlet, site=parts.site, clock=parts.clock, on_commit=wake)
    for seq in range(1, BatchSizes().most + PRESSED + 2):
        made.put("gate-1", codec.encode(event(seq=seq)))
    made.step()
    assert (made.waiting, woken) == (PRESSED + 1, [])
    made.put("gate-1", codec.encode(event(Alert(key="k", kind="forced", severity="major", device="d"), seq=5000)))
    made.step()
    assert len(woken) == 1
    made.put("gate-1", codec.encode(event(seq=5001)))
    made.step()
    assert (len(woken), made.waiting < PRESSED) == (2, True)


@pytest.mark.parametrize(
    "fault", [ZeroDivisionError(), IntegrityError("INSERT", {}, Exception("UNIQUE")), DataError("", {}, Exception())]
)
def test_a_message_that_nobody_foresaw_does_not_stop_the_others(
    intake: Intake, keeper: Keeper, outlet: Outlet, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    real = keeper.keep

    def keep(messages: list[Message]) -> Any:
        if any(b'"seq":2' in message.body for message in messages):
            raise fault
        return real(messages)

    monkeypatch.setattr(keeper, "keep", keep)
    intake.step()
    assert [(receipt.through, receipt.also) for receipt in outlet.receipts] == [(1, ()), (1, (3,))]


def test_a_bad_message_is_found_in_few_tries_and_makes_no_batch_larger(
    intake: Intake, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    size = BatchSizes().most

    def keep(messages: list[Message]) -> list[Receipt]:
        tries.append(len(messages))
        if any(b'"seq":2,' in message.body for message in messages):
            raise ZeroDivisionError
        return []

    monkeypatch.setattr(keeper, "keep", keep)
    for seq in range(4, 2 * size):
        intake.put("gate-1", codec.encode(event(seq=seq)))
    assert intake.step() == size
    assert sum(tries) <= 3 * size
    assert len(tries) <= 2 * size.bit_length() + 1
    assert intake.step() <= size


@pytest.mark.parametrize("pressed", [False, True])
def test_a_hole_of_a_node_that_goes_on_telling_is_asked_for_but_not_in_a_storm(
    intake: Intake, outlet: Outlet, monkeypatch: pytest.MonkeyPatch, pressed: bool
) -> None:
    now_s = monotonic()
    monkeypatch.setattr(module, "monotonic", lambda: now_s)
    monkeypatch.setattr(module, "PRESSED_PER_S", 0 if pressed else PRESSED_PER_S)
    for seq in range(10, 16):
        intake.put("gate-1", codec.encode(event(seq=seq)))
        now_s += HOLE_LOOK_S
        intake.step()
    assert [request.ranges for request in outlet.asked] == ([] if pressed else [((4, 9),)])


def test_without_a_commit_there_is_no_receipt(
    intake: Intake, keeper: Keeper, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(_: list[Message]) -> Any:
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    monkeypatch.setattr(keeper, "keep", keep)
    with pytest.raises(OperationalError):
        intake.step()
    assert outlet.receipts == []


def test_a_closed_intake_takes_no_more(intake: Intake) -> None:
    intake.close()
    intake.put("gate-1", b"more")
    assert intake.step() == 3
