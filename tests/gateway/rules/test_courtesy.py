"""Rules give way to the intake, but never with an alert, and never for ever."""

from __future__ import annotations

from support.events import event, passage
from support.gateway import add_node
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.rules import turns
from zhian_gateway.rules.courtesy import PATIENCE_S, Courtesy
from zhian_gateway.rules.follower import Follower
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts, passages
from zhian_wire import codec
from zhian_wire.events import Alert, EventData

ALERT = Alert(key="k", kind="door_forced", severity="major", device="d")


def test_who_is_not_pressed_goes_on_at_once() -> None:
    courtesy = Courtesy()
    assert not courtesy.yields(0.0, pressed=False)
    assert courtesy.yields(1.0, pressed=True)
    assert not courtesy.yields(2.0, pressed=False)


def test_patience_ends_and_begins_anew_after_a_rest() -> None:
    courtesy = Courtesy()
    assert courtesy.yields(0.0, pressed=True)
    assert courtesy.yields(PATIENCE_S - 1, pressed=True)
    assert not courtesy.yields(PATIENCE_S, pressed=True)
    assert not courtesy.yields(PATIENCE_S * 2, pressed=True)
    courtesy.yields(PATIENCE_S * 2 + 1, pressed=False)
    assert courtesy.yields(PATIENCE_S * 2 + 2, pressed=True)


class Pressed:
    """A gateway's rules whose intake is as busy as it is said to be."""

    def __init__(self, parts: Services) -> None:
        add_node(parts, "gate-1")
        self.is_pressed = True
        self.parts = parts
        self.told = 0
        self._seq = 0
        self._keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
        self.follower = Follower(
            parts.store,
            parts.book,
            parts.desk,
            parts.lanes,
            site=parts.site,
            rules=parts.config.rules,
            clock=parts.clock,
            changed=self._tell,
            at_once=3,
            pressed=lambda: self.is_pressed,
        )

    def _tell(self) -> None:
        self.told += 1

    def store(self, *data: EventData) -> None:
        for each in data:
            self._seq += 1
            self._keeper.keep([Message("gate-1", codec.encode(event(each, seq=self._seq)))])

    def follow(self) -> None:
        while self.follower.step():
            pass

    def found(self) -> tuple[int, list[int]]:
        """How many passages there are, and how often each alert was raised."""
        with self.parts.store.read() as link:
            counts = link.execute(alerts.select().where(alerts.c.kind == "door_forced")).mappings().all()
            return len(link.execute(passages.select()).all()), [row["count"] for row in counts]


BODY = passage(kind="body")


def test_an_alert_is_followed_while_everything_else_waits_and_each_once_in_the_end(parts: Services) -> None:
    pressed = Pressed(parts)
    pressed.store(*[BODY] * 5, ALERT, *[BODY] * 5)
    pressed.follow()
    assert pressed.found() == (0, [1])
    pressed.store(*[BODY] * 2, ALERT, ALERT)
    pressed.follow()
    assert pressed.found() == (0, [3])
    pressed.is_pressed = False
    pressed.follow()
    assert pressed.found() == (12, [3])
    with parts.store.read() as link:
        assert not turns.waiting(link)


def test_who_has_nothing_urgent_takes_no_pen(parts: Services) -> None:
    pressed = Pressed(parts)
    pressed.store(*[BODY] * 5)
    with parts.store.write():
        # Whoever wanted the pen here would wait for ever.
        assert pressed.follower.step() == 0
    assert pressed.told == 0
    pressed.store(ALERT)
    pressed.follow()
    assert pressed.found() == (0, [1])


def test_alerts_of_before_and_after_a_pause_are_followed_once(parts: Services) -> None:
    pressed = Pressed(parts)
    pressed.store(BODY, ALERT, BODY)
    pressed.is_pressed = False
    pressed.follow()
    pressed.is_pressed = True
    pressed.store(BODY, ALERT, BODY, BODY, BODY)
    pressed.follow()
    assert pressed.found() == (2, [2])
    pressed.is_pressed = False
    pressed.follow()
    assert pressed.found() == (6, [2])
