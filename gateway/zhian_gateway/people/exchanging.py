"""Hands cards from one to another of an import: nobody is without one meanwhile who has one before and afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, update

from .. import moments
from ..errors import PeopleError
from ..store import Store, audit, counters
from ..store.tables import people
from . import card_rows, details, lookup
from .dealing import Deal, Gift
from .enrolment import Complaint
from .held import Held
from .losses import Losses
from .masking import tail

_CHANGED: Final = update(people).where(people.c.id == bindparam("who")).values(version=bindparam("roster"))


class Exchange:
    """The cards that change hands in one import; who holds which is kept up to date in `held`.

    A card leaves its holder in the transaction in which somebody else gets it, and not before the holder got theirs.
    So nothing is lost wherever the import ends, and another one goes on from there. Whoever cannot be served, because
    somebody outside the import got their card meanwhile, keeps what they have, and so does everybody who waits for it.
    """

    def __init__(self, store: Store, deal: Deal, site: str, clock: moments.Clock, who: str) -> None:
        self._store = store
        self._deal = deal
        self._site = site
        self._clock = clock
        self._who = who
        self._stuck: set[str] = set()
        self._gone: dict[str, set[str]] = defaultdict(set)
        self._got: dict[str, set[str]] = defaultdict(set)
        with store.read() as link:
            # Here nobody waits for it; in the first person's transaction everybody would.
            self.held = Held(link)

    def run(self) -> None:
        """Serve everybody enrolled, before a picture is looked at: these are a few rows of the store for each turn."""
        for turn in self._deal.turns:
            try:
                with self.held.trying(), self._store.write() as link:
                    gifts, issued = self._serve(link, turn)
            except PeopleError:
                # Their own row says why.
                self._stuck.update(turn)
            else:
                self.note(gifts)
                for person, cards in issued.items():
                    self._got[person] |= cards

    def _serve(self, link: Connection, turn: Sequence[str]) -> tuple[list[Gift], dict[str, frozenset[str]]]:
        """All of a turn at once. Who withdrew since the deal is new again: their row is to serve them."""
        self.held.refresh(link)
        here = lookup.present(link, turn)
        gifts = self.take(link, here)
        had = card_rows.cards_of(link, here)
        issued: dict[str, frozenset[str]] = {}
        now = moments.text(self._clock())
        for person in sorted(here):
            issued[person] = details.changes_of(had[person], self._deal.about[person]).issued
            self.held.check(person, issued[person])
            self.held.put(person, self.held.of(person) | issued[person])
        card_rows.issue(link, issued, had, now=now)
        told = [(person, tail(card)) for person, cards in issued.items() for card in sorted(cards)]
        self._tell(link, "card.issue", told, now)
        return gifts, issued

    def take(self, link: Connection, getters: Collection[str]) -> list[Gift]:
        """End what others give up for these, in the transaction in which they get it; `note` it after the commit."""
        wanted = dict.fromkeys(gift for getter in sorted(getters) for gift in self._deal.gifts.get(getter, ()))
        gifts = [gift for gift in wanted if gift.giver not in self._stuck and gift.card in self.held.of(gift.giver)]
        now = moments.text(self._clock())
        card_rows.end(link, gifts, now=now)
        for gift in gifts:
            self.held.put(gift.giver, self.held.of(gift.giver) - {gift.card})
        self._tell(link, "card.withdraw", [(gift.giver, f"{tail(gift.card)}: {gift.why}") for gift in gifts], now)
        return gifts

    def _tell(self, link: Connection, action: str, told: Sequence[tuple[str, str]], now: str) -> None:
        """To nodes by a version of the roster for each person, and to the audit."""
        for each in _rounds(told):
            first = counters.take(link, "roster", len(each))
            link.execute(_CHANGED, [{"who": who, "roster": number} for number, who in enumerate(each, first)])
            audit.record_all(link, each, site=self._site, at=now, who=self._who, action=action)

    def note(self, gifts: Iterable[Gift]) -> None:
        """These have changed hands."""
        for gift in gifts:
            if gift.why != details.LISTED:
                self._gone[gift.giver].add(gift.card)

    def refuse(self, person: str) -> None:
        """Their row is not taken: what they still have stays theirs."""
        self._stuck.add(person)

    def losses(self, person: str) -> Losses:
        """What was taken from somebody before their own row."""
        return Losses(cards=tuple(sorted(self._gone.get(person, ()))))

    def all_the_same(self, person: str) -> tuple[Complaint, ...]:
        """What somebody lost and got whose row is refused afterwards."""
        got = sorted(self._got.get(person, ()))
        said = (Complaint("has_card", f"has card {card} all the same: cards change hands first") for card in got)
        return (*self.losses(person).complaints(), *said)


def _rounds(told: Sequence[tuple[str, str]]) -> Iterable[dict[str, str]]:
    """Each person once in each round: one of theirs after the other."""
    rounds: list[dict[str, str]] = []
    for person, detail in told:
        free = next((each for each in rounds if person not in each), None)
        if free is None:
            rounds.append(free := {})
        free[person] = detail
    return rounds
