"""Several looks are weighed into one text; a part of a plate is never called a plate."""

from __future__ import annotations

from zhian_models.plate.alphabet import doubted
from zhian_models.plate.judge import Look, agreed, judge, obvious
from zhian_models.plate.read import BLIND
from zhian_models.plate.types import Colour, Kind

from .frames import frames_of


def only(colour: Colour) -> dict[Colour, float]:
    """As measured on a plate whose colour is plain to see."""
    return {each: 0.0 if each is colour else 6.0 for each in Colour}


BLUE, GREEN, WHITE, YELLOW = map(only, (Colour.BLUE, Colour.GREEN, Colour.WHITE, Colour.YELLOW))


def test_a_sure_text_in_its_own_colour_needs_no_second_look() -> None:
    verdict = obvious(Look(frames_of("京A12345")), BLUE)
    assert verdict is not None
    assert (verdict.text, verdict.layout.kind, verdict.colour) == ("京A12345", Kind.CIVIL, Colour.BLUE)


def test_seven_characters_on_a_green_ground_are_not_obvious() -> None:
    assert obvious(Look(frames_of("苏ED5171")), GREEN) is None


def test_a_doubtful_character_is_not_obvious() -> None:
    assert obvious(Look(frames_of("京A12345", doubts={0: {"京": 0.6, "津": 0.3}})), BLUE) is None


def test_one_look_may_object_to_another() -> None:
    assert agreed(Look(frames_of("京A12345")), Look(frames_of("京A12845")), BLUE) is None
    assert agreed(Look(frames_of("京A12345")), Look(frames_of("京A12345", sure=0.5)), BLUE) is not None


def test_a_reader_that_does_not_know_a_character_has_no_say_about_it() -> None:
    first, second = Look(frames_of("皖AB9016"), blind=BLIND), Look(frames_of("民航B9016"))
    verdict = judge([first, second], GREEN)
    assert verdict is not None
    assert (verdict.text, verdict.layout.kind) == ("民航B9016", Kind.AVIATION)


def test_the_province_goes_to_the_better_evidence() -> None:
    doubtful = Look(frames_of("皖A12345", doubts={0: {"皖": 0.5, "豫": 0.3}}))
    sure = Look(frames_of("豫A12345"))
    verdict = judge([doubtful, sure], BLUE)
    assert verdict is not None
    assert verdict.text == "豫A12345"


def test_all_looks_of_one_reader_at_a_province_count_as_one() -> None:
    """It takes those that it has seldom seen for others, in every look alike."""
    first = frames_of("京A12345", doubts={0: {"京": 0.95, "藏": 0.03}})
    firsts = [Look(first, weight=weight, blind=BLIND) for weight in (1.0, 0.5, 0.5)]
    seconds = [Look(frames_of("藏A12345", doubts={0: {"藏": 0.9, "京": 0.05}})) for _ in range(3)]
    verdict = judge([*firsts, *seconds], BLUE)
    assert verdict is not None
    assert verdict.text == "藏A12345"
    assert verdict.confidence > 0.65


def test_a_digit_of_the_reader_that_hardly_knows_marks_speaks_for_a_mark_where_the_other_saw_one() -> None:
    first = [Look(frames_of("沪X74648", doubts={6: {"8": 0.95, "挂": 0.03}}), blind=BLIND) for _ in range(3)]
    second = Look(frames_of("沪X7464挂"))
    verdict = judge([*first, second], YELLOW)
    assert verdict is not None
    assert (verdict.text, verdict.layout.kind) == ("沪X7464挂", Kind.TRAILER)
    assert verdict.confidence > 0.9
    plain = judge([*first, Look(frames_of("沪X74648"))], YELLOW)
    assert plain is not None
    assert plain.text == "沪X74648"


def test_one_wrong_look_does_not_outvote_two() -> None:
    looks = [Look(frames_of(text)) for text in ("京A12345", "京A12345", "沪K98765")]
    verdict = judge(looks, BLUE)
    assert verdict is not None
    assert verdict.text == "京A12345"


def test_a_sure_reader_does_not_outvote_another_on_a_look_alike() -> None:
    sure = Look(doubted(frames_of("京A12G45", sure=0.999), 0.02))
    other = Look(doubted(frames_of("京A12645", sure=0.97), 0.02), weight=1.5)
    verdict = judge([sure, other], BLUE)
    assert verdict is not None
    assert verdict.text == "京A12645"


def test_no_more_letters_than_are_issued_where_readers_are_torn() -> None:
    torn = Look(frames_of("京AQB2D5", doubts={2: {"Q": 0.55, "0": 0.43}}))
    verdict = judge([torn], BLUE)
    assert verdict is not None
    assert verdict.text == "京A0B2D5"


def test_three_letters_are_read_where_they_are_plain() -> None:
    verdict = judge([Look(frames_of("京ACQ3TP"))], BLUE)
    assert verdict is not None
    assert verdict.text == "京ACQ3TP"


def test_an_end_that_may_be_a_mark_is_not_obvious_to_the_reader_that_confuses_them() -> None:
    assert obvious(Look(frames_of("渝B35879"), blind=BLIND), YELLOW) is None
    assert obvious(Look(frames_of("渝B35879")), YELLOW) is not None
    assert obvious(Look(frames_of("渝B35879"), blind=BLIND), BLUE) is not None


def test_a_part_of_a_plate_costs_a_strain() -> None:
    verdict = judge([Look(frames_of("京A1234"))], BLUE)
    assert verdict is not None
    assert verdict.strain > 5
    assert verdict.confidence < 0.1


def test_two_rows_are_weighed_against_one() -> None:
    looks = [Look(frames_of("N9241")), Look(frames_of("沪AN9241"), rows=2)]
    verdict = judge(looks, YELLOW)
    assert verdict is not None
    assert (verdict.text, verdict.rows) == ("沪AN9241", 2)


def test_a_white_plate_with_a_date_below_is_temporary() -> None:
    verdict = judge([Look(frames_of("沪QJ4950"), paper=True)], WHITE)
    assert verdict is not None
    assert verdict.layout.kind is Kind.TEMPORARY


def test_nothing_read_is_no_verdict() -> None:
    assert judge([], BLUE) is None
