"""The OpenAPI document: what FastAPI finds out by itself, the problems that any route may answer, and who may ask."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.routing import APIRoute
from zhian_wire.configuration import Desired
from zhian_wire.roster import Roster
from zhian_wire.whereabouts import SitePresence

from ..police.feed import FeedPage
from . import errors
from .access import COOKIE, CSRF, FAMILY_COOKIE, Access, access_of

SCHEMES: Final[dict[str, dict[str, str]]] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"From `POST /api/session`. What changes something also carries its `csrf` in `{CSRF}`.",
    },
    "phone": {
        "type": "apiKey",
        "in": "cookie",
        "name": FAMILY_COOKIE,
        "description": f"From `POST /api/family/bind`. What changes something also carries its `csrf` in `{CSRF}`.",
    },
    "node": {
        "type": "http",
        "scheme": "bearer",
        "description": "A node's token, with its id in `X-Zhian-Node`; at the nodes' own door its certificate instead.",
    },
    "subscriber": {"type": "http", "scheme": "bearer", "description": "A subscriber's token."},
    "scraper": {"type": "http", "scheme": "bearer", "description": "The token of `[metrics]`."},
}
#: What is typed where it is made, not by the API's own shapes.
MADE: Final[dict[str, type]] = {
    "/roster": Roster,
    "/presence": SitePresence,
    "/configuration": Desired,
    "/police/entries": FeedPage,
}
_NAMES: Final = {"users": "session", "carer": "phone", "node": "node", "subscriber": "subscriber", "scraper": "scraper"}


def describe(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    document = errors.declare(app.openapi())
    document["components"]["securitySchemes"] = SCHEMES
    _add_made(document)
    for route in (each for each in app.routes if isinstance(each, APIRoute)):
        access = access_of(route.endpoint)
        for method in route.methods or ():
            operation = document["paths"].get(route.path, {}).get(method.lower())
            if operation is not None and access is not None:
                _say(operation, access)
    return document


def _add_made(document: dict[str, Any]) -> None:
    """What nodes and the police get: shapes of the wire and of the feed."""
    schemas, parts = msgspec.json.schema_components(MADE.values(), ref_template="#/components/schemas/{name}")
    document["components"]["schemas"].update(parts)
    for path, schema in zip(MADE, schemas, strict=True):
        document["paths"][path]["get"]["responses"]["200"]["content"] = {"application/json": {"schema": schema}}


def _say(operation: dict[str, Any], access: Access) -> None:
    if access.kind == "public":
        return
    operation["security"] = [{_NAMES[access.kind]: []}]
    if access.roles:
        operation["x-roles"] = sorted(access.roles)
