"""Wakes those who wait for news, from any thread."""

from __future__ import annotations

import asyncio
import threading


class Bell:
    """Rung after a commit; streams wait for it instead of asking the store again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self.closed = False

    def ring(self) -> None:
        """There is news."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for event, loop in waiting.items():
            loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        """There will be no more: streams end."""
        with self._lock:
            self.closed = True
        self.ring()

    def listen(self) -> asyncio.Event:
        """An event that the next ring sets; take it before looking, so that nothing falls between."""
        event = asyncio.Event()
        with self._lock:
            if self.closed:
                # Nobody rings it any more.
                event.set()
            else:
                self._waiting[event] = asyncio.get_running_loop()
        return event

    def forget(self, event: asyncio.Event) -> None:
        """Nobody waits for it any more."""
        with self._lock:
            self._waiting.pop(event, None)

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Whether it rang within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        finally:
            self.forget(event)
        return True
