"""The description of this API, for who is logged in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from . import errors
from .access import everyone

router = APIRouter(prefix="/api")


@router.get("/openapi.json", include_in_schema=False)
@everyone
def openapi(request: Request) -> JSONResponse:
    """OpenAPI 3.1."""
    return JSONResponse(errors.declare(request.app.openapi()))
