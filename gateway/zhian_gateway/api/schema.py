"""The description of this API, for who is logged in."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from .access import everyone
from .description import describe
from .guarded import GuardedRouter

router = GuardedRouter(prefix="/api")


@router.get("/openapi.json")
@everyone
def openapi(request: Request) -> dict[str, Any]:
    """OpenAPI 3.1."""
    return describe(request.app)
