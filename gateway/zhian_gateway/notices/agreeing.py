"""Whether guardians may be told of somebody, as things stand now."""

from __future__ import annotations

from sqlalchemy import Connection

from ..config_notices import Notices
from ..people import consents
from ..people.consent import NOTICES


def may_tell(link: Connection, person_id: str, settings: Notices, now: str) -> bool:
    """Whether guardians may be told of that person."""
    agreed = consents.allows(link, person_id, NOTICES, now)
    return settings.consent == "listed" if agreed is None else agreed
