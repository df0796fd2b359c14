"""What is told of a unit of evidence: its passages, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import UNSET, UnsetType
from zhian_wire import reasons
from zhian_wire.events import Alert, EventData, Passage, SubjectKind
from zhian_wire.evidence import Direction, Evidence

from zhian_edge.signals import Crossing, Observation

from .asking import State
from .claims import PATIENCE_MS, Claim, Ticket
from .leaving import Leaving
from .plan import Access, LanePlan
from .situation import Situation
from .transaction import crossed, telling
from .twice import Twice
from .unit import Unit


class Teller:
    """Makes the events of a lane's units, and keeps the presence that follows from them."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._plan, self._access, self._site = plan, access, site
        self._leaving = Leaving(plan, access, site)
        self._twice = Twice(plan, access, site)

    def tick(self, now_ms: int) -> list[Alert]:
        """What comes of waiting."""
        return self._leaving.tick(now_ms)

    def tell(self, unit: Unit, ticket: Ticket, state: State, now_ms: int) -> list[EventData]:
        """All events of a unit about which everything is known that will be; `ticket`: what was decided about it."""
        story = _Story(unit, ticket, self._direction(unit, ticket), self._named(unit), state)
        alerts = self._wrong(story, now_ms)
        events: list[EventData] = []
        for passage in self._passages(story):
            events.append(passage)
            alerts += self._moved(passage, story, now_ms)
        return [*events, *alerts]

    def late_word(self, person_id: str | None, told: str, evidence: Sequence[Evidence], now_ms: int) -> list[Alert]:
        """The face of somebody who was told of by `told`'s card proves only now to be another's."""
        detail = f"by the face: {person_id}" if person_id else ""
        return self._site.raises("borrowed_card", self._plan.id, told, now_ms, evidence, person_id=told, detail=detail)

    def _direction(self, unit: Unit, ticket: Ticket) -> Direction:
        """Over the line; where no camera sees one, whoever was let in went in. A guard's word counts as it is.

        Nobody went by what certainly did not open.
        """
        if unit.way != "none" or not unit.claims:
            return unit.way
        claim = unit.claims[0]
        went = claim.manual is not None or (ticket.verdict == "open" and not self._site.sees_line(self._plan.id))
        tickets = (ticket, *(each for claim in unit.claims for each in claim.tickets))
        return claim.direction if went and any(each.may_have_opened for each in tickets) else "none"

    def _named(self, unit: Unit) -> tuple[str | None, ...]:
        """Whom the passages are of: the owner of a named face before the owner of a card, one passage at least."""
        owners = [claim.person_id for claim in unit.claims]
        if self._access.vehicles:
            everybody = dict.fromkeys([*owners, unit.person_id])
            return tuple(name for name in everybody if name is not None) or (None,)
        if unit.person_id is not None:
            return (unit.person_id,)
        if owners and owners[0] is not None and unit.other(owners[0]):
            return (None,)
        return (owners[0] if owners else _carried(unit),)

    def _passages(self, story: _Story) -> list[Passage]:
        if not self._reportable(story):
            return []
        return [self._passage(story, name, index) for index, name in enumerate(story.names)]

    def _reportable(self, story: _Story) -> bool:
        """Whoever came up to the line counts if they asked to pass, or would without a lane that opens."""
        if story.direction != "none":
            return True
        return any(s.reportable for s in story.unit.subjects) or (bool(story.unit.claims) and bool(story.unit.subjects))

    def _passage(self, story: _Story, name: str | None, index: int) -> Passage:
        unit = story.unit
        went = _in_order(c for s in unit.subjects for c in s.first_crossing)
        observations = sorted((o for s in unit.sure for o in s.observations), key=telling)
        crossings = _in_order(c for s in unit.sure for c in s.first_crossing)
        heads: list[Observation | Crossing] = [*observations, *crossings]
        claims = unit.claims if index == 0 or not self._access.vehicles else _of(unit.claims, name)
        face = next((o for o in observations if o.kind == "face"), None)
        plate = next((o for o in observations if o.plate is not None), None)
        at_ms = went[0].at_ms if went else unit.opened_ms
        return Passage(
            kind=_kind(story, claims, name),
            source=heads[0].source if heads else _device(claims),
            media_time_s=went[0].media_time_s if went else heads[0].media_time_s if heads else at_ms / 1000,
            person_id=name,
            plate=plate.plate if plate else None,
            direction=story.direction,
            camera=heads[0].camera if heads else _device(claims),
            lane=self._plan.id,
            transaction=story.ticket.transaction,
            reason=self._reason(story),
            score=face.evidence.score if face else None,
            margin=face.evidence.margin if face else None,
            plate_colour=plate.evidence.plate_colour if plate else None,
            plate_kind=plate.evidence.plate_kind if plate else None,
            body=next((o.body for o in observations if o.body is not None), None),
            first_s=min((o.first_s for o in observations), default=None),
            last_s=max((o.last_s for o in observations), default=None),
            missing=_missing(story, self._access),
            evidence=(
                *(piece for claim in claims for piece in claim.evidence),
                *(o.evidence for o in observations),
                *map(crossed, crossings),
            ),
            zone=self._zone(name, story.direction),
        )

    def _reason(self, story: _Story) -> str:
        if story.borrowed is not None and not self._access.vehicles:
            return reasons.FACE_DIFFERS
        if story.ticket.verdict is not None:
            confirmed = story.claim is not None and any(
                subject.same(name) for subject in story.unit.sure for name in story.names if name
            )
            return reasons.CONFIRMED if confirmed and story.ticket.reason == reasons.CARD else story.ticket.reason
        named = story.unit.person_id is not None or _carried(story.unit) is not None
        return reasons.NAMED if named and "face" in self._access.ways else reasons.NO_CREDENTIAL

    def _wrong(self, story: _Story, now_ms: int) -> list[Alert]:
        """What is wrong with the unit as a whole."""
        if not self._access.vehicles and story.borrowed is not None:
            return self._raise("borrowed_card", story, story.borrowed, now_ms, person_id=story.borrowed)
        claim = story.claim
        if claim is not None and claim.manual is None and not story.unit.subjects and story.state == "normal":
            return self._unseen(story, claim, now_ms)
        if story.direction != "in" or story.state in ("held_open", "released") or self._credited(story):
            return []
        if self._access.vehicles:
            plate = next((s.plate for s in story.unit.subjects if s.plate is not None), None)
            return self._raise("vehicle_not_expected", story, plate or story.ticket.transaction, now_ms, plate=plate)
        detail = story.ticket.reason if story.ticket.verdict == "refuse" else ""
        name = story.names[0]
        return self._raise("tailgating", story, story.ticket.transaction, now_ms, person_id=name, detail=detail)

    def _unseen(self, story: _Story, claim: Claim, now_ms: int) -> list[Alert]:
        """A card that opened, and nobody with it, where somebody should have been seen, and had the time to come."""
        if claim.person_id is None or story.ticket.verdict != "open" or not self._site.sees_line(self._plan.id):
            return []
        if claim.repeated or story.ticket.stuck or story.ticket.recalled or now_ms - claim.last_ms < PATIENCE_MS:
            return []  # they asked again, or could not go; or went unseen; or the node stops, and they may come yet
        return self._raise("card_without_person", story, claim.key, now_ms, person_id=claim.person_id)

    def _credited(self, story: _Story) -> bool:
        """Whether there is something by which this lane lets people in."""
        if story.ticket.verdict is not None:
            return story.ticket.verdict == "open"
        if _carried(story.unit) is not None:
            return True
        return "face" in self._access.ways and story.unit.person_id is not None

    def _moved(self, passage: Passage, story: _Story, now_ms: int) -> list[Alert]:
        """Keep the presence, and say what is wrong about where the person comes from."""
        person = self._site.people.person(passage.person_id)
        at_ms = story.unit.crossed_ms if story.unit.crossed_ms is not None else story.unit.opened_ms
        alerts: list[Alert] = []
        if passage.direction == "out":
            alerts = self._leaving.out(passage, person, at_ms, now_ms)
        if passage.direction == "none":
            return alerts
        step = self._twice.step(passage, story.unit, at_ms, stuck=story.ticket.stuck)
        alerts += self._twice.went(passage, step, now_ms) if story.state != "released" else []
        if isinstance(passage.zone, str) and passage.person_id is not None:
            self._site.presence.moved(passage.person_id, passage.zone, at_ms, self._plan.id)
        return alerts

    def _zone(self, name: str | None, direction: Direction) -> str | UnsetType:
        """Where somebody went, by the lane's own word."""
        access = self._access
        if name is None or direction == "none" or not (access.inside or access.outside):
            return UNSET
        return access.inside if direction == "in" else access.outside

    def _raise(self, kind: str, story: _Story, subject: str, now_ms: int, **more: str | None) -> list[Alert]:
        evidence = [
            *(piece for claim in story.unit.claims for piece in claim.evidence),
            *(o.evidence for s in story.unit.sure for o in s.observations),
            *(crossed(c) for s in story.unit.sure for c in s.first_crossing),
        ]
        return self._site.raises(kind, self._plan.id, subject, now_ms, evidence, **more)


class _Story:
    """A unit, what was decided about it, which way it went, whom its passages name, and how the lane was."""

    def __init__(
        self, unit: Unit, ticket: Ticket, direction: Direction, names: tuple[str | None, ...], state: State
    ) -> None:
        self.unit, self.ticket, self.direction, self.names, self.state = unit, ticket, direction, names, state

    @property
    def claim(self) -> Claim | None:
        return self.unit.claims[0] if self.unit.claims else None

    @property
    def borrowed(self) -> str | None:
        """Whose card somebody else has; None: nobody's, or it cannot be told."""
        owners = [claim.person_id for claim in self.unit.claims if claim.person_id is not None]
        return next((owner for owner in owners if self.unit.other(owner)), None)


def _carried(unit: Unit) -> str | None:
    return next((s.carried for s in unit.subjects if s.carried is not None), None)


def _in_order(crossings: Iterable[Crossing]) -> list[Crossing]:
    return sorted(crossings, key=lambda crossing: (crossing.at_ms, crossing.kind))


def _of(claims: Sequence[Claim], name: str | None) -> list[Claim]:
    return [claim for claim in claims if claim.person_id == name]


def _device(claims: Sequence[Claim]) -> str:
    """Where a passage was that no camera saw."""
    return claims[0].evidence[0].device


def _kind(story: _Story, claims: Sequence[Claim], name: str | None) -> SubjectKind:
    """Of the evidence that named the subject, else of what there is."""
    if any(claim.manual and (name is None or not claim.nobodys) for claim in claims):
        return "manual"
    if any(claim.person_id == name for claim in claims) and (name is not None or not story.unit.subjects):
        return "card"
    kinds = {kind for s in story.unit.subjects for kind in s.kinds}
    if name is not None and story.unit.person_id == name:
        return "face"
    order: tuple[SubjectKind, ...] = ("plate", "face", "body") if story.unit.plated else ("face", "plate", "body")
    return next((kind for kind in order if kind in kinds), "card")


def _missing(story: _Story, access: Access) -> tuple[str, ...]:
    """Evidence that the lane's policies know, and that there was none of."""
    wanted = {factor: (factor,) for factor in ("card", "face", "plate")} | {"card_and_face": ("card", "face")}
    kinds = {kind for s in story.unit.subjects for kind in s.kinds} | ({"card"} if story.unit.claims else set())
    asked = dict.fromkeys(kind for way in access.ways for kind in wanted[way])
    return tuple(kind for kind in asked if kind not in kinds)
