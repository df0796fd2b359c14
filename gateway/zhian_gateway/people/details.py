"""What belongs to somebody enrolled: cards and their life, plates, guardians, and who may collect them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, or_, select, update

from ..errors import PeopleError
from ..store import counters
from ..store.tables import collectors, credentials, people
from . import guardians
from .collecting import Terms, terms
from .files import PersonFile
from .validity import Validity, validity

#: Why a card does not hold that the office's own file says to be withdrawn, or does not name any more. The latter was
#: nobody's word: a file that names the card again gives it back.
LISTED: Final = "listed as withdrawn"
REPLACED: Final = "not listed any more"


class CardChanges(NamedTuple):
    """What a file makes of somebody's cards; all in capitals.

    Attributes:
        kept: theirs before and after. `issued`: theirs from now on.
        noted: never theirs here, and withdrawn by the file's word. `lost`: withdrawn by its word.
        dropped: withdrawn because the file names them no more.
    """

    kept: frozenset[str]
    issued: frozenset[str]
    noted: frozenset[str]
    lost: frozenset[str]
    dropped: frozenset[str]

    @property
    def after(self) -> frozenset[str]:
        """All that hold."""
        return self.kept | self.issued


def write(
    link: Connection, person_id: str, about: PersonFile, zone: ZoneInfo, *, now: str
) -> Sequence[guardians.Change]:
    """Everything that `about` says of them, and nothing else. What changed of guardians, for the audit.

    Raises:
        PeopleError: somebody else has one of the cards.
        BadInput: days that are none.
    """
    _write_cards(link, person_id, about, now)
    if about.plates is not None:
        _write_plates(link, person_id, about.plates)
    changes = [] if about.guardians is None else guardians.write(link, person_id, about.guardians)
    if about.says_who_collects:
        _write_collectors(link, person_id, about, zone)
    return changes


def _write_plates(link: Connection, person_id: str, listed: Iterable[str]) -> None:
    link.execute(delete(credentials).where(credentials.c.person_id == person_id, credentials.c.kind == "plate"))
    for plate in dict.fromkeys(listed):
        link.execute(credentials.insert().values(person_id=person_id, kind="plate", value=plate))


def _write_collectors(link: Connection, person_id: str, about: PersonFile, zone: ZoneInfo) -> None:
    link.execute(delete(collectors).where(collectors.c.person_id == person_id))
    for person in dict.fromkeys(guardian.person for guardian in about.guardians or () if guardian.person):
        put_collector(link, person_id, ("person", person), Validity())
    for each in about.collectors or ():
        span = validity(each.begins, each.ends, zone)
        put_collector(link, person_id, each.key, terms(span, each.days, each.note, each.turn, each.turn_from))


def _write_cards(link: Connection, person_id: str, about: PersonFile, now: str) -> None:
    changes = card_changes(link, person_id, about)
    for card in sorted(changes.issued):
        issue(link, person_id, card, now=now)
    for card in sorted(changes.noted):
        values = {"person_id": person_id, "kind": "card", "value": card}
        link.execute(credentials.insert().values(values | {"withdrawn_at": now, "reason": LISTED}))
    for card in sorted(changes.lost | changes.dropped):
        end(link, person_id, card, why=LISTED if card in changes.lost else REPLACED, now=now)


def card_changes(link: Connection, person_id: str, about: PersonFile) -> CardChanges:
    """What `about` makes of their cards; nothing is written.

    A card that somebody withdrew stays so, whatever the file says: it was lost, and the file may be older than that.
    """
    return changes_of(cards_of(link, person_id), about)


def changes_of(rows: Sequence[RowMapping], about: PersonFile) -> CardChanges:
    """As above; `rows`: all cards that are or were theirs."""
    lost = frozenset(card.upper() for card in about.withdrawn)
    known = {row["value"] for row in rows}
    holding = frozenset(row["value"] for row in rows if row["withdrawn_at"] is None)
    dropped = {row["value"] for row in rows if row["withdrawn_at"] is not None and row["reason"] == REPLACED}
    listed = (holding if about.cards is None else {card.upper() for card in about.cards}) - lost
    return CardChanges(
        kept=holding & listed,
        issued=frozenset(listed - (known - dropped)),
        noted=lost - known,
        lost=lost & (holding | dropped),
        dropped=holding - listed - lost,
    )


def cards_of(link: Connection, person_id: str) -> Sequence[RowMapping]:
    """All cards that are or were somebody's."""
    query = select(credentials).where(credentials.c.person_id == person_id, credentials.c.kind == "card")
    return link.execute(query.order_by(credentials.c.value)).mappings().all()


def plates(link: Connection) -> dict[str, list[str]]:
    """Everybody's plates, by person."""
    found: dict[str, list[str]] = defaultdict(list)
    query = select(credentials.c.person_id, credentials.c.value).where(credentials.c.kind == "plate")
    for row in link.execute(query.order_by(credentials.c.value)):
        found[row.person_id].append(row.value)
    return found


def holder(link: Connection, card: str) -> str | None:
    """The id of whoever has the card now."""
    query = select(credentials.c.person_id).where(credentials.c.kind == "card", credentials.c.value == card)
    return link.execute(query.where(credentials.c.withdrawn_at.is_(None))).scalars().first()


def loser(link: Connection, card: str) -> str | None:
    """Who can lose a card: its holder, or else whose it was until an import named it no more."""
    if (owner := holder(link, card)) is not None:
        return owner
    query = select(credentials.c.person_id).where(credentials.c.kind == "card", credentials.c.value == card)
    last = query.where(credentials.c.reason == REPLACED).order_by(credentials.c.withdrawn_at.desc())
    return link.execute(last).scalars().first()


def issue(link: Connection, person_id: str, card: str, *, now: str) -> None:
    """Give somebody a card, or one of theirs back.

    Raises:
        PeopleError: somebody else has it.
    """
    owner = holder(link, card)
    if owner is not None and owner != person_id:
        raise PeopleError(f"card {card} is {owner}'s: withdraw it there first")
    values = {"issued_at": now, "withdrawn_at": None, "reason": ""}
    if link.execute(update(credentials).where(_card(person_id, card)).values(values)).rowcount == 0:
        link.execute(credentials.insert().values(values | {"person_id": person_id, "kind": "card", "value": card}))


def end(link: Connection, person_id: str, card: str, *, why: str, now: str) -> bool:
    """A card holds no more; False when it did not before. What somebody says counts above what an import dropped."""
    undecided = or_(credentials.c.withdrawn_at.is_(None), credentials.c.reason == REPLACED)
    ended = update(credentials).where(_card(person_id, card), undecided)
    return link.execute(ended.values(withdrawn_at=now, reason=why)).rowcount > 0


def _card(person_id: str, card: str) -> ColumnElement[bool]:
    table = credentials.c
    return and_(table.person_id == person_id, table.kind == "card", table.value == card)


def put_collector(link: Connection, child: str, key: tuple[str, str], holds: Validity | Terms) -> None:
    """Somebody (`key`: kind and value) may collect the child from now on, or for another time than before."""
    drop_collector(link, child, key)
    link.execute(collectors.insert().values(person_id=child, kind=key[0], value=key[1], **holds._asdict()))


def drop_collector(link: Connection, child: str, key: tuple[str, str]) -> bool:
    """They may not any more; False when they might not before."""
    kind, value = key
    theirs = and_(collectors.c.person_id == child, collectors.c.kind == kind, collectors.c.value == value)
    return link.execute(delete(collectors).where(theirs)).rowcount > 0


def tell_children(link: Connection, collector: str) -> None:
    """Whoever may collect somebody has another opaque id now, or none: the children's lists change with it."""
    named = select(collectors.c.person_id).where(collectors.c.kind == "person", collectors.c.value == collector)
    children = list(link.execute(named).scalars())
    if children:
        version = counters.take(link, "roster")
        link.execute(update(people).where(people.c.id.in_(children)).values(version=version))


def nobodies(link: Connection, children: Iterable[str]) -> list[tuple[str, str]]:
    """Of these children, who is to collect them and is not enrolled, so that no node knows them."""
    enrolled = select(people.c.id).where(people.c.withdrawn_at.is_(None))
    query = select(collectors.c.person_id, collectors.c.value).where(
        collectors.c.kind == "person", collectors.c.value.not_in(enrolled)
    )
    wanted = set(children)
    rows = link.execute(query.order_by(collectors.c.person_id, collectors.c.value))
    return [(row.person_id, row.value) for row in rows if row.person_id in wanted]
