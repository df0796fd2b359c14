"""Consents on a parent's phone: seen, given and taken back as easily as on paper, on the same record."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import Connection

from ..people import agreements, consents
from ..people.consent import Standing
from ..people.evidence import forget_of
from ..services import Services
from .carers import Carer, Child

#: What a parent decides alone. That the child is listed at all is between them and the school, on paper.
Asked = Literal["recognition", "notices", "evidence"]
ASKED: Final[tuple[Asked, ...]] = ("recognition", "notices", "evidence")
GROUND: Final = "consent given on the guardian's phone"


def standings(link: Connection, child: Child, now: str) -> dict[str, Standing]:
    """How it stands with each purpose that a parent decides."""
    found = consents.standings(link, now, [child.id])[child.id]
    return {purpose: found[purpose] for purpose in ASKED}


def present_text(link: Connection, purpose: str) -> str:
    """The version of the text that is agreed to now."""
    text = consents.texts(link).get(purpose)
    return text.version if text else "1"


def give(link: Connection, parts: Services, child: Child, purpose: Asked, carer: Carer) -> None:
    """A guardian agrees, for as many days as the school has set."""
    last = parts.clock().astimezone(parts.zone).date() + timedelta(days=parts.config.family.consent_days)
    said = agreements.Agreement(purpose, last.isoformat(), by=carer.name, text=GROUND)
    agreements.give(link, parts, child.id, said, who=carer.signature)


def take_back(parts: Services, child: Child, purpose: str, carer: Carer) -> None:
    """Of the face, templates and enrolled pictures go, here and at every node; of evidence, the crops."""
    with parts.store.write() as link:
        said = {"who": carer.signature, "now": parts.now(), "why": "taken back on the guardian's phone"}
        orphans = list(parts.registry.refuse(link, child.id, purpose, given_by=carer.name, **said))
        orphans += forget_of(link, child.id) if purpose == "evidence" else ()
    parts.pictures.delete(orphans)
