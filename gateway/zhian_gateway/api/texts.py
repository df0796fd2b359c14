"""No text that is sent in holds NUL: not every database keeps it, and what is kept must be what was sent."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute

from ..errors import BadInput


async def refuse_nul(request: Request) -> None:
    """Look through the address and the JSON of a request, as far as its route reads them; BadInput."""
    sent: list[Any] = [dict(request.path_params), [list(pair) for pair in request.query_params.multi_items()]]
    route = request.scope.get("route")
    # Other bodies are bytes, which their routes read by the piece.
    if isinstance(route, APIRoute) and route.body_field is not None:
        # What is no JSON is refused by whoever reads the body.
        with suppress(ValueError):
            sent.append(await request.json())
    if holds_nul(sent):
        raise BadInput("a text holds the character NUL")


def holds_nul(value: Any) -> bool:
    """Whether a text in it does, names of fields included; however deep it is."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and "\0" in each:
            return True
        if isinstance(each, dict):
            waiting += (*each, *each.values())
        elif isinstance(each, list):
            waiting += each
    return False
