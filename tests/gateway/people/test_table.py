"""An office's table is read as it is kept, each row is taken whole or not at all, and told why by row and column."""

from __future__ import annotations

import io
import json
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from support.people import JPEG, FolderEnroller, ground, person_file
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.commands import common
from zhian_gateway.commands import people as commands
from zhian_gateway.errors import BadInput
from zhian_gateway.people import consents, rosters, tables, ways
from zhian_gateway.people.held import Held
from zhian_gateway.people.importing import Importer
from zhian_gateway.people.losses import NOTHING, Losses, total
from zhian_gateway.people.owners import Owners, PhotoFolder
from zhian_gateway.people.table_importing import RowReport, TableImporter, as_csv
from zhian_gateway.people.table_rows import Rules
from zhian_gateway.people.tables import Formula, read_table
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import credentials, guardians, people

HEAD = "学号,姓名,班级,卡号,车牌,监护人,监护人通知地址,人脸识别同意,通知同意,同意日期\n"
MING = "s1,小明,grade-1,04a1;04a2,京A12345,妈妈,inbox://mama,是,否,2026-02-01\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "pupils.csv"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two pictures of s1 beside others, one of s2 in a folder of their own."""
    folder = tmp_path / "photos"
    (folder / "s2").mkdir(parents=True)
    for name in ("s1.jpg", "s1-2.jpg", "s11.jpg", "s1x.jpg", "s1.txt", "s2/any.jpg"):
        (folder / name).write_bytes(JPEG)
    return folder


def importer_of(parts: Services, photos: Path | None = None, **more: Any) -> TableImporter:
    said = {"ground": "school act", "until": "2026-12-31", "who": "t", "now": parts.clock(), "zone": parts.zone} | more
    importer = Importer(parts.store, parts.registry, parts.pictures, FolderEnroller(), parts.clock)
    return TableImporter(parts, importer, Rules(**said), photos)


def take(parts: Services, table: Path, photos: Path | None = None, **more: Any) -> list[RowReport]:
    return list(importer_of(parts, photos, **more).run(table))


def look(parts: Services, table: Path, photos: Path | None = None) -> list[RowReport]:
    return importer_of(parts, photos).rehearse(table)


def on_roster(parts: Services) -> dict[tuple[str, ...], int]:
    """The cards of everybody on the roster, with the number of templates."""
    with parts.store.read() as link:
        found = rosters.build(link, since=0, now=parts.now()).persons
    return {each.cards: len(each.templates) for each in found}


def errors(report: RowReport) -> list[tuple[str, str]]:
    return [(each.column, each.reason) for each in report.errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_the_encodings_that_offices_use(
    parts: Services, table: Path, photos: Path, encoding: str
) -> None:
    table.write_text(HEAD + MING + "\n", encoding=encoding)
    (report,) = take(parts, table, photos)
    assert (report.row, report.id, report.outcome, report.templates, report.errors) == (2, "s1", "enrolled", 2, ())
    assert on_roster(parts) == {("04A1", "04A2"): 2}
    with parts.store.read() as link:
        row = link.execute(select(people)).one()
        told = link.execute(select(guardians.c.name, guardians.c.address)).all()
        stands = consents.standings(link, parts.now())["s1"]
    assert (row.name, row.group, told) == ("小明", "grade-1", [("妈妈", "inbox://mama")])
    assert {purpose: each.state for purpose, each in stands.items()} == {
        "recognition": "given",
        "listing": "given",
        "notices": "refused",
        "evidence": "unsaid",
    }
    assert (stands["recognition"].given_by, stands["recognition"].given_on) == ("妈妈", "2026-02-01")


def test_a_workbook_is_read_like_a_table(parts: Services, tmp_path: Path, photos: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name", "cards", "recognition", "consent_by", "consent_on", None])
    sheet.append(["s1", "=1+1", "04A1", "yes", "mother", "2026-02-01"])
    sheet.append(["s2", "Lan", 12345678, "yes", "mother", "2026-02-01"])
    sheet.append([])
    path = tmp_path / "pupils.xlsx"
    book.save(path)
    first, second = take(parts, path, photos)
    assert errors(first) == [("name", "a formula is no value: paste the values")]
    assert (second.row, second.outcome, second.templates) == (3, "enrolled", 1)
    assert on_roster(parts) == {("12345678",): 1}


def test_a_number_that_a_spreadsheet_rounded_is_nobodys_card_or_id(parts: Services, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "cards", "guardian_address", "name"])
    sheet.append([330106201501011234, "04A1", "inbox://m", "x"])
    sheet.append(["s3", 3.30106201501011e17, "inbox://m", "x"])
    sheet.append(["3.3E+17", "04A3", "inbox://m", "x"])
    sheet.append(["s5", "04A4; 1.2E+16", "", "x"])
    sheet.append(["s6", "04A6", 8613800000000000, "x"])
    sheet.append([123456789012345, 1234567890123456.0, "", "x"])
    sheet.append([5, 1234, "", 8613800000000000])
    sheet["A8"].number_format, sheet["B8"].number_format = "00000", "0000000000"
    path = tmp_path / "pupils.xlsx"
    book.save(path)
    *rounded, last = look(parts, path)
    assert [each.row for each in rounded] == [2, 3, 4, 5, 6, 7]
    assert [[fault.column for fault in each.errors] for each in rounded] == [
        ["id"], ["cards"], ["id"], ["cards"], ["guardian_address"], ["cards"],
    ]  # fmt: skip
    assert all("format the column as text" in each.errors[0].reason for each in rounded)
    assert (last.outcome, last.id) == ("enrolled", "00005")
    take(parts, path)
    assert on_roster(parts) == {("0000001234",): 0}


def test_a_card_in_hexadecimal_that_looks_like_a_power_is_one(parts: Services, table: Path) -> None:
    table.write_text("id,cards\ns1,1234E5AB;12345E67\n", encoding="utf-8")
    assert [each.outcome for each in take(parts, table)] == ["enrolled"]


@pytest.mark.parametrize(
    ("stem", "whose"),
    [
        ("12", "12"),
        ("12-1", "12-1"),
        ("12-1-1", "12-1"),
        ("12-1 (2)", "12-1"),
        ("12-2", "12"),
        ("12_1", "12"),
        ("12-11", "12"),
        ("121", None),
        ("12x", None),
        ("-1", None),
    ],
)
def test_a_picture_that_fits_several_ids_is_the_longest_ones(stem: str, whose: str | None) -> None:
    for ids in (["12", "12-1", "2"], ["12-1", "2", "12"]):
        assert Owners(ids).of(stem) == whose


@pytest.mark.parametrize(
    ("stem", "whose"),
    [("s9-1", "S9"), ("S9 (2)", "S9"), ("AB", "AB"), ("ab_1", "ab"), ("Ab", None), ("s9-1-2", "S9-1")],
)
def test_small_letters_are_capitals_where_no_two_ids_differ_by_them(stem: str, whose: str | None) -> None:
    assert Owners(["S9", "S9-1", "AB", "ab"] if stem == "s9-1-2" else ["S9", "AB", "ab"]).of(stem) == whose


def test_a_folder_of_pictures_is_read_once_and_in_any_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a/1.jpg", "A/2.jpg", "b/3.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(JPEG)
    for name in ("S9.JPG", "s9-1.jpeg", "s9 (2).PNG", "other.jpg"):
        (tmp_path / name).write_bytes(JPEG)
    read: list[Path] = []
    listed = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: (read.append(path), listed(path))[1])
    found = PhotoFolder(tmp_path, Owners(["S9", "A", "B", "C"]))
    at_first = len(read)
    names = {each: [path.name for path in found.of(each)] for each in ("S9", "A", "B", "C")}
    assert names == {"S9": ["S9.JPG", "s9 (2).PNG", "s9-1.jpeg"], "A": ["2.jpg"], "B": ["3.png"], "C": []}
    assert found.strays == ["other.jpg"]
    # Nobody's pictures are looked for among everybody's.
    assert [path.name for path in read[at_first:]] == ["A", "b"]


def test_nobody_gets_the_picture_of_whom_the_table_names_as_well(parts: Services, table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "several"
    folder.mkdir()
    for name in ("12-1.jpg", "12-1-2.jpg", "12-2.jpg"):
        (folder / name).write_bytes(JPEG)
    table.write_text(HEAD + "12,a,,04A1,,m,,是,,2026-02-01\n12-1,b,,04A2,,m,,是,,2026-02-01\n", encoding="utf-8")
    assert [(each.id, each.templates) for each in take(parts, table, folder)] == [("12", 1), ("12-1", 2)]
    table.write_text(HEAD + "12,a,,04A1,,m,,是,,2026-02-01\n12-1,=b,,04A2,,m,,是,,2026-02-01\n", encoding="utf-8")
    assert [(each.id, each.templates) for each in take(parts, table, folder)] == [("12", 1), ("12-1", 0)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",x,,,,,,,,", ("id", "missing")),
        ("../s,x,,,,,,,,", ("id", "an id has at most")),
        ("s9,=HYPERLINK(1),,04A1,,,,,,", ("name", "a formula is no value")),
        ("s9,x,grade 1,04A1,,,,,,", ("group", "a group has no other characters")),
        ("s9,x,,not hex,,,,,,", ("cards", "a card is 4 to 32 hexadecimal digits")),
        ("s9,x,,04A1,京,,,,,", ("plates", "a plate is written as on the vehicle")),
        ("s9,x,,04A1,,m,mother,,,", ("guardian_address", "'mother' is no address")),
        ("s9,x,,04A1,,,,maybe,,", ("recognition", "'maybe' is neither yes")),
        ("s9,x,,04A1,,,,是,,2026-02-01", ("consent_by", "missing: who agreed?")),
        ("s9,x,,04A1,,m,,是,,2027-02-01", ("consent_on", "'2027-02-01' is no day")),
        ("s1,again,,04A3,,,,,,", ("id", "s1 is in row 2 already")),
        ("s9,x,,04A1,,,,,,", ("cards", "card 04A1 is s1's")),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_column_and_keeps_nobody_else_out(
    parts: Services, table: Path, row: str, expected: tuple[str, str]
) -> None:
    table.write_text(f"{HEAD}{MING}{row}\ns3,last,,04C3,,,,,,\n", encoding="utf-8")
    first, second, third = take(parts, table)
    assert (first.outcome, second.outcome, third.outcome) == ("enrolled", "refused", "enrolled")
    ((column, reason),) = errors(second)
    assert (column, reason[: len(expected[1])]) == expected
    with parts.store.read() as link:
        assert sorted(link.execute(select(people.c.id)).scalars()) == ["s1", "s3"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the column id"),
        ("name\nx\n", "the column id"),
        ("id,学号\ns1,s1\n", "id is there twice"),
        ("id,shoe size\ns1,3\n", "no such column: shoe size"),
        ("id\n", "no line below"),
        ("id\ns1,extra\n", ":2: 2 columns"),
        ('id\n"s1\n', "no table"),
        ("PK\x03\x04 no archive", "damaged"),
        ("id\0\n", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(parts: Services, table: Path, text: str, said: str) -> None:
    table.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        take(parts, table)
    with parts.store.read() as link:
        assert link.execute(select(people.c.id)).all() == []


def packed(**members: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packed(**{"xl/worksheets/sheet1.xml": b" " * (40 << 20)}), "would unpack to 40 MiB"),
        (packed(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "declares a document type"),
        (packed(**{"other.txt": b"x"}), "cannot be read"),
    ],
)
def test_a_workbook_that_is_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=said):
        read_table(path)


def test_too_long_a_table_is_refused(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    table.write_text("id\ns1\ns2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="more than 2 lines"):
        read_table(table)
    table.write_text("id,name\ns1,=x\n", encoding="utf-8")
    assert isinstance(read_table(table)[0].cells["name"], Formula)


# What a table does not say, and what it takes away -----------------------------------------------------------


def known(parts: Services) -> tuple[list[str], list[str], list[str], list[str]]:
    """Names, cards that hold, plates and guardians."""
    with parts.store.read() as link:
        holding = select(credentials.c.value).where(credentials.c.withdrawn_at.is_(None)).order_by(credentials.c.value)
        return (
            list(link.execute(select(people.c.name).order_by(people.c.id)).scalars()),
            list(link.execute(holding.where(credentials.c.kind == "card")).scalars()),
            list(link.execute(holding.where(credentials.c.kind == "plate")).scalars()),
            list(link.execute(select(guardians.c.name).order_by(guardians.c.id)).scalars()),
        )


def test_of_a_column_that_is_not_there_nothing_is_said(parts: Services, table: Path) -> None:
    table.write_text(HEAD + MING, encoding="utf-8")
    take(parts, table)
    before = known(parts)
    assert before == (["小明"], ["04A1", "04A2"], ["京A12345"], ["妈妈"])
    table.write_text("学号,人脸识别同意,同意人\ns1,是,妈妈\n", encoding="utf-8")
    for report in (*look(parts, table), *take(parts, table)):
        assert (report.outcome, report.losses) == ("enrolled", NOTHING)
    assert known(parts) == before


@pytest.mark.parametrize("row", ["s1,大明,04A1,,", "s1,大明,04A1"], ids=["empty cells", "a line that ends early"])
def test_an_empty_cell_says_none_and_what_it_takes_away_is_told_before(parts: Services, table: Path, row: str) -> None:
    table.write_text(HEAD + MING, encoding="utf-8")
    take(parts, table)
    table.write_text(f"学号,姓名,卡号,车牌,监护人通知地址\n{row}\n", encoding="utf-8")
    expected = Losses(("04A2",), ("京A12345",), ("妈妈",), ("小明", "大明"))
    told = ["takes away card 04A2", "takes away plate 京A12345", "takes away guardian 妈妈", "renames 小明 to 大明"]
    for report in (*look(parts, table), *take(parts, table)):
        assert report.losses == expected
        assert [str(each) for each in report.warnings if each.code.startswith(("takes", "renames"))] == told
    assert total([expected, NOTHING]) == (1, 1, 1, 1)
    assert known(parts) == (["大明"], ["04A1"], [], [])


def test_a_card_that_an_import_dropped_comes_back_and_one_that_somebody_withdrew_does_not(
    parts: Services, table: Path
) -> None:
    both, none = "id,cards\ns1,04A1;04A2\n", "id,cards\ns1,\n"
    for text in (both, none, both):
        table.write_text(text, encoding="utf-8")
        take(parts, table)
    assert known(parts)[1] == ["04A1", "04A2"]
    with parts.store.write() as link:
        parts.editor.withdraw_card(link, "04A1", why="lost", who="t", now=parts.now())
    table.write_text(none, encoding="utf-8")
    take(parts, table)
    # Lost while no table named it: the older table must not know better.
    with parts.store.write() as link:
        parts.editor.withdraw_card(link, "04A2", why="lost", who="t", now=parts.now())
    table.write_text(both, encoding="utf-8")
    for report in (*look(parts, table), *take(parts, table)):
        assert [each.code for each in report.warnings if each.code == "card_withdrawn"] == ["card_withdrawn"] * 2
    assert known(parts)[1] == []


# Whose a card is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", ["0012345678", "12345678", "345678"], ids=["zeros", "the same", "cut"])
def test_no_two_of_a_table_get_a_card_that_gates_cannot_tell_apart(parts: Services, table: Path, second: str) -> None:
    table.write_text(f"id,cards\ns1,12345678\ns2,{second}\n", encoding="utf-8")
    for reports in (look(parts, table), take(parts, table)):
        assert [each.outcome for each in reports] == ["enrolled", "refused"]
        assert errors(reports[1]) == [("cards", f"card {second} is s1's by this import")]
    assert on_roster(parts) == {("12345678",): 0}


def test_a_card_that_somebody_beside_the_table_has_in_another_width_is_refused(parts: Services, table: Path) -> None:
    table.write_text("id,cards\ns1,0012345678\n", encoding="utf-8")
    take(parts, table)
    table.write_text("id,cards\ns2,12345678\n", encoding="utf-8")
    said = "card 12345678 is s1's (0012345678): withdraw it there first"
    for reports in (look(parts, table), take(parts, table)):
        assert errors(reports[0]) == [("cards", said)]


def test_whoever_has_a_card_already_that_another_has_too_is_told_of(parts: Services, table: Path) -> None:
    with parts.store.write() as link:
        for person, card in (("s1", "0012345678"), ("s2", "12345678")):
            parts.registry.enrol(
                link, person, person_file(cards=(card,)), ground(), None, who="an older import", now=parts.now()
            )
    table.write_text("id,cards\ns1,0012345678\n", encoding="utf-8")
    for report in (*look(parts, table), *take(parts, table)):
        told = [str(each) for each in report.warnings if each.code == "card_shared"]
        assert (report.outcome, told) == ("enrolled", ["card 0012345678 is s2's too: gates refuse both"])


def test_two_can_swap_their_cards_and_swap_them_back(parts: Services, table: Path) -> None:
    for first, second in (("0A0A0A0A", "0B0B0B0B"), ("0B0B0B0B", "000A0A0A0A"), ("0A0A0A0A", "0B0B0B0B")):
        table.write_text(f"id,cards,by_hand\nt1,{first},yes\nt2,{second},yes\n", encoding="utf-8")
        looked, taken = look(parts, table), take(parts, table)
        assert [each.outcome for each in (*looked, *taken)] == ["enrolled"] * 4
        assert [each.losses for each in looked] == [each.losses for each in taken]
        with parts.store.read() as link:
            assert (Held(link).of("t1"), Held(link).of("t2")) == ({first}, {second})


def test_whoever_is_refused_keeps_their_cards_and_who_was_to_get_them_is_refused_too(
    parts: Services, table: Path
) -> None:
    table.write_text("id,cards\nx,0C0C0C0C\nt1,0A0A0A0A\nt2,0B0B0B0B\n", encoding="utf-8")
    take(parts, table)
    table.write_text("id,cards\nt2,0A0A0A0A\nt1,0C0C0C0C\nt3,0B0B0B0B\n", encoding="utf-8")
    for reports in (look(parts, table), take(parts, table)):
        assert [(each.id, each.outcome) for each in reports] == [
            ("t2", "refused"),
            ("t1", "refused"),
            ("t3", "refused"),
        ]
    assert known(parts)[1] == ["0A0A0A0A", "0B0B0B0B", "0C0C0C0C"]


def test_a_card_that_is_given_out_while_an_import_goes_on_is_seen(parts: Services, table: Path) -> None:
    table.write_text("id,cards\ns0,0ABC\ns1,0A0A\ns2,12345678\n", encoding="utf-8")
    rows = importer_of(parts).run(table)
    next(rows)
    with parts.store.write() as link:
        parts.editor.issue(link, "s0", "0012345678", who="desk", now=parts.now())
    assert [(each.id, each.outcome) for each in rows] == [("s1", "enrolled"), ("s2", "refused")]


# Consents of a table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "warned"),
    [
        ("s1,a,,04A1,,Wang Fang,,,,", ["guardian Wang Fang has no address: nobody will be told"]),
        ("s1,a,,04A1,,Wang Fang,,,no,", []),  # who does not want to be told misses nothing
        ("s1,a,,04A1,,Wang Fang,inbox://wang,,,", []),
        ("s1,a,,04A1,,,,,,", []),
    ],
)
def test_a_guardian_whom_nothing_can_reach_is_told_of(
    parts: Services, table: Path, row: str, warned: list[str]
) -> None:
    table.write_text(f"{HEAD}{row}\n", encoding="utf-8")
    (report,) = take(parts, table)
    assert [each.text for each in report.warnings if each.code == "unreached"] == warned
    assert report.outcome == "enrolled"


def test_without_a_consent_no_picture_is_looked_at(parts: Services, table: Path, photos: Path) -> None:
    table.write_text("id,cards,recognition\ns1,04A1,no\ns2,04A2,\n", encoding="utf-8")
    for report in take(parts, table, photos):
        assert (report.outcome, report.templates) == ("enrolled", 0)
        assert [each.code for each in report.warnings] == ["face_off"]
    assert on_roster(parts) == {("04A1",): 0, ("04A2",): 0}
    assert [path for path in (Path(parts.config.store.home) / "pictures").rglob("*") if path.is_file()] == []


def test_who_has_no_way_in_is_an_error_of_their_row(parts: Services, table: Path, photos: Path) -> None:
    table.write_text("id,recognition,by_hand,consent_by\ns1,no,,\ns2,no,是,\ns3,yes,,m\n", encoding="utf-8")
    first, second, third = take(parts, table, photos)
    assert [each.outcome for each in (first, second, third)] == ["enrolled"] * 3
    assert (len(first.errors), len(second.errors), len(third.errors)) == (1, 0, 1)
    assert "no way in" in first.errors[0].reason
    assert [each.code for each in third.warnings] == ["no_picture"]


def test_an_older_table_gives_nobody_s_consent_back_that_was_taken_back_since(
    parts: Services, table: Path, photos: Path
) -> None:
    table.write_text(HEAD + MING, encoding="utf-8")
    take(parts, table, photos)
    with parts.store.write() as link:
        parts.registry.refuse(link, "s1", "recognition", who="t", now=parts.now(), why="a letter")
    (report,) = take(parts, table, photos)
    assert [each.code for each in report.warnings] == ["face_off", "taken_back"]
    assert on_roster(parts) == {("04A1", "04A2"): 0}
    parts.clock.forward(10 * 86400)  # type: ignore[attr-defined]
    table.write_text(HEAD + MING.replace("2026-02-01", "2026-03-05"), encoding="utf-8")
    assert take(parts, table, photos)[0].templates == 2


def test_a_table_without_pictures_leaves_the_face_as_it_is_and_one_with_a_no_takes_it(
    parts: Services, table: Path, photos: Path
) -> None:
    table.write_text(HEAD + MING, encoding="utf-8")
    take(parts, table, photos)
    assert take(parts, table)[0].templates == 2
    table.write_text("id,cards\ns1,04A1\n", encoding="utf-8")
    assert take(parts, table)[0].templates == 2
    table.write_text("id,cards,recognition\ns1,04A1,no\n", encoding="utf-8")
    assert take(parts, table, photos)[0].templates == 0
    assert on_roster(parts) == {("04A1",): 0}


# At the command line ---------------------------------------------------------------------------------------------


def test_the_command_line_says_row_by_row_what_came_of_it(
    parts: Services, table: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "open_services", partial(open_services, clock=parts.clock))
    monkeypatch.setattr(commands, "WhenNeeded", FolderEnroller)
    lan = "s11,兰,,04b1,,妈妈,,是,,2026-02-01\n"
    table.write_text(HEAD + MING + "s2,x,,nothing,,,,,,\n" + lan, encoding="utf-8")
    (photos / "2.jpg").write_bytes(b"somebody's")
    config = Path(parts.config.store.home).parent / "gateway.toml"
    words = ["people", "import-table", str(table), "--ground", "school act", "--until", "2026-12-31"]
    words += ["--photos", str(photos), "--config", str(config)]
    found = CliRunner().invoke(app, [*words, "--report", str(tmp_path / "r.json")])
    assert found.exit_code == 1, found.output
    assert "2: s1: enrolled, 2 templates" in found.output
    assert "ERROR cards:" in found.output
    assert f"{photos}/2.jpg: NOBODY'S of this table: name it ID.jpg" in found.output
    assert "4: s11: enrolled, 1 template\n  guardian 妈妈 has no address: nobody will be told\n" in found.output
    assert "2 of 3 rows enrolled" in found.output
    assert "faces of 2 people are kept" in found.output
    report = json.loads((tmp_path / "r.json").read_bytes())
    assert [(each["row"], each["outcome"]) for each in report] == [(2, "enrolled"), (3, "refused"), (4, "enrolled")]
    table.write_text("id,cards\ns1,04a1\n", encoding="utf-8")
    looked = CliRunner().invoke(app, [*words, "--look"])
    assert looked.output.startswith("takes away 1 cards, 0 plates, 0 guardians; renames 0\n2: s1: enrolled,")
    assert "  takes away card 04A2\n" in looked.output
    assert "1 of 1 rows can be enrolled" in looked.output
    assert on_roster(parts) == {("04A1", "04A2"): 2, ("04B1",): 1}
    assert CliRunner().invoke(app, words).output.startswith("takes away 1 cards, ")
    assert on_roster(parts) == {("04A1",): 2, ("04B1",): 1}
    assert CliRunner().invoke(app, [*words, "--report", str(tmp_path / "r.doc")]).exit_code == 2
    assert CliRunner().invoke(app, [*words[:6], "2020-01-01", *words[7:]]).exit_code == 2


def test_one_face_is_not_told_as_several() -> None:
    assert str(ways.Faces(1)).startswith("the face of 1 person is kept; ")


def test_a_report_is_a_table_too() -> None:
    text = as_csv([RowReport(2, "=x", "enrolled", 3)]).decode("utf-8-sig")
    assert text.splitlines() == ["row,id,outcome,templates,errors,warnings", "2,'=x,enrolled,3,,"]
