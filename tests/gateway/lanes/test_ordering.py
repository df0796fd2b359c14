"""An order lives for seconds, has an end where it stays, is the same when said again, and waits for its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway import moments
from zhian_gateway.errors import BadInput, TooManyTries
from zhian_gateway.lanes.ordering import LONGEST, MOST_A_MINUTE, Errand, OrderDesk, clock_of, command_id, until
from zhian_gateway.nodes.presence import Heard
from zhian_wire.codec import decode_message
from zhian_wire.commands import Answer, Command, SetLane
from zhian_wire.state import NodeState

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def errand(number: int = 1, node: str = "gate-1") -> Errand:
    soon = moments.text(NOW + timedelta(seconds=5))
    return Errand(node, SetLane(id=f"c{number}", expires=soon, who="li", lane="main", state="open_once", until=soon))


@pytest.mark.parametrize(
    ("state", "minutes", "moment", "ends"),
    [
        ("open_once", None, None, "2026-03-02T08:00:05.000Z"),
        ("held_open", 10, None, "2026-03-02T08:10:00.000Z"),
        ("locked", None, "2026-03-03T00:00:00.000Z", "2026-03-03T00:00:00.000Z"),
        ("normal", None, None, moments.text(NOW + LONGEST)),
    ],
)
def test_what_stays_ends_when_it_was_said_to(state: Any, minutes: Any, moment: Any, ends: str) -> None:
    assert until(state, minutes, moment, NOW) == ends


@pytest.mark.parametrize(
    ("state", "minutes", "moment"),
    [
        ("locked", None, None),
        ("held_open", 5, "2026-03-03T00:00:00.000Z"),
        ("open_once", 5, None),
        ("normal", None, "2026-03-03T00:00:00.000Z"),
        ("locked", None, "2026-03-02T08:00:00.000Z"),
        ("locked", None, "2026-03-02T07:00:00.000Z"),
        ("locked", None, "2027-03-02T07:00:00.000Z"),
        ("locked", None, "2026-02-31T07:00:00.000Z"),
    ],
)
def test_an_order_without_one_good_end_is_refused(state: Any, minutes: Any, moment: Any) -> None:
    with pytest.raises(BadInput):
        until(state, minutes, moment, NOW)


@pytest.mark.parametrize(
    ("shown_s", "ahead_s"),
    [
        (0, 0),
        (600, 600),  # would take every order for one that came too late
        (-20, 0),  # perhaps its heart-beat was only slow
        (-600, -600),
        (-56 * 365 * 86400, -56 * 365 * 86400),  # stands in 1970, and would take an order however late it came
    ],
)
def test_an_order_ends_by_the_clock_of_the_node_that_heeds_it(shown_s: int, ahead_s: int) -> None:
    shown = moments.text(NOW + timedelta(seconds=shown_s))
    state = NodeState(node="gate-1", epoch="e1", seq=0, time=shown, version="1")
    assert clock_of(Heard(state, NOW)) == timedelta(seconds=ahead_s)
    assert clock_of(None) == timedelta()


WORDS = st.lists(st.one_of(st.text(max_size=5), st.none(), st.integers(0, 99)), max_size=4)


@given(st.text(max_size=8), WORDS, st.text(max_size=8), WORDS)
def test_only_the_same_request_has_the_same_command(a: str, said: list[Any], b: str, other: list[Any]) -> None:
    same = (a, said) == (b, other)
    assert (command_id(a, *said) == command_id(b, *other)) is same


def test_each_answer_goes_to_whoever_asked_that_node_and_silence_is_no_answer() -> None:
    desk = OrderDesk(wait_s=0.1)

    def send(node: str, body: bytes) -> None:
        command = decode_message(body, Command)
        # A word of another node, or about something else, answers nothing.
        desk.take_answer("gate-3", Answer(id=command.id, result="done"))
        desk.take_answer(node, Answer(id="other", result="done"))
        if node == "gate-1":
            desk.take_answer(node, Answer(id=command.id, result="refused"))

    answers = asyncio.run(desk.ask([errand(1), errand(2, "gate-2")], send))
    assert [answer and answer.result for answer in answers] == ["refused", None]
    desk.take_answer("gate-2", Answer(id="c2", result="done"))  # too late for anybody


def test_two_who_ask_the_same_are_both_answered() -> None:
    desk = OrderDesk(wait_s=5)
    sent: list[bytes] = []

    async def both() -> list[list[Answer | None]]:
        asked = [asyncio.create_task(desk.ask([errand()], lambda _node, body: sent.append(body))) for _ in range(2)]
        while len(sent) < len(asked):
            await asyncio.sleep(0)
        desk.take_answer("gate-1", Answer(id="c1", result="done"))
        return await asyncio.gather(*asked)

    assert [answer and answer.result for (answer,) in asyncio.run(both())] == ["done", "done"]


def test_nobody_orders_faster_than_a_person_can_mean_it() -> None:
    desk = OrderDesk()
    for second in range(MOST_A_MINUTE):
        desk.count("li", second / 10)
    with pytest.raises(TooManyTries):
        desk.count("li", 59.0)
    desk.count("wang", 59.0)
    desk.count("li", 67.0)


def test_nothing_to_ask_is_answered_at_once() -> None:
    never: Callable[[str, bytes], None] = lambda *_: pytest.fail("sent")  # noqa: E731
    assert asyncio.run(OrderDesk().ask([], never)) == []
