"""Whoever waits for news is woken, also where there will be none any more."""

from __future__ import annotations

import asyncio

from zhian_gateway.bell import Bell


def test_who_listened_before_it_rang_does_not_wait() -> None:
    async def waits() -> tuple[bool, bool]:
        bell = Bell()
        news = bell.listen()
        bell.ring()
        return await bell.wait(news, 60), await bell.wait(bell.listen(), 0)

    assert asyncio.run(waits()) == (True, False)


def test_who_listens_after_it_was_closed_does_not_wait_for_what_never_comes() -> None:
    async def waits() -> bool:
        bell = Bell()
        bell.close()
        return await bell.wait(bell.listen(), 60)

    assert asyncio.run(waits())
