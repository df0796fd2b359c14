"""Cards that change hands in an import: nobody is without one meanwhile, nobody shares one, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from support.people import FolderEnroller, ground
from zhian_gateway.errors import PeopleError
from zhian_gateway.people import dealing
from zhian_gateway.people.enrolment import Enrolled
from zhian_gateway.people.held import Held
from zhian_gateway.people.importing import Defaults, Importer, Report
from zhian_gateway.people.losses import NOTHING, Losses
from zhian_gateway.people.table_importing import RowReport, TableImporter
from zhian_gateway.people.table_rows import Rules
from zhian_gateway.people.turns import in_turn
from zhian_gateway.services import Services
from zhian_gateway.store.engine import Store
from zhian_gateway.store.tables import audit, credentials, people

A, B, C, D, E, F = (letter * 8 for letter in "ABCDEF")
#: What is there before, and what a table makes of it. `n` is new with each table.
BEFORE = {"t1": A, "t2": B, "t3": C, "t4": D}
CHAIN = {"t1": B, "t2": C, "t3": D, "t4": E}
SWAP = {"t1": B, "t2": A}
CIRCLE = {"t1": B, "t2": C, "t3": D, "t4": A}
BESIDE = {"t1": f"{B};{E}", "t2": f"{A};{C}", "t3": D, "t4": ""}
LARGER = {"t1": f"{B};{E}", "t2": C, "t3": A}
TO_NEW = {"n": A, "t1": B, "t2": E}
GIVEN_UP = {"n": A, "t2": B, "t1": ""}
TO_KNOWN = {"t2": A, "t3": B, "t1": ""}
WIDTHS = {"t1": f"00{B}", "t2": f"00{A}"}
CASES = [CHAIN, SWAP, CIRCLE, BESIDE, LARGER, TO_NEW, GIVEN_UP, TO_KNOWN, WIDTHS]
NAMES = ["chain", "swap", "circle", "beside", "larger", "to new", "given up", "to known", "widths"]


class Stop(Exception):
    """The process dies."""


class Watched:
    """Looks at whose cards are whose after each transaction; dies after so many."""

    def __init__(self, parts: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parts = parts
        self.seen: list[dict[str, frozenset[str]]] = []
        self.left: int | None = None
        write = Store.write

        @contextmanager
        def watched(store: Store) -> Iterator[Connection]:
            with write(store) as link:
                yield link
            self.seen.append(holding(parts))
            if self.left is not None and len(self.seen) >= self.left:
                raise Stop

        monkeypatch.setattr(Store, "write", watched)

    def die_after(self, transactions: int | None) -> None:
        self.seen.clear()
        self.left = transactions


@pytest.fixture
def watched(parts: Services, monkeypatch: pytest.MonkeyPatch) -> Watched:
    take(parts, BEFORE)
    return Watched(parts, monkeypatch)


def importer_of(parts: Services) -> TableImporter:
    importer = Importer(parts.store, parts.registry, parts.pictures, FolderEnroller(), parts.clock)
    said = {"ground": "school act", "until": "2026-12-31", "who": "t", "now": parts.clock(), "zone": parts.zone}
    return TableImporter(parts, importer, Rules(**said), None)  # type: ignore[arg-type]


def written(parts: Services, cards: dict[str, str]) -> Path:
    table = Path(parts.config.store.home) / "table.csv"
    lines = [f"{person},{card},yes" for person, card in cards.items()]
    table.write_text("\n".join(("id,cards,by_hand", *lines)), encoding="utf-8")
    return table


def take(parts: Services, cards: dict[str, str]) -> list[RowReport]:
    return list(importer_of(parts).run(written(parts, cards)))


def holding(parts: Services) -> dict[str, frozenset[str]]:
    """Everybody's cards."""
    with parts.store.read() as link:
        held = Held(link)
        return {person: held.of(person) for person in link.execute(select(people.c.id)).scalars()}


def wanted(cards: dict[str, str]) -> dict[str, frozenset[str]]:
    return {person: frozenset(filter(None, said.split(";"))) for person, said in (BEFORE | cards).items()}


def check(state: dict[str, frozenset[str]], after: dict[str, frozenset[str]]) -> None:
    """Whoever is to have a card has one, whoever had one, and no two people have the same."""
    for person in BEFORE:
        assert state[person] or not after[person], (person, state)
    listed = [card.lstrip("0") for cards in state.values() for card in cards]
    assert len(listed) == len(set(listed)), state


@pytest.mark.parametrize("cards", CASES, ids=NAMES)
def test_at_no_moment_is_anybody_without_a_card_or_are_two_with_one(watched: Watched, cards: dict[str, str]) -> None:
    reports = take(watched.parts, cards)
    assert {each.outcome for each in reports} == {"enrolled"}
    assert holding(watched.parts) == wanted(cards)
    for state in watched.seen:
        check(state, wanted(cards))


@pytest.mark.parametrize("cards", CASES, ids=NAMES)
def test_an_import_that_dies_after_any_transaction_loses_nothing_and_the_next_one_ends_it(
    watched: Watched, cards: dict[str, str]
) -> None:
    for transactions in range(1, 2 * len(cards) + 1):
        watched.die_after(None)
        take(watched.parts, BEFORE | ({"n": ""} if "n" in cards else {}))
        watched.die_after(transactions)
        try:
            take(watched.parts, cards)
        except Stop:
            check(holding(watched.parts), wanted(cards))
        watched.die_after(None)
        assert {each.outcome for each in take(watched.parts, cards)} == {"enrolled"}
        assert holding(watched.parts) == wanted(cards)


@pytest.mark.parametrize("cards", [CHAIN, LARGER, TO_NEW], ids=["chain", "larger", "to new"])
def test_where_somebody_else_gets_the_new_card_first_everybody_keeps_theirs(
    parts: Services, monkeypatch: pytest.MonkeyPatch, cards: dict[str, str]
) -> None:
    take(parts, BEFORE | {"desk": F})
    deal = dealing.Dealer.deal

    def then_the_desk(*args: object) -> dealing.Deal:
        found = deal(*args)  # type: ignore[arg-type]
        # Outside the dealer's own transaction, which only reads.
        later.append(lambda: issue(parts, "desk", E))
        return found

    later: list[Callable[[], None]] = []
    monkeypatch.setattr(dealing.Dealer, "deal", then_the_desk)
    write = Store.write

    @contextmanager
    def after_the_desk(store: Store) -> Iterator[Connection]:
        while later:
            later.pop()()
        with write(store) as link:
            yield link

    monkeypatch.setattr(Store, "write", after_the_desk)
    reports = take(parts, cards)
    assert [(each.outcome, each.losses, each.warnings) for each in reports] == [("refused", NOTHING, ())] * len(cards)
    kept = holding(parts)
    assert {person: kept[person] for person in BEFORE} == wanted({})


def issue(parts: Services, person: str, card: str) -> None:
    with parts.store.write() as link:
        parts.editor.issue(link, person, card, who="desk", now=parts.now())


class Failing(FolderEnroller):
    """Cannot look at some people's pictures."""

    def __init__(self, *people: str) -> None:
        super().__init__()
        self._people = people

    def enrol(self, person_id: str, folder: Path) -> Enrolled:
        if person_id in self._people:
            raise PeopleError("no picture")
        return super().enrol(person_id, folder)


def run_folder(parts: Services, folder: Path, cards: dict[str, str], *failing: str) -> dict[str, Report]:
    for person, said in cards.items():
        listed = ", ".join(f'"{card}"' for card in said.split(";") if card)
        (folder / person).mkdir(parents=True)
        (folder / person / "person.toml").write_text(f"face = true\ncards = [{listed}]")
    importer = Importer(parts.store, parts.registry, parts.pictures, Failing(*failing), parts.clock)
    return {each.id: each for each in importer.run(folder, ground(), Defaults(), who="t")}


def test_a_row_that_fails_afterwards_says_what_changed_hands_before_it(parts: Services, tmp_path: Path) -> None:
    take(parts, BEFORE)
    reports = run_folder(parts, tmp_path / "in", CHAIN, "t1", "t2")
    assert holding(parts) == wanted(CHAIN) | {"t1": {A, B}}
    second = reports["t2"]
    assert (second.failed, second.losses) == ("no picture", Losses(cards=(B,)))
    said = [f"takes away card {B}", f"has card {C} all the same: cards change hands first"]
    assert [str(each) for each in second.complaints] == said
    # Nobody gets its former card: it would have gone with the row, and stays.
    assert reports["t1"].losses == NOTHING


def test_whose_row_fails_before_a_new_ones_keeps_the_card_that_was_to_be_given_up(
    parts: Services, tmp_path: Path
) -> None:
    take(parts, BEFORE)
    reports = run_folder(parts, tmp_path / "in", {"t1": "", "z": A}, "t1")
    assert reports["z"].failed.endswith(f"card {A} is t1's ({A}): withdraw it there first")
    assert reports["t1"].losses == NOTHING
    assert holding(parts) == wanted({})


def test_what_changes_hands_is_in_the_audit_without_whole_numbers_and_held_by_the_one_who_got_it(
    parts: Services,
) -> None:
    take(parts, BEFORE)
    take(parts, SWAP)
    with parts.store.read() as link:
        query = select(audit.c.action, audit.c.subject, audit.c.detail).where(audit.c.action.startswith("card."))
        noted = {tuple(row) for row in link.execute(query)}
        reasons = link.execute(select(credentials.c.reason).where(credentials.c.withdrawn_at.is_not(None))).scalars()
        assert set(reasons) == {"not listed any more"}
    assert noted == {
        ("card.withdraw", "t1", "…AAAA: not listed any more"),
        ("card.withdraw", "t2", "…BBBB: not listed any more"),
        ("card.issue", "t1", "…BBBB"),
        ("card.issue", "t2", "…AAAA"),
    }


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, [("c",), ("b",), ("a",)]),
        ({"a": {"b"}, "b": {"a"}, "c": set()}, [("c",), ("a", "b")]),
        # `d` waits for a circle, `e` for nobody.
        ({"a": {"b"}, "b": {"a", "e"}, "d": {"a"}, "e": set()}, [("e",), ("a", "b", "d")]),
        ({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, [("a", "b"), ("c", "d")]),
        ({}, []),
    ],
)
def test_everybody_is_served_after_whom_they_wait_for_and_a_circle_at_once(
    waits: dict[str, set[str]], expected: list[tuple[str, ...]]
) -> None:
    assert in_turn(waits) == expected


def test_a_chain_as_long_as_a_school_is_no_one_transaction() -> None:
    waits: dict[str, set[str]] = {f"{number:04}": {f"{number + 1:04}"} for number in range(3000)}
    turns = in_turn(waits | {"3000": set()})
    assert turns == [(f"{number:04}",) for number in range(3000, -1, -1)]
