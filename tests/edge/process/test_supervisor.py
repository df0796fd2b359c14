"""Whatever breaks is opened again, told of once, and can always be stopped."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from zhian_edge.errors import SourceEnded, SourceLost, SourceRefused
from zhian_edge.process.supervisor import STUCK_S, Outages, Recovery, RetryPolicy, Supervisor

LOST, REFUSED = SourceLost("cable"), SourceRefused("password")


class Scripted:
    """A service that does what its script says: an exception is raised, a number is given; at the end it idles."""

    name = "scripted"

    def __init__(self, *script: int | Exception) -> None:
        self._script: Iterator[int | Exception] = iter(script)
        self.is_open = False
        self.closed = 0
        self.idle = threading.Event()
        self._more = threading.Event()

    def open(self) -> None:
        assert not self.is_open, "opened twice without closing"
        self.is_open = True

    def step(self) -> Sequence[int]:
        move = next(self._script, None)
        if move is None:
            self.idle.set()
            self._more.wait(0.01)
            return []
        if isinstance(move, Exception):
            raise move
        return [move]

    def close(self) -> None:
        self.is_open = False
        self.closed += 1


def run(
    service: Scripted, policy: RetryPolicy | None = None
) -> tuple[list[int], list[dict[str, object]], Supervisor[int]]:
    """Let the supervisor play the script to its end; what came, what was logged, and the supervisor, stopped."""
    items: list[int] = []
    with capture_logs() as lines:
        supervisor = Supervisor(
            service, items.append, policy=policy or RetryPolicy(first_s=0, longest_s=0, refused_s=0)
        )
        supervisor.start()
        assert service.idle.wait(10)
        assert supervisor.stop()
    return items, [dict(line) for line in lines], supervisor


@pytest.mark.parametrize(
    ("failures", "error", "chance", "delay"),
    [
        (1, LOST, 0.0, 0.5),
        (2, LOST, 0.0, 1.0),
        (3, LOST, 0.0, 2.0),
        (7, LOST, 0.0, 30.0),
        (10_000, LOST, 0.0, 30.0),
        (1, LOST, 1.0, 0.35),
        (1, ValueError("a fault of the driver"), 0.0, 0.5),
        (1, REFUSED, 0.0, 300.0),
        (9, REFUSED, 0.0, 300.0),
        (1, REFUSED, 1.0, 210.0),
    ],
)
def test_the_wait_grows_for_what_may_pass_and_is_long_for_what_may_not(
    failures: int, error: Exception, chance: float, delay: float
) -> None:
    assert RetryPolicy().delay_s(failures, error, chance) == pytest.approx(delay)


def test_an_outage_begins_once_and_ends_once() -> None:
    outages = Outages(RetryPolicy())
    assert outages.good(1.0) is None
    assert outages.failed(2.0) == (True, 1)
    assert outages.failed(3.0) == (False, 2)
    assert outages.good(5.0) == Recovery(3.0, 2)
    assert outages.good(6.0) is None


def test_a_service_that_flaps_is_not_tried_faster_than_one_that_is_down() -> None:
    outages = Outages(RetryPolicy(steady_s=10))
    outages.failed(0.0)
    outages.good(1.0)
    assert outages.failed(2.0) == (True, 2)
    outages.good(3.0)
    assert outages.failed(20.0) == (True, 1), "steady for 17 s: it begins anew"


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=40))
def test_beginnings_and_recoveries_alternate(story: list[tuple[float, bool]]) -> None:
    outages, told = Outages(RetryPolicy()), []
    now = 0.0
    for passed, good in story:
        now += passed
        if good:
            told += ["recovered"] if outages.good(now) else []
        else:
            told += ["failed"] if outages.failed(now)[0] else []
    assert all(event == ("failed" if index % 2 == 0 else "recovered") for index, event in enumerate(told))


def test_items_go_on_after_a_failure_with_one_line_each_way() -> None:
    items, lines, supervisor = run(Scripted(1, 2, LOST, LOST, LOST, 3, 4))
    assert items == [1, 2, 3, 4]
    assert [line["event"] for line in lines] == ["service failed", "service recovered"]
    assert lines[0]["error"] == "cable"
    assert lines[1]["failures"] == 3
    assert supervisor.status().error == ""


def test_a_fault_in_a_driver_ends_nothing_and_is_told_with_its_traceback() -> None:
    items, lines, _ = run(Scripted(1, ZeroDivisionError("driver"), 2))
    assert items == [1, 2]
    assert lines[0]["exc_info"] is True
    assert "ZeroDivisionError" in str(lines[0]["error"])


def test_a_service_is_closed_in_every_path() -> None:
    service = Scripted(1, LOST, ValueError(), 2)
    run(service)
    assert service.closed == 3
    assert not service.is_open


def test_a_source_that_is_over_is_not_opened_again() -> None:
    service = Scripted(1, SourceEnded("the end"))
    supervisor: Supervisor[int] = Supervisor(service, lambda _: None)
    with capture_logs() as lines:
        supervisor.start()
        supervisor._thread.join(10)
    assert supervisor.status().state == "ended"
    assert service.closed == 1
    assert [line["log_level"] for line in lines] == ["info"]


def test_stopping_does_not_wait_for_a_long_back_off() -> None:
    service = Scripted(REFUSED)
    supervisor: Supervisor[int] = Supervisor(service, lambda _: None)
    failed = threading.Event()
    service.close = failed.set  # type: ignore[method-assign]
    with capture_logs():
        supervisor.start()
        assert failed.wait(10)
        assert supervisor.stop(within_s=5)


def test_a_supervisor_that_was_never_started_stops() -> None:
    assert Supervisor(Scripted(), lambda _: None).stop()


def test_the_state_follows_the_age_of_the_last_item() -> None:
    now = [100.0]
    items: queue.Queue[int] = queue.Queue()
    supervisor = Supervisor(Scripted(7), items.put, stale_s=5, clock=lambda: now[0])

    def state() -> tuple[str, float | None]:
        status = supervisor.status()
        return status.state, status.age_s

    assert state() == ("starting", None)
    supervisor.start()
    assert items.get(timeout=10) == 7
    now[0] = 104.0
    assert state() == ("ok", 4.0)
    now[0] = 106.0
    assert state() == ("lost", 6.0)
    assert supervisor.stop()


def test_a_service_that_rests_is_well_while_its_steps_return() -> None:
    now, resting, items, asked = [100.0], [True], queue.Queue[int](), queue.Queue[float]()

    def rests() -> bool:
        asked.put(now[0])
        return resting[0]

    supervisor = Supervisor(Scripted(7), items.put, stale_s=5, resting=rests, clock=lambda: now[0])
    supervisor.start()
    assert items.get(timeout=10) == 7
    now[0] = 108.0
    for _ in range(2):  # once may be asked with the old time in hand
        while asked.get(timeout=10) < 108:
            pass
    assert supervisor.status().state == "ok"
    resting[0] = False
    now[0] = 116.0
    assert supervisor.status().state == "lost"
    assert supervisor.stop()


def test_a_service_that_never_gave_anything_is_lost_after_a_while() -> None:
    now = [0.0]
    supervisor = Supervisor(Scripted(), lambda _: None, stale_s=5, clock=lambda: now[0])
    now[0] = 6.0
    assert supervisor.status().state == "lost"


def test_a_service_with_nothing_to_do_is_well_while_its_steps_return_and_lost_while_it_fails() -> None:
    now = [0.0]
    service = Scripted()
    supervisor = Supervisor(service, lambda _: None, stale_s=None, clock=lambda: now[0])
    assert supervisor.status().state == "starting"
    supervisor.start()
    assert service.idle.wait(10)
    assert supervisor.stop()
    now[0] = STUCK_S
    assert (supervisor.status().state, supervisor.status().age_s) == ("ok", None)
    now[0] = STUCK_S + 1
    assert supervisor.status().state == "lost", "a step that does not return hangs"
    failing = Scripted(7, REFUSED)
    supervisor = Supervisor(failing, lambda _: None, stale_s=None)
    failed = threading.Event()
    failing.close = failed.set  # type: ignore[method-assign]
    with capture_logs():
        supervisor.start()
        assert failed.wait(10)
        assert supervisor.stop()
    assert (supervisor.status().state, supervisor.status().error) == ("lost", "password")


def test_a_consumer_that_fails_does_not_end_the_service() -> None:
    got: list[int] = []

    def deliver(item: int) -> None:
        if item == 1:
            raise ZeroDivisionError("a fault in the consumer")
        got.append(item)

    service = Scripted(1, 2)
    supervisor = Supervisor(service, deliver, policy=RetryPolicy(first_s=0))
    with capture_logs():
        supervisor.start()
        assert service.idle.wait(10)
        assert supervisor.stop()
    assert got == [2]
