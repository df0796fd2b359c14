"""Consents on a parent's phone: seen, given and taken back as easily as on paper, on the same record."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from ..errors import Conflict
from ..people import agreements, consents
from ..people.consent import NOTICES, UNTIL_REFUSED, Standing
from ..people.evidence import forget_of
from ..services import Services
from .carers import Carer, Child
from .words import ASKED, Asked, Wording, wording

GROUND: Final = "consent given on the guardian's phone"


def standings(link: Connection, child: Child, now: str) -> dict[Asked, Standing]:
    """How it stands with each purpose that a parent decides."""
    found = consents.standings(link, now, [child.id])[child.id]
    return {purpose: found[purpose] for purpose in ASKED}


def present_text(link: Connection, purpose: str) -> str:
    """The version of the text that is agreed to now."""
    text = consents.texts(link).get(purpose)
    return text.version if text else "1"


def shown(link: Connection, parts: Services, purpose: Asked) -> Wording:
    """The present text, word for word."""
    site, kept = parts.config.site, parts.config.retention.pictures_days
    return wording(link, purpose, site=site.name or site.id, days=parts.config.family.consent_days, kept=kept)


def goes_on(parts: Services, purpose: Asked, standing: Standing) -> bool:
    """Whether it is done although nobody said anything: `[notices] consent` decides for messages."""
    if standing.state != "unsaid" or purpose not in UNTIL_REFUSED:
        return False
    return purpose != NOTICES or parts.config.notices.consent == "listed"


def give(
    link: Connection, parts: Services, child: Child, purpose: Asked, carer: Carer, *, version: str, words: str
) -> None:
    """A guardian agrees to the text that they were shown, for as many days as the school has set.

    Raises:
        Conflict: what they were shown is not the present text, or the school has it on paper alone.
    """
    if not words or version != present_text(link, purpose) or words not in shown(link, parts, purpose):
        raise Conflict("the text has changed: read it once more")
    last = parts.clock().astimezone(parts.zone).date() + timedelta(days=parts.config.family.consent_days)
    said = agreements.Agreement(purpose, last.isoformat(), by=carer.name, text=GROUND, words=words)
    agreements.give(link, parts, child.id, said, who=carer.signature)


def take_back(parts: Services, child: Child, purpose: str, carer: Carer) -> None:
    """Of the face, templates and enrolled pictures go, here and at every node; of evidence, the crops."""
    with parts.store.write() as link:
        said = {"who": carer.signature, "now": parts.now(), "why": "taken back on the guardian's phone"}
        orphans = list(parts.registry.refuse(link, child.id, purpose, given_by=carer.name, **said))
        orphans += forget_of(link, child.id) if purpose == "evidence" else ()
    parts.pictures.delete(orphans)
