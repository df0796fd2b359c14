"""Errors as answers: `{"error": {"code", "message"}}`; the page translates the code."""

from __future__ import annotations

from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ..errors import (
    BadInput,
    BadPicture,
    Conflict,
    GatewayError,
    NoAnswer,
    NodeOffline,
    NodeRefused,
    NotAllowed,
    NotFound,
    NotLoggedIn,
    PicturesAway,
    StoreAway,
    TooBig,
    TooManyTries,
)

log = structlog.get_logger(__name__)

STATUS: Final[dict[type[GatewayError], int]] = {
    TooBig: 413,
    BadPicture: 422,
    BadInput: 422,
    NotLoggedIn: 401,
    NotAllowed: 403,
    TooManyTries: 429,
    NotFound: 404,
    Conflict: 409,
    NodeRefused: 409,
    NodeOffline: 503,
    StoreAway: 503,
    PicturesAway: 503,
    NoAnswer: 504,
}
CODES: Final = {400: "bad_input", 404: "not_found", 405: "method_not_allowed", 413: "too_big", 422: "bad_input"}


class Fault(BaseModel):
    """What went wrong."""

    code: str
    message: str


class ErrorAnswer(BaseModel):
    """Body of every answer that is not a success."""

    error: Fault


#: For the schema: what any route may answer.
RESPONSES: Final[dict[int | str, dict[str, object]]] = {
    status: {"model": ErrorAnswer} for status in (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503, 504)
}


def answer(status: int, code: str, message: str) -> JSONResponse:
    """An error's answer."""
    # The rest of a body that is too long is not waited for.
    headers = {"Connection": "close"} if status == 413 else None
    return JSONResponse(ErrorAnswer(error=Fault(code=code, message=message)).model_dump(), status, headers)


def install(app: FastAPI) -> None:
    """Turn every error into such an answer."""

    @app.exception_handler(GatewayError)
    async def known(_: Request, error: GatewayError) -> JSONResponse:
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
        return answer(status, error.code, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        return answer(422, "bad_input", f"{place}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> JSONResponse:
        response = answer(error.status_code, CODES.get(error.status_code, "http"), str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> JSONResponse:
        # Whatever it is, its text may hold what this caller must not see.
        log.error("api.failed", path=request.url.path, exc_info=error)
        return answer(500, "internal", "the gateway failed; its log says how")
