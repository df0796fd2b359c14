"""A ZIP of table and pictures is unpacked into its own folder, within bounds, and by what it holds."""

from __future__ import annotations

import io
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.people import JPEG, FolderEnroller
from zhian_gateway.errors import BadInput
from zhian_gateway.people import bundles, uploading
from zhian_gateway.people.tables import read_table
from zhian_gateway.services import Services
from zhian_gateway.store.tables import people, templates

TABLE = "id,name,cards,recognition,consent_by\n12,An,0A0B0C0D,yes,Mother\n12-1,Bo,0A0B0C0E,no,Father\n13,Chen,,,\n"
Members = dict[str, bytes]


def zipped(members: Members, *, table: str = TABLE, name: str = "roll.csv") -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, table)
        for path, data in members.items():
            file.writestr(path, data)
    return memory.getvalue()


def unpacked(folder: Path, data: bytes) -> tuple[list[str], tuple[str, ...]]:
    """Whose pictures there are, and which are nobody's."""
    found = bundles.unpack(data, folder)
    assert found.pictures == len(list(found.photos.rglob("*.*")))
    return sorted(path.parent.name for path in found.photos.rglob("*.*")), found.strays


def test_pictures_are_somebodys_by_folder_or_by_name(tmp_path: Path) -> None:
    members = {"2026/photos/12/left.jpg": JPEG, "2026/12-1.JPG": JPEG, "13 (2).png": JPEG, "holiday.jpg": JPEG}
    litter = {"__MACOSX/._12.jpg": b"x", ".DS_Store": b"x", "2026/photos/": b""}
    assert unpacked(tmp_path, zipped(members | litter)) == (["12", "12-1", "13"], ("holiday.jpg",))


def test_names_of_a_chinese_windows_are_read(tmp_path: Path) -> None:
    # It writes names in its own code page, without the mark that says UTF-8.
    data = zipped({"XXXX.jpg": JPEG}, table="id,name\n张三,张三\n").replace(b"XXXX", "张三".encode("gb18030"))
    assert unpacked(tmp_path, data) == (["张三"], ())


@pytest.mark.parametrize(
    "path", ["../../12.jpg", "/etc/12.jpg", "C:\\12\\..\\12.jpg", "..\\12.jpg", "a/../../12/x.jpg"]
)
def test_no_member_leaves_the_folder(tmp_path: Path, path: str) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    people_of, _ = unpacked(inner, zipped({path: JPEG}))
    assert people_of == ["12"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in"]


@pytest.mark.parametrize("name", ["..", ".", "a/b", "/etc"])
def test_an_id_that_is_no_name_is_nobodys_folder(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    members = {f"{name}.jpg": JPEG, f"{name}/1.jpg": JPEG}
    assert unpacked(inner, zipped(members, table=f"id,name\n{name},An\n"))[0] == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 no zip", "cannot be read"),
        (zipped({"12.exe": b"x"}), "neither a table"),
        (zipped({"more.xlsx": b"x"}), "exactly one table"),
        (zipped({"12.jpg": b"\0" * ((16 << 20) + 1)}), "more than a table and its pictures"),
        (zipped({f"12-{each}.jpg": b"\0" * (15 << 20) for each in range(13)}), "more than a table and its pictures"),
        (zipped({f"{each}.jpg": b"" for each in range(4001)}), "more than 4000 files"),
        (zipped({}, table="id\n=1+1\nx,y,z\n"), "columns"),
    ],
    ids=["no zip", "a program", "two tables", "a large picture", "a bomb", "many files", "a bad table"],
)
def test_what_is_no_table_with_its_pictures_is_refused_whole(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        bundles.unpack(data, tmp_path)


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("damaged", ["roll.csv", "12.jpg"])
def test_a_damaged_member_is_refused_with_words(tmp_path: Path, kind: int, damaged: str) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", kind) as file:
        file.writestr("roll.csv", TABLE)
        file.writestr("12.jpg", JPEG)
    data = bytearray(memory.getvalue())
    with zipfile.ZipFile(memory) as file:
        info = file.getinfo(damaged)
    # Behind the local header and the name; LZMA has four bytes of its own before its properties.
    begins = info.header_offset + 30 + len(info.filename)
    data[begins + (4 if kind == zipfile.ZIP_LZMA else 0)] = 0xFF
    with pytest.raises(BadInput, match="cannot be read"):
        bundles.unpack(bytes(data), tmp_path)


def test_a_damaged_workbook_in_a_zip_is_refused_with_words(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.xml", b"<a/>" * 100)
    book = bytearray(memory.getvalue())
    book[30 + len("a.xml")] = 0xFF
    path = tmp_path / "roll.xlsx"
    path.write_bytes(book)
    with pytest.raises(BadInput, match="the workbook is damaged"):
        read_table(path)


def test_a_link_is_no_picture(tmp_path: Path) -> None:
    memory = io.BytesIO(zipped({}))
    with zipfile.ZipFile(memory, "a") as file:
        info = zipfile.ZipInfo("12.jpg")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    with pytest.raises(BadInput, match="a link"):
        bundles.unpack(memory.getvalue(), tmp_path)


def test_a_zip_is_looked_through_and_then_taken_with_its_pictures(parts: Services) -> None:
    parts = replace(parts, enroller=FolderEnroller())
    data = zipped({"12/1.jpg": JPEG, "12-2.jpg": JPEG, "12-1.jpg": JPEG, "stray.jpg": JPEG})
    upload = uploading.Upload(data, "zip", "school roll", "2026-12-31")
    looked = uploading.rehearse(parts, upload, who="office")
    assert looked.strays == ("stray.jpg",)
    assert [(row.id, row.outcome, [each.code for each in row.warnings]) for row in looked.rows] == [
        ("12", "enrolled", []),
        ("12-1", "enrolled", ["not_looked"]),
        ("13", "enrolled", []),
    ]
    with parts.store.read() as link:
        assert link.execute(select(func.count()).select_from(people)).scalar() == 0
    taken = uploading.take(parts, upload, who="office", done=lambda _rows: None)
    assert [(row.id, row.templates) for row in taken.rows] == [("12", 2), ("12-1", 0), ("13", 0)]
    with parts.store.read() as link:
        assert set(link.execute(select(templates.c.person_id)).scalars()) == {"12"}
    other = zipped({}, table="id,name,cards\n99,Dan,0A0B0C0D\n")
    again = uploading.rehearse(parts, uploading.Upload(other, "zip", "school roll", "2026-12-31"), who="office")
    assert [(row.outcome, [fault.column for fault in row.errors]) for row in again.rows] == [("refused", ["cards"])]
