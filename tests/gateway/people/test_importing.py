"""An import folder is read whole before anything is written, and every person gets a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from support.people import JPEG, FolderEnroller, ground
from zhian_gateway.errors import PeopleError
from zhian_gateway.people.files import Guardian, read_folder
from zhian_gateway.people.importing import Defaults, Importer, Report
from zhian_gateway.services import Services
from zhian_gateway.store.tables import guardians, people


def person(root: Path, name: str, about: str = "", pictures: int = 3) -> None:
    folder = root / name
    folder.mkdir(parents=True)
    for index in range(pictures):
        (folder / f"{index}.jpg").write_bytes(JPEG)
    if about:
        (folder / "person.toml").write_text(about, encoding="utf-8")


def run(parts: Services, root: Path, defaults: Defaults | None = None) -> list[Report]:
    importer = Importer(parts.store, parts.registry, parts.pictures, FolderEnroller(), parts.clock)
    return list(importer.run(root, ground(), defaults or Defaults(), who="test"))


def test_each_person_is_reported_with_templates_and_complaints(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a")
    person(tmp_path / "in", "b", pictures=0)
    first, second = run(parts, tmp_path / "in")
    assert (first.id, first.templates, first.complaints) == ("a", 3, ())
    assert (second.id, second.templates, [each.code for each in second.complaints]) == ("b", 0, ["nothing_usable"])


def test_person_toml_says_who_they_are(parts: Services, tmp_path: Path) -> None:
    about = """name = "王小明"
group = "pupil"
watch = true
cards = ["04a2b3c4"]
plates = ["粤B12345"]

[[guardians]]
address = "inbox://mother"
name = "妈妈"
"""
    person(tmp_path / "in", "a", about)
    run(parts, tmp_path / "in", Defaults(group="staff", guardians=(Guardian("inbox://office"),)))
    with parts.store.read() as link:
        row = link.execute(select(people)).one()
        told = link.execute(select(guardians.c.name, guardians.c.address)).all()
    assert (row.name, row.group, row.watch) == ("王小明", "pupil", True)
    assert told == [("妈妈", "inbox://mother")]


def test_defaults_are_for_who_says_nothing(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a")
    run(parts, tmp_path / "in", Defaults(group="staff", guardians=(Guardian("inbox://office"),)))
    with parts.store.read() as link:
        row = link.execute(select(people)).one()
        assert (row.name, row.group) == ("a", "staff")
        assert link.execute(select(guardians.c.name)).scalars().all() == ["office"]


def test_a_portrait_is_kept_and_replaced(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a")
    run(parts, tmp_path / "in")
    with parts.store.read() as link:
        portrait = link.execute(select(people.c.portrait)).scalar_one()
    assert parts.pictures.read_portrait(portrait) == JPEG


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("nmae = 'x'", "nmae"),
        ("watch = 'yes'", "watch"),
        ("cards = ['not hex']", "cards"),
        ("[[guardians]]\naddress = 'mother'", "guardians"),
        ("name = ", "person.toml"),
    ],
)
def test_a_wrong_person_toml_keeps_only_that_person_out(parts: Services, tmp_path: Path, about: str, said: str) -> None:
    person(tmp_path / "in", "a", about)
    person(tmp_path / "in", "b")
    first, second = run(parts, tmp_path / "in")
    assert (first.id, first.templates, second.failed) == ("a", 0, "")
    assert said in first.failed
    with parts.store.read() as link:
        assert link.execute(select(people.c.id)).scalars().all() == ["b"]


def test_names_of_any_script_and_with_spaces_are_ids(parts: Services, tmp_path: Path) -> None:
    for name in ("李 雷", "Han Meimei", "o'neil#1"):
        person(tmp_path / "in", name)
    assert {report.id for report in run(parts, tmp_path / "in") if report.templates} == {
        "李 雷",
        "Han Meimei",
        "o'neil#1",
    }
    with parts.store.read() as link:
        assert all(row.opaque.isalnum() for row in link.execute(select(people)))


@pytest.mark.parametrize("name", ["line\nbreak", "x" * 65, " padded", "back\u202eward"])
def test_a_name_that_cannot_be_an_id_keeps_only_that_person_out(parts: Services, tmp_path: Path, name: str) -> None:
    person(tmp_path / "in", name)
    person(tmp_path / "in", "b")
    failed = [report for report in run(parts, tmp_path / "in") if report.failed]
    assert len(failed) == 1
    assert failed[0].id.isprintable()
    assert "printable" in failed[0].failed


def test_a_folder_that_holds_nobody_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="no sub-folders"):
        read_folder(tmp_path)
    with pytest.raises(PeopleError, match="no such folder"):
        read_folder(tmp_path / "none")
