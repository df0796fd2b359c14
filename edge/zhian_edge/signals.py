"""What stages hand each other: frozen, without logic. `vision` sends these to `gate` over their socket."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from zhian_wire.events import BodyKind, Clock
from zhian_wire.evidence import Box, Direction, Evidence
from zhian_wire.state import NetworkUse


class Check(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A face compared 1:1 with somebody whom a card or plate claims to be here.

    Attributes:
        score: cosine with the claimed person.
        verdict: `same` from the threshold for claims on, of a live face where that is required; `other`: so unlike,
            though well seen, that it is somebody else; else `unsure`.
    """

    person_id: str
    score: float
    verdict: Literal["same", "unsure", "other"]


class Observation(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a track is, said when it is known and again when the track ends.

    Attributes:
        track: id of the track, unique within one run of `vision`.
        subject: tracks of one camera with the same number are one subject: a face and its body, a plate and its car;
            None: the track stands for itself.
        at_ms: monotonic milliseconds of the best view (in a replay: of media time).
        final: the track is over; nothing more will come of it.
        person_id: None below the threshold: unknown.
        reason: a code of `zhian_wire.reasons`.
        evidence: the very look that was read; its `picture` names a crop in the spool.
        first_s, last_s: when the subject was in view, in media time.
        checks: a face's comparison with each claim of its lane that could be compared.
        joined: a face or plate whose body is followed as the same subject: whether that goes over the line, its own
            last word will show.
    """

    camera: str
    source: str
    track: int
    kind: Literal["face", "plate", "body"]
    at_ms: int
    media_time_s: float
    first_s: float
    last_s: float
    final: bool
    direction: Direction
    person_id: str | None = None
    subject: int | None = None
    plate: str | None = None
    body: BodyKind | None = None
    reason: str = "seen"
    evidence: Evidence
    checks: tuple[Check, ...] = ()
    joined: bool = False


class InView(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Somebody is seen who has not been spoken of yet: their last word will come, or a second one of these, `over`.

    Attributes:
        track, subject: as in `Observation`.
        at_ms: monotonic milliseconds at which it is told; media_time_s: the same in media time.
        first_s: since when they are in view, in media time.
        over: it was nobody after all, or is followed under another number now.
    """

    camera: str
    source: str
    track: int
    kind: Literal["body"]
    at_ms: int
    media_time_s: float
    first_s: float
    subject: int | None = None
    over: bool = False


class Crossing(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A track went over a camera's line; `first_s`: since when it is in view, in media time."""

    camera: str
    source: str
    track: int
    kind: Literal["face", "plate", "body"]
    at_ms: int
    media_time_s: float
    direction: Direction
    box: Box
    subject: int | None = None
    first_s: float | None = None


class CardRead(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A reader read an identifier, upper-case hexadecimal; by which antenna and how strongly, where it says so."""

    reader: str
    at_ms: int
    card: str
    bits: int = 0
    antenna: int | None = None
    rssi_dbm: float | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A door contact or an alarm input changed, or said its state at start."""

    device: str
    at_ms: int
    state: Literal["open", "closed", "active", "idle"]


class CameraReport(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How a camera is: sent at every change, and repeated in every heart-beat.

    An `ok` camera with a cause still sees, but not as it should (it was moved, its clock drifts). `picture` is the
    sha256 of the picture that changed its cause.
    """

    camera: str
    at_ms: int
    status: Literal["ok", "blind", "starting"]
    cause: str = ""
    detail: str = ""
    last_frame_ms: int | None = None
    frames: int = 0
    dropped: int = 0
    picture: str | None = None


class VisionBeat(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """`vision` lives; without one for some seconds `gate` says that it is blind."""

    at_ms: int
    cameras: tuple[CameraReport, ...] = ()
    counters: dict[str, int] = {}
    keys: tuple[str, ...] = ()
    runtime: str = ""
    networks: tuple[NetworkUse, ...] = ()


class Acted(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What became of an order to a barrier (`decision.actions.Act`). `unknown`: nobody knows whether it moved.

    `order`: the person's order that it followed; empty: nobody's.
    """

    lane: str
    transaction: str
    action: Literal["pulse", "hold", "close"]
    result: Literal["done", "failed", "unknown"]
    at_ms: int
    detail: str = ""
    order: str = ""


class LaneOrder(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A person brings a lane into a state, from the gateway or at this node.

    `order` is unique; `until_ms` is monotonic, None: until the next order.
    """

    order: str
    lane: str
    state: Literal["open_once", "held_open", "locked", "normal"]
    who: str
    at_ms: int
    why: str = ""
    until_ms: int | None = None


class ManualPassage(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A guard lets somebody pass, and says whom if it is known; `opens`: the lane opens for it."""

    order: str
    lane: str
    direction: Literal["in", "out"]
    who: str
    at_ms: int
    person_id: str | None = None
    why: str = ""
    opens: bool = False


class PassageTakenBack(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Nobody was let pass by the order `passage`, it was the wrong button; `zone`: where that person was before."""

    order: str
    passage: str
    lane: str
    at_ms: int
    person_id: str | None = None
    zone: str = ""


#: What a person says, at the gateway or at this node.
ByHand: TypeAlias = LaneOrder | ManualPassage | PassageTakenBack


class SiblingSeen(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Another node of this site was heard of: all that it decided until `at_ms` is known here."""

    node: str
    at_ms: int


class PassedElsewhere(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Somebody went into `zone` at another node of this site."""

    person_id: str
    zone: str
    node: str
    at_ms: int


class ClockTold(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Wall time at a monotonic moment, for schedules; `clock` says how far it can be believed."""

    at_ms: int
    wall_ms: int
    clock: Clock


Signal: TypeAlias = (
    Observation
    | InView
    | Crossing
    | CardRead
    | Contact
    | CameraReport
    | VisionBeat
    | Acted
    | LaneOrder
    | ManualPassage
    | PassageTakenBack
    | SiblingSeen
    | PassedElsewhere
    | ClockTold
)
