"""Codes for why something was decided so; pages translate them."""

from __future__ import annotations

from typing import Final

#: A camera without a lane saw somebody; nothing was decided.
SEEN: Final = "seen"
NAMED: Final = "named"
BELOW_THRESHOLD: Final = "below_threshold"
AMBIGUOUS: Final = "ambiguous"
TOO_POOR: Final = "too_poor_to_name"
PLATE_READ: Final = "plate_read"
PLATE_UNREAD: Final = "plate_unread"
NOT_LIVE: Final = "not_live"
STALE: Final = "stale_evidence"
OFF_SCHEDULE: Final = "off_schedule"
NOT_LISTED: Final = "not_listed"
MISSING_FACTOR: Final = "missing_factor"
EGRESS: Final = "egress_free"

ALL: Final = frozenset(
    {
        SEEN,
        NAMED,
        BELOW_THRESHOLD,
        AMBIGUOUS,
        TOO_POOR,
        PLATE_READ,
        PLATE_UNREAD,
        NOT_LIVE,
        STALE,
        OFF_SCHEDULE,
        NOT_LISTED,
        MISSING_FACTOR,
        EGRESS,
    }
)
