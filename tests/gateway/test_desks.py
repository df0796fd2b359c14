"""A desk's reader serves one person at a time, and a card is told once, to whoever asked, and never later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from zhian_gateway.desks import HELD_FOR, DeskReaders
from zhian_gateway.errors import Conflict
from zhian_wire.commands import Presented

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
READER = ("office", "desk")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def shown(card: str, read: str = "", age_ms: int = 40) -> Presented:
    return Presented(read=read or card, card=card, age_ms=age_ms)


def test_a_card_that_is_shown_while_somebody_listens_is_told_once() -> None:
    desks = DeskReaders()
    began = desks.ask(READER, "office-1", NOW, after=None)
    assert began.began and began.shown is None and began.command is not None
    assert (began.command.reader, began.command.who) == ("desk", "office-1")
    desks.put(*READER, shown("04A1"), at(1))
    heard = desks.ask(READER, "office-1", at(1), after=began.number)
    assert heard.shown is not None and heard.shown.card == "04A1"
    again = desks.ask(READER, "office-1", at(2), after=heard.number)
    assert (again.shown, again.number, again.began) == (None, heard.number, False)


def test_what_nobody_asked_for_is_forgotten() -> None:
    desks = DeskReaders()
    desks.put(*READER, shown("04A1"), NOW)
    began = desks.ask(READER, "office-1", at(1), after=None)
    assert began.shown is None
    desks.put(*READER, shown("04A2"), at(1) + HELD_FOR)
    assert desks.ask(READER, "office-1", at(2) + HELD_FOR, after=began.number).shown is None


def test_beginning_anew_tells_no_card_of_before() -> None:
    desks = DeskReaders()
    desks.ask(READER, "office-1", NOW, after=None)
    desks.put(*READER, shown("04A1"), at(1))
    began = desks.ask(READER, "office-1", at(2), after=None)
    assert desks.ask(READER, "office-1", at(3), after=began.number).shown is None


@pytest.mark.parametrize("said", [shown("04A1", read="one"), shown("04A2", age_ms=6000)])
def test_what_comes_twice_or_late_is_not_told_again(said: Presented) -> None:
    desks = DeskReaders()
    number = desks.ask(READER, "office-1", NOW, after=None).number
    desks.put(*READER, shown("04A1", read="one"), at(1))
    number = desks.ask(READER, "office-1", at(1), after=number).number
    desks.put(*READER, said, at(2))
    assert desks.ask(READER, "office-1", at(2), after=number).shown is None


def test_a_second_person_waits_until_the_first_has_left() -> None:
    desks = DeskReaders()
    desks.ask(READER, "office-1", NOW, after=None)
    assert desks.holders(NOW) == {READER: "office-1"}
    with pytest.raises(Conflict, match="office-1"):
        desks.ask(READER, "office-2", at(1), after=None)
    desks.ask(("office", "other"), "office-2", at(1), after=None)
    assert desks.ask(READER, "office-2", at(1) + HELD_FOR, after=None).began


def test_a_node_is_told_again_while_somebody_waits_and_by_its_own_clock() -> None:
    desks = DeskReaders()
    ahead = timedelta(hours=1)
    sent = [desks.ask(READER, "office-1", at(each / 2), after=0, ahead=ahead).command for each in range(13)]
    assert [each is not None for each in sent] == [each in (0, 6, 12) for each in range(13)]
    assert sent[0] is not None and sent[0].expires == "2026-03-02T09:00:10.000Z"


def test_numbers_go_on_growing_after_a_restart() -> None:
    before = DeskReaders().ask(READER, "office-1", NOW, after=None).number
    desks = DeskReaders()
    desks.ask(READER, "office-1", at(1), after=before)
    desks.put(*READER, shown("04A1"), at(2))
    heard = desks.ask(READER, "office-1", at(2), after=before)
    assert heard.shown is not None and heard.number > before
