"""Two classes to look at: fifty pupils, their bells, and a teacher of one of them, at a real gateway."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from support.gateway import GatewayProcess
from zhian_gateway import moments
from zhian_gateway.auth import scope
from zhian_gateway.people import timetable
from zhian_gateway.people.consent import ground
from zhian_gateway.people.enrolment import Enrolled
from zhian_gateway.people.files import Guardian, PersonFile
from zhian_gateway.people.timetable_files import GroupFile
from zhian_gateway.services import Services
from zhian_gateway.store.tables import people
from zhian_wire.calendar import Schedule, Span

from .scene import Site

FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = ("子涵", "欣怡", "浩然", "梓萱", "宇轩")
#: Rings in the first minute of every day, so that it has rung whenever a test runs.
LESSONS = Schedule(
    id="lessons", spans=(Span(days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), start="00:01", end="23:59"),)
)
NOBODY = Enrolled("test", (), (), ())
TEACHER = "teacher-wang"


def fifty(gateway: GatewayProcess) -> Site:
    """Forty-eight pupils of one class, two of another, all enrolled a month ago; a teacher of the first."""
    site = Site(gateway)
    with gateway.services() as parts:
        for number, family in enumerate(FAMILY):
            enrol(parts, site, f"p-{number:02d}", family + GIVEN[number % len(GIVEN)], "g3-1")
        for number in (90, 91):
            enrol(parts, site, f"p-{number}", FAMILY[number - 90] + "一一", "g3-2")
        with parts.store.write() as link:
            by = {"site": parts.site, "who": "test", "now": parts.now()}
            groups = [GroupFile(id=each, lessons="lessons") for each in ("g3-1", "g3-2")]
            timetable.replace_hours(link, [LESSONS], groups, **by)
            link.execute(update(people).values(created_at=moments.text(parts.clock() - timedelta(days=30))))
        parts.accounts.add(TEACHER, "teacher", None, who="test")
        with parts.store.write() as link:
            scope.set_groups(link, TEACHER, ["g3-1"], site=parts.site, who="test", now=parts.now())
    return site


def enrol(parts: Services, site: Site, person: str, name: str, group: str) -> None:
    """A pupil of that group, without a face."""
    until = (parts.clock() + timedelta(days=300)).date().isoformat()
    basis = ground(text="test", until=until, granted_by="test", now=parts.clock(), zone=parts.zone)
    about = PersonFile(name=name, group=group, guardians=(Guardian(name=f"{name}的家长", address=f"inbox://{person}"),))
    with parts.store.write() as link:
        parts.registry.enrol(link, person, about, basis, NOBODY, who="test", now=parts.now())
    site.learn(parts, person)
