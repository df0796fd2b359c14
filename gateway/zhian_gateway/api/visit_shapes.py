"""The JSON of the visitors' desk. Times are RFC 3339 in UTC; numbers of people are masked but where it says so."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..visitors.agreeing import Purpose
from ..visitors.life import State, Verdict
from ..visitors.screening import Word
from .passage_shapes import Step
from .shapes import Shape
from .when import Aware

Text = Annotated[str, Field(max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=300)]
Token = Annotated[str, Field(min_length=1, max_length=64)]
Agreed = Annotated[list[Purpose], Field(max_length=3)]


class Area(Shape):
    """Where visitors may go."""

    id: str
    name: str


class Host(Shape):
    """Whom one may visit."""

    kind: Literal["user", "person"]
    id: Annotated[str, Field(max_length=64)]
    name: Annotated[str, Field(max_length=200)] = ""


class Desk(Shape):
    """What the desk's forms offer; `words` is what visitors agree to, by language."""

    areas: list[Area]
    hosts: list[Host]
    usual_minutes: int
    longest_minutes: int
    services: list[str]
    text_version: str
    words: dict[str, dict[Purpose, str]]


class ScreeningAnswer(Shape):
    """What one list said; `why` is a code, the fields that agreed, or a service's own words."""

    source: str
    word: Word
    why: str


class Visit(Shape):
    """One visit. `on_site` and `zone` are by its passages; `picture` is an address, `decision` a person's word.

    `screening_detail` is `answers` in a line.
    """

    id: str
    state: State
    name: str
    phone: str
    citizen: str
    plate: str
    purpose: str
    host: str
    area: str
    begins: str
    ends: str
    created_by: str
    agreed: list[Purpose]
    text_version: str
    picture: str | None
    photo_ground: str
    screening: Verdict
    screening_detail: str
    answers: list[ScreeningAnswer]
    decided_by: str | None
    decision: str
    card: str | None
    person_id: str | None
    admitted_at: str | None
    left_at: str | None
    overdue: bool
    on_site: bool
    zone: str | None


class Visits(Shape):
    """Visits of a day."""

    items: list[Visit]


class Route(Shape):
    """A visit with the way of its visitor over the site."""

    visit: Visit
    steps: list[Step]


class Planned(Shape):
    """What both invitations and the window say."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    phone: Text = ""
    plate: Text = ""
    purpose: Text = ""
    host: Host | None = None
    begins: Aware
    ends: Aware
    area: Annotated[str, Field(max_length=64)] = ""


class Invitation(Planned):
    """Somebody is expected; without `host` by who asks."""


class Registration(Planned):
    """Somebody stands at the window."""

    citizen: Text = ""
    agreed: Agreed


class Amended(Shape):
    """What the guard knows better; what is empty stays as it was."""

    name: Text = ""
    phone: Text = ""
    plate: Text = ""
    citizen: Text = ""
    purpose: Text = ""
    area: Annotated[str, Field(max_length=64)] = ""
    agreed: Agreed


class Invited(Shape):
    """The visit and the secret of its link, which is shown this once. `link` follows the page's own address."""

    visit: Visit
    token: str
    link: str


class Drawn(Shape):
    """A text to be drawn as a QR code."""

    text: Annotated[str, Field(min_length=1, max_length=300)]


class Picture(Shape):
    """A QR code as an address that `<img>` takes."""

    picture: str


class Admission(Shape):
    """What somebody gets beside the code of the pass; `decision`: the reason why in spite of what screening said."""

    card: Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{4,32})?$")] = ""
    face: bool = False
    decision: Annotated[str, Field(max_length=300)] = ""


class Admitted(Shape):
    """The pass: its code as readers tell it, and as a picture."""

    visit: Visit
    code: str
    picture: str


class CardGiven(Shape):
    """A temporary card; null: it was given back."""

    card: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{4,32}$")] | None


class Why(Shape):
    """A reason."""

    reason: Reason


class Longer(Shape):
    """More time."""

    minutes: Annotated[int, Field(ge=5, le=720)]


class Code(Shape):
    """What a scanner at the window read from a pass."""

    code: Annotated[str, Field(min_length=1, max_length=64)]


class Checkout(Shape):
    """Somebody leaves by the window; `card_back`: the temporary card was given back."""

    card_back: bool = False


class Entry(Shape):
    """Somebody to be stopped; `citizen` is masked on the way out."""

    id: str
    name: str
    citizen: str
    plate: str
    ground: str
    until: str
    who: str


class Entries(Shape):
    """The site's own list."""

    items: list[Entry]


class NewEntry(Shape):
    """Somebody to be stopped from now on."""

    name: Text = ""
    citizen: Text = ""
    plate: Text = ""
    ground: Text
    until: Aware


class Record(Shape):
    """What stays of a visit that was deleted."""

    visit: str
    day: str
    state: str
    held: list[str]
    deleted_at: str
    who: str
    why: str


class Records(Shape):
    """The latest records, newest first."""

    items: list[Record]


class Opened(Shape):
    """The secret of an invitation's link."""

    token: Token


class GuestView(Shape):
    """What an invited person sees: of the site its name, the host and the time, and what they said themselves.

    `code` and `picture`: the pass, once they have answered.
    """

    site: str
    timezone: str
    host: str
    begins: str
    ends: str
    state: State
    name: str
    answered: bool
    text_version: str
    words: dict[str, dict[Purpose, str]]
    code: str | None
    picture: str | None


class GuestAnswer(Shape):
    """What an invited person says of themselves."""

    token: Token
    name: Text
    phone: Text
    plate: Text = ""
    citizen: Text = ""
    agreed: Agreed


class Returning(Shape):
    """Whose earlier visit is looked for: a number in full, or both."""

    phone: Text = ""
    citizen: Text = ""


class Earlier(Shape):
    """What somebody's last visit said. The numbers are masked: they are asked for again."""

    id: str
    name: str
    phone: str
    citizen: str
    plate: str
    purpose: str
    host_name: str
    area: str
    begins: str
    state: State


class Returned(Shape):
    """Null: nobody gave that number, or what they said was deleted since."""

    earlier: Earlier | None
