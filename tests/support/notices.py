"""Notices for tests: queued by the gateway's own desk, sent by its own sender to a real provider."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import Connection, select
from zhian_gateway.notices.happenings import Happening
from zhian_gateway.notices.opening import open_channels
from zhian_gateway.notices.sending import Sender
from zhian_gateway.people.files import Guardian, PersonFile
from zhian_gateway.services import Services
from zhian_gateway.store.tables import notices, people

from .people import ground, some_face

NOWHERE = "http://127.0.0.1:1"


def enrol(parts: Services, *guardians: Guardian | str, person: str = "a", **about: Any) -> str:
    """Somebody with these guardians; their opaque id."""
    listed = tuple(one if isinstance(one, Guardian) else Guardian(one) for one in guardians)
    values = {"name": "小明", "group": "class-3-2"} | about
    with parts.store.write() as link:
        file = PersonFile(guardians=listed, **values)
        parts.registry.enrol(link, person, file, ground(), some_face(), who="t", now=parts.now())
        return opaque_of(link, person)


def opaque_of(link: Connection, person: str) -> str:
    """What nodes call somebody."""
    opaque: str = link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()
    return opaque


def tell(parts: Services, opaque: str | None, kind: str = "arrival", key: str = "k1", **values: Any) -> int:
    """Something happened now; how many notices there are of it."""
    happening = Happening(kind=kind, key=key, at=parts.clock(), person=opaque, place="东门", **values)
    with parts.store.write() as link:
        return parts.desk.tell(link, happening, parts.now())


@contextmanager
def sending(parts: Services, base: str = NOWHERE) -> Iterator[Sender]:
    """The gateway's sender with all its channels."""
    with ExitStack() as stack:
        channels = open_channels(parts.config, parts.store, parts.clock, base, stack)
        sender = Sender(parts.store, channels, parts.config, parts.clock, book=parts.book)
        stack.callback(sender.close)
        yield sender


def work_off(parts: Services, base: str = NOWHERE) -> int:
    """Send everything that is due and wait for what becomes of it; how many tries there were."""
    with sending(parts, base) as sender:
        return settle(sender)


def settle(sender: Sender) -> int:
    """Everything that is on its way or due now, and what it leads to at once."""
    tried = 0
    sender.settle()
    while some := sender.step():
        tried += some
        sender.settle()
    return tried


def every(parts: Services) -> list[Any]:
    """All notices, oldest first."""
    with parts.store.read() as link:
        return list(link.execute(select(notices).order_by(notices.c.id)))


def the_only(parts: Services) -> Any:
    """The only one."""
    (found,) = every(parts)
    return found
