"""Formats: what is a plate, of which kind, on which ground; and what is none, for which reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.plate.grammar import LAYOUTS, Layout, layouts_of, parse, repair, why_not
from zhian_models.plate.types import Colour, Kind, RejectReason

PLATES = [
    ("京A12345", Colour.BLUE, 1, Kind.CIVIL),
    ("粤OA1234", Colour.BLUE, 1, Kind.CIVIL),
    ("沪AN9241", Colour.YELLOW, 2, Kind.CIVIL),
    ("鲁L88888", Colour.BLACK, 1, Kind.CIVIL),
    ("沪QJ4950", Colour.WHITE, 1, Kind.TEMPORARY),
    *((f"苏E{letter}51712", Colour.GREEN, 1, Kind.NEV) for letter in "DABCEFGHJK"),
    ("苏E51712D", Colour.YELLOW_GREEN, 1, Kind.NEV_LARGE),
    ("渝B3587学", Colour.YELLOW, 1, Kind.LEARNER),
    ("鲁A1234挂", Colour.YELLOW, 2, Kind.TRAILER),
    ("京A1234警", Colour.WHITE, 1, Kind.POLICE),
    ("粤ZP560港", Colour.BLACK, 1, Kind.HK_MACAU),
    ("粤Z1234澳", Colour.BLACK, 1, Kind.HK_MACAU),
    ("224123使", Colour.BLACK, 1, Kind.EMBASSY),
    ("使224123", Colour.BLACK, 1, Kind.EMBASSY),
    ("沪A1234领", Colour.BLACK, 1, Kind.CONSULATE),
    ("沪12345领", Colour.BLACK, 1, Kind.CONSULATE),
    ("WJ粤6788B", Colour.WHITE, 2, Kind.ARMED_POLICE),
    ("WJ6788X", Colour.WHITE, 1, Kind.ARMED_POLICE),
    ("WJ1693015", Colour.WHITE, 1, Kind.ARMED_POLICE),
    ("VA30093", Colour.WHITE, 1, Kind.MILITARY),
    ("民航B9016", Colour.GREEN, 1, Kind.AVIATION),
    ("皖1149885", Colour.GREEN, 2, Kind.FARM),
    ("京X1234应急", Colour.WHITE, 1, Kind.EMERGENCY),
]
OTHER_TEXTS = [
    ("", RejectReason.NO_TEXT),
    ("AUDI", RejectReason.TOO_SHORT),
    ("FORLAND", RejectReason.BAD_PROVINCE),
    ("A123456", RejectReason.BAD_PROVINCE),
    ("京A1234", RejectReason.BAD_LENGTH),
    ("20130430123", RejectReason.BAD_LENGTH),
    ("京A12I45", RejectReason.NOT_PLATE_TEXT),
    ("苏EL51712", RejectReason.NOT_PLATE_TEXT),
    ("粤A1234港", RejectReason.NOT_PLATE_TEXT),
    ("粤Z12343", RejectReason.NOT_PLATE_TEXT),
]


@pytest.mark.parametrize(("text", "colour", "rows", "kind"), PLATES)
def test_a_plate_is_of_its_kind(text: str, colour: Colour, rows: int, kind: Kind) -> None:
    assert parse(text, colour, rows) is kind
    assert why_not(text) is None


@pytest.mark.parametrize(("text", "reason"), OTHER_TEXTS)
def test_text_that_is_no_plate_is_rejected_with_its_reason(text: str, reason: RejectReason) -> None:
    assert parse(text) is None
    assert why_not(text) is reason


@pytest.mark.parametrize(
    ("text", "colour"),
    [("京A12345", Colour.GREEN), ("苏ED51712", Colour.BLUE), ("京A1234警", Colour.BLACK), ("VA30093", Colour.YELLOW)],
)
def test_a_kind_is_not_made_in_every_colour(text: str, colour: Colour) -> None:
    assert parse(text, colour) is None


def test_a_new_energy_plate_that_lost_a_character_is_no_car_plate() -> None:
    assert parse("苏ED5171", Colour.GREEN, 1) is None


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("京A·I2345", "京A12345"),
        ("京AO2345", "京A02345"),
        ("粤0A1234", "粤OA1234"),
        ("粤OA12O4", "粤OA1204"),
        ("苏ed51 7i2", "苏ED51712"),
        ("民航-B9O16", "民航B9016"),
        ("FORLAND", "FORLAND"),
    ],
)
def test_repair_swaps_only_where_the_other_cannot_stand(read: str, meant: str) -> None:
    assert repair(read) == meant


@pytest.mark.parametrize(("text", "over"), [("京A12345", 0), ("京AB2C45", 0), ("京AB2CD5", 1), ("京AABCDE", 3)])
def test_letters_beyond_what_is_issued_are_counted(text: str, over: int) -> None:
    assert next(layouts_of(text)).letters_over(text) == over


texts_of_layouts = (
    st.sampled_from(LAYOUTS)
    .flatmap(
        lambda layout: st.tuples(
            st.just(layout), st.tuples(*(st.sampled_from(p) for p in layout.positions)).map("".join)
        )
    )
    .filter(lambda made: made[0].fits(made[1]))
)


@given(texts_of_layouts)
def test_every_text_of_a_layout_is_a_plate(made: tuple[Layout, str]) -> None:
    layout, text = made
    assert layout in set(layouts_of(text))
    assert parse(text) is not None
    assert why_not(text) is None
    assert repair(text) == text


@given(st.text(alphabet="京粤AIO0189学警使领WJ·- ", max_size=10))
def test_repair_changes_nothing_the_second_time(text: str) -> None:
    assert repair(repair(text)) == repair(text)


@given(st.text(max_size=12))
def test_any_text_is_a_plate_or_has_a_reason(text: str) -> None:
    assert (parse(text) is None) == (why_not(text) is not None)
