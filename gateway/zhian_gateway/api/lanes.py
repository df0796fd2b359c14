"""How lanes are, and what they decided last."""

from __future__ import annotations

from . import lane_shapes as shapes
from . import lane_views as views
from .access import Parts, users
from .guarded import GuardedRouter

router = GuardedRouter()


@router.get("/api/lanes")
@users("admin", "guard")
def list_lanes(parts: Parts) -> shapes.Lanes:
    """Every lane that a node has or that ever decided something, as it is now."""
    with parts.store.read() as link:
        return shapes.Lanes(items=views.lanes(link, parts.lanes.every()))
