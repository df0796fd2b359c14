"""A configuration is read whole, or everything wrong with it is said at once, by file, line and key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.configs import FILE, edited, head, problems
from zhian_edge.config.reading import BadConfig, load, parse, schema
from zhian_wire.toml_lines import find_lines

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = [path for path in sorted((ROOT / "configs").glob("*.toml")) if "zhian-edge.schema" in path.read_text()]

GOOD = (
    head()
    + """\
[[lanes]]
id = "main"
[[cameras]]
id = "door"
source = "door.mp4"
lane = "main"
line = [[0.1, 0.5], [0.9, 0.5]]
"""
)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_a_configuration(path: Path) -> None:
    config = load(path)
    assert config.cameras or config.readers


def test_there_are_the_promised_examples() -> None:
    assert {path.stem for path in EXAMPLES} >= {"demo", "school-gate", "community"}


def test_the_committed_schema_is_that_of_the_types() -> None:
    committed = (ROOT / "configs" / "zhian-edge.schema.json").read_bytes()
    assert committed == schema(), "run `zhian-edge config-schema > configs/zhian-edge.schema.json`"


def test_a_good_configuration_is_typed() -> None:
    camera = parse(GOOD, FILE).cameras[0]
    assert camera.line == ((0.1, 0.5), (0.9, 0.5))
    assert camera.senses == ("face", "plate", "body")


def test_relative_paths_are_counted_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text(GOOD)
    config = load(tmp_path / "node.toml")
    assert config.node.home == str(tmp_path / "node")
    assert config.cameras[0].source == str(tmp_path / "door.mp4")
    assert config.gateway.token_file == ""


def test_an_address_is_no_relative_path(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text(GOOD.replace("door.mp4", "rtsp://10.0.0.1/live"))
    assert load(tmp_path / "node.toml").cameras[0].source == "rtsp://10.0.0.1/live"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"nowhere\.toml:1: cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_what_is_not_toml_is_said_with_its_line() -> None:
    assert problems('[site]\nid = "a\n')[0].startswith("node.toml:2: not TOML: ")


def test_a_key_that_stands_twice_is_one_line_with_its_place() -> None:
    assert edited(GOOD, 'lane = "main"', 'source = "b.mp4"') == [
        "node.toml:13: cameras[0].source: stands twice, first on line 12",
    ]
    assert edited(GOOD, 'lane = "main"', "x = { a = 1, a = 2 }") == ['node.toml:13: "a" stands twice in one table']


def test_a_file_without_a_usual_ending_is_a_source_if_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text(GOOD.replace("door.mp4", "recording"))
    with pytest.raises(BadConfig, match="none of these"):
        load(tmp_path / "node.toml")
    (tmp_path / "recording").touch()
    assert load(tmp_path / "node.toml").cameras[0].source == str(tmp_path / "recording")


def test_a_gateways_configuration_is_known_as_one() -> None:
    text = (ROOT / "configs" / "gateway-school.toml").read_text()
    assert problems(text) == ["node.toml:1: this is a gateway's configuration; use `zhian-gateway check-config`"]


def test_all_problems_are_said_at_once_in_the_order_of_the_file() -> None:
    text = (
        GOOD.replace('id = "school"', 'id = "a b"').replace("0.9, 0.5", "1.9, 0.5").replace('lane = "main"', "lan = 1")
    )
    assert problems(text) == [
        "node.toml:2: site.id: expected 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit, "
        'got "a b"',
        "node.toml:13: cameras[0].lan: unknown key; did you mean lane?",
        "node.toml:14: cameras[0].line[1][0]: expected a number <= 1.0, got 1.9",
    ]


def test_a_missing_key_is_shown_at_its_table() -> None:
    assert edited(GOOD, 'source = "door.mp4"\n', "") == ["node.toml:10: cameras[0].source: missing; expected a text"]


def test_a_missing_section_is_an_error() -> None:
    assert edited(GOOD, '[site]\nid = "school"\n', "") == ["node.toml:1: site: missing; expected a table"]


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('id = "door"', 'id = "door"\nsource = "x.mp4"\n[[cameras]]\nid = "door"', "cameras[1].id", "taken already"),
        ('lane = "main"', 'lane = "other"', "cameras[0].lane", 'no lane "other"; expected one of main'),
        ("door.mp4", "http://cam/live", "cameras[0].source", 'got "http://"'),
        ("door.mp4", "rtsp://", "cameras[0].source", "expected a host"),
        ("door.mp4", "/dev/null", "cameras[0].source", "expected /dev/videoN"),
        ("door.mp4", " ", "cameras[0].source", "got nothing"),
        ('lane = "main"', 'sub = "rtsp://cam/small"', "cameras[0].sub", "beside one in source"),
        ("door.mp4", "http//x", "cameras[0].source", '"http//x" is none of these'),
        ("door.mp4", "rtsp:/cam/door.mp4", "cameras[0].source", "is none of these"),
        ("door.mp4", "video0", "cameras[0].source", "is none of these"),
        ('id = "gate"', 'id = "gate"\nid = "b"', "node.id", "stands twice, first on line 4"),
        ("[gateway]", '[node]\nhome = "x"\n[gateway]', "node", "stands twice, first on line 3"),
        ("[0.9, 0.5]", "[0.1, 0.5]", "cameras[0].line", "two different points"),
        ("line = [[0.1", "zone = [[0.1", "cameras[0].zone", "at least three different points, got 2"),
        ('lane = "main"', "senses = []", "cameras[0].senses", "at least one"),
        ('lane = "main"', 'senses = ["faces"]', "cameras[0].senses[0]", 'expected one of "face", "plate", "body"'),
        ("mqtt://127.0.0.1:1883", "127.0.0.1:1883", "gateway.brokers[0]", "expected mqtt://host:port"),
        ("mqtt://127.0.0.1:1883", "mqtt://10.0.0.2:1883", "gateway.brokers[0]", "use mqtts:// beyond loopback"),
        ("http://127.0.0.1:8080", "http://u:p@localhost", "gateway.url", "no user or password"),
        ('id = "main"', 'id = "main"\npolicy = "face"', "lanes[0].policy", "never open by a face alone"),
        ('id = "school"', 'id = "school"\ntimezone = "Mars/Base"', "site.timezone", "IANA time zone"),
        ('id = "main"', 'id = "main"\nwindow_s = 0', "lanes[0].window_s", "expected a number > 0.0"),
        ('id = "gate"', "id = 7", "node.id", "expected a text, got 7"),
        ("[node]", "[node]\n[storage]\nring_days = 0\n[x]\n[node.y]", "x", "unknown key"),
        ('[node]\nid = "gate"\n', 'node = 3\n', "site.node", "unknown key"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_its_key(old: str, new: str, key: str, words: str) -> None:
    assert any(f": {key}: " in problem and words in problem for problem in edited(GOOD, old, new)), edited(
        GOOD, old, new
    )


def test_lines_are_found_through_comments_and_values_over_several_lines() -> None:
    text = '# [no]\na = [\n  1,\n  2,\n]\n[b.c]\n"d e" = """\n[not.this]\nx = 1\n"""\n'
    text += "f = { g = 1 }\n[[h]]\n[[h]]\n[h.i]\nj = 1\n"
    tomllib.loads(text)
    lines = find_lines(text)
    assert lines[("a",)] == 2
    assert lines[("b", "c")] == 6
    assert lines[("b", "c", "d e")] == 7
    assert lines[("b", "c", "f")] == 11
    assert lines[("h", 1)] == 13
    assert lines[("h", 1, "i", "j")] == 15
    assert ("not", "this") not in lines


@given(st.text(alphabet="[]=\"#\n\\.abc019,{}' é", max_size=200))
def test_no_text_whatever_ends_in_anything_but_a_bad_configuration(text: str) -> None:
    with pytest.raises(BadConfig):
        parse(text, FILE)
