"""Keeps one device, camera or link alive: opens it, steps it in a thread of its own, and opens it again when it fails.

What may be decided without a thread (how long to wait, what to say, how it is) lies in plain objects with `now` as an
argument; `Supervisor` is the thin shell around them.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, NamedTuple, Protocol, TypeVar

import structlog

from zhian_edge.errors import EdgeError, Permanent, SourceEnded

#: A step that has not returned for so long hangs; a slow answer of the gateway takes 20 s at most.
STUCK_S: Final = 60.0
Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


class Service(Protocol[Item_co]):
    """Something outside that can break. It raises; whoever supervises it decides what then.

    `open` leaves nothing behind when it fails. `step` is one blocking read that returns within some seconds, with what
    came, perhaps nothing. `close` may be called at any time, also twice, and never raises.
    """

    @property
    def name(self) -> str: ...

    def open(self) -> None: ...

    def step(self) -> Sequence[Item_co]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait before a service is opened again, seconds.

    Attributes:
        first_s: after the first failure; doubled with every further one.
        longest_s: never longer than this, for what may pass by itself.
        refused_s: after a `Permanent` error: a person must act first, and a camera locks out who keeps on trying.
        steady_s: a service that failed later than this after its opening begins at `first_s` again.
        jitter: part of the wait that chance may take away, so that sixteen cameras do not return at once.
    """

    first_s: float = 0.5
    longest_s: float = 30.0
    refused_s: float = 300.0
    steady_s: float = 10.0
    jitter: float = 0.3

    def delay_s(self, failures: int, error: BaseException, chance: float) -> float:
        """Seconds to wait after the `failures`th failure in a row (from 1); `chance` is evenly spread over 0..1."""
        if isinstance(error, Permanent):
            wait = self.refused_s
        else:
            wait = min(self.first_s * 2 ** min(failures - 1, 32), self.longest_s)
        return wait * (1 - self.jitter * chance)


class Recovery(NamedTuple):
    """An outage that is over: how long it was, and how often opening was tried."""

    after_s: float
    failures: int


class Outages:
    """Counts failures of one service and knows when an outage begins and ends; pure."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._since: float | None = None
        self._good_since: float | None = None
        self._failures = 0
        self._in_outage = 0

    def failed(self, now: float) -> tuple[bool, int]:
        """It failed at `now`: whether an outage begins with this, and how many failures there were in a row."""
        steady = self._good_since is not None and now - self._good_since >= self._policy.steady_s
        self._failures = 1 if steady else self._failures + 1
        self._good_since = None
        self._in_outage += 1
        begins = self._since is None
        if begins:
            self._since = now
        return begins, self._failures

    def good(self, now: float) -> Recovery | None:
        """It gave something at `now`: the outage that this ends, if there was one."""
        if self._good_since is None:
            self._good_since = now
        if self._since is None:
            return None
        over = Recovery(now - self._since, self._in_outage)
        self._since, self._in_outage = None, 0
        return over


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How a service is: judged by the age of what it last gave, or, where it may have nothing to give, by its steps.

    Attributes:
        state: `starting` before the first sign, `ok`, `lost` when the last is too old or it fails, `ended` when no
            more can come.
        age_s: seconds since the last item; None before the first.
        opened: how often it was opened with success.
        error: why it failed last; empty once it gave a sign again.
    """

    name: str
    state: Literal["starting", "ok", "lost", "ended"]
    age_s: float | None
    opened: int
    items: int
    error: str


class Supervisor(Generic[Item]):
    """Runs one service in its own thread until it is stopped.

    Every item goes to `deliver`, in that thread. One line is logged when the service fails and one when it has
    recovered, however often it was tried in between.

    Args:
        stale_s: a service that gave nothing for so long is lost; None for one that is well while its steps return
            without raising, whether there was something to do or not.
        resting: whether the service gives less than it could because nothing happens; every step is a sign then.
        advise: what a person can do about an error, logged with it; "": nothing is known.
    """

    def __init__(
        self,
        service: Service[Item],
        deliver: Callable[[Item], None],
        *,
        policy: RetryPolicy | None = None,
        stale_s: float | None = 5.0,
        resting: Callable[[], bool] = lambda: False,
        advise: Callable[[str], str] = lambda _error: "",
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._service = service
        self._deliver = deliver
        self._policy = policy or RetryPolicy()
        self._outages = Outages(self._policy)
        self._stale_s = stale_s
        self._resting = resting
        self._advise = advise
        self._clock = clock
        self._chance = chance
        self._log = structlog.get_logger().bind(service=service.name)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=service.name, daemon=True)
        self._begun = clock()
        self._last: float | None = None
        self._stepped: float | None = None
        self._opened = 0
        self._items = 0
        self._ended = False
        self._error = ""

    @property
    def name(self) -> str:
        return self._service.name

    def start(self) -> None:
        self._thread.start()

    def stop(self, within_s: float = 8.0) -> bool:
        """Ask the thread to end and wait at most `within_s`; whether it has ended."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def status(self) -> ServiceStatus:
        """How the service is now; any thread may ask."""
        last, now = self._last, self._clock()
        age = None if last is None else now - last
        return ServiceStatus(self.name, self._state(age, now), age, self._opened, self._items, self._error)

    def _state(self, age: float | None, now: float) -> Literal["starting", "ok", "lost", "ended"]:
        if self._ended:
            return "ended"
        stale_s = self._stale_s
        if stale_s is None:
            stale_s, stepped = STUCK_S, self._stepped
            age = None if stepped is None else now - stepped
            if age is None and self._error:
                return "lost"
        if (now - self._begun if age is None else age) > stale_s:
            return "lost"
        return "starting" if age is None else "ok"

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except SourceEnded as end:
                self._ended = True
                self._log.info("service ended", reason=str(end))
                return
            except Exception as error:  # a fault in one driver must never end its thread in silence
                self._stopping.wait(self._failed(error))

    def _serve(self) -> None:
        """Open, step until something is raised or it is to stop, and close in every path."""
        try:
            self._service.open()
            self._opened += 1
            while not self._stopping.is_set():
                for item in self._service.step():
                    self._good()
                    self._deliver(item)
                self._stepped = self._clock()
                if self._last is not None and self._resting():
                    self._last = self._stepped
                if self._stale_s is None and self._error:
                    self._recovered(self._stepped)
        finally:
            self._service.close()

    def _good(self) -> None:
        now = self._clock()
        self._last = now
        self._items += 1
        self._recovered(now)

    def _recovered(self, now: float) -> None:
        if recovery := self._outages.good(now):
            self._error = ""
            self._log.info("service recovered", after_s=round(recovery.after_s, 1), failures=recovery.failures)

    def _failed(self, error: Exception) -> float:
        """Note and, if it is news, tell the failure; seconds to wait."""
        begins, failures = self._outages.failed(self._clock())
        delay = self._policy.delay_s(failures, error, self._chance())
        self._stepped = None
        known = isinstance(error, EdgeError)
        self._error = str(error) if known else f"{type(error).__name__}: {error}"
        if begins and not self._stopping.is_set():
            more = {"advice": advice} if (advice := self._advise(self._error)) else {}
            self._log.warning("service failed", error=self._error, retry_s=round(delay, 1), exc_info=not known, **more)
        return delay
