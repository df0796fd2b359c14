"""What all lanes of a node know together: who is listed, where everybody is, what time it is, which cameras see."""

from __future__ import annotations

from collections.abc import Sequence

from zhian_wire.events import Alert
from zhian_wire.evidence import Evidence
from zhian_wire.roster import Person, Roster

from zhian_edge.signals import CameraReport

from .alerts import Alerts
from .coming import Coming
from .elsewhere import Elsewhere
from .gone import GoneLately
from .people import People
from .plan import Access, Plan
from .presence import Presence
from .rules import objection
from .steps import Steps
from .wall import WallClock


class Situation:
    """One for the node; the decision thread alone changes it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.people = People(Roster(version=0), plan.site)
        self.presence = Presence(plan.site.stale_ms)
        self.coming = Coming()
        self.elsewhere = Elsewhere()
        self.steps = Steps()
        self.gone = GoneLately(max((lane.access.collect_ms for lane in plan.lanes.values() if lane.access), default=0))
        self.wall = WallClock(plan.site.zone)
        self.alerts = Alerts(plan.run)
        self._blind: set[str] = set()
        self._siblings: dict[str, int] = {}

    def use_roster(self, roster: Roster) -> None:
        """Decide by this roster; who is on none any more is nowhere. Version 0 is none at all, and says nothing."""
        self.people = People(roster, self.plan.site)
        if roster.version:
            self.presence.keep_only({person.id for person in roster.persons})

    def camera(self, report: CameraReport) -> None:
        """Follow how a camera is."""
        (self._blind.discard if report.status == "ok" else self._blind.add)(report.camera)

    def blinded(self) -> None:
        """Nobody looks through any camera now."""
        self._blind |= set(self.plan.cameras)

    def sees_line(self, lane: str) -> bool:
        """Whether a camera watches who goes over the lane's line."""
        return any(camera.line and camera.id not in self._blind for camera in self.plan.cameras_of(lane))

    def sees_faces(self, lane: str) -> bool:
        """Whether a camera of the lane looks for faces, and can."""
        return any(camera.faces and camera.id not in self._blind for camera in self.plan.cameras_of(lane))

    def heard(self, node: str, at_ms: int) -> None:
        """Another node of the site was heard of."""
        self._siblings[node] = max(at_ms, self._siblings.get(node, at_ms))

    def alone(self, now_ms: int) -> bool:
        """Whether a sibling has not been heard of for too long, so that somebody may have gone in or out there."""
        site = self.plan.site
        return any(
            node not in self._siblings or now_ms - self._siblings[node] > site.sibling_ms for node in site.siblings
        )

    def objection(self, person: Person, access: Access, now_ms: int) -> str:
        """Why this person may not come now, by the lists; "": no reason."""
        return objection(person, access, self.people, self.wall.at(now_ms), self.wall.local(now_ms))

    def raises(
        self, kind: str, lane: str, subject: str, now_ms: int, evidence: Sequence[Evidence], **more: str | None
    ) -> list[Alert]:
        """An alert, unless this very happening was raised already, or one like it a moment ago."""
        return self.alerts.raises(kind, lane, subject, now_ms, evidence, **more)
