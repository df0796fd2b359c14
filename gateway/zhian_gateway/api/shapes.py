"""The JSON that pages get, typed. Times are RFC 3339 in UTC; ids are text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from zhian_wire.alerts import AlertState, Severity
from zhian_wire.events import PLAIN_NAME
from zhian_wire.evidence import Direction

from ..config_base import ADDRESS, SPAN

Short = Annotated[str, Field(min_length=1, max_length=64)]
Secret = Annotated[str, Field(min_length=1, max_length=256)]
NodeStatus = Literal["online", "offline", "blind"]


class Shape(BaseModel):
    """A frozen piece of JSON; what is sent in with an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Site(Shape):
    """The site, for the page's head and clock, and what people there call cameras (id, or node/id) and lanes."""

    id: str
    name: str
    timezone: str
    silent_s: float
    cameras: dict[str, str]
    lanes: dict[str, str]


class Person(Shape):
    """Somebody enrolled. `name` is empty after a withdrawal; `picture` is an address."""

    id: str
    name: str
    group: str
    picture: str | None


class Evidence(Shape):
    """What a passage or alert rests on."""

    kind: str
    camera: str
    at: str
    picture: str | None
    box: tuple[float, float, float, float] | None
    score: float | None
    margin: float | None
    live: float | None
    liveness: str | None
    synthetic: bool


class Passage(Shape):
    """Somebody or something went past once. `candidate`: the person is on a watch list, so a lead and no fact."""

    id: str
    time: str
    node: str
    camera: str
    lane: str | None
    kind: str
    direction: Direction
    movement: Literal["arrival", "departure"] | None
    person: Person | None
    candidate: bool
    plate: str | None
    plate_colour: str | None
    plate_kind: str | None
    body: str | None
    score: float | None
    margin: float | None
    reason: str
    zone: str | None
    evidence: list[Evidence]
    synthetic: bool
    alert_ids: list[str]


class Assignee(Shape):
    """Who is sent, by name: a guard, a police officer, a worker of the grid."""

    role: Literal["guard", "police", "grid_worker"]
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class Escalation(Shape):
    """Who was told that nobody acknowledges. `held`: not woken yet; else how far the notice is."""

    step: int
    to: str
    state: Literal["held", "queued", "sent", "failed", "expired", "told"]
    at: str


class Transition(Shape):
    """One step of an alert's life. `picture` is the address of what was photographed there."""

    source: AlertState = Field(alias="from")
    target: AlertState = Field(alias="to")
    who: str
    when: str
    note: str
    assignee: Assignee | None = None
    picture: str | None = None


class Verdict(Shape):
    """What an officer found a case to be. `count`: how often it had been raised by then; later ones nobody judged."""

    finding: Literal["confirmed", "rejected"]
    who: str
    at: str
    reason: str
    count: int


class Alert(Shape):
    """A case. `allowed` are the states it may go to now; `last_at`: when the latest of its `count` repeats happened.

    `waiting_since`: since when, by the gateway's clock, nobody acknowledges; null when it does not wait.
    """

    id: str
    key: str
    kind: str
    severity: Severity
    state: AlertState
    raised_at: str
    updated_at: str
    count: int
    node: str
    camera: str | None
    lane: str | None
    person: Person | None
    candidate: bool
    plate: str | None
    plate_colour: str | None
    detail: str
    evidence: list[Evidence]
    passage_id: str | None
    transitions: list[Transition]
    allowed: list[AlertState]
    last_at: str
    waiting_since: str | None
    escalations: list[Escalation]
    verdict: Verdict | None = None


class Judge(Shape):
    """What an officer finds a case to be; `expected_state` is what they saw."""

    finding: Literal["confirmed", "rejected"]
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
    expected_state: AlertState


class AlertRepeat(Shape):
    """One of the times that a case was raised, with what it rested on."""

    at: str
    person: Person | None
    plate: str | None
    plate_colour: str | None
    detail: str
    evidence: list[Evidence]
    passage_id: str | None


class AlertRepeats(Shape):
    """The latest of them, the last first; older ones are in the case's `count` alone."""

    items: list[AlertRepeat]


class Camera(Shape):
    """One camera of a node; its state follows from the age of its last frame. `starting`: none is expected yet."""

    id: str
    state: Literal["online", "offline", "blind", "starting"]
    last_frame_age_s: float | None


class Device(Shape):
    """A reader, input, barrier or siren of a node.

    `ok` with a `cause` still works, but somebody must see to it. `last_s`: since it said something last; null: not yet.
    """

    id: str
    kind: Literal["reader", "input", "barrier", "siren"]
    lane: str
    driver: str
    state: Literal["ok", "down", "starting", "offline"]
    cause: str
    detail: str
    last_s: float | None
    reads: int
    errors: int


class NetworkUse(Shape):
    """A neural network that a node has loaded; `digest`: the first digits of its sha256."""

    name: str
    digest: str


class Machine(Shape):
    """How a node's machine was when it was last heard; null, or empty: it cannot be known there.

    `since`: when the program's present run began. `clock`: whether anything vouches for its clock. `load`: of all its
    processors over a minute, 1: none is idle.
    """

    since: str
    system: str
    clock: Literal["", "trusted", "stepped", "unsynced"]
    disk_free_mb: int | None
    disk_total_mb: int | None
    memory_free_mb: int | None
    memory_total_mb: int | None
    load: float | None
    temperature_c: float | None
    runtime: str
    networks: list[NetworkUse]


class Node(Shape):
    """One node.

    `store_holes`: events that it decided and this gateway misses. `clock_ahead_s`: by how much its clock is ahead of
    the gateway's, below zero: behind; null: too little was heard of it. More than a second is a case of its own.
    `version`: of its program; empty: it was not heard yet. `pictures`: not delivered yet. `machine`: null: it does not
    tell, being of an older version.
    """

    id: str
    state: NodeStatus
    last_seen: str | None
    outbox: int
    cameras: list[Camera]
    devices: list[Device]
    roster_version: int
    store_holes: int
    clock_ahead_s: float | None
    version: str
    pictures: int
    machine: Machine | None


class LaneDecision(Shape):
    """What a lane answered last.

    `person` is whose card, face or plate it was; `by_hand`: a person ordered it, or a fire.
    """

    transaction: str
    time: str
    verdict: Literal["open", "refuse"]
    reason: str
    person: Person | None
    candidate: bool
    plate: str | None
    plate_colour: str | None
    by_hand: bool
    evidence: list[Evidence]


class Actuated(Shape):
    """What became of the last order to a lane's barrier."""

    transaction: str
    time: str
    action: Literal["pulse", "hold", "close"]
    result: Literal["done", "failed", "unknown"]
    detail: str


class Lane(Shape):
    """One lane of a node. `cards`, `opened` and `refused` count the local day `day`.

    `until`: when what it stands at ends by itself; null: at the next word, or nobody knows. `by` and `why`: who ordered
    it, and the reason, as far as that is known.
    """

    id: str
    node: str
    lane: str
    standing: Literal["normal", "locked", "held_open", "released"]
    until: str | None
    by: str
    why: str
    decision: LaneDecision | None
    actuated: Actuated | None
    day: str
    cards: int
    opened: int
    refused: int


class _Ordered(Shape):
    """Common to all orders.

    `id`: chosen by whoever asks; the same request with the same id again is carried out once. `why` is for the audit.
    """

    id: Annotated[str, Field(pattern=PLAIN_NAME)] | None = None
    why: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]


class _Lasting(_Ordered):
    """Held open and locked need one end: `minutes` from now, or `until` (RFC 3339, UTC, milliseconds)."""

    minutes: Annotated[int, Field(ge=1, le=44640)] | None = None
    until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")] | None = None


class LaneOrder(_Lasting):
    """Bring one lane into a state; what is open once or normal has no end."""

    state: Literal["open_once", "held_open", "locked", "normal"]


class SiteOrder(_Lasting):
    """Bring every lane of the site into a state."""

    state: Literal["held_open", "locked", "normal"]


class LetPass(_Ordered):
    """Somebody was let pass by a key or a word; without `person_id` a visitor, whom `why` names. It opens nothing."""

    direction: Literal["in", "out"]
    person_id: Short | None = None


class LaneAnswer(Shape):
    """What became of an order at one lane.

    `done`: its node says so; what the barrier then did is the lane's `actuated`. `no_answer`: it may have been done;
    `offline`: likewise, and the node says nothing at all. `lane` is null where the node's lanes are not known.
    `until`: when what was ordered ends by itself; null: it does not stay.
    """

    node: str
    lane: str | None
    result: Literal["done", "failed", "expired", "refused", "unsupported", "no_answer", "offline"]
    detail: str
    until: str | None = None


class LaneAnswers(Shape):
    """What became of an order to all lanes; `done`: every one of them says so."""

    done: bool
    items: list[LaneAnswer]


class LanePlace(Shape):
    """A lane of a node; `lane` is null where the node's lanes are not known."""

    node: str
    lane: str | None


class KeptOrder(Shape):
    """What the whole site was ordered to be; it holds until `until`.

    `waiting`: lanes that have not carried it out yet; each hears of it as soon as its node is back.
    """

    state: Literal["held_open", "locked", "normal"]
    who: str
    why: str
    at: str
    until: str
    waiting: list[LanePlace]


class SiteOrderNow(Shape):
    """The order that stands for the whole site; null: none, or all is normal again everywhere."""

    order: KeptOrder | None


class NoticeTry(Shape):
    """One try to send a notice."""

    at: str
    channel: str
    outcome: Literal["delivered", "refused", "later", "unsure"]
    reason: str


class Notice(Shape):
    """A notice to a guardian or a contact, and what became of it.

    `unsure`: nobody answered, so it may have arrived or not. `held`: until the receiver's quiet hours end.
    """

    id: str
    to: str
    channel: str
    title: str
    body: str
    state: Literal["queued", "held", "sending", "sent", "failed", "expired", "unsure"]
    passage_id: str | None
    created_at: str
    sent_at: str | None
    error: str | None
    happening: str
    alert_id: str | None
    happened_at: str
    next_at: str
    expires_at: str
    tries: int
    critical: bool
    history: list[NoticeTry]


class PushKey(Shape):
    """What a browser subscribes with (`applicationServerKey`)."""

    key: str


class PushKeys(Shape):
    """A browser's own keys, base64url."""

    p256dh: Annotated[str, Field(min_length=1, max_length=100)]
    auth: Annotated[str, Field(min_length=1, max_length=50)]


Endpoint = Annotated[str, Field(min_length=1, max_length=1000)]


class PushSubscription(BaseModel):
    """What a browser's `PushSubscription.toJSON()` says; when it expires is seen when a message is refused."""

    endpoint: Endpoint
    keys: PushKeys


class PushEndpoint(Shape):
    """Which browser is to be forgotten."""

    endpoint: Endpoint


Span = Annotated[str, Field(pattern=SPAN)]
Place = Annotated[str, Field(pattern=ADDRESS, max_length=1000)]
ToldOf = Annotated[str, Field(pattern=PLAIN_NAME)]


class GuardianEntry(Shape):
    """A guardian and what they want; where they are told is not shown, since addresses hold secrets."""

    id: str
    name: str
    language: str
    channels: list[str]
    happenings: list[str] | None
    quiet: list[str]
    # Since when a phone of theirs is bound.
    phone_since: str | None = None


class Guardians(Shape):
    """Somebody's guardians."""

    items: list[GuardianEntry]


class Preferences(Shape):
    """What a guardian wants: `happenings` null: everything that the site tells; `addresses` null: as before."""

    happenings: Annotated[list[ToldOf] | None, Field(max_length=50)] = None
    quiet: Annotated[list[Span], Field(max_length=5)] = []
    language: Literal["zh-CN", "en"] = "zh-CN"
    addresses: Annotated[list[Place], Field(min_length=1, max_length=6)] | None = None


class InboxItem(Shape):
    """What arrived in the gateway's own inbox."""

    id: str
    guardian: str
    title: str
    body: str
    received_at: str


class Consent(Shape):
    """How it stands with one purpose. `until`: it holds until then, empty: it does not hold or nothing ends it."""

    state: Literal["given", "asked_again", "refused", "ended", "unsaid"]
    until: str
    text_version: str
    given_by: str
    given_on: str


class PersonEntry(Person):
    """A line of the list of people. `face`: it is looked for; `begins` and `ends`: when they may come.

    `ways` are all by which they come in; `stranded`: there is none, which somebody must see to.
    """

    watch: bool
    templates: int
    ground: str
    until: str
    face: bool
    begins: str | None
    ends: str | None
    consents: dict[Literal["recognition", "listing", "notices", "evidence"], Consent]
    ways: list[Literal["face", "card", "plate", "hand"]]
    stranded: bool


class Step(Shape):
    """One passage of somebody's day. `zone` is where it led, empty for out of every zone; null: nobody keeps count."""

    passage_id: str
    time: str
    node: str
    camera: str
    lane: str | None
    kind: str
    direction: Direction
    movement: Literal["arrival", "departure"] | None
    zone: str | None
    reason: str
    synthetic: bool


class PersonDay(Shape):
    """Somebody's way through a local day, in its order; `zone` is where it led last, by what arrived here so far."""

    person: Person
    day: str
    zone: str | None
    steps: list[Step]


class Today(Shape):
    """The local day so far."""

    arrivals: int
    departures: int
    unknown: int
    plates: int
    alerts_open: int


class Summary(Shape):
    """Numbers for the page's head."""

    today: Today


class Passages(Shape):
    """A page of passages, newest first."""

    items: list[Passage]
    next: str | None


class Alerts(Shape):
    """A page of alerts, newest first."""

    items: list[Alert]
    next: str | None


class Nodes(Shape):
    """All nodes."""

    items: list[Node]


class Lanes(Shape):
    """Every lane that a node has or that ever decided something."""

    items: list[Lane]


class Notices(Shape):
    """A page of notices, newest first."""

    items: list[Notice]
    next: str | None


class Inbox(Shape):
    """The latest of the inbox."""

    items: list[InboxItem]
    next: str | None = None


class FaceCount(Shape):
    """How many people's faces are kept; from `filing` on they are filed with the province within 30 working days."""

    count: int
    warning: int
    filing: int
    verdict: Literal["ok", "near", "due"]


class People(Shape):
    """Everybody enrolled whom the caller may see; `stranded` of them have no way in. `faces`: of the whole site."""

    items: list[PersonEntry]
    stranded: int
    faces: FaceCount
    next: str | None = None


class Delivery(Shape):
    """A feed entry on its way to a webhook."""

    feed_id: int
    subscriber: str
    state: Literal["queued", "sent", "dead"]
    tries: int
    error: str


class Deliveries(Shape):
    """The latest deliveries."""

    items: list[Delivery]
    next: str | None = None


class Setup(Shape):
    """Whether the first administrator is still to be made."""

    needed: bool


class SetupRequest(Shape):
    """The first administrator."""

    secret: Secret
    user: Short
    password: Secret


class LogIn(Shape):
    """Either user and password, or a ticket; `code` of the second factor, where there is one."""

    user: Short | None = None
    password: Secret | None = None
    ticket: Secret | None = None
    code: Annotated[str, Field(max_length=64)] = ""


class LoggedIn(Shape):
    """Who is logged in, and the token that every change must carry.

    `unfinished`: a second factor is to be set up first; until then nothing else is open.
    """

    user: str
    role: str
    csrf: str
    site: Site
    unfinished: bool = False


class Move(Shape):
    """A step that a person asks for, who saw the case in `expected_state`.

    `assignee`: who is sent, with `dispatched` alone; `picture`: sha256 of one that was brought for this case before.
    """

    to: AlertState
    note: Annotated[str, Field(max_length=2000)] = ""
    expected_state: AlertState
    assignee: Assignee | None = None
    picture: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class InboxPost(BaseModel):
    """What apprise's JSON sender posts; the rest of it does not matter here."""

    title: Annotated[str, Field(max_length=500)] = ""
    message: Annotated[str, Field(max_length=20000)]


class Health(Shape):
    """How the gateway is, in one word."""

    status: Literal["ok", "warn", "fail"]


class Check(Shape):
    """One thing that was looked at, and what to do about it; `code` and `values` say the same without words."""

    name: str
    verdict: Literal["ok", "warn", "fail"]
    text: str
    advice: str
    code: str
    values: dict[str, float | str]


class Checks(Shape):
    """Everything that was looked at; `fail` where the gateway itself does not do its work."""

    status: Literal["ok", "warn", "fail"]
    items: list[Check]


class Stored(Shape):
    """A picture is kept."""

    sha256: str
    media_type: str


class Done(Shape):
    """It is done."""

    ok: Literal[True] = True
