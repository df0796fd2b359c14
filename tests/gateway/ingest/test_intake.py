"""Nothing that a message holds, and no fault of the store, stops ingest or sends a receipt too early."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from support.events import event
from support.pipeline import admit
from zhian_gateway.ingest.intake import Intake
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.services import Services
from zhian_wire import codec
from zhian_wire.receipts import Receipt


class Outlet:
    """Remembers receipts."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []

    def publish(self, node: str, kind: str, body: bytes) -> None:
        self.receipts.append(codec.decode_message(body, Receipt))


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
