"""Who has which cards now, for whoever gives out many: read once, and kept up to date as they are given out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, and_, select
from zhian_wire.cards import Holders

from ..store import counters
from ..store.tables import credentials, people
from .cards import check_claim


class Held:
    """Everybody's cards, by the rule that nodes decide by."""

    def __init__(self, link: Connection) -> None:
        self._holders = Holders(())
        self._cards: dict[str, frozenset[str]] = {}
        self._seen = -1
        #: What those who have changed had before the transaction that is being tried.
        self._before: dict[str, frozenset[str]] | None = None
        self.refresh(link)

    def refresh(self, link: Connection) -> None:
        """Read what was changed since, by whomever: every change to somebody's cards takes a roster version."""
        now = counters.current(link, "roster")
        if now == self._seen:
            return
        theirs = and_(
            credentials.c.person_id == people.c.id, credentials.c.kind == "card", credentials.c.withdrawn_at.is_(None)
        )
        query = select(people.c.id, credentials.c.value).outerjoin(credentials, theirs)
        found: dict[str, set[str]] = defaultdict(set)
        for row in link.execute(query.where(people.c.version > self._seen)):
            found[row.id].update([row.value] if row.value is not None else [])
        for person, cards in found.items():
            self.put(person, cards)
        self._seen = now

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Around a transaction: if it fails, everybody has what they had before it."""
        seen, before = self._seen, dict[str, frozenset[str]]()
        self._before = before
        try:
            yield
        except BaseException:
            self._before = None
            for person, cards in before.items():
                self.put(person, cards)
            self._seen = seen
            raise
        finally:
            self._before = None

    def of(self, person: str) -> frozenset[str]:
        """What somebody has."""
        return self._cards.get(person, frozenset())

    def put(self, person: str, cards: Iterable[str], version: int | None = None) -> None:
        """What somebody has from now on; `version`: of the roster, that has nothing else in it since it was read."""
        after = frozenset(cards)
        if self._before is not None:
            self._before.setdefault(person, self.of(person))
        self._holders.change(person, self.of(person), after)
        self._cards[person] = after
        self._seen = self._seen if version is None else version

    def check(self, person: str, cards: Collection[str]) -> None:
        """Nobody else has these cards.

        Raises:
            PeopleError: somebody has one of them, or gates could not tell it from another one.
        """
        own = self.of(person)
        # Whoever has a card already is no reason against it.
        self._holders.change(person, own, ())
        try:
            for card in sorted(cards):
                check_claim(self._holders, card, self._cards)
        finally:
            self._holders.change(person, (), own)

    def rivals(self, person: str, card: str) -> set[str]:
        """Everybody else who might be taken for the holder of this card."""
        return self._holders.claimants(card) - {person}
