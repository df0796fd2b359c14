"""Takes what nodes say of themselves (heart-beats, answers) from the broker's thread, and asks them back."""

from __future__ import annotations

import queue
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

import structlog
from zhian_wire import codec, times
from zhian_wire.commands import Answer, SignCount, Wipe
from zhian_wire.errors import DecodeError
from zhian_wire.state import NodeState

from .. import moments
from ..cases.signals import Raise
from ..services import Services
from . import identity, words
from .echoes import Echoes
from .questions import Questions
from .twins import Twins

log = structlog.get_logger(__name__)

#: Beyond it something is dropped: nodes say everything again within seconds. Thousands of nodes say less in a second.
MOST_WAITING: Final = 10_000
#: So much is heeded again at once; less waits for the next look, as each takes the store's pen from the events.
MUCH: Final = 1000

T = TypeVar("T")


class Beat(NamedTuple):
    """A heart-beat; `retained`: the broker had kept it, so it says nothing of now."""

    node: str
    state: NodeState
    at: datetime
    retained: bool


class _Said(NamedTuple):
    """What a heart-beat said: how far the node has counted, in which run of its program, at which time of its own."""

    seq: int
    run: str
    time: str


class Reply(NamedTuple):
    """An answer to a command."""

    node: str
    answer: Answer


class NodeListener:
    """`take_state` and `take_answer` are the broker's thread's, `step` is one other thread's."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._questions = Questions(services.zone)
        self._twins = Twins()
        self._echoes = Echoes()
        self._said: dict[tuple[str, str], _Said] = {}
        self._waiting: queue.Queue[Beat | Reply] = queue.Queue(MOST_WAITING)

    def take_state(self, node: str, body: bytes, retained: bool) -> NodeState | None:
        """A heart-beat; what it says, when it is the node's own and not the broker's repetition of an older one."""
        state: NodeState | None = _decoded(node, body, NodeState)
        if state is None or state.node != node or (not retained and self._echoes.heard(node, body)):
            return None
        self._put(Beat(node, state, self._services.clock(), retained))
        return state

    def take_answer(self, node: str, body: bytes, _retained: bool) -> Answer | None:
        """What became of a command, when it can be read."""
        answer: Answer | None = _decoded(node, body, Answer)
        if answer is not None:
            self._services.orders.take_answer(node, answer)
            self._put(Reply(node, answer))
        return answer

    def step(self) -> int:
        """Heed everything that came, and ask what is due; how much more has come that had better not wait."""
        parts = self._services
        came = [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]
        with parts.store.read() as link:
            admitted = frozenset(identity.every(link, parts.site))
            to_wipe = identity.to_wipe(link, parts.site)
        beats = [each for each in came if isinstance(each, Beat)]
        self._heed([beat for beat in beats if beat.node in admitted])
        self._note([each for each in came if isinstance(each, Reply)], admitted)
        for node in sorted({beat.node for beat in beats if not beat.retained} & to_wipe):
            self._send(node, self._questions.wipe(node, parts.clock()))
        there = {node for node in admitted if parts.presence.state(node, parts.clock()) != "offline"}
        for node, question in self._questions.due(there, parts.clock()):
            self._send(node, question)
        left = self._waiting.qsize()
        return left if left >= MUCH else 0

    def _put(self, item: Beat | Reply) -> None:
        try:
            self._waiting.put_nowait(item)
        except queue.Full:
            log.warning("node.unheard", node=item.node)

    def _send(self, node: str, command: SignCount | Wipe) -> None:
        self._services.publish(node, "command", codec.encode_message(command))

    def _heed(self, beats: list[Beat]) -> None:
        """Keep how far each node says that it has counted, and tell of two that are one."""
        twins = [beat for beat in beats if not beat.retained and self._twins.hear(beat.state, beat.at.timestamp())]
        fresh = self._fresh(beats)
        if not twins and not fresh:
            return
        now = self._services.now()
        with self._services.store.write() as link:
            falls = words.keep(link, self._services.site, [_word(beat) for beat in fresh])
            # One fault is one raise, and who fell tells more.
            cases = {beat.node: _two(beat) for beat in twins} | {fall.node: _fell(fall, now) for fall in falls}
            for case in cases.values():
                self._services.book.raise_(link, case, case.at)
        for fall in falls:
            run = fall.node, fall.epoch
            self._services.falls[run] = max(self._services.falls.get(run, 0), fall.before)
        self._said |= {(beat.node, beat.state.epoch): _said(beat) for beat in fresh}

    def _fresh(self, beats: list[Beat]) -> list[Beat]:
        """Those that say something new of how far the node has counted."""
        fresh, said = [], dict(self._said)
        for beat in beats:
            key = beat.node, beat.state.epoch
            if _is_news(beat, said.get(key)):
                said[key] = _said(beat)
                fresh.append(beat)
        return fresh

    def _note(self, replies: list[Reply], admitted: frozenset[str]) -> None:
        parts, now = self._services, self._services.now()
        counts = [count for each in replies if each.node in admitted for count in self._questions.counts(*each)]
        wiped = [each.node for each in replies if each.node not in admitted and self._questions.wiped(*each)]
        if not counts and not wiped:
            return
        with parts.store.write() as link:
            for node, epoch, day, decided in counts:
                words.sign(link, site=parts.site, node=node, epoch=epoch, day=day, decided=decided, at=now)
            for node in wiped:
                identity.wiped(link, site=parts.site, node=node, now=now)


def _said(beat: Beat) -> _Said:
    return _Said(beat.state.seq, beat.state.run, beat.state.time)


def _is_news(beat: Beat, last: _Said | None) -> bool:
    """Not what the broker had kept, when something was heard since, nor what another broker was slow with."""
    if last is None:
        return True
    late = last.run != "" and beat.state.run == last.run and beat.state.time < last.time
    return not beat.retained and not late and beat.state.seq != last.seq


def _word(beat: Beat) -> words.Word:
    state, at = beat.state, beat.at
    if beat.retained:
        at = min(at, times.from_text(state.time))
    return words.Word(beat.node, state.epoch, state.seq, moments.text(at), live=not beat.retained)


def _two(beat: Beat) -> Raise:
    detail = "two machines speak as this node: take one away, or give it a name of its own"
    return _cloned(beat.node, moments.text(beat.at), detail)


def _fell(fall: words.Fall, now: str) -> Raise:
    missing = max(0, fall.before - fall.arrived)
    detail = f"counted to {fall.before}, and now from {fall.seq} again: its card is a copy, or there twice"
    if not missing:
        return _cloned(fall.node, now, detail)
    return _cloned(fall.node, now, f"{detail}; {missing} events had not come: zhian-gateway ledger")


def _cloned(node: str, at: str, detail: str) -> Raise:
    # As the copy's own alert, once it hears that its numbers were used before: one fault is one case.
    key = f"{node}/{node}/cloned"
    return Raise(key=key, kind="node_cloned", severity="major", node=node, at=at, detail=detail)


def _decoded(node: str, body: bytes, kind: type[T]) -> T | None:
    """The message, when it can be read and what is to be kept of it can be kept."""
    try:
        found: T = codec.decode_message(body, kind)
        if isinstance(found, NodeState):
            _check(found)
    except DecodeError as error:
        log.warning("node.unreadable", node=node, kind=kind.__name__, error=str(error))
        return None
    return found


def _check(state: NodeState) -> None:
    """DecodeError for what cannot be kept."""
    codec.check_name(state.epoch, "epoch")
    for lane in state.lanes:
        codec.check_name(lane, "lane")
    if not 1 < times.from_text(state.time).year < 9999:
        raise DecodeError(f"time {state.time!r} is out of range")
    if not 0 <= state.seq < 2**31:
        raise DecodeError(f"seq {state.seq} is out of range")
