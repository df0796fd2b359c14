"""Single changes to what is known of somebody enrolled, as an office makes them; each is audited and told to nodes."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from ..errors import NotFound, PeopleError
from ..store import audit, counters
from ..store.tables import people
from . import cards, consents, details
from .collecting import Terms
from .masking import tail
from .validity import Validity, validity


class Editor:
    """Every method takes a new roster version, inside the caller's transaction.

    All raise NotFound for somebody who is not enrolled.
    """

    def __init__(self, site: str, zone: ZoneInfo) -> None:
        self._site = site
        self._zone = zone

    def issue(self, link: Connection, person_id: str, card: str, *, who: str, now: str) -> None:
        """Give somebody a card.

        Raises:
            PeopleError: somebody else has it.
        """
        card = card.upper()
        self.change(link, person_id, "card.issue", tail(card), who=who, now=now)
        cards.check_free(link, person_id, card)
        details.issue(link, person_id, card, now=now)

    def return_card(self, link: Connection, person_id: str, card: str, *, who: str, now: str) -> None:
        """A card that was lost is found again: it holds as before.

        Raises:
            NotFound: it was never theirs, or it holds.
            PeopleError: somebody else has it meanwhile.
        """
        card = card.upper()
        theirs = {row["value"]: row["withdrawn_at"] for row in details.cards_of(link, person_id)}
        if theirs.get(card) is None:
            raise NotFound(f"{person_id} has no withdrawn card {card}")
        self.change(link, person_id, "card.found", tail(card), who=who, now=now)
        cards.check_free(link, person_id, card)
        details.issue(link, person_id, card, now=now)

    def withdraw_card(self, link: Connection, card: str, *, why: str, who: str, now: str) -> str:
        """A card is lost, stolen or replaced: it opens nothing, and whoever shows it is told of; whose it was.

        One that an import dropped can be told as lost too, so that no import gives it back.

        Raises:
            NotFound: nobody has it.
        """
        card = card.upper()
        owner = details.loser(link, card)
        if owner is None:
            raise NotFound(f"nobody has card {card} (now)")
        self.change(link, owner, "card.withdraw", f"{tail(card)}: {why}", who=who, now=now)
        details.end(link, owner, card, why=why, now=now)
        return owner

    def switch_face(self, link: Connection, person_id: str, state: str, *, why: str, who: str, now: str) -> None:
        """Recognise somebody's face (`on`), or not (`off`): templates stay here, but no node has them any more.

        Raises:
            NoGround: on, and no consent to face recognition holds.
        """
        values = {"face": state == "on"}
        self.change(link, person_id, f"people.face_{state}", why, values, who=who, now=now)
        if state == "on":
            consents.check_face(link, person_id, now)

    def set_by_hand(self, link: Connection, person_id: str, state: str, *, why: str, who: str, now: str) -> None:
        """Guards know somebody and let them in (`on`), or do not."""
        values = {"by_hand": state == "on"}
        self.change(link, person_id, f"people.by_hand_{state}", why, values, who=who, now=now)

    def set_validity(
        self, link: Connection, person_id: str, begins: str | None, ends: str | None, *, who: str, now: str
    ) -> Validity:
        """When somebody may come; None leaves an end as it is, "" takes it away.

        Raises:
            BadInput: no days, or an end before the beginning.
        """
        said = validity(begins or "", ends or "", self._zone)
        known = link.execute(select(people.c.begins, people.c.ends).where(people.c.id == person_id)).one_or_none()
        if known is not None:
            said = Validity(known.begins if begins is None else said.begins, known.ends if ends is None else said.ends)
        if said.begins and said.ends and said.ends <= said.begins:
            raise PeopleError(f"{person_id}: it would end ({said.ends}) before it begins ({said.begins})")
        detail = f"from {said.begins or 'ever'} until {said.ends or 'ever'}"
        self.change(link, person_id, "people.validity", detail, said._asdict(), who=who, now=now)
        return said

    def set_place(
        self, link: Connection, person_id: str, group: str | None, schedule: str | None, *, who: str, now: str
    ) -> None:
        """Somebody's group, and a schedule of their own ("": their group's); None leaves it as it is."""
        named = {"group": group, "schedule": schedule}
        values = {name: value for name, value in named.items() if value is not None}
        detail = ", ".join(f"{name}: {value}" for name, value in values.items())
        self.change(link, person_id, "people.place", detail, values, who=who, now=now)

    def add_collector(
        self, link: Connection, child: str, key: tuple[str, str], holds: Validity | Terms, *, who: str, now: str
    ) -> None:
        """Somebody (`key`: `person` and an id, or `plate` and a plate) may collect the child.

        Raises:
            NotFound: also for a person who is not enrolled, since no node would know them.
        """
        if key[0] == "person":
            self._check(link, key[1])
        self.change(link, child, "collector.add", _told(key, holds), who=who, now=now)
        details.put_collector(link, child, key, holds)

    def remove_collector(self, link: Connection, child: str, key: tuple[str, str], *, who: str, now: str) -> None:
        """They may not any more.

        Raises:
            NotFound: also where they might not before.
        """
        self.change(link, child, "collector.remove", _whom(key), who=who, now=now)
        if not details.drop_collector(link, child, key):
            raise NotFound(f"{key[1]} is not listed to collect {child!r}")

    def _check(self, link: Connection, person_id: str) -> None:
        query = select(people.c.id).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
        if link.execute(query).first() is None:
            raise NotFound(f"there is nobody enrolled as {person_id!r}")

    def change(
        self,
        link: Connection,
        person_id: str,
        action: str,
        detail: str,
        values: dict[str, Any] | None = None,
        *,
        who: str,
        now: str,
    ) -> None:
        """Something of somebody changes: a new roster version, `values` in their row, and a line of the audit."""
        self._check(link, person_id)
        more = {**(values or {}), "version": counters.take(link, "roster")}
        link.execute(update(people).where(people.c.id == person_id).values(more))
        audit.record(link, site=self._site, at=now, who=who, action=action, subject=person_id, detail=detail)


def _told(key: tuple[str, str], holds: Validity | Terms) -> str:
    ends = f"{holds.begins or 'ever'} to {holds.ends or 'ever'}" if holds.begins or holds.ends else "always"
    days = f" on {holds.days}" if isinstance(holds, Terms) and holds.days else ""
    turn = f" in {holds.turn} weeks" if isinstance(holds, Terms) and holds.turn else ""
    turn += f" from {holds.turn_from}" if isinstance(holds, Terms) and holds.turn_from else ""
    return f"{key[0]} {_whom(key)}, {ends}{days}{turn}"


def _whom(key: tuple[str, str]) -> str:
    return tail(key[1]) if key[0] == "plate" else key[1]
