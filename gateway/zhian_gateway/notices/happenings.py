"""What people are told of, and who is told: pure, so that a table can show who hears of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from zhian_wire.alerts import Severity

from ..config_notices import PLAIN, Notices, Route
from ..config_types import Contact, Response

GUARDIANS: Final = "guardians"
ARRIVAL: Final = "arrival"
DEPARTURE: Final = "departure"
NOT_ARRIVED: Final = "not_arrived"
#: Likewise, but a gate was not heard at the bell, so that they may have come by it.
UNHEARD: Final = "not_arrived_unheard"
#: Left with leave, and not back when it ended.
NOT_BACK: Final = "not_back"
#: Likewise, but a gate was not heard, or saw them without telling which way they went.
NOT_BACK_UNHEARD: Final = "not_back_unheard"
STILL_INSIDE: Final = "still_inside"
CORRECTION: Final = "correction"
#: Likewise of `still_inside` and of `not_back`.
NOT_INSIDE: Final = "still_inside_taken_back"
BACK: Final = "not_back_taken_back"
#: A guard noted a passage by mistake, and its notice was sent.
PASSAGE_TAKEN_BACK: Final = "passage_taken_back"
ESCALATION: Final = "escalation"


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that somebody is to be told of.

    Attributes:
        kind: one of the names above, or a kind of alert.
        key: the same whenever this very happening is told of again.
        at: when it happened.
        found_at: when it was found out, if that was later: until then it could not be told, and is not too old.
        person: opaque id of whom it is about; None: nobody's guardians are told.
        place: what people call the place.
        severity: as of its alert; what is none is `info`.
        passage_id, alert_id: what it came of.
        what: in words, by language; left out: what the kind of alert is called.
    """

    kind: str
    key: str
    at: datetime
    person: str | None = None
    place: str = ""
    severity: Severity = "info"
    passage_id: int | None = None
    alert_id: int | None = None
    found_at: datetime | None = None
    what: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receiver:
    """Somebody who is told.

    Attributes:
        id: of a guardian, `g12`, or of a contact, `c` and the name; part of the notice's key.
        addresses: where, in this order.
        quiet: spans in which they are not woken by this happening.
    """

    id: str
    name: str
    addresses: tuple[str, ...]
    language: str
    quiet: tuple[str, ...] = ()
    guardian_id: int | None = None
    contact: str | None = None


def wants(happenings: Sequence[str] | None, kind: str) -> bool:
    """Whether a guardian wants to be told; None: of everything. What was told wrongly is put right in any case.

    Who wants to hear that a child has not arrived wants to hear that it is not back; and either also where a gate was
    not heard.
    """
    if happenings is None or kind in (CORRECTION, NOT_INSIDE, BACK):
        return True
    plain = PLAIN.get(kind, kind)
    return bool({kind, plain} & set(happenings)) or (plain == NOT_BACK and NOT_ARRIVED in happenings)


def contacts(route: Route, response: Response, happening: Happening, group: str | None) -> list[Receiver]:
    """The contacts that a route names, by role or by name, once each; those with classes only for these."""
    found = []
    for contact in response.contacts:
        named = contact.name in route.to or contact.role in route.to
        if named and (not contact.groups or group in contact.groups):
            found.append(_receiver(contact, happening.severity))
    return found


def _receiver(contact: Contact, severity: Severity) -> Receiver:
    quiet = tuple(each.hours for each in contact.quiet if severity in each.severities)
    addresses = (contact.address, *contact.further)
    return Receiver(f"c{contact.name}", contact.name, addresses, contact.language, quiet, contact=contact.name)


def told_at_all(settings: Notices, kind: str) -> Route | None:
    """The route of a happening, where it leads to anybody."""
    route = settings.route(kind)
    return route if route is not None and route.to else None
