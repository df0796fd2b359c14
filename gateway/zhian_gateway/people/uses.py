"""Who and what names a group or a schedule, so that none is taken away from under them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from ..config_types import Config
from ..configurations.naming import Named, named
from ..store.tables import groups, people, user_groups


@dataclass(frozen=True)
class Uses:
    """What names it.

    Attributes:
        people: so many who are enrolled, visitors and entries of watch lists included.
        groups: whose schedule (of coming, or of lessons) it is.
        teachers: users whose class it is.
        lanes: of nodes, as `gate-1/main`; a node alone says itself when the group may come.
        settings: of the gateway's own configuration: areas for visitors, and contacts.
    """

    people: int = 0
    groups: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    def more(self) -> dict[str, str]:
        """What there is of it, as members of a problem."""
        said = {"people": str(self.people) if self.people else ""}
        for name in ("groups", "teachers", "lanes", "settings"):
            said[name] = ", ".join(getattr(self, name))
        return {name: value for name, value in said.items() if value}


def of_schedule(link: Connection, config: Config, name: str) -> Uses:
    """Who comes by a schedule."""
    theirs = select(func.count()).select_from(people).where(people.c.schedule == name, people.c.withdrawn_at.is_(None))
    by = select(groups.c.id).where(or_(groups.c.schedule == name, groups.c.lessons == name)).order_by(groups.c.id)
    return Uses(
        people=link.execute(theirs).scalar_one(),
        groups=tuple(link.execute(by).scalars()),
        settings=tuple(area.id for area in config.visitors.areas if area.schedule == name),
    )


def of_group(link: Connection, config: Config, name: str) -> Uses:
    """Who is in a group, and what names it."""
    members = select(func.count()).select_from(people).where(people.c.group == name, people.c.withdrawn_at.is_(None))
    teachers = select(user_groups.c.user).where(user_groups.c.group == name).order_by(user_groups.c.user)
    return Uses(
        people=link.execute(members).scalar_one(),
        teachers=tuple(link.execute(teachers).scalars()),
        lanes=tuple(lanes_of(named(link, config.site.id), name)),
        settings=_settings(config, name),
    )


def kept_from(link: Connection, config: Config, name: str, new: str) -> Uses:
    """What would name nobody any more if the group were called `new`; what names both goes on as before."""
    return Uses(lanes=tuple(lanes_of(named(link, config.site.id), name, new)), settings=_settings(config, name))


def lanes_of(nodes: Iterable[Named], name: str, new: str = "") -> list[str]:
    """Lanes that name a group, as `gate-1/main`, and nodes that describe it, as `gate-1`; but those that do `new`."""
    named_so = [
        (f"{each.node}/{lane}" if lane else each.node)
        for each in nodes
        for lane, said in (*each.lanes.items(), ("", each.groups))
        if name in said and new not in said
    ]
    return sorted(named_so)


def _settings(config: Config, name: str) -> tuple[str, ...]:
    areas = [area.id for area in config.visitors.areas if area.group == name]
    return (*areas, *(contact.name for contact in config.response.contacts if name in contact.groups))
