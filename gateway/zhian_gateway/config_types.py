"""The typed configuration of a gateway; `config.py` reads it from TOML and says what is wrong where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec
from zhian_wire.alerts import Severity

from .config_base import Address, Name, NotNegative, Port, Seconds, Shown, Span
from .config_base import Section as _Section
from .config_emergency import Emergency
from .config_notices import Notices, Outbound
from .config_visitors import Visitors
from .store.locations import Location, Server


class Site(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`timezone` is an IANA name; local days follow it. `name` is shown to people."""

    id: Name
    name: str = ""
    timezone: str = "Asia/Shanghai"


class Listen(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where pages and nodes find the gateway. `port` 0 takes a free one.

    Attributes:
        secure: the page comes by HTTPS (through a proxy), so cookies are kept from plain HTTP.
        proxies: addresses of proxies whose `X-Forwarded-For` is believed; else everybody behind one is one address.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    secure: bool = False
    proxies: tuple[str, ...] = ()


BrokerUrl: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^mqtts?://[A-Za-z0-9.\[\]:-]+$")]


def address_of(broker: str) -> tuple[str, int]:
    """Host and port of a broker's address."""
    parts = urlsplit(broker)
    return parts.hostname or "127.0.0.1", parts.port or (8883 if parts.scheme == "mqtts" else 1883)


class Broker(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The MQTT broker; `password_file` (relative to the configuration) holds the gateway's own password.

    With `mqtts://` the gateway shows the certificate of its `[authority]` instead, and trusts that alone. `also` are
    the other brokers of the nodes' lists: the gateway listens at each, so that nodes may change over.
    """

    url: BrokerUrl = "mqtt://127.0.0.1:1883"
    also: tuple[BrokerUrl, ...] = ()
    user: str = ""
    password_file: str = ""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the first one."""
        return address_of(self.url)

    @property
    def urls(self) -> tuple[str, ...]:
        """Every broker."""
        return (self.url, *self.also)

    @property
    def secure(self) -> bool:
        """Whether it is spoken to by TLS."""
        return self.url.startswith("mqtts:")

    def password(self) -> str:
        """The password, read when it is needed."""
        return Path(self.password_file).read_text(encoding="utf-8").strip() if self.password_file else ""


class Authority(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Certificates for nodes, and the door at which they show them.

    Attributes:
        names: names and addresses under which nodes reach gateway and broker; the servers' certificates hold for these.
        host: where the door listens, for nodes alone; pages come by `[listen]`.
        port: 0 takes a free one.
        home: folder of the authority's key, relative to the configuration file; back it up apart from the database.
        broker: which broker's lists are kept, in `broker_files`; without that folder none are.
        broker_files: what `zhian-gateway broker config --out` has written, relative to the configuration file.
        broker_pid_file: the broker is told of a change by SIGHUP, where the gateway may do that; else whoever watches
            `broker_files` tells it (configs/systemd/zhian-broker.path).
    """

    names: Annotated[tuple[Shown, ...], msgspec.Meta(min_length=1)]
    host: str = "0.0.0.0"  # noqa: S104 - nodes are other machines
    port: Port = 8443
    home: str = "authority"
    broker: Literal["mosquitto", "nats"] = "mosquitto"
    broker_files: str = ""
    broker_pid_file: str = ""


class SignIn(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people sign in.

    Attributes:
        second_factor: roles that need an authenticator; whoever has none yet may set one up, and nothing else.
        idle_minutes: a session that nobody uses is over. Somebody uses it by asking, and at a page by touching it.
        watching: roles whose page is watched without being touched: it uses the session as long as it is open.
        lasts_minutes: so is every session after this time; by default a little more than a shift.
    """

    second_factor: tuple[Literal["admin", "auditor", "guard", "police", "teacher"], ...] = ()
    idle_minutes: Annotated[int, msgspec.Meta(ge=1, le=10_080)] = 120
    watching: tuple[Literal["admin", "auditor", "guard", "police", "teacher"], ...] = ("guard",)
    lasts_minutes: Annotated[int, msgspec.Meta(ge=1, le=43_200)] = 780


class Family(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What guardians may do on their own phones.

    Attributes:
        phones: whether phones may be bound at all.
        pictures: whether the child's own picture of a passage is shown.
        lasts_days: a phone is to be bound anew after so many days.
        consent_days: how long a consent holds that is given on the phone.
    """

    phones: bool = True
    pictures: bool = False
    lasts_days: Annotated[int, msgspec.Meta(ge=1, le=1_100)] = 400
    consent_days: Annotated[int, msgspec.Meta(ge=1, le=1_100)] = 365


class Storage(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`home` holds database and pictures, relative to the configuration file.

    `key_file` holds the keys of what is sealed in both, likewise; empty: `vault.key` in `home`. Elsewhere is better, on
    another disk or a stick: whoever copies `home` then has nothing.

    `url` puts the database on a PostgreSQL server instead: `postgresql://user@host:port/database`. Its password is in
    `password_file` (likewise), or where libpq looks for it (`PGPASSWORD`, `PGPASSFILE`); never in `url`.

    `pictures` puts the pictures into a bucket instead: `s3://bucket/prefix`, at `pictures_endpoint` (else Amazon's).
    The keys are in `pictures_credentials` (likewise; a file as AWS's tools have it) or in the environment.
    """

    home: str = "gateway"
    key_file: str = ""
    url: str = ""
    password_file: str = ""
    pictures: Annotated[str, msgspec.Meta(pattern=r"^(s3://[a-z0-9][a-z0-9.-]+(/[A-Za-z0-9._/-]*)?)?$")] = ""
    pictures_endpoint: Annotated[str, msgspec.Meta(pattern=r"^(https?://[^@/]+/?)?$")] = ""
    pictures_credentials: str = ""
    picture_max_kb: Annotated[int, msgspec.Meta(ge=1, le=65536)] = 4096

    @property
    def location(self) -> Location:
        """Where the database is."""
        if not self.url:
            return Path(self.home) / "gateway.db"
        return Server(self.url, Path(self.home), Path(self.password_file) if self.password_file else None)

    @property
    def keys(self) -> Path:
        """The file of keys."""
        return Path(self.key_file) if self.key_file else Path(self.home) / "vault.key"

    @property
    def first_secret(self) -> Path:
        """Where the first-run secret lies until there is an administrator; only the gateway's user may read it."""
        return Path(self.home) / "first-run-secret"

    @property
    def picture_folder(self) -> Path:
        """The folder of evidence, by sha256."""
        return Path(self.home) / "pictures"


class Lane(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the site makes of a lane's passages.

    Attributes:
        lane: the node's name of the lane, or of a place that cameras without a lane share.
        cameras: such cameras.
        closed_to_strangers: an unknown face is an alert.
        direction: `as_seen` believes the node, `reversed` turns it round, `in` and `out` are one-way lanes.
    """

    lane: Name
    cameras: tuple[Name, ...] = ()
    closed_to_strangers: bool = False
    direction: Literal["as_seen", "reversed", "in", "out"] = "as_seen"


class Camera(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people call a camera; `node` only where two nodes use the same id."""

    id: Name
    name: Shown
    node: str = ""


class Place(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people call a lane."""

    id: Name
    name: Shown


class Rules(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is a case, and what is not.

    Attributes:
        window_s: unknown persons (and candidates) at one place within it are one case.
        silent_s: a node that says nothing for so long is offline.
        lanes: lanes that need more than the default.
        file: the site's own rules (`rules/rule_types.py`), relative to the configuration; "": the built-in ones alone.
    """

    file: str = ""
    window_s: Annotated[int, msgspec.Meta(ge=1)] = 300
    silent_s: Seconds = 30.0
    lanes: tuple[Lane, ...] = ()


class Target(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Within how many seconds a case is to be acknowledged, and closed, after it was raised; 0: whenever."""

    acknowledge_s: NotNegative
    close_s: NotNegative


class Quiet(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When somebody is not woken by cases of these severities; by a critical one always."""

    hours: Span
    severities: tuple[Literal["major", "minor", "info"], ...] = ("major", "minor", "info")


class Contact(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who is told when nobody acknowledges, or of what `[[notices.routes]]` names them for.

    Attributes:
        address: as docs/integrate.md lists them: an apprise URL, `inbox://NAME`, `sms://+86...` and so on.
        further: where they are told when that does not work, in this order.
        groups: a teacher's classes: of what happens to one person they are told only if that one is of these groups.
    """

    name: Shown
    role: Shown
    address: Address
    further: tuple[Address, ...] = ()
    groups: tuple[Name, ...] = ()
    language: Literal["zh-CN", "en"] = "zh-CN"
    quiet: tuple[Quiet, ...] = ()


class EscalationStep(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told `after_s` seconds after the target to acknowledge was missed; `to` are roles or names of contacts."""

    to: Annotated[tuple[Shown, ...], msgspec.Meta(min_length=1)]
    after_s: NotNegative = 0.0
    severities: tuple[Severity, ...] = ("critical", "major")


class Response(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How fast cases are to be answered, and who is told when they are not.

    The defaults let a guard finish a sentence before a critical case is late, and a shift close what it has opened.
    """

    critical: Target = Target(acknowledge_s=60, close_s=3600)
    major: Target = Target(acknowledge_s=300, close_s=4 * 3600)
    minor: Target = Target(acknowledge_s=3600, close_s=24 * 3600)
    info: Target = Target(acknowledge_s=0, close_s=0)
    contacts: tuple[Contact, ...] = ()
    steps: tuple[EscalationStep, ...] = ()

    def target(self, severity: Severity) -> Target:
        """The target of cases of that severity."""
        found: Target = getattr(self, severity)
        return found

    def contact(self, name: str) -> Contact | None:
        """The contact of that name."""
        return next((one for one in self.contacts if one.name == name), None)

    def told(self, step: EscalationStep) -> tuple[Contact, ...]:
        """Everybody whom a step names, by role or by name, once each."""
        return tuple(one for one in self.contacts if one.name in step.to or one.role in step.to)


class Police(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which kinds of case the police may see; nothing else leaves."""

    kinds: tuple[str, ...] = ("watch_hit", "unknown_person", "tailgating", "door_forced", "fence_crossed")
    most_tries: Annotated[int, msgspec.Meta(ge=1)] = 10
    retry_s: Seconds = 5.0


Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]


class Retention(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many days each class of data is kept; 0: for ever. docs/operate.md says why each default is as it is.

    Attributes:
        at: the local time of the daily run.
        pictures_days: crops of evidence, from their arrival.
        strangers_days: passages of who is not enrolled, vehicles of nobody's among them.
        known_days: passages of people enrolled, or who were.
        events_days: the exact bytes of events; number, hash and day stay as the proof.
        cases_days: alerts with all their steps, from the day when they were closed.
        police_days: what the police were told, from then.
        notices_days: notices and the local inbox, from when they were written.
        visits_days: who visited, from the end of the visit; a record says that it was deleted.
        watch_lists_days: entries of watch lists, from when they were over; their faces go at once.
        audit_days: who did or saw what; orders by hand to a lane too.
    """

    at: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "03:00"
    pictures_days: Days = 30
    strangers_days: Days = 30
    known_days: Days = 400
    events_days: Days = 30
    cases_days: Days = 730
    police_days: Days = 730
    notices_days: Days = 90
    visits_days: Days = 30
    watch_lists_days: Days = 365
    audit_days: Days = 1095


class Audit(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What vouches for the audit outside its database.

    Attributes:
        anchor: file that says in signed lines how far the audit was, relative to the configuration; empty:
            `audit.anchors` in the store's home. Elsewhere is better: where the gateway may append and nothing else.
        every_minutes: how often a line is added, if anything was; one more at the gateway's end.
    """

    anchor: str = ""
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 5

    def file_in(self, home: str) -> str:
        """The file, where the store is in `home`."""
        return self.anchor or str(Path(home) / "audit.anchors")


class Metrics(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may read `/metrics`: whoever shows the token in `token_file` (relative to the configuration); "": nobody."""

    token_file: str = ""

    def token(self) -> str:
        """The token, read when it is needed, so that it can be changed while the gateway runs."""
        return Path(self.token_file).read_text(encoding="utf-8").strip() if self.token_file else ""


class Config(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway's whole configuration."""

    site: Site
    listen: Listen = Listen()
    sign_in: SignIn = SignIn()
    family: Family = Family()
    broker: Broker = Broker()
    authority: Authority | None = None
    store: Storage = Storage()
    rules: Rules = Rules()
    notices: Notices = Notices()
    outbound: Outbound = Outbound()
    response: Response = Response()
    police: Police = Police()
    emergency: Emergency = Emergency()
    retention: Retention = Retention()
    audit: Audit = Audit()
    metrics: Metrics = Metrics()
    visitors: Visitors = Visitors()
    cameras: tuple[Camera, ...] = ()
    lanes: tuple[Place, ...] = ()

    def camera_names(self) -> dict[str, str]:
        """By camera id, or by `node/camera` where that is said."""
        return {f"{one.node}/{one.id}" if one.node else one.id: one.name for one in self.cameras}

    def lane_names(self) -> dict[str, str]:
        """By lane id."""
        return {one.id: one.name for one in self.lanes}

    def place_name(self, node: str, camera: str, lane: str | None) -> str:
        """What people call the place: by its lane, else by its camera; the id where nobody named it."""
        cameras, lanes = self.camera_names(), self.lane_names()
        named = lanes.get(lane or "") or cameras.get(f"{node}/{camera}") or cameras.get(camera)
        return named or lane or camera
