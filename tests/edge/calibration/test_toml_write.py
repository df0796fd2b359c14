"""Drawing a line changes the line, and not one other character of the installer's file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhian_edge.calibration.geometry import Geometry
from zhian_edge.calibration.toml_write import edited, write_geometry
from zhian_edge.errors import ConfigError

FILE = Path("node.toml")
LINE = Geometry(line=((0.1, 0.6), (0.9, 0.6)))

TEXT = """\
# the school's main gate
[[cameras]]  # left
id = "a"
source = "x" # behind the tree
line = [[0.1, 0.2], # from the post
  [0.3, 0.4]] # to the wall

# the driveway
[[cameras]]
  id = "b"
  source = "y"

# lanes come here
[[lanes]]
id = "l"

# mended on Friday
[[cameras]]
id = "c"
source = "z"
zone = [[0, 0], [1, 0], [1, 1]]"""


def test_a_new_line_goes_behind_its_cameras_last_key() -> None:
    after = edited(TEXT, {"b": LINE}, FILE)
    assert after == TEXT.replace('source = "y"\n', 'source = "y"\n  line = [[0.1, 0.6], [0.9, 0.6]]\n')


def test_a_changed_line_keeps_the_comments_inside_it() -> None:
    after = edited(TEXT, {"a": LINE}, FILE)
    old = "line = [[0.1, 0.2], # from the post\n  [0.3, 0.4]] # to the wall"
    new = "line = [\n  # from the post\n  [0.1, 0.6], [0.9, 0.6]\n] # to the wall"
    assert after == TEXT.replace(old, new)


def test_a_removed_line_leaves_its_comments() -> None:
    after = edited(TEXT, {"a": Geometry()}, FILE)
    old = "line = [[0.1, 0.2], # from the post\n  [0.3, 0.4]] # to the wall"
    assert after == TEXT.replace(old, "# from the post\n# to the wall")


def test_tables_that_are_out_of_order_stay_where_they_are() -> None:
    after = edited(TEXT, {"c": LINE}, FILE)
    assert after == TEXT.replace("\nzone = [[0, 0], [1, 0], [1, 1]]", "\nline = [[0.1, 0.6], [0.9, 0.6]]")


def test_the_last_line_of_a_file_may_lack_its_end() -> None:
    zone = Geometry(LINE.line, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))
    assert edited(TEXT, {"c": zone}, FILE) == TEXT + "\nline = [[0.1, 0.6], [0.9, 0.6]]"


def test_nothing_to_change_changes_nothing() -> None:
    kept = Geometry(line=((0.1, 0.2), (0.3, 0.4)))
    assert edited(TEXT, {"a": kept, "b": Geometry()}, FILE) == TEXT


def test_windows_line_ends_are_kept() -> None:
    after = edited(TEXT.replace("\n", "\r\n"), {"a": LINE, "b": LINE}, FILE)
    assert "\n" not in after.replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('cameras = [{id = "a", source = "x"}]', r"under \[\[cameras\]\]"),
        ('[[cameras]]\nid = "z"\nsource = "x"', 'no camera "a"'),
    ],
)
def test_what_cannot_be_changed_is_said(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        edited(text, {"a": LINE}, FILE)


_remark = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12)
_number = st.integers(0, 10_000).map(lambda n: n / 10_000)
_point = st.tuples(_number, _number)
_geometry = st.builds(
    Geometry,
    line=st.none() | st.just(((0.0, 0.5), (1.0, 0.25))),
    zone=st.none() | st.lists(_point, min_size=3, max_size=6, unique=True).map(tuple),
)


@st.composite
def _file(draw: st.DrawFn) -> str:
    """Cameras among other tables, with remarks wherever TOML allows one."""

    def remark() -> str:
        return f" #{draw(_remark)}" if draw(st.booleans()) else ""

    def array(points: list[tuple[float, float]]) -> str:
        parts = "".join(f"  [{x}, {y}],{remark()}\n" for x, y in points)
        return f"[{remark()}\n{parts}]" if draw(st.booleans()) else str([list(point) for point in points])

    text = f"#{draw(_remark)}\n" * draw(st.integers(0, 2))
    for name in ("a", "b", "c"):
        text += draw(st.sampled_from(["", "\n", f"\n# before {name}\n", "[[lanes]]\nid = 'l'\n\n"]))
        text += f'[[cameras]]{remark()}\nid = "{name}"{remark()}\n'
        if draw(st.booleans()):
            text += f"line = {array([(0.1, 0.2), (0.3, 0.4)])}{remark()}\n"
        text += f'source = """x\n# not a remark\n{name}"""{remark()}\n' if draw(st.booleans()) else ""
        if draw(st.booleans()):
            text += f"  zone = {array(draw(st.lists(_point, min_size=3, max_size=4)))}{remark()}\n"
    return text


def remarks(text: str) -> list[str]:
    return re.findall(r"#[^\n]*", text)


@given(text=_file(), changes=st.dictionaries(st.sampled_from(["a", "b", "c"]), _geometry))
@settings(max_examples=150, deadline=None)
def test_every_comment_and_everything_else_survives(text: str, changes: dict[str, Geometry]) -> None:
    after = edited(text, changes, FILE)
    assert remarks(after) == remarks(text)
    old, new = tomllib.loads(text), tomllib.loads(after)
    for before, camera in zip(old["cameras"], new["cameras"], strict=True):
        wanted = changes.get(camera["id"])
        for key in ("line", "zone"):
            points = getattr(wanted, key) if wanted else _tuples(before.get(key))
            assert _tuples(camera.pop(key, None)) == points
            before.pop(key, None)
    assert new == old


def _tuples(points: list[list[float]] | None) -> tuple[tuple[float, ...], ...] | None:
    return None if points is None else tuple(tuple(point) for point in points)


def test_the_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "node.toml"
    real.write_text(TEXT)
    real.chmod(0o640)
    link.symlink_to(real)
    write_geometry(link, TEXT.encode(), {"b": LINE})
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert tomllib.loads(real.read_text())["cameras"][1]["line"] == [[0.1, 0.6], [0.9, 0.6]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["node.toml", "real.toml"]


def test_what_somebody_wrote_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text(TEXT + "\n# a hand at work\n")
    with pytest.raises(ConfigError, match="somebody else"):
        write_geometry(path, TEXT.encode(), {"b": LINE})
    assert path.read_text() == TEXT + "\n# a hand at work\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["node.toml"]


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_geometry(tmp_path / "none.toml", TEXT.encode(), {"b": LINE})
