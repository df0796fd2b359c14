"""Another network takes over: templates are made anew of the pictures that are kept, and of nobody who withdrew."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from support.people import JPEG, FolderEnroller, ground
from zhian_gateway.people import rosters
from zhian_gateway.people.enrolment import Complaint, Enrolled
from zhian_gateway.people.importing import Defaults, Importer, Report
from zhian_gateway.people.renewing import Renewer
from zhian_gateway.services import Services
from zhian_gateway.store.tables import enrolment_pictures, templates


class Picky(FolderEnroller):
    """A network that finds nobody in any picture."""

    def enrol(self, person_id: str, folder: Path) -> Enrolled:
        return Enrolled(self.key, (), (), (Complaint("nothing_usable", "no picture could be used"),))


@pytest.fixture(autouse=True)
def enrolled(parts: Services, tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = tmp_path / "in" / name
        folder.mkdir(parents=True)
        for index in range(3):
            (folder / f"{index}.jpg").write_bytes(JPEG)
    importer = Importer(parts.store, parts.registry, parts.pictures, FolderEnroller("old/f32"), parts.clock)
    assert [report.templates for report in importer.run(tmp_path / "in", ground(), Defaults(), who="t")] == [3, 3]


def renew(parts: Services, enroller: FolderEnroller) -> list[Report]:
    return list(Renewer(parts.store, parts.registry, parts.pictures, enroller, parts.clock).run(who="t"))


def keys(parts: Services) -> list[str]:
    with parts.store.read() as link:
        return list(link.execute(select(templates.c.key)).scalars())


def test_everybody_gets_templates_of_the_new_network_and_nodes_hear_of_it(parts: Services) -> None:
    with parts.store.read() as link:
        before = rosters.version(link)
    assert [(report.id, report.templates) for report in renew(parts, FolderEnroller("new/f32"))] == [("a", 3), ("b", 3)]
    assert keys(parts) == ["new/f32"] * 6
    with parts.store.read() as link:
        changed = rosters.build(link, since=before, now=parts.now())
    assert [template.key for person in changed.persons for template in person.templates] == ["new/f32"] * 6
    assert renew(parts, FolderEnroller("new/f32")) == []


def test_who_withdrew_has_no_pictures_left_to_renew_from(parts: Services) -> None:
    with parts.store.write() as link:
        parts.registry.withdraw(link, "a", who="t", now=parts.now())
    with parts.store.read() as link:
        assert set(link.execute(select(enrolment_pictures.c.person_id)).scalars()) == {"b"}
    assert [report.id for report in renew(parts, FolderEnroller("new/f32"))] == ["b"]


def test_whom_the_new_network_cannot_see_keeps_the_old_templates_and_is_named(parts: Services) -> None:
    assert all("old templates stay" in report.failed for report in renew(parts, Picky("new/f32")))
    assert keys(parts) == ["old/f32"] * 6
