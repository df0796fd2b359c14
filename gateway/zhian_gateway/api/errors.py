"""Errors as answers: problem details (RFC 9457) with a `code` that the page translates."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

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
    PeopleError,
    PicturesAway,
    Stale,
    StoreAway,
    TooBig,
    TooManyTries,
)
from . import refusing

log = structlog.get_logger(__name__)

STATUS: Final[dict[type[GatewayError], int]] = {
    TooBig: 413,
    BadPicture: 422,
    BadInput: 422,
    PeopleError: 422,
    NotLoggedIn: 401,
    NotAllowed: 403,
    TooManyTries: 429,
    NotFound: 404,
    Conflict: 409,
    Stale: 412,
    NodeRefused: 409,
    NodeOffline: 503,
    StoreAway: 503,
    PicturesAway: 503,
    NoAnswer: 504,
}
_REF: Final = "#/components/schemas/Problem"
#: The connection is not used again.
CLOSE: Final = {"Connection": "close"}
CODES: Final = {400: "bad_input", 404: "not_found", 405: "method_not_allowed", 413: "too_big", 422: "bad_input"}


class Fault(BaseModel):
    """What went wrong."""

    code: str
    message: str


class Problem(BaseModel):
    """Body of every answer that is not a success. `error` says code and detail once more, for who reads it there.

    Some codes bring members of their own: `no_answer` of `/pass` the `pass_id` by which it is taken back, `plate_taken`
    the `plate` and, where the caller may see them, the `person`.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    error: Fault


#: For logs and middleware alone: there is nobody to read it.
LEFT: Final = 499
MEDIA_TYPE: Final = "application/problem+json"
STATUSES: Final = (400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503, 504)
#: For the schema: what any route may answer.
RESPONSES: Final[dict[int | str, dict[str, object]]] = {
    status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": {"$ref": _REF}}}}
    for status in STATUSES
}


class _Answer(JSONResponse):
    media_type = MEDIA_TYPE


def answer(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An error's answer; `more`: members beside those of every problem."""
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=message,
        code=code,
        error=Fault(code=code, message=message),
    )
    # The rest of a body that is too long is not waited for.
    return _Answer({**(more or {}), **problem.model_dump()}, status, headers or (CLOSE if status == 413 else None))


def declare(schema: dict[str, Any]) -> dict[str, Any]:
    """Add to an OpenAPI document what `RESPONSES` refers to."""
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    told = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts.update(told.pop("$defs"))
    parts["Problem"] = told
    return schema


def install(app: FastAPI) -> None:
    """Turn every error into such an answer."""

    @app.exception_handler(GatewayError)
    async def known(request: Request, error: GatewayError) -> JSONResponse:
        await refusing.note(request, error)
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
        return answer(status, error.code, str(error), more=error.more)

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

    @app.exception_handler(ClientDisconnect)
    async def left(request: Request, _: ClientDisconnect) -> Response:
        # Who goes away in the middle of its words is answered by nobody; nothing here has failed.
        log.info("api.left", path=request.url.path)
        return Response(status_code=LEFT)

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> JSONResponse:
        # Whatever it is, its text may hold what this caller must not see.
        log.error("api.failed", path=request.url.path, exc_info=error)
        return answer(500, "internal", "the gateway failed; its log says how")
