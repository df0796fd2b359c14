"""The application: every router, one door in front of them, errors and headers of one kind."""

from __future__ import annotations

from fastapi import FastAPI

from ..operations.facts import Observer
from ..services import Services
from . import (
    account,
    alerts,
    attendance,
    auditing,
    calendar,
    cards,
    cases,
    decisions,
    desk,
    emergency,
    errors,
    family,
    hands,
    health,
    invitation,
    lanes,
    leaves,
    live,
    muster,
    node_configurations,
    nodes,
    notices,
    orders,
    outward,
    page,
    particulars,
    passages,
    people,
    police,
    police_pull,
    push,
    returning,
    schema,
    session,
    shifts,
    site_plan,
    timetable,
    uploads,
    users,
    verdicts,
    visitor_list,
    visits,
    watch_lists,
)
from .bodies import BodyLimit
from .guarded import DOOR
from .headers import SecurityHeaders
from .origins import Origins
from .tags import Tags

ROUTERS = (
    session,
    account,
    users,
    passages,
    alerts,
    verdicts,
    cases,
    uploads,
    people,
    calendar,
    timetable,
    cards,
    desk,
    particulars,
    attendance,
    leaves,
    family,
    notices,
    push,
    nodes,
    node_configurations,
    lanes,
    decisions,
    orders,
    hands,
    emergency,
    muster,
    outward,
    shifts,
    site_plan,
    live,
    police,
    police_pull,
    auditing,
    returning,
    visits,
    visitor_list,
    invitation,
    watch_lists,
    health,
    schema,
)


def create_app(services: Services) -> FastAPI:
    """The gateway's HTTP application over `services`."""
    app = FastAPI(
        title="zhian gateway",
        version="1",
        description="Passages, alerts, people and notices of one site.",
        dependencies=DOOR,
        responses=errors.RESPONSES,
        # The schema is for who is logged in; its interactive pages would need scripts from elsewhere.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # A redirection would name the host that the request names, whoever wrote that.
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.observer = Observer(services)
    errors.install(app)
    for module in ROUTERS:
        module.router.join(app)
    page.mount(app)
    app.add_middleware(Tags)
    app.add_middleware(BodyLimit)
    app.add_middleware(Origins)
    app.add_middleware(SecurityHeaders, secure=services.config.listen.secure)
    return app
