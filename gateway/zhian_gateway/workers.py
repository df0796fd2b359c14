"""The gateway's threads: which there are, and who wakes whom. It only wires; no policy lives here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

from . import outbound
from .anchors.keeping import Keeping
from .attendance.watching import AttendanceWatch
from .cases.escalating import Escalation
from .emergency.sirens import SirenKeeper
from .housekeeping import Housekeeping
from .ingest.brokers import Brokers
from .ingest.greeting import Greeter
from .ingest.intake import Intake
from .ingest.keeping import Keeper
from .lanes.reminding import Reminder
from .loops import Loop
from .nodes.listening import NodeListener
from .nodes.watching import NodeWatch
from .notices.attending import AttendanceHerald
from .notices.opening import open_channels
from .notices.sending import Sender
from .police.webhook import Courier
from .rules.follower import Follower
from .rules.rule_files import ruleset_of
from .services import Services
from .visitors.watching import VisitWatch

#: Often enough to tell of a bell, seldom enough to look over a school while it streams in.
ATTENDANCE_S: Final = 10.0
#: Every batch wakes who sends things on, and in a storm most have nothing for them.
REST_S: Final = 0.05
#: Who stays too long is noticed within minutes, not seconds.
VISITORS_S: Final = 10.0


class _Outward(NamedTuple):
    """What tells people outside: notices and the police."""

    loops: Sequence[Loop]
    #: Something changed that pages, receivers or the police are to hear of.
    changed: Callable[[], None]


class _Ears(NamedTuple):
    """What hears nodes, apart from their events."""

    listener: NodeListener
    reminder: Reminder
    sirens: SirenKeeper
    greeter: Greeter
    greetings: Loop


def start(services: Services, link: Brokers, own_url: str, stack: ExitStack) -> None:
    """Start every thread and the link; `stack` stops them in the opposite order.

    Args:
        own_url: where this very gateway listens, for its own inbox.
    """
    outward = _outward(services, own_url, stack)
    watch = Loop("nodes", NodeWatch(services, outward.changed).step, 1.0)

    def kept() -> None:
        rules.wake()

    intake = _intake(services, link, kept)
    rules = _rules(services, outward.changed, watch, lambda: intake.is_pressed)
    ears = _ears(services, link)
    loops = (
        *outward.loops,
        rules,
        watch,
        _attendance(services, outward.changed),
        Loop("visitors", VisitWatch(services, outward.changed).step, VISITORS_S),
        Loop("escalation", Escalation(services.store, services.config, services.clock, outward.changed).step, 1.0),
        Loop("words", ears.listener.step, 1.0),
        Loop("orders", ears.reminder.step, 1.0),
        Loop("sirens", ears.sirens.step, 0.5),
        ears.greetings,
        Loop("housekeeping", Housekeeping(services).step, 60.0),
        # Ingest waits in its own step, for the next message.
        Loop("ingest", intake.step, 0.0),
    )
    for loop in loops:
        services.vitals.follow(loop.state)
        loop.start()
        stack.callback(loop.stop)
    services.vitals.waiting = lambda: intake.waiting
    services.vitals.follow_brokers(lambda: link.away_since)
    _connect(services, link, intake, ears, stack)


def anchor(services: Services, stack: ExitStack) -> None:
    """Vouch for the audit outside the database; the last word is said after everybody else's."""
    keeping = Keeping(services)
    stack.callback(keeping.close)
    loop = Loop("audit's anchor", keeping.step, 15.0)
    services.vitals.follow(loop.state)
    loop.start()
    stack.callback(loop.stop)


def _outward(services: Services, own_url: str, stack: ExitStack) -> _Outward:
    config, store, clock = services.config, services.store, services.clock
    channels = open_channels(config, store, clock, own_url, stack)
    notices = Sender(store, channels, config, clock, book=services.book)
    stack.callback(notices.close)
    sender = Loop("notices", notices.step, 1.0, REST_S)
    client = stack.enter_context(outbound.client(allowed=config.outbound.private_hosts, timeout_s=10))
    police = Courier(store, client, config.police, clock, book=services.book, site=services.site)
    courier = Loop("police", police.step, 1.0, REST_S)

    def changed() -> None:
        services.bell.ring()
        sender.wake()
        courier.wake()

    notices.changed = changed
    return _Outward((sender, courier), changed)


def _rules(services: Services, changed: Callable[[], None], watch: Loop, pressed: Callable[[], bool]) -> Loop:
    follower = Follower(
        services.store,
        services.book,
        services.desk,
        services.lanes,
        site=services.site,
        rules=services.config.rules,
        clock=services.clock,
        changed=changed,
        ruleset=ruleset_of(services.config),
        pressed=pressed,
        # Siblings of the node where somebody passed are to know it at once.
        moved=watch.wake,
    )
    return Loop("rules", follower.step, 1.0)


def _intake(services: Services, link: Brokers, kept: Callable[[], None]) -> Intake:
    return Intake(
        services.store,
        Keeper(
            services.store,
            services.book,
            site=services.site,
            zone=services.zone,
            clock=services.clock,
            falls=services.falls,
        ),
        services.rows,
        link,
        site=services.site,
        clock=services.clock,
        on_commit=kept,
        counts=services.vitals.counts,
    )


def _ears(services: Services, link: Brokers) -> _Ears:
    greeter = Greeter(services.store, services.rows, link, site=services.site, falls=services.falls)
    return _Ears(
        NodeListener(services), Reminder(services), SirenKeeper(services), greeter, Loop("greetings", greeter.step, 1.0)
    )


def _attendance(services: Services, changed: Callable[[], None]) -> Loop:
    """Looks who is not here, and lets it be told."""
    watch, herald = AttendanceWatch(services, changed), AttendanceHerald(services)

    def step() -> int:
        watch.step()
        told = herald.step()
        if told:
            changed()
        return told

    return Loop("attendance", step, ATTENDANCE_S)


def _connect(services: Services, link: Brokers, intake: Intake, ears: _Ears, stack: ExitStack) -> None:
    def connected() -> None:
        ears.greeter.connected()
        ears.greetings.wake()

    link.when_connected(connected)
    link.on("event", intake.put)
    link.only_with(lambda: intake.has_room)
    link.on("answer", lambda node, body, retained: _answered(ears, node, body, retained=retained))
    link.on("state", lambda node, body, retained: _hear(services, ears, node, body, retained=retained))
    link.start()
    stack.callback(link.stop)
    stack.callback(intake.close)


def _answered(ears: _Ears, node: str, body: bytes, *, retained: bool) -> None:
    """A node's answer to a command."""
    answer = ears.listener.take_answer(node, body, retained)
    if answer is not None:
        ears.reminder.hear(node, answer)
        ears.sirens.hear(node, answer)


def _hear(services: Services, ears: _Ears, node: str, body: bytes, *, retained: bool) -> None:
    """A node's heart-beat. What the broker had kept says nothing of now."""
    state = ears.listener.take_state(node, body, retained)
    if state is not None and not retained:
        services.presence.hear(node, state, services.clock())
        services.siblings.hear(node, state.epoch, state.seq, services.clock())
        ears.greeter.heard(node, state.epoch)
