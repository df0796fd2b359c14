"""An editor explains each key of a camera, and what the guides show as a camera is one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from zhian_edge.config.describing import schema_of, words_of
from zhian_edge.config.reading import parse, schema
from zhian_edge.config.section import Section
from zhian_edge.config.types import Camera

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "install.md"


class Wheel(Section, frozen=True, kw_only=True):
    """Something round.

    Attributes:
        width, height: in millimetres, as a person would
            measure it.
        spokes: how many.

    Not an attribute: nothing.
    """

    width: float
    height: float
    spokes: int = 3


class Driven(Wheel, frozen=True, kw_only=True):
    """One that a motor turns.

    Attributes:
        spokes: none; it is a disc.
    """


def test_words_over_several_lines_belong_to_each_key_that_they_name() -> None:
    measured = "in millimetres, as a person would measure it."
    assert words_of(Wheel) == {"width": measured, "height": measured, "spokes": "how many."}


def test_a_class_says_what_it_inherits_and_has_the_last_word() -> None:
    assert words_of(Driven)["width"] == words_of(Wheel)["width"]
    assert words_of(Driven)["spokes"] == "none; it is a disc."


def test_a_schema_keeps_what_a_class_is_and_gives_each_key_its_words() -> None:
    definition = json.loads(schema_of(Driven, "t"))["$defs"]["Driven"]
    assert definition["description"] == "One that a motor turns."
    assert definition["properties"]["spokes"] == {
        "type": "integer",
        "default": 3,
        "description": "none; it is a disc.",
    }


@pytest.mark.parametrize("key", [field.name for field in msgspec.structs.fields(Camera)])
def test_every_key_of_a_camera_is_explained(key: str) -> None:
    properties = json.loads(schema())["$defs"]["Camera"]["properties"]
    assert properties[key]["description"].endswith(".")


def test_the_guides_node_with_a_camera_is_one() -> None:
    section = GUIDE.read_text(encoding="utf-8").partition("### Add a camera\n")[2].partition("\n### ")[0]
    (text,) = re.findall(r"^```toml\n(.*?)^```$", section, re.S | re.M)
    config = parse(text, GUIDE)
    (camera,) = config.cameras
    assert camera.source.startswith("rtsp://") and camera.sub and camera.line
    assert camera.lane == config.lanes[0].id
