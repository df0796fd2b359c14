"""What nodes ask of the authority over HTTP; only at the nodes' own door."""

from __future__ import annotations

from typing import Annotated, TypeVar, cast

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from zhian_wire.joining import JoinRequest, RenewRequest

from ..api.access import Parts, nodes, public
from ..api.bodies import MOST, read_body
from ..errors import BadInput, NotLoggedIn, Revoked
from ..nodes import identity
from .enrolment import Enrolment

router = APIRouter()
T = TypeVar("T")


def _enrolment(request: Request) -> Enrolment:
    return cast(Enrolment, request.app.state.enrolment)


Office = Annotated[Enrolment, Depends(_enrolment)]


@router.get("/authority")
@public
def get_authority(office: Office) -> Response:
    """The authority's certificate; whoever asks compares it with the fingerprint in the code.

    While one root follows another these are two, and the one that signs nodes is the first.
    """
    return Response(office.authority.trusted, media_type="application/x-pem-file")


@router.post("/join")
@public
async def join(office: Office, request: Request) -> Response:
    """A first certificate, for a one-time code."""
    wanted = _decoded(await read_body(request, MOST), JoinRequest)
    address = request.client.host if request.client else ""
    return _json(await run_in_threadpool(office.join, wanted, address))


@router.post("/renew")
@nodes
async def renew(office: Office, request: Request) -> Response:
    """Another certificate, for one that holds."""
    shown: identity.Shown | None = getattr(request.state, "shown", None)
    if shown is None:
        raise NotLoggedIn("a certificate is renewed only by a certificate")
    wanted = _decoded(await read_body(request, MOST), RenewRequest)
    return _json(await run_in_threadpool(office.renew, wanted, shown))


@router.post("/wiped")
@public
def wiped(parts: Parts, request: Request) -> Response:
    """A revoked node has deleted roster and pictures. Nothing else that it says is heard."""
    shown: identity.Shown | None = getattr(request.state, "shown", None)
    if shown is None:
        raise NotLoggedIn("only a certificate says who was wiped")
    with parts.store.write() as link:
        try:
            identity.check_certificate(link, shown, site=parts.site, now=parts.clock())
        except Revoked:
            identity.wiped(link, site=parts.site, node=shown.node, now=parts.now())
    return Response(status_code=204)


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise BadInput(str(error)) from error


def _json(answer: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(answer), media_type="application/json", headers={"Cache-Control": "no-store"})
