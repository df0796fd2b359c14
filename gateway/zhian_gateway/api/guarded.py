"""Routers of the API: whatever is declared on one stands behind the one door."""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI

from . import errors
from .access import authorise
from .texts import refuse_nul

DOOR = (Depends(authorise), Depends(refuse_nul))


class GuardedRouter(APIRouter):
    """Each of its routes first asks `access.authorise` and `texts.refuse_nul`."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix=prefix, dependencies=DOOR, responses=errors.RESPONSES)

    def join(self, app: FastAPI) -> None:
        """Have the application answer by these very routes.

        `include_router` would make a copy of each: the first request to every part of the API would wait until all
        that its routes take and answer was worked out a second time.
        """
        app.router.routes.extend(self.routes)
