"""The rules of a site as data: what its rule file may say. `rule_files.py` reads it, `matching.py` applies it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from zhian_wire.alerts import Severity
from zhian_wire.calendar import Day
from zhian_wire.events import PLAIN_NAME
from zhian_wire.evidence import Direction

Name = Annotated[str, msgspec.Meta(pattern=PLAIN_NAME)]
#: `22:00-06:00`: from the first minute up to, and without, the second; it may pass midnight.
Hours = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
Window = Annotated[int, msgspec.Meta(ge=1, le=86_400)]
#: Whose repeats are one case: everybody's at that place, each person's, each plate's.
Subject = Literal["none", "person", "plate"]
Who = Literal["known", "stranger", "watched"]

#: These close by themselves when their cause is gone, and are found again by the key that they were raised with.
CLOSED_BY_CAUSE: Final = frozenset({"camera_blind", "node_blind", "without_face", "outbox_full", "database_damaged"})
#: What no rule raises, since no event tells of it: a node's silence, a broken rule, faults of messages and deliveries,
#: what people press, and visitors who stay.
NOT_BY_RULES: Final = frozenset(
    {
        "node_offline",
        "clock_off",
        "rule_failed",
        "event_conflict",
        "event_foreign",
        "event_unreadable",
        "unknown_node",
        "police_undelivered",
        "notices_undelivered",
        "emergency",
        "emergency_drill",
        "visitor_overdue",
    }
)


class Where(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and when a rule holds; what is empty does not matter. Hours and days are those of the site's wall."""

    id: Name
    nodes: tuple[Name, ...] = ()
    lanes: tuple[Name, ...] = ()
    hours: tuple[Hours, ...] = ()
    days: tuple[Day, ...] = ()


class RaiseRule(Where, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passage that is a case. `lanes` are those of `[[rules.lanes]]`, of cameras without a lane too.

    Attributes:
        seen: by what; who: whom the site knows, whom it does not, whom it looks for. An unread plate is a stranger's.
        directions: as the site means them.
        reasons: the passage's reasons.
        subject: whose repeats within `window_s` are one case.
    """

    kind: Name
    severity: Severity
    seen: tuple[Literal["face", "plate", "body"], ...] = ()
    who: tuple[Who, ...] = ()
    cameras: tuple[Name, ...] = ()
    directions: tuple[Direction, ...] = ()
    reasons: tuple[Name, ...] = ()
    subject: Subject = "none"
    window_s: Window = 300


class ChangeRule(Where, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of alerts that nodes or other rules raise: the first rule that fits decides alone.

    Attributes:
        severities: those that the alert has before.
        severity: the one that it gets.
        drop: nobody is told; the event itself stays.
        subject, window_s: given together, they make the key by which repeats merge.
    """

    kinds: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    severities: tuple[Severity, ...] = ()
    severity: Severity | None = None
    drop: bool = False
    subject: Subject | None = None
    window_s: Window | None = None

    def __post_init__(self) -> None:
        if (self.subject is None) != (self.window_s is None):
            raise ValueError("`subject` and `window_s` make a key only together")
        if self.severity is None and self.subject is None and not self.drop:
            raise ValueError("changes nothing: give `severity`, `drop`, or `subject` and `window_s`")
        if self.drop and not (self.severity is None and self.subject is None):
            raise ValueError("what is dropped has no severity and no key")
        apart = [kind for kind in self.kinds if kind in NOT_BY_RULES]
        if apart:
            raise ValueError(f"{apart[0]} is raised by no rule, so that none can change it")
        own = [kind for kind in self.kinds if kind in CLOSED_BY_CAUSE or kind.endswith("_fault")]
        if self.subject is not None and own:
            raise ValueError(f"{own[0]} is closed by its cause, so it keeps its own key")


class RuleFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"raises": "raise"}):
    """`[[raise]]` and `[[change]]`, in their order."""

    raises: tuple[RaiseRule, ...] = ()
    change: tuple[ChangeRule, ...] = ()
