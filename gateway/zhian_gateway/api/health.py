"""How the gateway is: one word for whoever asks, everything for administrators and for Prometheus."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request, Response

from ..operations import metrics
from ..operations.facts import Observer
from ..operations.health import judge, worst
from . import health_shapes as shapes
from .access import Parts, public, scraper, users
from .guarded import GuardedRouter

router = GuardedRouter()


def _observer(request: Request) -> Observer:
    return cast(Observer, request.app.state.observer)


Facts = Annotated[Observer, Depends(_observer)]


@router.get("/health", responses={503: {"model": shapes.Health}})
@public
def health(observer: Facts, response: Response) -> shapes.Health:
    """Whether the gateway does its work: 503 when it does not. What is wrong is for who is logged in."""
    verdict = worst(judge(observer.look()))
    response.status_code = 503 if verdict == "fail" else 200
    response.headers["Cache-Control"] = "no-store"
    return shapes.Health(status=verdict)


@router.get("/api/health")
@users("admin", "guard")
def checks(observer: Facts) -> shapes.Checks:
    """Everything that was looked at, with what to do about it."""
    found = judge(observer.look())
    same = ("name", "verdict", "text", "advice", "code")
    items = [shapes.Check(**{key: getattr(one, key) for key in same}, values=dict(one.values or {})) for one in found]
    return shapes.Checks(status=worst(found), items=items)


@router.get("/health/checks")
@scraper
def own_checks(observer: Facts) -> shapes.Checks:
    """The same, for the machine's own tools."""
    return checks(observer)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
@scraper
def scrape(parts: Parts, observer: Facts) -> Response:
    """What Prometheus reads, for who shows the token of `[metrics] token_file`."""
    return Response(metrics.render(observer.look(), parts.vitals), media_type=metrics.CONTENT_TYPE)
