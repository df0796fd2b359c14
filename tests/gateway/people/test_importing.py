"""An import folder is read whole before anything is written, and every person gets a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from support.people import JPEG, FolderEnroller, ground
from zhian_gateway.errors import PeopleError
from zhian_gateway.family import carers
from zhian_gateway.people import rosters
from zhian_gateway.people.files import Guardian, loose_pictures, read_folder
from zhian_gateway.people.held import Held
from zhian_gateway.people.importing import Defaults, Importer, Report
from zhian_gateway.people.losses import NOTHING, Losses
from zhian_gateway.people.renewing import Renewer
from zhian_gateway.people.validity import Validity
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, guardians, people
from zhian_wire.roster import Collector, Person


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
    assert (row.name, row.group, row.watch) == ("王小明", "pupil", False)
    assert told == [("妈妈", "inbox://mother")]


def test_an_import_neither_lists_nor_changes_whom_two_people_must_agree_on(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a", "watch = true\n")
    person(tmp_path / "in", "b")
    refused, taken = run(parts, tmp_path / "in")
    assert "another approves it" in refused.failed and "person.toml" in refused.failed
    assert (taken.failed, taken.templates) == ("", 3)
    with parts.store.read() as link:
        assert link.execute(select(people.c.id)).scalars().all() == ["b"]
    with parts.store.write() as link:
        link.execute(update(people).values(watch=True))
    (_, kept) = run(parts, tmp_path / "in")
    assert "entry of a watch list" in kept.failed
    with parts.store.read() as link:
        assert link.execute(select(people.c.watch)).scalar_one()


def test_a_guardian_whose_address_alone_changes_stays_the_same_and_every_change_is_on_the_record(
    parts: Services, tmp_path: Path
) -> None:
    def with_guardians(*listed: tuple[str, str]) -> list[str]:
        about = "".join(f'[[guardians]]\nname = "{name}"\naddress = "inbox://{at}"\n' for name, at in listed)
        root = tmp_path / "-".join(at for _, at in listed)
        person(root, "a", about)
        run(parts, root)
        with parts.store.read() as link:
            return [str(each) for each in link.execute(select(guardians.c.id).order_by(guardians.c.id)).scalars()]

    mother, father = with_guardians(("妈妈", "old"), ("爸爸", "father"))
    with parts.store.write() as link:
        code = carers.issue(link, int(mother), site=parts.site, who="t", now=parts.clock())
        carers.redeem(link, code, None, site=parts.site, now=parts.clock())
    assert with_guardians(("妈妈", "new"), ("爸爸", "father")) == [mother, father]
    with parts.store.read() as link:
        assert list(carers.bound(link, [int(mother)])) == [int(mother)], "her phone stays bound"
    _, gran = with_guardians(("外婆", "gran"), ("爸爸", "father"))
    with parts.store.read() as link:
        rows = link.execute(select(audit).where(audit.c.action.like("guardian.%")).order_by(audit.c.id))
        said = [(row.action, row.subject, row.detail) for row in rows]
    told = f"guardian {mother}, whose phone is bound"
    assert said == [
        ("guardian.address", "a", told),
        ("guardian.remove", "a", told),
        ("guardian.add", "a", f"guardian {gran}"),
    ]


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
        ("name = 'a'\ncards = ['04A1', 'not hex']", "person.toml:2: cards[1]"),
        ("begins = 'soon'", "person.toml:1: begins: 'soon' is no day"),
        ("begins = 2026-09-02\nends = 2026-09-01", "person.toml:2: ends: it ends"),
        ("[[collectors]]\nperson = 'm'\nends = 'soon'", "person.toml:3: collectors[0].ends"),
        ("[[collectors]]\nperson = 'm'\nplate = '京A12345'", "person.toml:1: collectors[0]: says whom"),
        ("face = 'no'", "person.toml:1: face"),
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


CHILD = """cards = ["04a1", "04a2"]
withdrawn = ["04a3"]
begins = 2026-09-01
ends = 2026-09-30

[[guardians]]
address = "inbox://mother"
person = "mother"

[[collectors]]
plate = "京A12345"
ends = 2026-09-10
"""


def on_roster(parts: Services) -> dict[int, Person]:
    """Everybody on the roster, by the number of their templates."""
    with parts.store.read() as link:
        found = rosters.build(link, since=0, now=parts.now())
    return {len(each.templates): each for each in found.persons}


def test_cards_days_and_collectors_of_a_person_toml_reach_the_roster(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a", CHILD, pictures=1)
    person(tmp_path / "in", "mother", pictures=2)
    assert not [report.failed for report in run(parts, tmp_path / "in") if report.failed]
    child, mother = on_roster(parts)[1], on_roster(parts)[2]
    assert (child.cards, child.withdrawn) == (("04A1", "04A2"), ("04A3",))
    assert (child.begins, child.ends) == ("2026-08-31T16:00:00.000Z", "2026-09-30T16:00:00.000Z")
    assert child.collectors == (Collector(who=mother.id), Collector(who="京A12345", ends="2026-09-10T16:00:00.000Z"))


def test_a_card_that_was_lost_is_not_given_back_by_an_older_file(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a", 'cards = ["04a1", "04a2"]')
    run(parts, tmp_path / "in")
    with parts.store.write() as link:
        parts.editor.withdraw_card(link, "04A1", why="lost", who="t", now=parts.now())
    (report,) = run(parts, tmp_path / "in")
    assert [str(each) for each in report.complaints] == [
        "card 04A1 stays withdrawn (lost); `cards issue` gives it back"
    ]
    (found,) = on_roster(parts).values()
    assert (found.cards, found.withdrawn) == (("04A2",), ("04A1",))


def test_a_card_that_a_file_lists_no_more_is_withdrawn(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a", 'cards = ["04a1", "04a2"]')
    run(parts, tmp_path / "in")
    (tmp_path / "in" / "a" / "person.toml").write_text('cards = ["04A2"]')
    run(parts, tmp_path / "in")
    (found,) = on_roster(parts).values()
    assert (found.cards, found.withdrawn) == (("04A2",), ("04A1",))


def test_somebody_else_s_card_keeps_a_person_out_and_leaves_no_picture(parts: Services, tmp_path: Path) -> None:
    for name, pictures in (("a", 1), ("b", 2)):
        person(tmp_path / name, name, 'cards = ["04a1"]', pictures)
    (tmp_path / "b" / "b" / "0.jpg").write_bytes(JPEG + b"other")
    run(parts, tmp_path / "a")
    (report,) = run(parts, tmp_path / "b")
    assert "person.toml: card 04A1 is a's" in report.failed
    assert list(on_roster(parts)) == [1]


def test_a_person_toml_that_names_no_cards_takes_none_away_and_one_that_does_says_so(
    parts: Services, tmp_path: Path
) -> None:
    person(
        tmp_path / "in",
        "a",
        'name = "A"\ncards = ["04a1"]\nplates = ["京A12345"]\n[[guardians]]\naddress = "inbox://m"',
    )
    run(parts, tmp_path / "in")
    file = tmp_path / "in" / "a" / "person.toml"
    file.write_text('group = "pupil"')
    (report,) = run(parts, tmp_path / "in")
    assert (report.losses, report.complaints) == (NOTHING, ())
    (found,) = on_roster(parts).values()
    assert (found.cards, found.plates) == (("04A1",), ("京A12345",))
    file.write_text('name = "B"\ncards = []\nplates = []\nguardians = []')
    (report,) = run(parts, tmp_path / "in")
    assert report.losses == Losses(("04A1",), ("京A12345",), ("m",), ("A", "B"))
    assert str(report.complaints[0]) == "takes away card 04A1"
    (found,) = on_roster(parts).values()
    assert (found.cards, found.plates) == ((), ())


def test_no_two_of_a_folder_get_one_card_in_two_widths_and_two_can_swap(parts: Services, tmp_path: Path) -> None:
    for name, card in (("a", "0012345678"), ("b", "12345678"), ("c", "0C0C0C0C"), ("d", "0D0D0D0D")):
        person(tmp_path / "in", name, f'cards = ["{card}"]')
    reports = run(parts, tmp_path / "in")
    assert [each.id for each in reports if each.failed] == ["b"]
    assert reports[1].failed.endswith("person.toml: card 12345678 is a's by this import")
    for name, card in (("c", "0D0D0D0D"), ("d", "0C0C0C0C")):
        (tmp_path / "in" / name / "person.toml").write_text(f'cards = ["{card}"]')
    reports = run(parts, tmp_path / "in")
    assert [each.losses.cards for each in reports] == [(), (), ("0C0C0C0C",), ("0D0D0D0D",)]
    with parts.store.read() as link:
        assert (Held(link).of("c"), Held(link).of("d")) == ({"0D0D0D0D"}, {"0C0C0C0C"})


def test_of_a_face_that_is_switched_off_no_picture_is_looked_at(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a", 'face = false\ncards = ["04a1"]')
    (report,) = run(parts, tmp_path / "in")
    assert (report.templates, [each.code for each in report.complaints]) == (0, ["face_off"])
    found = on_roster(parts)[0]
    assert (found.face, found.cards) == (False, ("04A1",))
    with parts.store.read() as link:
        assert link.execute(select(people.c.portrait)).scalar_one() is None


def test_what_the_office_typed_stays_where_the_file_says_nothing_of_it(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a")
    run(parts, tmp_path / "in")
    with parts.store.write() as link:
        by = {"who": "t", "now": parts.now()}
        parts.editor.switch_face(link, "a", "off", why="the parents' wish", **by)
        parts.editor.set_validity(link, "a", "2026-09-01", None, **by)
        parts.editor.set_place(link, "a", "grade-1", "boarders", **by)
        parts.editor.add_collector(link, "a", ("plate", "京A12345"), Validity(), **by)
    (report,) = run(parts, tmp_path / "in")
    assert [each.code for each in report.complaints] == ["face_off"]
    (found,) = on_roster(parts).values()
    assert (found.face, found.begins, found.ends) == (False, "2026-08-31T16:00:00.000Z", "")
    assert (found.group, found.schedule, [each.who for each in found.collectors]) == (
        "grade-1",
        "boarders",
        ["京A12345"],
    )
    (tmp_path / "in" / "a" / "person.toml").write_text('face = true\nbegins = ""\nschedule = ""\ncollectors = []\n')
    run(parts, tmp_path / "in")
    (found,) = on_roster(parts).values()
    assert (found.face, found.begins, found.schedule, found.collectors) == (True, "", "", ())


def test_a_face_that_is_off_gets_no_new_templates(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a")
    run(parts, tmp_path / "in")
    renewer = Renewer(parts.store, parts.registry, parts.pictures, FolderEnroller("new/f32"), parts.clock)
    with parts.store.write() as link:
        parts.editor.switch_face(link, "a", "off", why="", who="t", now=parts.now())
    assert list(renewer.run(who="t")) == []


def test_who_comes_back_is_held_as_somebody_new(parts: Services, tmp_path: Path) -> None:
    person(tmp_path / "in", "a", "face = false\nends = 2026-12-31")
    run(parts, tmp_path / "in")
    with parts.store.write() as link:
        parts.registry.withdraw(link, "a", who="t", now=parts.now())
    (tmp_path / "in" / "a" / "person.toml").unlink()
    run(parts, tmp_path / "in")
    (found,) = on_roster(parts).values()
    assert (found.face, found.ends) == (True, "")


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
    (tmp_path / "2.jpg").write_bytes(JPEG)
    with pytest.raises(PeopleError, match=r"no sub-folders but pictures \(2\.jpg\); each person needs one, named by"):
        read_folder(tmp_path)
    with pytest.raises(PeopleError, match="no such folder"):
        read_folder(tmp_path / "none")


def test_pictures_beside_the_folders_are_told_to_be_nobodys(tmp_path: Path) -> None:
    person(tmp_path, "a")
    for name in ("2.JPG", "notes.txt", "1.png"):
        (tmp_path / name).write_bytes(JPEG)
    assert loose_pictures(tmp_path) == ["1.png", "2.JPG"]
