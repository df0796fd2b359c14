"""How long the gateway waits for whoever is slow: with a request, with a body, or with taking an answer.

A connection that is merely held open costs memory and a file; uvicorn alone waits for the first byte, for the last
header and for a reader that does not read for as long as they like. A slow line is no offence: what counts is whether
anything moves.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

#: A request's head is there after so many seconds, from its first byte or from the connection's begin.
HEAD_S: Final = 10.0
#: A body, and an answer on its way out, move by so many bytes in so many seconds.
MOVES_S: Final = 20.0
MOVES_BYTES: Final = 4096
#: When the gateway ends, whoever does not answer its goodbye is left after so many seconds: a peer that holds an idle
#: TLS connection does so only when it uses it again. Shorter than uvicorn waits for requests that still run.
GOODBYE_S: Final = 1.0


class Patience(H11Protocol):
    """uvicorn's own protocol, with ends to its waiting."""

    _head: asyncio.TimerHandle | None = None
    _body: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _goodbye: asyncio.TimerHandle | None = None
    _came = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there; now they say something."""
        super().connection_made(transport)
        self._head = self.loop.call_later(HEAD_S, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        for timer in (self._head, self._body, self._taking, self._goodbye):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A piece of a request."""
        before = self.cycle
        if self._head is None and (before is None or before.response_complete):
            self._head = self.loop.call_later(HEAD_S, self._give_up)
        self._came += len(data)
        super().data_received(data)
        if self.cycle is not before and self._head is not None:
            self._head.cancel()
            self._head = None
        if self._body is None and self._wants_body():
            self._came = 0
            self._body = self.loop.call_later(MOVES_S, self._look_at_body)

    def shutdown(self) -> None:
        """The gateway ends: an idle connection at once, another one after its answer."""
        super().shutdown()
        self._goodbye = self.loop.call_later(GOODBYE_S, self._look_at_goodbye)

    def pause_writing(self) -> None:
        """More waits for the reader than is kept for one."""
        super().pause_writing()
        self._look_at_taking(None)

    def resume_writing(self) -> None:
        """The reader took it."""
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _wants_body(self) -> bool:
        return self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete

    def _look_at_body(self) -> None:
        self._body = None
        if not self._wants_body():
            return
        # Where the application itself does not read on, the sender is not to blame.
        if self._came < MOVES_BYTES and not self.flow.read_paused:
            self._give_up()
            return
        self._came = 0
        self._body = self.loop.call_later(MOVES_S, self._look_at_body)

    def _look_at_taking(self, before: int | None) -> None:
        left = self.transport.get_write_buffer_size()
        if before is not None and before - left < MOVES_BYTES:
            self._give_up()
            return
        self._taking = self.loop.call_later(MOVES_S, self._look_at_taking, left)

    def _look_at_goodbye(self) -> None:
        if self.transport.is_closing():
            self._give_up()
        else:
            self._goodbye = self.loop.call_later(GOODBYE_S, self._look_at_goodbye)

    def _give_up(self) -> None:
        """At once, and with what was still to be written: nobody takes it."""
        self.transport.abort()
