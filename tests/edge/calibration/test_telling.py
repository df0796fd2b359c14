"""A terminal speaks one language, and keeps what is long readable."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from zhian_edge.calibration.geometry import Geometry
from zhian_edge.calibration.subjects import Width
from zhian_edge.calibration.telling import Teller, language_of
from zhian_edge.calibration.verdicts import Language, Text, judge_line, judge_width


def told(language: Language) -> list[str]:
    out = io.StringIO()
    teller = Teller(Console(file=out, width=80), language)
    teller.items("door", [judge_width("face", Width(8, "expected", 3)), judge_line(Geometry())])
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_ALL": "", "LC_MESSAGES": "zh_TW"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_one_language_at_a_time() -> None:
    assert "".join(told("en")).replace("■", "").replace("▲", "").isascii()
    chinese = "".join(told("zh"))
    assert "画线处两眼间距：" in chinese
    assert "eyes" not in chinese


def test_long_lines_go_on_below_their_own_beginning() -> None:
    for language in ("en", "zh"):
        _, camera, *lines = told(language)
        assert camera == "door"
        assert all(line.startswith(("  ■ ", "  ▲ ", "    ")) for line in lines)
    english = " ".join(line.strip() for line in told("en"))
    assert "use a longer lens, draw the line nearer, or raise the resolution." in english


def test_without_a_line_both_ways_to_give_one_are_said() -> None:
    advice = judge_line(Geometry()).advice
    assert all("--line X1,Y1,X2,Y2" in text for text in advice)


def test_an_address_is_never_broken() -> None:
    out = io.StringIO()
    address = "http://127.0.0.1:1/" + "x" * 100
    Teller(Console(file=out, width=40), "en").say(Text(address, address))
    assert address in out.getvalue()
