"""What a decision rests on: one piece of evidence, by whichever sense it came."""

from __future__ import annotations

from typing import Literal

import msgspec

EvidenceKind = Literal["face", "plate", "body", "card", "crossing", "contact", "manual", "view"]
Direction = Literal["in", "out", "none"]
Liveness = Literal["live", "not_live"]
Box = tuple[float, float, float, float]


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One observation that a passage, decision or alert rests on.

    Attributes:
        kind: the sense it came by; `view` is a camera's whole picture.
        device: camera or reader id.
        at_ms: node's monotonic clock, milliseconds; the age of evidence is counted from it.
        media_time_s: seconds into the source of the frame that was read.
        frame: index of exactly that frame in its source.
        box: x, y, width, height in pixels of that frame.
        score: similarity, reading confidence or detection score, 0 to 1, by `kind`.
        margin: distance to the second-best person; None where nothing was compared.
        person_id: who it is, only above the naming threshold.
        plate: text of the plate, only when whole.
        plate_colour, plate_kind: as DESIGN 7 lists them.
        card: the identifier as read, hexadecimal.
        key: template key of the network that compared, so that a score can be judged later.
        picture: sha256 of the crop in the spool.
        shots: looks that were fused into this.
        live: liveness score, 0 to 1; None where it was not asked for.
        liveness: what the score means by the node's threshold; None: not checked, which is neither live nor an attack.
        synthetic: the picture was drawn, not taken.
        by, why: whose word it is and for what, of kind `manual`; `by` None: nobody's, as of fire.
    """

    kind: EvidenceKind
    device: str
    at_ms: int
    media_time_s: float | None = None
    frame: int | None = None
    box: Box | None = None
    score: float | None = None
    margin: float | None = None
    person_id: str | None = None
    plate: str | None = None
    plate_colour: str | None = None
    plate_kind: str | None = None
    card: str | None = None
    key: str | None = None
    picture: str | None = None
    shots: int = 1
    live: float | None = None
    liveness: Liveness | None = None
    synthetic: bool = False
    by: str | None = None
    why: str = ""
