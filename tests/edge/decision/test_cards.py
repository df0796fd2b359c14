"""Any of a person's identifiers is the person, in whatever width a reader tells it."""

from __future__ import annotations

import pytest
from zhian_edge.decision.people import People
from zhian_edge.decision.plan import SitePlan
from zhian_wire.roster import Person, Roster

PUPIL = Person(id="pupil", cards=("4C007BB26E", "04A23B1C5D8001", "E2000017221101441890ABCD"), withdrawn=("0012D687",))
OTHER = Person(id="other", cards=("4C007BB26F",), withdrawn=("04A23B1C",))
PEOPLE = People(Roster(version=1, persons=(PUPIL, OTHER)), SitePlan())


@pytest.mark.parametrize(
    ("card", "known"),
    [
        ("4C007BB26E", ("pupil", False)),
        ("4c007bb26e", ("pupil", False)),
        ("7BB26E", ("pupil", False)),  # Wiegand 26
        ("007BB26E", ("pupil", False)),  # Wiegand 34
        ("04A23B1C5D8001", ("pupil", False)),
        ("E2000017221101441890ABCD", ("pupil", False)),
        ("0012D687", ("pupil", True)),
        ("12D687", ("pupil", True)),
        ("04A23B1C", ("other", True)),
        ("4C007BB270", None),
        ("", None),
    ],
)
def test_a_card_is_known_however_it_is_told(card: str, known: tuple[str, bool] | None) -> None:
    found = PEOPLE.card(card)
    assert (found and (found.person.id, found.withdrawn)) == known


def test_a_card_that_went_to_somebody_else_is_theirs() -> None:
    people = People(Roster(version=1, persons=(PUPIL, Person(id="new", cards=("0012D687",)))), SitePlan())
    found = people.card("0012D687")
    assert found is not None
    assert (found.person.id, found.withdrawn) == ("new", False)


def test_a_card_that_two_people_are_listed_with_names_nobody() -> None:
    people = People(Roster(version=1, persons=(PUPIL, Person(id="twin", cards=PUPIL.cards))), SitePlan())
    assert people.card("4C007BB26E") is None
