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
#: A known card, and nothing more was asked for or could be seen.
CARD: Final = "card"
#: A card (or plate) whose owner's face was seen with it.
CONFIRMED: Final = "confirmed"
#: The face is not that of the card's owner.
FACE_DIFFERS: Final = "face_differs"
UNKNOWN_CARD: Final = "unknown_card"
WITHDRAWN_CARD: Final = "withdrawn_card"
#: The person may not come yet, or not any more.
NOT_VALID: Final = "not_valid_now"
#: Inside already, by what the node knows.
PASSBACK: Final = "passback"
LOCKED: Final = "locked_down"
HELD_OPEN: Final = "held_open"
#: A lane that was locked, held open or released opens again for whoever may pass, and for nobody else.
BACK_TO_NORMAL: Final = "back_to_normal"
#: A person opened, or let somebody pass.
MANUAL: Final = "manual"
#: A guard wrote it down at the gateway, while the node could not be reached: no door was opened by it.
RECORDED: Final = "recorded_by_hand"
#: A guard's word that was taken back: the wrong button. It counts for nothing.
TAKEN_BACK: Final = "taken_back"
#: A person's order that came to the node, or to its turn, when its time was over: nothing was done.
TOO_LATE: Final = "order_too_late"
#: The node told later of what a guard had recorded by hand already. It counts once.
RECORDED_BEFORE: Final = "recorded_before"
#: The clock stands before this program was written, so no schedule can be judged.
TIME_UNKNOWN: Final = "time_unknown"
#: Over the line without any credential.
NO_CREDENTIAL: Final = "no_credential"
#: Fire: everything opens.
RELEASED: Final = "released"

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
        CARD,
        CONFIRMED,
        FACE_DIFFERS,
        UNKNOWN_CARD,
        WITHDRAWN_CARD,
        NOT_VALID,
        PASSBACK,
        LOCKED,
        TOO_LATE,
        HELD_OPEN,
        BACK_TO_NORMAL,
        MANUAL,
        RECORDED,
        TAKEN_BACK,
        RECORDED_BEFORE,
        TIME_UNKNOWN,
        NO_CREDENTIAL,
        RELEASED,
    }
)
