"""The events that a node decides and a gateway keeps: one frozen class per type, and their envelope."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

from .alerts import Severity
from .evidence import Direction, Evidence

Clock = Literal["trusted", "stepped", "unsynced"]
Verdict = Literal["open", "refuse"]
SubjectKind = Literal["face", "plate", "body", "card", "manual"]
BodyKind = Literal["person", "bicycle", "car", "motorcycle", "bus", "truck"]
PLAIN_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A lane was told to open or to refuse; committed before anything moves.

    Attributes:
        transaction: id of the lane transaction; decision, actuated and passage share it.
        reason: a code of `reasons.py`; the page translates it.
        evidence_age_ms: age of the oldest evidence that the verdict needed.
        by, why: who ordered it and for what, where a person did.
        until: RFC 3339 UTC, when that order ends; None: with the next one, or the node does not know the time.
    """

    transaction: str
    lane: str
    verdict: Verdict
    reason: str
    policy: str
    evidence_age_ms: int
    person_id: str | None = None
    plate: str | None = None
    evidence: tuple[Evidence, ...] = ()
    by: str | None = None
    why: str = ""
    until: str | None = None


class Actuated(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an order to a barrier. `unknown` is what a restart reports: nothing is pulsed twice."""

    transaction: str
    lane: str
    action: Literal["pulse", "hold", "close"]
    result: Literal["done", "failed", "unknown"]
    detail: str = ""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """One subject went past once; closes its lane transaction. All its evidence, and why it was judged so.

    Attributes:
        kind: of the evidence that named it (face, plate, card ...), else of the evidence there is.
        source: base name of a file, or the camera id when live.
        media_time_s: of the best view or of the crossing, never of the emission.
        person_id: None is an unknown person, `plate` None an absent or unread plate.
        direction: over the line; without a line towards the camera is in.
        body: person or kind of vehicle, where one was seen whole.
        missing: kinds of evidence that the policy would have wanted.
        zone: where the lane led the person, "" for out of every zone; unset where it leads from and to none.
    """

    kind: SubjectKind
    source: str
    media_time_s: float
    person_id: str | None
    plate: str | None
    direction: Direction
    camera: str
    lane: str | None = None
    transaction: str | None = None
    reason: str = "seen"
    score: float | None = None
    margin: float | None = None
    plate_colour: str | None = None
    plate_kind: str | None = None
    body: BodyKind | None = None
    first_s: float | None = None
    last_s: float | None = None
    missing: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    zone: str | msgspec.UnsetType = msgspec.UNSET


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a person must look at, raised by the node itself.

    Attributes:
        key: stable (place, subject, kind, window), so that a repeat merges.
        kind: a code such as `outbox_full` or `door_forced`; the page translates it.
        candidate: a watch-list hit: a lead that a person confirms or rejects, never a fact.
    """

    key: str
    kind: str
    severity: Severity
    device: str
    lane: str | None = None
    person_id: str | None = None
    plate: str | None = None
    candidate: bool = False
    detail: str = ""
    evidence: tuple[Evidence, ...] = ()


class Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the node went wrong or came back; said once each way.

    Attributes:
        component: `camera`, `vision`, `reader`, `outbox`, `clock` ...
        device: which one of them.
        status: `ok` on recovery.
        cause: a code such as `no_frames`, `frozen`, `dark`, `killed`.
        since_ms: monotonic time since when, so that the length of an outage is known.
    """

    component: str
    device: str
    status: Literal["ok", "degraded", "down"]
    cause: str = ""
    detail: str = ""
    since_ms: int | None = None
    evidence: tuple[Evidence, ...] = ()


class ClockSync(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The node's wall clock was set; earlier events keep the time that they were given.

    `offset_ms` is new minus old wall time at `at_ms` of the monotonic clock of this boot.
    """

    before: Clock
    after: Clock
    offset_ms: int
    at_ms: int


class Newer(msgspec.Struct, frozen=True, kw_only=True):
    """Data of a type that this version does not know: kept as it came, for whoever does."""

    type: str
    raw: msgspec.Raw


EventData: TypeAlias = Decision | Actuated | Passage | Alert | Health | ClockSync | Newer

#: CloudEvents `type` of each class; a change that old readers cannot read takes a new version.
TYPES: Final[dict[str, type[msgspec.Struct]]] = {
    "zhian.decision.v1": Decision,
    "zhian.actuated.v1": Actuated,
    "zhian.passage.v1": Passage,
    "zhian.alert.v1": Alert,
    "zhian.health.v1": Health,
    "zhian.clock_sync.v1": ClockSync,
}
TYPE_OF: Final[dict[type[msgspec.Struct], str]] = {cls: name for name, cls in TYPES.items()}


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event with its place in the node's sequence.

    Attributes:
        epoch: a new database is a new epoch; `seq` has no hole within one.
        seq: from 1.
        boot: one run of the node's operating system; `mono_ms` orders events within it.
        time: wall time, RFC 3339, UTC, milliseconds; believed as far as `clock` says.
    """

    site: str
    node: str
    epoch: str
    seq: int
    boot: str
    mono_ms: int
    time: str
    clock: Clock
    data: EventData

    @property
    def id(self) -> str:
        """`{node}/{epoch}/{seq}`, the CloudEvents id and the key of exactly-once."""
        return f"{self.node}/{self.epoch}/{self.seq}"

    @property
    def type(self) -> str:
        """CloudEvents type, such as `zhian.passage.v1`."""
        return self.data.type if isinstance(self.data, Newer) else TYPE_OF[type(self.data)]
