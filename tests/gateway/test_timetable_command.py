"""The office's files and the page say the same things: neither undoes unseen what came by the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.gateway import write_config
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.people import arranging, timetable
from zhian_gateway.services import Services, open_services
from zhian_wire.calendar import Group, Schedule, Span

HOURS = """
[[schedules]]
id = "school"
[[schedules.spans]]
start = "07:00"
end = "18:00"
[[groups]]
id = "g3-1"
schedule = "school"
"""
YEAR = "day,works_as,name\n2026-10-01,,国庆节\n"
BY = {"site": "school", "who": "wang", "now": "2026-03-01T00:00:00.000Z"}
Run = Callable[..., str]


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path, "mqtt://127.0.0.1:1")


@pytest.fixture
def parts(config: Path) -> Iterator[Services]:
    one = open_services(load(config), publish=lambda *_: None)
    yield one
    one.store.close()


@pytest.fixture
def run(config: Path, parts: Services) -> Run:
    def invoke(*words: str | Path, code: int = 0) -> str:
        found = CliRunner().invoke(app, [*map(str, words), "--config", str(config)])
        assert found.exit_code == code, found.output
        return found.output

    return invoke


@pytest.fixture
def hours(tmp_path: Path, run: Run) -> Path:
    """A file that was taken."""
    path = tmp_path / "hours.toml"
    path.write_text(HOURS)
    run("schedules", "import", path)
    return path


@pytest.fixture
def year(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "year.csv"
    path.write_text(YEAR)
    run("calendar", "import", path)
    return path


def on_the_page(parts: Services) -> None:
    """Somebody gives the school other hours, and the class a sister."""
    with parts.store.write() as link:
        arranging.change_schedule(link, Schedule(id="school", spans=(Span(start="06:30", end="18:00"),)), **BY)
        arranging.add_group(link, Group(id="g3-2", schedule="school"), **BY)


def held(parts: Services) -> tuple[list[str], list[str]]:
    """The beginnings of the school's spans, and all groups."""
    with parts.store.read() as link:
        found = [span.start for each in timetable.schedules_of(link) for span in each.spans]
        return found, [each.id for each in timetable.groups_of(link)]


def test_what_the_page_changed_since_is_not_undone_by_an_older_file(run: Run, parts: Services, hours: Path) -> None:
    on_the_page(parts)
    said = " ".join(run("schedules", "import", hours, code=2).split())
    assert "group g3-2, schedule school" in said
    assert held(parts) == (["06:30"], ["g3-1", "g3-2"])
    run("schedules", "import", hours, "--replace")
    assert held(parts) == (["07:00"], ["g3-1"])


def test_bells_of_the_page_are_not_undone_either(run: Run, parts: Services, hours: Path) -> None:
    with parts.store.write() as link:
        timetable.set_bells(link, "g3-1", timetable.Bells("07:50"), **BY)
    assert "group g3-1" in run("schedules", "import", hours, code=2)


def test_a_file_that_was_shown_since_is_taken_and_one_that_says_the_same_too(
    run: Run, parts: Services, hours: Path
) -> None:
    on_the_page(parts)
    shown = run("schedules", "show")
    hours.write_text(shown.replace('"18:00"', '"19:00"'))
    run("schedules", "import", hours)
    on_the_page_again = Group(id="g3-3")
    with parts.store.write() as link:
        arranging.add_group(link, on_the_page_again, **BY)
    assert "group g3-3" in run("schedules", "import", hours, code=2)
    same = run("schedules", "show").split("\n", 1)[1]
    hours.write_text(same)
    run("schedules", "import", hours)


def test_one_file_after_another_is_taken_as_ever(run: Run, parts: Services, hours: Path) -> None:
    hours.write_text(HOURS.replace("07:00", "08:00"))
    run("schedules", "import", hours)
    assert held(parts)[0] == ["08:00"]


def test_days_that_the_page_set_are_not_undone_by_an_older_table(run: Run, parts: Services, year: Path) -> None:
    with parts.store.write() as link:
        timetable.set_day(link, timetable.Day("2026-10-10", "thu"), **BY)
    year.write_text(YEAR + "2026-10-02,,国庆节\n")
    assert "2026-10-02, 2026-10-10" in " ".join(run("calendar", "import", year, code=2).split())
    year.write_text("day\n2027-01-01\n")
    assert "2027-01-01" in run("calendar", "import", year, code=2)
    year.write_text(run("calendar", "show") + "2026-10-02,,国庆节\n")
    run("calendar", "import", year)
    with parts.store.read() as link:
        assert [each.day for each in timetable.days_of(link)] == ["2026-10-01", "2026-10-02", "2026-10-10"]


def test_a_fault_below_the_line_of_the_state_is_named_by_its_own_line(run: Run, year: Path) -> None:
    year.write_text(run("calendar", "show") + "2026-02-30,,\n")
    assert "year.csv:4: day" in "".join(run("calendar", "import", year, code=2).split("\n"))
