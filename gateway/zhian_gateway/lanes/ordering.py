"""Orders to lanes: sent to their nodes with a short life, and awaited. What a node does not answer is never done."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, Protocol

import msgspec
from zhian_wire import codec, times
from zhian_wire.commands import Answer, Command, LetPass, SetLane, TakeBack
from zhian_wire.errors import DecodeError

from .. import moments
from ..auth.limits import TryLimit
from ..errors import BadInput, TooManyTries
from ..nodes.presence import Heard

#: A node that gets an order later than this answers `expired`: nothing opens that was meant for minutes ago.
LASTS: Final = timedelta(seconds=5)
#: So long an answer is awaited: no order can still be carried out by then, unless a node's clock is behind.
WAIT_S: Final = LASTS.total_seconds() + 1
#: A node's clock that seems to be behind by less may be right, and its heart-beat have taken so long.
UNDERWAY: Final = timedelta(seconds=30)
#: So long a lane may be held open or locked by one order.
LONGEST: Final = timedelta(days=31)
#: So many orders one person may give within a minute; all lanes at once are one.
MOST_A_MINUTE: Final = 60

State = Literal["open_once", "held_open", "locked", "normal"]
#: How a node is told anything: node, bytes of a command.
Send = Callable[[str, bytes], None]


class Question(Protocol):
    """Anything that a node is to answer."""

    @property
    def node(self) -> str: ...

    @property
    def command(self) -> Command: ...


class Errand(NamedTuple):
    """One order and the node that is to carry it out."""

    node: str
    command: SetLane | LetPass | TakeBack


class OrderDesk:
    """Who waits for which node's answer, and how often somebody orders; any thread may use it."""

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self.wait_s = wait_s
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], list[Future[Answer]]] = {}
        self._pace = TryLimit(MOST_A_MINUTE, 60.0)

    def count(self, user: str, now: float) -> None:
        """One more order of `user`; `now` is monotonic, in seconds.

        Raises:
            TooManyTries: more than a person can mean.
        """
        try:
            self._pace.spend((user,), now)
        except TooManyTries:
            raise TooManyTries(f"more than {MOST_A_MINUTE} orders in a minute") from None

    def take_answer(self, node: str, answer: Answer) -> None:
        """A node answered; what nobody waits for is passed over."""
        with self._lock:
            for future in self._waiting.pop((node, answer.id), []):
                future.set_result(answer)

    async def ask(self, errands: Sequence[Question], send: Send) -> list[Answer | None]:
        """Send all at once, and wait for their answers; None for each that did not come in time."""
        if not errands:
            return []
        awaited = [self._expect(errand) for errand in errands]
        try:
            for errand in errands:
                send(errand.node, codec.encode_message(errand.command))
            await asyncio.wait([asyncio.wrap_future(future) for future in awaited], timeout=self.wait_s)
            return [future.result() if future.done() else None for future in awaited]
        finally:
            self._forget(errands, awaited)

    def _expect(self, errand: Question) -> Future[Answer]:
        future: Future[Answer] = Future()
        with self._lock:
            self._waiting.setdefault((errand.node, errand.command.id), []).append(future)
        return future

    def _forget(self, errands: Iterable[Question], awaited: Iterable[Future[Answer]]) -> None:
        with self._lock:
            for errand, future in zip(errands, awaited, strict=True):
                left = [each for each in self._waiting.pop((errand.node, errand.command.id), []) if each is not future]
                if left:
                    self._waiting[errand.node, errand.command.id] = left


def command_id(given: str, *said: str | int | None) -> str:
    """The id of a command: the same for the same request, said again with the same `given` id, and for no other.

    A node carries out each id once, so that a request that is repeated opens nothing twice, also after the gateway
    was restarted; and the id of one order answers for no other.
    """
    return hashlib.sha256(msgspec.json.encode([given, *said])).hexdigest()[:32]


def clock_of(node: Heard | None) -> timedelta:
    """How far a node's clock is ahead of this one, by its last heart-beat: orders end by the clock of who heeds them.

    Without it, a node whose clock is a little ahead would take no order, and one that stands in 1970 would take each
    however late it came.
    """
    if node is None:
        return timedelta()
    ahead = times.from_text(node.state.time) - node.at
    return timedelta() if -UNDERWAY < ahead < timedelta() else ahead


def until(state: State, minutes: int | None, moment: str | None, now: datetime) -> str:
    """When an order is over: what stays has an end, what does not stay has none.

    Raises:
        BadInput: no end, two, one in the past or too far away.
    """
    given = [each for each in (minutes, moment) if each is not None]
    if state in ("open_once", "normal"):
        if given:
            raise BadInput(f"{state} has neither minutes nor until")
        # The command lives for moments only; what is normal stays so whatever the end of the order says.
        return moments.text(now + (LASTS if state == "open_once" else LONGEST))
    if len(given) != 1:
        raise BadInput(f"{state} needs either minutes or until")
    ends = now + timedelta(minutes=minutes) if minutes is not None else _parsed(moment or "")
    if not now < ends <= now + LONGEST:
        raise BadInput(f"until {moments.text(ends)}: must lie between now and {LONGEST.days} days from now")
    return moments.text(ends)


def _parsed(text: str) -> datetime:
    try:
        return times.from_text(text)
    except DecodeError as error:
        raise BadInput(f"until: {error}") from error
