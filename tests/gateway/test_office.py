"""What a school's office types of cards, collectors, faces, hours and holidays reaches the roster and the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.gateway import write_config
from support.people import ground, person_file, some_face
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.people import rosters
from zhian_gateway.services import Services, open_services
from zhian_wire.calendar import Calendar
from zhian_wire.roster import Collector, Person, Roster

HOURS = """
[[schedules]]
id = "school"
[[schedules.spans]]
days = ["mon", "tue", "wed", "thu", "fri"]
start = "07:00"
end = "18:00"

[[groups]]
id = "grade-1"
schedule = "school"
lessons = "school"
collected = true
"""
YEAR = "day,works_as,name\n2026-10-01,,国庆节\n2026-10-10,thu,\n"

Run = Callable[..., str]


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path, "mqtt://127.0.0.1:1")


@pytest.fixture
def parts(config: Path) -> Iterator[Services]:
    """A child and its mother, enrolled."""
    one = open_services(load(config), publish=lambda *_: None)
    with one.store.write() as link:
        for name, cards in (("ming", ("04A1", "04A2")), ("mother", ("04B1",))):
            about = person_file(group="grade-1", cards=cards)
            one.registry.enrol(link, name, about, ground(), some_face(), who="t", now=one.now())
    yield one
    one.store.close()


@pytest.fixture
def run(config: Path, parts: Services) -> Run:
    def invoke(*words: str | Path, code: int = 0) -> str:
        found = CliRunner().invoke(app, [*map(str, words), "--config", str(config)])
        assert found.exit_code == code, found.output
        return found.output

    return invoke


def roster(parts: Services, since: int = 0) -> Roster:
    with parts.store.read() as link:
        return rosters.build(link, since=since, now=parts.now())


def shown(run: Run) -> str:
    """The calendar as a table, without the line that says from which state it is."""
    mark, table = run("calendar", "show").split("\n", 1)
    assert mark.startswith("# version ")
    return table


def of(parts: Services, name: str) -> Person:
    """Whoever is called so, as nodes know them."""
    card = {"ming": "04A2", "mother": "04B1"}[name]
    return next(each for each in roster(parts).persons if card in (*each.cards, *each.withdrawn))


def test_a_card_that_is_withdrawn_is_on_the_roster_as_such_with_who_and_why_on_the_record(
    run: Run, parts: Services
) -> None:
    before = roster(parts).version
    assert "withdrawn from ming" in run("cards", "withdraw", "04a1", "--why", "lost")
    delta = roster(parts, since=before)
    (changed,) = delta.persons
    assert (changed.cards, changed.withdrawn, delta.since) == (("04A2",), ("04A1",), before)
    assert "withdrawn" in run("cards", "list", "ming")
    assert "card.withdraw  ming  …A1: lost" in run("audit", "ming")
    assert "nobody has card 04A1" in run("cards", "withdraw", "04A1", "--why", "again", code=2)
    run("cards", "issue", "ming", "04a1")
    assert of(parts, "ming").cards == ("04A1", "04A2")


def test_a_card_is_one_persons_at_a_time(run: Run, parts: Services) -> None:
    assert "mother's" in run("cards", "issue", "ming", "04B1", code=2)
    run("cards", "withdraw", "04A1", "--why", "handed on")
    run("cards", "issue", "mother", "04A1")
    assert (of(parts, "ming").withdrawn, of(parts, "mother").cards) == (("04A1",), ("04A1", "04B1"))
    lines = [json.loads(line) for line in run("cards", "list", "--json").splitlines()]
    (first, second) = [line for line in lines if line["value"] == "04A1"]
    assert (first["person_id"], bool(first["withdrawn_at"])) == ("ming", True)
    assert (second["person_id"], second["withdrawn_at"]) == ("mother", None)
    assert "no card" in run("cards", "issue", "ming", "not hex", code=2)
    assert "nobody enrolled" in run("cards", "issue", "ghost", "04C1", code=2)


def test_a_table_of_cards_is_taken_whole_or_not_at_all(run: Run, parts: Services, tmp_path: Path) -> None:
    table = tmp_path / "cards.csv"
    table.write_text("person,card\nming,04C1\nmother,04C2\n")
    assert "2 cards" in run("cards", "import", table)
    table.write_text("person,card\nming,04C3\n\nghost,04C4\n")
    assert f"{table}:4: there is nobody enrolled as 'ghost'" in run("cards", "import", table, code=2)
    assert of(parts, "ming").cards == ("04A1", "04A2", "04C1")


def test_a_face_is_switched_off_and_on_without_asking_for_pictures_again(run: Run, parts: Services) -> None:
    run("people", "set", "ming", "--face", "off", "--why", "the parents' wish")
    assert (of(parts, "ming").face, of(parts, "ming").templates) == (False, ())
    assert "people.face_off  ming  the parents' wish" in run("audit", "ming")
    assert [line.endswith("face off") for line in run("people", "list").splitlines()] == [True, False]
    run("people", "set", "ming", "--face", "on")
    assert (of(parts, "ming").face, len(of(parts, "ming").templates)) == (True, 2)


def test_validity_is_in_days_of_the_site_and_group_and_schedule_may_change(run: Run, parts: Services) -> None:
    run("people", "set", "ming", "--begins", "2026-09-01", "--ends", "2026-09-30", "--group", "grade-2")
    found = of(parts, "ming")
    assert (found.begins, found.ends) == ("2026-08-31T16:00:00.000Z", "2026-09-30T16:00:00.000Z")
    assert found.group == "grade-2"
    assert "begins 2026-09-01 00:00  ends 2026-10-01 00:00" in run("people", "list")
    run("people", "set", "ming", "--ends", "", "--schedule", "boarding")
    assert (of(parts, "ming").begins, of(parts, "ming").ends) == (found.begins, "")
    assert of(parts, "ming").schedule == "boarding"
    run("people", "set", "ming", "--schedule", "two words", code=2)
    assert "no day" in run("people", "set", "ming", "--ends", "someday", code=2)
    assert "before it begins" in run("people", "set", "ming", "--ends", "2026-08-01", code=2)
    assert "nobody enrolled" in run("people", "set", "ghost", "--face", "off", code=2)
    run("people", "set", "ming", code=2)


def test_collectors_are_people_by_what_nodes_call_them_or_plates_and_hold_for_a_time(run: Run, parts: Services) -> None:
    run("collectors", "add", "ming", "--person", "mother")
    run("collectors", "add", "ming", "--plate", "京A12345", "--ends", "2026-09-30")
    mother = of(parts, "mother").id
    assert of(parts, "ming").collectors == (
        Collector(who=mother),
        Collector(who="京A12345", ends="2026-09-30T16:00:00.000Z"),
    )
    assert run("collectors", "list", "ming").splitlines() == [
        "ming  person mother", "ming  plate 京A12345  ends 2026-10-01 00:00"
    ]  # fmt: skip
    run("collectors", "remove", "ming", "--plate", "京A12345")
    assert [each.who for each in of(parts, "ming").collectors] == [mother]
    assert "not listed" in run("collectors", "remove", "ming", "--plate", "京A12345", code=2)
    assert "nobody enrolled" in run("collectors", "add", "ming", "--person", "ghost", code=2)
    run("collectors", "add", "ming", code=2)


def test_a_child_s_list_changes_with_whoever_may_collect_it(run: Run, parts: Services) -> None:
    run("collectors", "add", "ming", "--person", "mother")
    version = roster(parts).version
    run("people", "withdraw", "mother")
    delta = roster(parts, since=version)
    assert ([person.collectors for person in delta.persons], len(delta.removed)) == ([()], 1)
    assert "not enrolled" in run("collectors", "list")
    with parts.store.write() as link:
        parts.registry.enrol(link, "mother", person_file(), ground(), some_face(), who="t", now=parts.now())
    assert len(of(parts, "ming").collectors) == 1


def test_hours_and_holidays_reach_nodes_with_a_delta_of_nobody(run: Run, parts: Services, tmp_path: Path) -> None:
    before = roster(parts)
    assert (before.schedules, before.groups, before.calendar) == ((), (), None)
    (tmp_path / "hours.toml").write_text(HOURS)
    (tmp_path / "year.csv").write_text(YEAR, encoding="utf-8-sig")
    run("schedules", "import", tmp_path / "hours.toml")
    assert "1 days off, 1 moved" in run("calendar", "import", tmp_path / "year.csv")
    delta = roster(parts, since=before.version)
    assert (delta.persons, delta.version) == ((), before.version + 2)
    assert [each.spans[0].start for each in delta.schedules] == ["07:00"]
    assert [(each.id, each.collected) for each in delta.groups] == [("grade-1", True)]
    assert delta.calendar == Calendar(holidays=("2026-10-01",), workdays={"2026-10-10": "thu"})
    assert "schedules.import" in run("audit") and "calendar.import" in run("audit")


def test_what_is_shown_can_be_imported_again_and_a_year_replaces_itself_alone(
    run: Run, parts: Services, tmp_path: Path
) -> None:
    hours, year = tmp_path / "hours.toml", tmp_path / "year.csv"
    hours.write_text(HOURS)
    year.write_text(YEAR)
    run("schedules", "import", hours)
    run("calendar", "import", year)
    first = roster(parts)
    hours.write_text(run("schedules", "show"))
    year.write_text(run("calendar", "show"))
    run("schedules", "import", hours)
    run("calendar", "import", year)
    assert (roster(parts).schedules, roster(parts).groups) == (first.schedules, first.groups)
    assert roster(parts).calendar == first.calendar
    year.write_text("day\n2027-01-01\n")
    run("calendar", "import", year)
    assert roster(parts).calendar == Calendar(holidays=("2026-10-01", "2027-01-01"), workdays={"2026-10-10": "thu"})


def test_who_has_a_schedule_that_is_gone_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hours.toml").write_text(HOURS)
    run("people", "set", "ming", "--schedule", "boarding")
    assert "ming: schedule boarding is not among them" in run("schedules", "import", tmp_path / "hours.toml")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("schedules", HOURS.replace("07:00", "7 am"), "hours:6: schedules[0].spans[0].start"),
        ("schedules", HOURS.replace("lessons = ", "lesson = "), "hours:12: groups[0].lesson"),
        (
            "schedules",
            HOURS.replace('lessons = "school"', 'lessons = "late"'),
            "hours:12: groups[0].lessons: no schedule",
        ),
        ("schedules", HOURS + HOURS, "school is there twice"),
        ("schedules", "[[schedules]", "hours:1: not TOML: expected "),
        ("calendar", "day,works_as\n2026-02-30,\n", "hours:2: day: '2026-02-30' is no day"),
        ("calendar", "day,works_as\n2026-10-10,thursday\n", "hours:2: works_as"),
        ("calendar", "day\n2026-10-01\n2026-10-01\n", "hours:3: day: 2026-10-01 is there twice"),
        ("calendar", "date\n2026-10-01\n", "hours:1: the first line must name the columns: day"),
        ("calendar", "day\n2026-10-01,thu\n", "hours:2: 2 columns"),
        ("calendar", "day\n", "no line below"),
    ],
)
def test_a_wrong_file_is_refused_whole_and_says_where(
    run: Run, parts: Services, file: str, text: str, said: str
) -> None:
    before, place = roster(parts), Path(parts.config.store.home) / "hours"
    place.write_text(text)
    assert said in run(file, "import", place, code=2)
    assert roster(parts) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_table_is_read_as_a_spreadsheet_saved_it(run: Run, tmp_path: Path, encoding: str) -> None:
    table = tmp_path / "year.csv"
    table.write_bytes(YEAR.encode(encoding))
    assert "1 days off, 1 moved workdays" in run("calendar", "import", table)
    assert shown(run) == YEAR


def test_a_table_parted_by_tabs_is_a_table_too(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "year.txt"
    table.write_bytes(YEAR.replace(",", "\t").encode("utf-16"))
    run("calendar", "import", table)
    assert shown(run) == YEAR


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (YEAR.encode("utf-16-le"), ":1: is no plain text: save it as UTF-8"),
        (YEAR.encode().replace("国".encode(), b"\xff"), ":2: is neither UTF-8 nor GB18030: save it as UTF-8"),
        (b"\xef\xbb\xbf" + YEAR.encode("gbk"), ":2: is no UTF-8, as its first bytes say"),
    ],
)
def test_a_table_that_nobody_can_read_is_refused_by_its_line(run: Run, tmp_path: Path, data: bytes, said: str) -> None:
    table = tmp_path / "year.csv"
    table.write_bytes(data)
    assert f"{table}{said}" in run("calendar", "import", table, code=2)
    assert shown(run) == "day,works_as,name\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "school"', 'id = "my school"', ":3: schedules[0].id: expected 1 to 64 letters"),
        ('"07:00"', '"7:00"', ':6: schedules[0].spans[0].start: expected a time of day such as "07:30"'),
        ('"07:00"', "07:00:00", ":6: schedules[0].spans[0].start: expected a text in quotes, got a time"),
        ('"07:00"', "7:00", ":6: start: not TOML: "),
        ('"mon"', '"monday"', ":5: schedules[0].spans[0].days[0]: expected one of mon, tue, "),
        ("lessons", "lesson", ":12: groups[0].lesson: unknown key; did you mean lessons?"),
    ],
)
def test_what_is_wrong_with_hours_is_said_by_line_and_key_and_what_was_expected(
    run: Run, tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "hours.toml"
    file.write_text(HOURS.replace(old, new, 1))
    assert f"{file}{said}" in run("schedules", "import", file, code=2)


def test_hours_that_are_no_utf_8_are_refused_by_their_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "hours.toml"
    file.write_bytes(f"{HOURS}# 国庆".encode("gbk"))
    assert f"{file}:14: is no UTF-8: save it in that encoding" in run("schedules", "import", file, code=2)
