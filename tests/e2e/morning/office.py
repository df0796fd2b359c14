"""What a school has said before a morning begins: its pupils, bells and users, and three who will visit."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import httpx
from demo_parts.portraits import CARD, CARS
from sqlalchemy import update
from zhian_gateway import moments
from zhian_gateway.auth import scope
from zhian_gateway.people import timetable
from zhian_gateway.people.consent import ground
from zhian_gateway.people.enrolment import Enrolled
from zhian_gateway.people.files import Guardian, PersonFile
from zhian_gateway.people.timetable_files import GroupFile
from zhian_gateway.store.tables import people
from zhian_wire.calendar import Day, Schedule, Span

from ...support.gateway import GatewayProcess
from .plan import CLASSES, Morning

GUARD, TEACHER, OFFICER, HEAD, AUDITOR = "wang", "teacher-li", "officer-zhao", "head", "auditor-sun"
TEACHERS_CLASS: Final = CLASSES[0]
NOBODY: Final = Enrolled("test", (), (), ())
#: What the gateway's configuration says beside its first lines.
SAID: Final = """
[[lanes]]
id = "gate"
name = "正门"
[[lanes]]
id = "north"
name = "北门"
[[lanes]]
id = "south"
name = "南门"
[[cameras]]
id = "gate"
name = "正门"
[[rules.lanes]]
lane = "gate"
closed_to_strangers = false
[[visitors.areas]]
id = "all"
name = "全校"
group = "visitor"
[family]
pictures = true
"""


def morning_zone(now: datetime) -> str:
    """A zone in which it is between seven and eight in the morning, whenever a test runs."""
    ahead = (7 - now.astimezone(UTC).hour + 11) % 24 - 11
    # The names of these zones count westwards.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@dataclass(frozen=True)
class Visitor:
    """Somebody who is let in today. `card` is what a reader reads of them."""

    name: str
    visit: str
    card: str


class Office:
    """What is typed at the office and at the window, through the same doors as the page's."""

    def __init__(self, gateway: GatewayProcess, zone: str) -> None:
        self._gateway = gateway
        self.zone = ZoneInfo(zone)

    def enrol(self, morning: Morning) -> None:
        """Everybody, two days ago; a teacher of one class; nobody's bell has rung yet."""
        with self._gateway.services() as parts, parts.store.write() as link:
            by: dict[str, Any] = {"who": "test", "now": parts.now()}
            until = (parts.clock() + timedelta(days=300)).date().isoformat()
            basis = ground(text="test", until=until, granted_by="test", now=parts.clock(), zone=parts.zone)
            for pupil in morning.pupils:
                guardian = Guardian(name=f"{pupil.name}的家长", address=pupil.guardian)
                about = PersonFile(name=pupil.name, group=pupil.group, cards=(pupil.card,), guardians=(guardian,))
                parts.registry.enrol(link, pupil.id, about, basis, NOBODY, **by)
            link.execute(update(people).values(created_at=moments.text(parts.clock() - timedelta(days=2))))
        self.rings("23:58")
        with self._gateway.services() as parts:
            for user, role in (
                (GUARD, "guard"),
                (TEACHER, "teacher"),
                (OFFICER, "police"),
                (HEAD, "admin"),
                (AUDITOR, "auditor"),
            ):
                parts.accounts.add(user, role, None, who="test")  # type: ignore[arg-type]
            with parts.store.write() as link:
                scope.set_groups(link, TEACHER, [TEACHERS_CLASS], site=parts.site, who="test", now=parts.now())

    def rings(self, arrive_by: str) -> None:
        """When every class is to be here, on days like today."""
        today = get_args(Day)[datetime.now(self.zone).weekday()]
        lessons = Schedule(id="lessons", spans=(Span(days=(today,), start="00:01", end="23:59"),))
        groups = [GroupFile(id=each, lessons="lessons", arrive_by=arrive_by) for each in CLASSES]
        with self._gateway.services() as parts, parts.store.write() as link:
            timetable.replace_hours(link, [lessons], groups, site=parts.site, who="test", now=parts.now())

    def soon(self) -> str:
        """The next full minute on the site's wall that is not just about to begin."""
        return (datetime.now(self.zone) + timedelta(seconds=65)).strftime("%H:%M")

    def rang(self, bell: str) -> bool:
        """Whether it is later than that."""
        return datetime.now(self.zone).strftime("%H:%M") >= bell

    def visitors(self, portrait: Path) -> list[Visitor]:
        """Three: at the window with face and card, at the window with a card, and by a teacher's link with its code."""
        with closing(self._gateway.log_in(GUARD)) as guard, closing(self._gateway.log_in(TEACHER, "teacher")) as host:
            guest = self._registered(guard, "Barack Obama", plate=CARS[0][0])
            sent = guard.put(f"/api/visits/{guest}/pictures/{_sha(portrait)}", content=portrait.read_bytes())
            sent.raise_for_status()
            repairs = self._registered(guard, "吴强")
            parent = self._invited(host, "韩梅梅")
            found = [
                Visitor("Barack Obama", guest, CARD),
                Visitor("吴强", repairs, "7A11C0FFEE01"),
            ]
            for each, face in zip(found, (True, False), strict=True):
                self._let_in(guard, each.visit, card=each.card, face=face)
            return [*found, Visitor("韩梅梅", parent, self._let_in(guard, parent))]

    def _registered(self, guard: httpx.Client, name: str, plate: str = "") -> str:
        said = self._said(name) | {"host": {"kind": "user", "id": TEACHER}, "plate": plate, "phone": "13900139000"}
        answer = guard.post("/api/visits/window", json=said | {"agreed": ["keeping", "photo", "face"]})
        return str(answer.raise_for_status().json()["id"])

    def _invited(self, host: httpx.Client, name: str) -> str:
        made = host.post("/api/visits", json=self._said(name)).raise_for_status().json()
        said = {"token": made["token"], "name": name, "phone": "13800138000", "agreed": ["keeping"]}
        with httpx.Client(base_url=self._gateway.url, trust_env=False) as phone:
            phone.post("/api/invitation/answer", json=said).raise_for_status()
        return str(made["visit"]["id"])

    def _said(self, name: str) -> dict[str, Any]:
        now = datetime.now(self.zone)
        times = {"begins": now.isoformat(), "ends": (now + timedelta(hours=2)).isoformat()}
        return {"name": name, "purpose": "家长会", "area": "all"} | times

    def _let_in(self, guard: httpx.Client, visit: str, *, card: str = "", face: bool = False) -> str:
        """The code of the pass."""
        guard.post(f"/api/visits/{visit}/screening").raise_for_status()
        answer = guard.post(f"/api/visits/{visit}/admit", json={"card": card, "face": face}, timeout=60)
        assert answer.is_success, answer.text
        return str(answer.json()["code"])


def _sha(picture: Path) -> str:
    return hashlib.sha256(picture.read_bytes()).hexdigest()
