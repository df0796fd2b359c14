"""What a gateway may ask of a node. A command has an id, an expiry and an answer; states are absolute."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec


class _Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="command"):
    """Common to all. `expires` is RFC 3339 UTC; a command that arrives later is answered `expired`."""

    id: str
    expires: str
    who: str
    why: str = ""


class Resend(_Command, frozen=True, kw_only=True, tag="resend"):
    """Send these ranges of an epoch again (both ends included); the gateway has holes there."""

    epoch: str
    ranges: tuple[tuple[int, int], ...]


class SignCount(_Command, frozen=True, kw_only=True, tag="sign_count"):
    """State how many events were decided on a local day: in all and by epoch; `moved`: all that moved."""

    day: str


class Watch(_Command, frozen=True, kw_only=True, tag="watch"):
    """Push live tiles of a camera until `expires`."""

    camera: str


class Listen(_Command, frozen=True, kw_only=True, tag="listen"):
    """Tell what a desk's reader reads until `expires`: somebody at a page wants the next card's number (`Presented`).

    Such a reader opens nothing and decides nothing, and what it reads while nobody asks for it is told to nobody.
    """

    reader: str


class SetLane(_Command, frozen=True, kw_only=True, tag="set_lane"):
    """Bring a lane into a state until `until`; by a person, with a reason.

    `ordered`: when that was ordered, where it may be told later; whoever locked the lane at the node since then is not
    overruled.
    """

    lane: str
    state: Literal["open_once", "held_open", "locked", "normal"]
    until: str
    ordered: str | None = None


class LetPass(_Command, frozen=True, kw_only=True, tag="let_pass"):
    """A person lets somebody pass `lane`, and says whom if it is known: it counts as a passage, named by this `id`.

    `opens`: the lane opens for it, once; else they were let pass by a key or a word, and nothing moves.
    """

    lane: str
    direction: Literal["in", "out"]
    person_id: str | None = None
    opens: bool = False


class TakeBack(_Command, frozen=True, kw_only=True, tag="take_back"):
    """The wrong button: nobody passed `lane` by the order `order`; `zone` is where that person went before, "": out.

    What is not told yet is told of nobody; what was told already is corrected by whoever keeps it.
    """

    lane: str
    order: str
    person_id: str | None = None
    zone: str = ""


class SoundSiren(_Command, frozen=True, kw_only=True, tag="sound_siren"):
    """Sound every siren of the node until `until`, or (`off`) silence them; said again while it is to go on.

    `until` is absolute, and a node that hears nothing more falls silent then: no siren sounds for ever because a cable
    was cut.
    """

    state: Literal["on", "off"]
    until: str


class Wipe(_Command, frozen=True, kw_only=True, tag="wipe"):
    """The node is revoked: delete roster and pictures."""


class CheckConfiguration(_Command, frozen=True, kw_only=True, tag="check_configuration"):
    """Say what is wrong with a configuration that was made from the one marked `base`; nothing is changed.

    Answered with `problems` in `data`, a JSON list of `configuration.Problem`; `refused`: another one runs by now.
    """

    base: str
    text: str


class FetchConfiguration(_Command, frozen=True, kw_only=True, tag="fetch_configuration"):
    """Ask for the wanted configuration now (`configuration.Desired`), rather than when it is time."""


Command: TypeAlias = (
    Resend
    | SignCount
    | Watch
    | Listen
    | SetLane
    | LetPass
    | TakeBack
    | SoundSiren
    | Wipe
    | CheckConfiguration
    | FetchConfiguration
)


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a command, exactly one per id."""

    id: str
    result: Literal["done", "failed", "expired", "refused", "unsupported"]
    detail: str = ""
    data: dict[str, str | int] = {}


class RosterNotice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """There is a roster of this version; the node fetches it by HTTP.

    `presence` is the version of what is known of who is where (`whereabouts.SitePresence`), told to nodes that have
    siblings and fetched likewise; to others that of what guards recorded at their lanes. 0: nothing is said of it.
    """

    version: int
    presence: int = 0


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """A card that was presented at a desk's reader, told over HTTP (`PUT /desk/{reader}`) and kept nowhere.

    Attributes:
        read: random; one that comes twice with the same is the same presentation.
        card: upper-case hexadecimal of whole bytes, as every reader tells it (`cards`).
        age_ms: how long ago it was read.
    """

    read: str
    card: str
    age_ms: int
