"""What happens to a notice while it waits or is on its way: it is taken back, erased, forbidden, or too old."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from support.notices import enrol, every, sending, settle, tell, the_only, work_off
from support.providers import Provider
from zhian_gateway.notices import withdrawing
from zhian_gateway.notices.channels import Channels
from zhian_gateway.notices.messages import Message
from zhian_gateway.notices.outcomes import Outcome, delivered, later, unsure
from zhian_gateway.notices.sending import Sender
from zhian_gateway.operations import outward
from zhian_gateway.operations.facts import Observer
from zhian_gateway.people import consent, consents
from zhian_gateway.people.erasing import erase
from zhian_gateway.people.files import Guardian
from zhian_gateway.services import Services
from zhian_gateway.store.tables import notices

#: Once on each kind of database.
pytestmark = pytest.mark.usefixtures("storage")
Site = Callable[..., Services]
HOOK, OTHER = "webhook://app", "webhook://other"


class Slow:
    """A channel that has a notice in its hands until it is told to answer."""

    repeatable = True

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.begun, self.go = threading.Event(), threading.Event()
        self.got: list[Message] = []

    def send(self, address: str, message: Message) -> Outcome:
        if address != HOOK:
            return delivered()
        self.got.append(message)
        self.begun.set()
        assert self.go.wait(20)
        return self.outcome


@contextmanager
def under_way(parts: Services, slow: Slow) -> Iterator[Sender]:
    """What is due is in the channel's hands; at the block's end it has answered."""
    sender = Sender(parts.store, Channels({"webhook": slow}, slow), parts.config, parts.clock, book=parts.book)
    try:
        sender.step()
        assert slow.begun.wait(20)
        yield sender
        slow.go.set()
        settle(sender)
    finally:
        slow.go.set()
        sender.close()


def take_back(parts: Services, key: str) -> frozenset[str]:
    with parts.store.write() as link:
        return withdrawing.take_back(link, key, parts.now())


@pytest.mark.parametrize(
    ("outcome", "state"), [(later("answered 500"), "expired"), (unsure("mute"), "unsure"), (delivered(), "sent")]
)
def test_what_is_taken_back_on_its_way_is_tried_no_second_time(
    site: Site, clock: Any, outcome: Outcome, state: str
) -> None:
    parts, slow = site(), Slow(outcome)
    tell(parts, enrol(parts, HOOK), "departure", key="attendance/1/x")
    with under_way(parts, slow):
        # It may arrive, so that it is to be corrected.
        assert len(take_back(parts, "attendance/1/x")) == 1
    row = the_only(parts)
    assert (row.state, row.error) == (state, "" if state == "sent" else "taken back before it was sent")
    clock.forward(600)
    work_off(parts)
    assert (the_only(parts).state, len(slow.got)) == (state, 1)


@pytest.mark.parametrize(("outcome", "state"), [(later("answered 500"), "expired"), (delivered(), "sent")])
def test_an_erasure_of_what_is_on_its_way_stays_one(site: Site, outcome: Outcome, state: str) -> None:
    parts, slow = site(), Slow(outcome)
    teacher = '[[response.contacts]]\nname = "teacher"\nrole = "tutor"\naddress = "webhook://app"'
    parts = site('routes = [{ happening = "left_alone", to = ["tutor"] }]', more=teacher)
    tell(parts, enrol(parts), "left_alone")
    with under_way(parts, slow):
        erase(parts, "a", who="office", why="the parents' wish")
    row = the_only(parts)
    assert (row.state, row.title, row.body, row.words, row.person) == (state, "", "", "{}", None)
    assert json.loads(row.history) == []
    assert len(slow.got) == 1


def test_what_was_erased_while_it_waited_is_not_sent_empty(site: Site, provider: Provider) -> None:
    teacher = '[[response.contacts]]\nname = "teacher"\nrole = "tutor"\naddress = "webhook://app"'
    parts = site('routes = [{ happening = "left_alone", to = ["tutor"] }]', more=teacher)
    tell(parts, enrol(parts), "left_alone")
    erase(parts, "a", who="office", why="the parents' wish")
    work_off(parts)
    assert (the_only(parts).state, provider.requests()) == ("expired", [])


def test_a_consent_that_ends_while_a_notice_waits_is_heeded(site: Site, provider: Provider, clock: Any) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian(HOOK, quiet=("15:00-18:00",))))
    work_off(parts)
    assert the_only(parts).state == "held"
    with parts.store.write() as link:
        consents.refuse(link, parts.site, "a", consent.NOTICES, who="mother", now=parts.now())
        link.execute(update(notices).values(quiet="[]", next_at=parts.now()))
    work_off(parts)
    assert (the_only(parts).state, provider.requests()) == ("expired", [])
    assert the_only(parts).error == "the consent to notices ended before it was sent"


def test_behind_a_line_that_is_full_nobody_waits_for_longer_than_a_channel_has(site: Site, clock: Any) -> None:
    parts, slow = site("at_once = 1\nexpire_s = 300"), Slow(delivered())
    tell(parts, enrol(parts, HOOK), key="1")
    tell(parts, enrol(parts, HOOK, person="b"), key="2")
    tell(parts, enrol(parts, Guardian(HOOK, further=(OTHER,)), person="c"), key="3")
    with under_way(parts, slow) as sender:
        clock.forward(parts.config.notices.channel_s + 1)
        settle_others(sender)
        assert [(row.state, row.place) for row in every(parts)] == [("sending", 0), ("queued", 0), ("sent", 1)]
        clock.forward(200)
        sender.step()
        assert every(parts)[1].state == "expired"


def settle_others(sender: Sender) -> None:
    """What goes elsewhere is moved in one step, sent in the next, and written down by its own thread."""
    sender.step()
    done = threading.Event()
    sender.changed = done.set
    assert sender.step() == 1
    assert done.wait(20)


def test_a_clock_that_is_put_right_keeps_nobody_waiting(site: Site, provider: Provider, clock: Any) -> None:
    parts = site()
    person = enrol(parts, HOOK)
    provider.answers({"*": "500"})
    with sending(parts) as sender:
        tell(parts, person, key="1")
        settle(sender)
        provider.answers({"*": "ok"})
        clock.forward(-8 * 3600)
        tell(parts, person, key="2")
        for _ in range(3):
            settle(sender)
            clock.forward(5)
    assert [row.state for row in every(parts)] == ["sent", "sent"]


def test_a_gateway_that_starts_with_the_right_time_again_sends_what_a_wrong_one_put_off(
    site: Site, provider: Provider, clock: Any
) -> None:
    parts = site()
    provider.answers({"*": "500"})
    tell(parts, enrol(parts, HOOK))
    work_off(parts)
    provider.answers({"*": "ok"})
    clock.forward(-8 * 3600)
    work_off(parts)
    assert the_only(parts).state == "sent"


# What health and the guards' page count -------------------------------------------------------------------------------


def test_what_nobody_needed_is_no_loss_and_what_was_lost_is_one_for_a_day(site: Site, clock: Any) -> None:
    parts = site()
    person = enrol(parts, HOOK)
    tell(parts, person, "departure", key="attendance/1/x")
    take_back(parts, "attendance/1/x")
    with parts.store.read() as link:
        assert outward.look(link, parts.site, parts.clock()).notices.given_up == 0
    assert Observer(parts).look().notices_lost == 0
    tell(parts, person, key="2")
    clock.forward(4000)
    work_off(parts)
    assert [row.state for row in every(parts)] == ["expired", "expired"]
    assert Observer(parts).look().notices_lost == 1
    clock.forward(24 * 3600)
    assert Observer(parts).look().notices_lost == 0


def test_what_waits_for_minutes_is_seen_unless_it_waits_on_purpose(site: Site, clock: Any) -> None:
    parts, slow = site(), Slow(delivered())
    tell(parts, enrol(parts, HOOK))
    with under_way(parts, slow):
        assert Observer(parts).look().notices_stuck == 0
        clock.now += timedelta(minutes=6)
        assert Observer(parts).look().notices_stuck == 1
    assert Observer(parts).look().notices_stuck == 0
    tell(parts, enrol(parts, Guardian(HOOK, quiet=("15:00-18:00",)), person="b"), key="2")
    work_off(parts)
    clock.now += timedelta(minutes=6)
    assert [row.state for row in every(parts)] == ["sent", "held"]
    assert Observer(parts).look().notices_stuck == 0
