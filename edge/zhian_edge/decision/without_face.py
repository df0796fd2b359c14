"""Lanes that go on without a face to compare: what that means at each is said once when it begins, once when it ends.

That a camera is blind is told of the camera (`health.py`); here it is told of the lane, by what it does about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from zhian_wire.events import EventData, Health

from .plan import Access, Plan
from .situation import Situation

Cause = Literal["cards_alone", "cards_refused", "no_face_opens"]

#: Components of health events that are about a lane.
COMPONENT: Final = "lane"


def consequence(access: Access) -> Cause | None:
    """What becomes of whoever comes to such a lane; None: no face is asked for there."""
    if "card_and_face" in access.ways:
        return "cards_alone" if access.opens_without_face else "cards_refused"
    return "no_face_opens" if "face" in access.ways else None


class WithoutFace:
    """Remembers what was said of each lane. A camera that is only starting says nothing."""

    def __init__(self, plan: Plan, site: Situation) -> None:
        self._plan, self._site = plan, site
        looked = {camera.lane for camera in plan.cameras.values() if camera.faces}
        known = {each.id: consequence(each.access) for each in plan.lanes.values() if each.access and each.id in looked}
        self._causes = {lane: cause for lane, cause in known.items() if cause is not None}
        self._seen: set[str] = set()
        self._said: set[str] = set()

    def looked(self, camera: str, now_ms: int) -> list[EventData]:
        """A camera said how it is, and the site knows."""
        lane = self._plan.camera(camera).lane
        return self._step([lane] if lane in self._causes else [], now_ms)

    def blinded(self, now_ms: int) -> list[EventData]:
        """Vision is gone, from the lanes where it was there before."""
        return self._step(self._seen, now_ms)

    def _step(self, lanes: Iterable[str], now_ms: int) -> list[EventData]:
        events: list[EventData] = []
        for lane in sorted(lanes):
            sees = self._site.sees_faces(lane)
            if sees:
                self._seen.add(lane)
            if sees == (lane in self._said):
                (self._said.discard if sees else self._said.add)(lane)
                events.append(self._told(lane, now_ms, sees=sees))
        return events

    def _told(self, lane: str, now_ms: int, *, sees: bool) -> Health:
        if sees:
            return Health(component=COMPONENT, device=lane, status="ok", since_ms=now_ms)
        return Health(component=COMPONENT, device=lane, status="degraded", cause=self._causes[lane], since_ms=now_ms)
