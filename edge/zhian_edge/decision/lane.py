"""One lane that opens something: it decides at once about whoever asks, and tells afterwards who went through.

A decision needs no whole picture: a listed card opens as soon as it is read. Who really went over the line, and with
whose card, is told when everything that belongs to it is there (`fusion.py`); then what is wrong with it is raised
(`telling.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from zhian_wire import reasons
from zhian_wire.events import EventData
from zhian_wire.evidence import Direction
from zhian_wire.evidence import Evidence as EvidencePiece
from zhian_wire.roster import Person

from zhian_edge.signals import (
    Acted,
    CardRead,
    Crossing,
    InView,
    LaneOrder,
    ManualPassage,
    Observation,
    PassageTakenBack,
)

from .answering import Answering
from .asking import Asking, Verdict
from .beside import Question
from .claims import PATIENCE_MS, Claim, Presentations, Ticket
from .costs import overtakes
from .fusion import Evidence, fuse
from .pace import Pace
from .plan import Access, LanePlan
from .recall import Answered
from .situation import Situation
from .telling import Teller
from .tickets import KNOWN_MS, Tickets, keys, same_wish
from .transaction import Subject, Transaction
from .unit import Unit
from .waiting import Waiting
from .words import JustWent, join, leading, part, whole

#: Everything of a lane is arranged this often at most: passages are told, and no door waits for them.
LOOK_MS: Final = 500


@dataclass(frozen=True)
class _Told:
    """A subject that a passage was told of. `owner`: by whose card it was named, None: by its face, or not at all."""

    rest: Transaction
    owner: str | None
    evidence: Sequence[EvidencePiece]
    until_ms: int
    faced: bool


class Lane:
    """State of one lane. `at_ms` of signals is when something was; `now_ms` is when it is decided."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._plan, self._access, self._site = plan, access, site
        self._asking = Asking(plan, access, site)
        self._answering = Answering(plan, access, site)
        self._teller = Teller(plan, access, site)
        self._pace = Pace()
        self._order: list[tuple[int, int]] = []
        self._claims: list[Claim] = []
        self._tickets = Tickets()
        self._subjects: dict[Subject, Transaction] = {}
        self._glimpsed: dict[tuple[str, int], Subject] = {}
        self._told: dict[Subject, _Told] = {}
        self._put_off: dict[str, Observation] = {}
        self._look_ms = 0
        self._presented = Presentations()
        self._just_went = JustWent(plan.window_ms)

    @property
    def open(self) -> int:
        """Claims and subjects about which not everything is told."""
        return len(self._claims) + len(self._subjects)

    @property
    def answering(self) -> Answering:
        """What was answered, and what devices must do for it."""
        return self._answering

    @property
    def claimed(self) -> tuple[str, ...]:
        """Whom cards claim to be here now: vision compares the lane's faces with them."""
        return tuple(sorted({c.person_id for c in self._claims if c.person_id is not None}))

    @property
    def awaited(self) -> dict[str, int]:
        """Whose card waits for their face, and when it was read."""
        waiting = (claim for claim in self._claims if claim.ticket.waits and claim.person_id is not None)
        return {claim.person_id or "": claim.first_ms for claim in sorted(waiting, key=lambda claim: claim.first_ms)}

    def read(self, read: CardRead, direction: Direction, now_ms: int) -> list[EventData]:
        """A card was read at a reader for this direction."""
        known = self._site.people.card(read.card)
        person = known.person if known is not None and not known.withdrawn else None
        at = (person.id if person else read.card, direction)
        before = self._newest(at)
        if self._presented.again(at, read.at_ms):
            if before is not None:
                before.reads.append(read)
            return []
        went = self._asks_anew(at[0], before, now_ms)
        ticket = self._tickets.by_face(at[0], read.at_ms, self._claims) or self._answering.ticket(read.at_ms, now_ms)
        claim = Claim(at[0], person, direction, ticket, [read])
        word = join(claim, self._claims, went=went)
        if word is not None and not went:
            self._site.coming.over(word.ticket)  # it keeps nobody out who comes by it
        self._claims.append(claim)
        self._presented.begin(at, read.reader, read.at_ms, claim.ticket)
        if claim.ticket.verdict is not None or not self._access.answers_cards:
            return []  # the face was there first; or cards only say here who sits in a car
        return [*self._ask(claim, now_ms), *self._elsewhere(claim, read, now_ms)]

    def recall(self, known: Answered, now_ms: int) -> None:
        """Somebody was answered just before the node was restarted: no second time for what they show still.

        Nobody knows whether a card was taken away while the node was down, or who went over the line. Whoever goes over
        it now may be the one who was let in then.
        """
        decision, first = known.decision, known.decision.evidence[0]
        ticket = Ticket(decision.transaction, first.at_ms, verdict=decision.verdict, reason=decision.reason)
        ticket.stuck, ticket.failed, ticket.recalled = known.failed, known.failed, True
        reader = self._site.plan.readers.get(first.device)
        key = decision.person_id or decision.plate or first.card
        if key is None:
            return
        if reader is not None:
            self._presented.recall((key, reader.direction), reader.id, ticket, now_ms)
        if not known.told:
            self._tickets.keep(key, ticket)
        way = self._site.plan.camera(first.device).direction if reader is None else reader.direction
        waits = ticket.verdict == "open" and not (known.told or known.failed)
        if waits and way == "in" and decision.person_id is not None:
            self._site.coming.let_in(decision.person_id, self._access.inside, ticket)
        if waits and reader is not None and decision.person_id is not None:
            reads = [
                CardRead(reader=piece.device, at_ms=piece.at_ms, card=piece.card)
                for piece in decision.evidence
                if piece.kind == "card" and piece.card is not None
            ]
            self._claims.append(Claim(key, Person(id=decision.person_id), reader.direction, ticket, reads))
            self.use_roster()

    def use_roster(self) -> None:
        """Others are listed now; whoever was let in before a restart is known by name only until there is a roster."""
        for claim in self._claims:
            if claim.ticket.recalled:
                claim.person = self._site.people.person(claim.key) or claim.person

    def in_view(self, seen: InView) -> None:
        """Somebody is there, of whom nothing else is known yet."""
        self._no_glimpse(seen.camera, seen.track)
        subject = _subject(seen)
        if seen.over or subject in self._told:
            return
        self._gather(subject).sight(seen)
        self._glimpsed[seen.camera, seen.track] = subject

    def saw(self, observation: Observation, now_ms: int) -> list[EventData]:
        """Vision says what something is."""
        subject = _subject(observation)
        self._no_glimpse(observation.camera, observation.track, subject)
        told = self._told.get(subject)
        if told is not None:
            return self._late_word(told, observation, now_ms)
        transaction = self._gather(subject)
        transaction.add(observation)
        waiting = [claim for claim in self._claims if claim.ticket.waits]
        events = [event for claim in waiting for event in self._ask(claim, now_ms)]
        if transaction.crossed_ms is None:
            events += self._recognised(transaction, observation, now_ms)
        return events

    def crossed(self, crossing: Crossing) -> None:
        """Somebody went over the line."""
        subject = _subject(crossing)
        self._no_glimpse(crossing.camera, crossing.track, subject)
        told = self._told.get(subject)
        if told is None:
            self._gather(subject).add(crossing)
            return
        told.rest.add(crossing)
        if told.rest.crossings:
            del self._told[subject]
            self._subjects[subject] = told.rest

    def stuck(self, acted: Acted, now_ms: int) -> None:
        """The barrier did not open, or nobody knows: a light that turned green turns red, and who asks is answered."""
        shown = self._presented.of(acted.transaction)
        ticket = self._decided(acted.transaction) if shown is None else shown[0]
        if ticket is None:
            return
        ticket.stuck, ticket.failed = True, acted.result == "failed"
        if ticket.failed:
            self._site.coming.over(ticket)  # where it may have opened they may have gone in
        if shown is not None:
            self._answering.show_refused(shown[1], now_ms)

    def _decided(self, transaction: str) -> Ticket | None:
        """Of whoever shows no card now: seen, or let pass by a guard's word."""
        claimed = (each for claim in self._claims for each in claim.tickets if each.transaction == transaction)
        return self._tickets.decided(transaction) or next(claimed, None)

    def order(self, order: LaneOrder, now_ms: int) -> list[EventData]:
        """A person brings the lane into a state."""
        events = self._answering.order(order, now_ms)
        if order.state == "open_once" and events:
            # Who goes through is nobody who came without asking; but perhaps nobody does.
            word = ManualPassage(
                order=order.order, lane=order.lane, direction="in", who=order.who, at_ms=order.at_ms, why=order.why
            )
            self._vouch(word, "none", self._answering.ticket(word.at_ms, word.at_ms))
        return events

    def manual(self, passage: ManualPassage, now_ms: int) -> list[EventData]:
        """A guard lets somebody pass; told as a passage of the order's name, with what was seen of it.

        Unless their passage was told a moment ago: then there is no second one.
        """
        ticket = Ticket(passage.order, passage.at_ms)
        if not self._just_went.means(passage):
            self._vouch(passage, passage.direction, ticket)
        elif passage.opens:
            self._let_anybody(passage, self._by_word(passage, now_ms))
        return self._answering.let_pass(ticket, passage, now_ms) if passage.opens else []

    def take_back(self, slip: PassageTakenBack, now_ms: int) -> list[EventData]:
        """It was the wrong button. Whoever asked by a card as well goes by that; and whoever goes since the lane is
        open is nobody who came unasked, by a name of its own: what is told by the word's counts for nothing."""
        for claim in self._claims:
            held = claim.ticket
            word = claim.take_back(slip.passage)
            if word is not None:
                self._site.coming.over(held)
                self._goes_on(claim, word, now_ms)
                return []
        self._restore(slip)
        return []

    def _goes_on(self, claim: Claim, word: ManualPassage, now_ms: int) -> None:
        """What is left of a claim without this word for it."""
        opened = self._by_word(word, now_ms)
        if not claim.reads and claim.manual is None:
            self._claims.remove(claim)
            if not claim.shown:
                if word.opens:
                    self._let_anybody(word, opened)
                return
            claim = claim.shown[-1]
        if word.opens and claim.ticket.verdict != "open":
            claim.ticket = opened
        if claim.ticket.verdict == "open":
            self._let_in(claim)

    def _by_word(self, word: ManualPassage, now_ms: int) -> Ticket:
        """What a word opens for whoever comes, by a name that is not the word's."""
        opened = self._answering.ticket(word.at_ms, now_ms)
        opened.verdict, opened.reason = "open", reasons.MANUAL
        return opened

    def _let_anybody(self, word: ManualPassage, opened: Ticket) -> None:
        """Who goes through what a word opened is nobody who came unasked, though it was not for them."""
        self._claims.append(Claim(word.order, None, "none", opened, manual=_nameless(word)))

    def _restore(self, word: PassageTakenBack) -> None:
        """It was told already: where they were before is where they are."""
        if word.person_id is not None and self._site.people.person(word.person_id) is not None:
            self._site.presence.moved(word.person_id, word.zone, word.at_ms, self._plan.id)

    def tick(self, now_ms: int) -> list[EventData]:
        """Whatever is due: refusals, since a face did not come; passages; what is wrong with them."""
        events = self._answering.tick(now_ms)
        for claim in [c for c in self._claims if c.ticket.waits]:
            if now_ms >= claim.ticket.deadline_ms:
                events += self._answer(claim, self._last_verdict(claim, now_ms), now_ms)
        events += self._recognised_before(now_ms)
        waiting = self._waiting
        if now_ms >= self._look_ms and waiting.anything(now_ms):
            self._look_ms = now_ms + LOOK_MS
            for unit in self._units(now_ms):
                if unit.told_ms is not None:
                    events += self._absorb(unit, now_ms) if waiting.over(unit, now_ms) else []
                elif self._waiting.due(unit, now_ms):
                    events += self._close(unit, now_ms)
        events += self._teller.tick(now_ms)
        self._tickets.forget(now_ms)
        self._told = {subject: told for subject, told in self._told.items() if told.until_ms > now_ms}
        self._presented.forget(now_ms)
        self._just_went.forget(now_ms)
        return events

    def finish(self, now_ms: int) -> list[EventData]:
        """Tell everything that is open, as before stopping; whoever went to and fro leaves a crossing for another."""
        events: list[EventData] = []
        while units := [unit for unit in self._units(now_ms) if unit.told_ms is None]:
            events += [event for unit in units for event in self._close(unit, now_ms)]
        return events

    def blinded(self) -> None:
        """Nobody looks any more: what was seen has had its last word."""
        self._glimpsed.clear()
        for transaction in self._subjects.values():
            transaction.end()

    def _no_glimpse(self, camera: str, track: int, subject: Subject | None = None) -> None:
        """What was in view as this track is spoken of now, as `subject`, or will not be: then nobody waits for it."""
        before = self._glimpsed.pop((camera, track), None)
        known = None if before is None or before == subject else self._subjects.get(before)
        if known is not None and known.glimpsed:
            del self._subjects[known.subject]

    def _gather(self, subject: Subject) -> Transaction:
        known = self._subjects.get(subject)
        if known is None:
            known = self._subjects[subject] = Transaction(subject, over_line=True)
        return known

    def _newest(self, at: tuple[str, Direction]) -> Claim | None:
        return next((claim for claim in reversed(self._claims) if claim.at == at), None)

    def _asks_anew(self, key: str, before: Claim | None, now_ms: int) -> bool:
        """Somebody about whom not everything is told asks once more; `before`: with the same card as then.

        Returns whether they are over the line already.

        Whoever is seen not to have gone yet is not kept out by having been let in here; and a refusal that nobody went
        in with is told.
        """
        known = self._tickets.get(key)
        if before is None and known is None:
            return False
        went = any(unit.crossed_ms is not None and key in keys(unit) for unit in self._units(now_ms))
        if before is not None:
            before.repeated = True
            if before.ticket.verdict == "refuse" and not went:
                self._claims.remove(before)
                part(before, self._claims)
        if not went and self._site.sees_line(self._plan.id):
            for ticket in (known, before.ticket if before else None):
                if ticket is not None and not ticket.recalled:
                    self._site.coming.over(ticket)
        return went

    def _elsewhere(self, claim: Claim, read: CardRead, now_ms: int) -> list[EventData]:
        """A copy of a card is at another lane. Readers that see far, as those of cars, see more than one lane."""
        if claim.person_id is None or self._access.vehicles or self._site.plan.sees_far(read.reader):
            return []
        other = self._site.elsewhere.shown(read.card, self._plan.id, read.at_ms)
        if other is None:
            return []
        self._site.steps.raised(claim.person_id, now_ms)
        name, detail = claim.person_id, f"at {other[0]} {other[1] / 1000:.1f} s apart"
        return [
            *self._site.raises(
                "impossible_card", self._plan.id, name, now_ms, claim.evidence, person_id=name, detail=detail
            )
        ]

    def _ask(self, claim: Claim, now_ms: int) -> list[EventData]:
        verdict = self._verdict(claim, now_ms)
        if verdict is not None:
            return self._answer(claim, verdict, now_ms)
        if not claim.ticket.deadline_ms:
            claim.ticket.deadline_ms = claim.first_ms + self._access.confirm_ms
            self._answering.wait(claim.reads[-1].reader, now_ms)
        return []

    def _verdict(self, claim: Claim, now_ms: int) -> Verdict | None:
        """By the lists as they are now: a card that waits may have been withdrawn meanwhile."""
        known = self._site.people.card(claim.reads[-1].card)
        theirs = known is not None and not known.withdrawn and known.person.id == claim.key
        claim.person = known.person if known is not None and theirs else None
        return self._asking.card(
            claim, self._subjects.values(), self._answering.state, now_ms, withdrawn=known is not None and not theirs
        )

    def _last_verdict(self, claim: Claim, now_ms: int) -> Verdict:
        """No face came in time; but since the card was read a fire, an order or a blind camera may have come."""
        verdict = self._verdict(claim, now_ms)
        if verdict is None or verdict.reason == reasons.STALE:
            return self._asking.late(claim, self._faces_at(claim))
        return verdict

    def _answer(self, claim: Claim, verdict: Verdict, now_ms: int) -> list[EventData]:
        faces = [
            o.evidence for s in self._judged(claim, verdict.reason, now_ms) for o in s.observations if o.kind == "face"
        ]
        if claim.person_id is not None:
            self._tickets.keep(claim.person_id, claim.ticket)
        asked = Question(
            ticket=claim.ticket,
            direction=claim.direction,
            evidence=(*claim.evidence, *faces),
            person_id=claim.person_id,
            card=claim.reads[-1].card,
            reader=claim.reads[-1].reader,
        )
        return self._say(asked, verdict, now_ms)

    def _say(self, asked: Question, verdict: Verdict, now_ms: int) -> list[EventData]:
        if verdict.opens and asked.direction == "in" and asked.person_id is not None:
            self._site.coming.let_in(asked.person_id, self._access.inside, asked.ticket)
        return self._answering.answer(asked, opens=verdict.opens, reason=verdict.reason, now_ms=now_ms)

    def _judged(self, claim: Claim, reason: str, now_ms: int) -> list[Transaction]:
        """Whose face the answer rests on: the card owner's, or plainly another's."""
        if reason == reasons.CONFIRMED:
            return self._asking.confirming(claim, self._subjects.values(), now_ms)
        return self._faces_at(claim) if reason == reasons.FACE_DIFFERS else []

    def _faces_at(self, claim: Claim) -> list[Transaction]:
        """The faces of those who may have presented a card: of all but who presented one of their own.

        None, where somebody whose face nobody sees went by then: it may have been theirs.
        """
        faceless = (s.crossed_ms for s in self._subjects.values() if "face" not in s.kinds)
        if any(ms is not None and 0 <= ms - claim.first_ms <= self._plan.window_ms for ms in faceless):
            return []
        own = {c.person_id for c in self._claims} - {claim.person_id, None}
        faces = [subject for subject in self._subjects.values() if "face" in subject.kinds]
        return [face for face in faces if not any(face.same(person_id) for person_id in own if person_id)]

    def _recognised(self, transaction: Transaction, seen: Observation, now_ms: int) -> list[EventData]:
        """A face or plate may open by itself; whoever asks by card already has an answer."""
        key = seen.person_id or seen.plate
        if key is None or transaction.carried is not None:
            return []
        if seen.final and now_ms - seen.at_ms > self._access.fresh_ms:
            return []  # a last word about somebody who is gone asks for nothing
        known = self._tickets.get(key)
        if known is not None and known.rests(now_ms):
            self._put_off[key] = seen  # vision may not say it again
            return []
        again = known is not None and same_wish(known, transaction.subject, seen.at_ms)
        answered = known is not None and known.verdict != "refuse" and not known.stuck
        if known is not None and (answered if again else self._asks_anew(key, None, now_ms)):
            return []  # they have their answer, or went in by it
        person, verdict = self._of_owners(seen, now_ms)
        if verdict is None or (again and not verdict.opens):
            return []
        ticket = self._answering.ticket(seen.at_ms, now_ms)
        ticket.subject = transaction.subject
        self._tickets.keep(key, ticket)
        asked = Question(
            ticket=ticket,
            direction=self._asking.way(seen),
            evidence=(seen.evidence,),
            person_id=person.id if person else None,
            plate=seen.plate,
        )
        return self._say(asked, verdict, now_ms)

    def _recognised_before(self, now_ms: int) -> list[EventData]:
        """Whoever was seen too soon after their barrier did not open, and stands there still."""
        events: list[EventData] = []
        for key, seen in list(self._put_off.items()):
            known, subject = self._tickets.get(key), self._subjects.get(_subject(seen))
            if known is not None and known.rests(now_ms):
                continue
            del self._put_off[key]
            if subject is not None and not subject.complete and subject.crossed_ms is None:
                events += self._recognised(subject, seen, now_ms)
        return events

    def _of_owners(self, seen: Observation, now_ms: int) -> tuple[Person | None, Verdict | None]:
        """Who is seen, and what is answered; a vehicle of several owners passes where one of them may."""
        people, state = self._site.people, self._answering.state
        owners = tuple(people.plate_owners(seen.plate)) if seen.plate else (people.person(seen.person_id),)
        asked = [(owner, self._asking.seen(seen, owner, state, now_ms)) for owner in owners or (None,)]
        return next(((owner, verdict) for owner, verdict in asked if verdict and verdict.opens), asked[0])

    def _late_word(self, told: _Told, seen: Observation, now_ms: int) -> list[EventData]:
        told.rest.add(seen)
        if told.owner is None or not told.rest.other(told.owner):
            return []
        return [*self._teller.late_word(seen.person_id, told.owner, (*told.evidence, seen.evidence), now_ms)]

    def _absorb(self, unit: Unit, now_ms: int) -> list[EventData]:
        """A last word of somebody whose passage is told: a face, or a part of the way, that was not joined to them."""
        told = self._told[unit.subjects[0].subject]
        events: list[EventData] = []
        for subject in unit.subjects[1:]:
            self._subjects.pop(subject.subject, None)
            self._told[subject.subject] = replace(told, rest=subject.after_passage())
            if told.owner is not None and subject.other(told.owner):
                pieces = (*told.evidence, *(o.evidence for o in subject.observations))
                events += self._teller.late_word(subject.person_id, told.owner, pieces, now_ms)
        return events

    def _vouch(self, passage: ManualPassage, direction: Direction, ticket: Ticket) -> None:
        ticket.verdict, ticket.reason = "open", reasons.MANUAL
        person = self._site.people.person(passage.person_id)
        key = passage.person_id or passage.order
        claim = self._newest((key, direction))
        if claim is None:
            claim = Claim(key, person, direction, ticket, manual=passage)
            self._claims.append(claim)
        else:
            self._site.coming.over(claim.ticket)
            claim.vouch(passage, ticket)
        self._let_in(claim)

    def _let_in(self, claim: Claim) -> None:
        """Until their passage is told they count as inside."""
        if claim.person is not None and claim.direction == "in":
            self._site.coming.let_in(claim.person.id, self._access.inside, claim.ticket)

    @property
    def _waiting(self) -> Waiting:
        return Waiting(self._plan, self._site, self._pace, self._claims, self._subjects.values())

    def _units(self, now_ms: int) -> list[Unit]:
        told = [
            Unit(subjects=[told.rest], told_ms=told.rest.told_ms, faced=told.faced)
            for told in self._told.values()
            if told.rest.told_ms is not None and now_ms - told.rest.told_ms <= 2 * PATIENCE_MS
        ]
        evidence = Evidence(leading(self._claims), list(self._subjects.values()), told, now_ms, self._order)
        return whole(fuse(evidence, self._plan.window_ms, self._pace, cars=self._access.vehicles))

    def _close(self, unit: Unit, now_ms: int) -> list[EventData]:
        ticket = self._tickets.of(unit, self._claims) or self._answering.ticket(unit.opened_ms, now_ms)
        events = self._teller.tell(unit, ticket, self._answering.state, now_ms)
        name = next((event.person_id for event in events if getattr(event, "direction", "none") != "none"), None)  # type: ignore[union-attr]
        self._just_went.told(events, unit.opened_ms if unit.crossed_ms is None else unit.crossed_ms)
        self._claims = [claim for claim in self._claims if claim not in unit.claims]
        self._tickets.drop(unit, self._claims)
        for done in (ticket, *(claim.ticket for claim in unit.claims)):
            if unit.crossed_ms is not None or not done.recalled:
                self._site.coming.over(done)
        for claim in unit.claims:
            proved = not unit.doubtful and (self._proved(unit, claim) or self._lonely(unit))
            if unit.crossed_ms is not None and proved and not unit.worded:
                self._pace.learn(claim.first_ms, unit.crossed_ms, unit.since_ms)
        for read_ms, crossed_ms in unit.certain:
            self._pace.line_up(in_line=not overtakes(read_ms, crossed_ms, self._order))
        recent = (pair for pair in self._order if now_ms - max(pair) <= 2 * PATIENCE_MS)
        self._order = [*recent, *unit.certain]
        for rival in unit.rivals:
            for theirs in rival.claims:
                theirs.doubtful = True
            for body in rival.subjects:
                body.doubtful = True
        for subject in unit.subjects:
            self._forget(subject, unit, name if subject in unit.sure else None, now_ms)
        return events

    def _proved(self, unit: Unit, claim: Claim) -> bool:
        return claim.person_id is not None and unit.person_id == claim.person_id

    def _lonely(self, unit: Unit) -> bool:
        """Whether nobody else was near, so that card and crossing must be of one."""
        others = [
            *(c.first_ms for c in self._claims if c not in unit.claims),
            *(s.opened_ms for s in self._subjects.values() if s not in unit.subjects),
            *(t.rest.told_ms for t in self._told.values() if t.rest.told_ms is not None),
        ]
        first, last = unit.opened_ms, unit.crossed_ms or unit.last_ms
        near = self._plan.window_ms
        return len(unit.claims) == 1 and not any(first - near <= each <= last + near for each in others)

    def _forget(self, subject: Transaction, unit: Unit, name: str | None, now_ms: int) -> None:
        """Its passage is told; it is known for a while, since it may come back, or be named only now."""
        self._subjects.pop(subject.subject, None)
        if subject.glimpsed:
            return  # nobody knows who it is: whatever is said later is new
        rest = subject.after_passage()
        rest.carried = name
        if rest.crossings:
            self._subjects[subject.subject] = rest
            return
        owner = next((c.person_id for c in unit.claims if c.person_id == name and name is not None), None)
        cards = [piece for claim in unit.claims for piece in claim.evidence]
        by_card = owner if unit.person_id is None else None
        self._told[subject.subject] = _Told(rest, by_card, cards, now_ms + KNOWN_MS, unit.has_face)


def _nameless(word: ManualPassage) -> ManualPassage:
    return msgspec.structs.replace(word, person_id=None)


def _subject(signal: Observation | Crossing | InView) -> Subject:
    return signal.camera, signal.track if signal.subject is None else signal.subject
