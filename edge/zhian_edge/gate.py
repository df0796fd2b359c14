"""The process that decides, remembers and delivers. It only wires stages; it needs neither FFmpeg nor a network.

vision (child) ─┐
readers ────────┼─▶ queue ─▶ decision thread ─▶ outbox ─▶ delivery thread ─▶ broker
housekeeping ───┘                                 └─────▶ picture thread ─▶ gateway
"""

from __future__ import annotations

import importlib.metadata
import os
import secrets
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
import structlog
from zhian_models.systemd import notify
from zhian_wire.commands import LetPass, Listen, SetLane, SoundSiren, TakeBack, Watch
from zhian_wire.events import Alert, EventData, Health
from zhian_wire.roster import Roster
from zhian_wire.state import CameraState, Machine, NodeState, Standing
from zhian_wire.times import from_text, to_text

from zhian_edge.config.types import Config
from zhian_edge.configuring.changing import Changing
from zhian_edge.configuring.choosing import Chosen
from zhian_edge.configuring.running import Ending
from zhian_edge.deciding import Announcement, Deciding, NewRoster
from zhian_edge.decision.actions import Action, Compare
from zhian_edge.decision.decider import Decider
from zhian_edge.delivery.courier import Courier
from zhian_edge.delivery.credentials import Certificate, Credentials, credentials_of
from zhian_edge.delivery.database import Database, open_or_replace
from zhian_edge.delivery.joining import say_wiped
from zhian_edge.delivery.orders import Orders
from zhian_edge.delivery.outbox import Identity, Outbox, Outcome
from zhian_edge.delivery.papers import Papers
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.delivery.precedence import Precedence
from zhian_edge.delivery.presented import DeskReads
from zhian_edge.delivery.renewal import Renewal
from zhian_edge.delivery.roster import RosterService, valid
from zhian_edge.delivery.roster_file import RosterFile
from zhian_edge.delivery.service import Calls, Delivery
from zhian_edge.delivery.siblings import SiblingService
from zhian_edge.delivery.spool import Spool
from zhian_edge.delivery.tiles import Tiles
from zhian_edge.delivery.uploads import Uploads
from zhian_edge.delivery.window import Window
from zhian_edge.desk import Desk
from zhian_edge.devices import Equipment
from zhian_edge.installer import Installer
from zhian_edge.planning import plan_of
from zhian_edge.process.clock import ClockTie, boot_id, mono_ms, read_clock
from zhian_edge.process.control import ControlServer
from zhian_edge.process.housekeeping import Housekeeping
from zhian_edge.process.ipc import Begin, Tile, ToGate
from zhian_edge.process.machine import MachineReader
from zhian_edge.process.ownership import own
from zhian_edge.process.supervisor import RetryPolicy, Supervisor
from zhian_edge.reported import Reported
from zhian_edge.sight import Sight
from zhian_edge.signals import (
    Acted,
    ByHand,
    CameraReport,
    CardRead,
    ClockTold,
    Contact,
    LaneOrder,
    ManualPassage,
    PassageTakenBack,
    VisionBeat,
)
from zhian_edge.vision_child import VisionChild, VisionLost

log = structlog.get_logger(__name__)

#: A refusal may end when the gateway learns of this node; a person should not have to wait long for it.
PATIENT: Final = RetryPolicy(refused_s=30.0)
#: A line that breaks again and again still carries something each time, so a link that worked is made again soon.
LINK: Final = RetryPolicy(refused_s=30.0, steady_s=0.0)
#: When stopping, what was decided last gets this long to be told.
FAREWELL_S: Final = 3.0
#: An order is answered when it is on the disk, which takes some milliseconds; the heart-beat must not wait for longer.
COMMITTED_S: Final = 2.0
DATABASE: Final = "node.sqlite3"


class Gate:
    """A node's gate, from its configuration. `start` once, `stop` once."""

    def __init__(self, config: Config, trace: Path | None = None, chosen: Chosen | None = None) -> None:
        """Open the node's folder.

        Args:
            chosen: where `config` is from, so that another one can be pushed; none: it cannot.

        Raises:
            AlreadyRunning: another gate owns it.
            DiskFull, OutboxNewer: its database cannot be used.
            HomeRefused: the folder cannot be made or used.
            BadSecret: the roster's key can be read by others.
        """
        self._config = config
        self._chosen = chosen
        self._again = threading.Event()
        home = Path(config.node.home)
        with ExitStack() as undo:
            undo.callback(own(home).close)
            self._run = secrets.token_hex(8)
            self._tie = ClockTie(boot_id(), read_clock())
            self._begun_ms = mono_ms()
            self._machine = MachineReader(home, mono_ms)
            self._first: list[EventData] = []
            self._database = self._open_database(home)
            undo.callback(self._database.close)
            self._build(home, trace)
            self._undo = undo.pop_all()

    def start(self) -> None:
        """Start every thread, and vision where there are cameras."""
        self._deciding.start()
        self._deciding.put(Announcement(self._first))
        self._control.start()
        for supervisor in self._supervisors:
            supervisor.start()
        notify("READY=1")
        log.info("gate started", node=self._config.node.id, epoch=self._outbox.epoch, seq=self._outbox.seq)

    def wait(self, stopping: threading.Event) -> Ending:
        """Wait until it is to stop, to begin anew with another configuration, or cannot go on."""
        while not stopping.wait(0.5):
            if self._deciding.failed.is_set():
                return "failed"
            if self._again.is_set():
                return "again"
        return "stopped"

    def stop(self) -> None:
        """Vision's last words, then the decision's, then their delivery as far as that goes quickly."""
        notify("RELOADING=1" if self._again.is_set() else "STOPPING=1")
        if self._vision is not None:
            self._eyes.stop(8.0)
        self._deciding.stop()
        self._say_farewell()
        threads = [threading.Thread(target=each.stop, args=(5.0,)) for each in self._supervisors]
        for thread in threads:
            thread.start()
        self._uploads.wake()  # it may be waiting for pictures
        for thread in threads:
            thread.join()
        self._control.stop()
        self._deciding.commit_rest()
        self._undo.close()
        log.info("gate stopped", node=self._config.node.id)

    def give(self, order: ByHand) -> None:
        """Carry out a person's order; returns when it is on the disk.

        Raises:
            NotWritten: it is not, or not yet.
        """
        self._deciding.carry(order, COMMITTED_S)

    def standings(self) -> Mapping[str, Standing]:
        """How every lane that takes orders is now."""
        return self._decider.lanes()

    def knows(self, person: str) -> bool:
        """Whether somebody is on the roster that holds now."""
        with self._roster_lock:
            return any(each.id == person for each in self._roster.persons)

    def state(self) -> NodeState:
        """The heart-beat as of now."""
        beat = self._beat
        epoch, seq = self._outbox.place
        return NodeState(
            node=self._config.node.id,
            epoch=epoch,
            seq=seq,
            time=self._tie.stamp(mono_ms()).time,
            version=importlib.metadata.version("zhian"),
            run=self._run,
            roster_version=self._rosters.version,
            roster_mark=self._rosters.mark,
            outbox=self._outbox.open_count() + self._desk.held,
            pictures=self._book.waiting(),
            presence=dict(self._decider.presence(mono_ms())),
            vision="off" if self._vision is None else "down" if self._blind else "ok",
            cameras=self._cameras(beat),
            lanes=self._decider.lanes(),
            devices=self._equipment.beat(mono_ms()),
            keys=beat.keys if beat else (),
            counters={
                **(beat.counters if beat else {}),
                "gate_pictures_lost": self._desk.pictures_lost,
                "gate_pictures_refused": self._uploads.refused,
                "gate_events_lost": self._desk.events_lost,
            },
            machine=self._machine_now(beat),
        )

    def _machine_now(self, beat: VisionBeat | None) -> Machine:
        seen = {"runtime": beat.runtime, "networks": beat.networks} if beat else {}
        return msgspec.structs.replace(
            self._machine.look(), since=self._tie.stamp(self._begun_ms).time, clock=self._tie.clock, **seen
        )

    def _build(self, home: Path, trace: Path | None) -> None:
        config, credentials = self._config, credentials_of(self._config)
        identity = Identity(config.site.id, config.node.id, ZoneInfo(config.site.timezone))
        self._identity = identity
        self._spool = Spool(home / "spool")
        self._outbox = Outbox(self._database, identity)
        self._book = PictureBook(self._database)
        if self._first:
            self._outbox.expect_pictures()
        # A crash between a picture's rename and its event's commit leaves a file that nobody will ever ask for.
        known = self._book.known()
        self._spool.remove([sha256 for sha256, _ in self._spool.held() if sha256 not in known])
        self._desk = Desk(self._outbox, self._spool, self._tie, self._committed)
        self._beat: VisionBeat | None = None
        self._reported = Reported()
        self._blind = False
        self._keeping = Housekeeping(
            config.node.id, home, config.storage,
            outbox=self._outbox, book=self._book, spool=self._spool, vouched_ms=self._vouched_ms,
            forget_expired=self._use_roster,
        )  # fmt: skip
        self._decider = Decider(plan_of(config, boot_id()))
        now = mono_ms()
        told = ClockTold(at_ms=now, wall_ms=self._tie.wall_ms(now), clock=self._tie.clock)
        self._first += self._decider.recall(self._outbox.log, self._outbox.state(), told)
        self._decider.blinded(now)  # until the cameras are told to be well: networks take their time to load
        self._deciding = Deciding(
            self._decider, self._desk, self._tie, Sight(config.node.id),
            short_of_space=self._keeping.wake, act=self._act,
        )  # fmt: skip
        self._equipment = Equipment(config, self._felt)
        opening = {lane.id for lane in config.lanes if lane.policy != "observe"}
        installer = Installer(config, self._equipment, self, opening)
        self._control = ControlServer(home, {"status": self._status}, installer.orders)
        self._build_links(home, credentials)
        self._build_vision(trace)

    def _build_links(self, home: Path, credentials: Credentials) -> None:
        config, gateway = self._config, self._config.gateway
        file = RosterFile(home, config.node.id)
        self._rosters = RosterService(gateway.url, credentials, file, file.load(), revoked=self._revoked)
        self._roster = Roster(version=0)
        self._roster_lock = threading.Lock()
        siblings = SiblingService(gateway.url, credentials, config.presence.siblings, config.presence.sibling_s)
        precedence = Precedence()
        self._uploads = Uploads(gateway.url, credentials, self._book, self._spool, precedence)
        self._tiles = Tiles(gateway.url, credentials)
        desks = frozenset(each.id for each in config.readers if each.use == "desk")
        self._desks = DeskReads(gateway.url, credentials, desks)
        self._changing = self._configuration(credentials)
        calls = Calls(
            state=self.state,
            wall_ms=lambda: self._vouched_ms() or 0,
            settled=self._settled,
            roster=lambda _version: self._rosters.wake(),
            presence=siblings.wake,
            urgent=precedence.claim,
            calm=precedence.release,
        )
        courier = Courier(self._outbox, Window(gateway.window, round(gateway.resend_s * 1000)))
        self._delivery = Delivery(
            gateway.brokers, self._identity, credentials, courier=courier, orders=self._orders(), calls=calls
        )
        self._link = Supervisor(self._delivery, _ignore, policy=LINK)
        self._supervisors: list[Supervisor[Any]] = [
            self._link,
            *(
                # These have nothing to do most of the time.
                Supervisor(service, deliver, policy=PATIENT, stale_s=None)
                for service, deliver in (
                    (self._uploads, _ignore),
                    (self._tiles, _ignore),
                    *(((self._desks, _ignore),) if self._desks.readers else ()),
                    (self._rosters, lambda _roster: self._use_roster()),
                )
            ),
            *self._equipment.supervisors,
        ]
        self._credentials = credentials
        self._supervisors += self._changing.supervisors if self._changing else ()
        self._supervisors += self._own_words(home, credentials)
        if config.presence.siblings or any(lane.inside or lane.outside for lane in config.lanes):
            self._supervisors.append(Supervisor(siblings, self._deciding.put, policy=PATIENT, stale_s=None))

    def _own_words(self, home: Path, credentials: Credentials) -> list[Supervisor[Any]]:
        """What tells of itself by events: what is kept here, and a certificate that is renewed."""
        services: list[Any] = [self._keeping]
        if isinstance(credentials, Certificate):
            config = self._config
            named = (config.site.id, config.node.id)
            services.append(Renewal(config.gateway.url, credentials, Papers(home), named))
        return [
            Supervisor(each, lambda event: self._deciding.put(Announcement([event])), policy=PATIENT, stale_s=None)
            for each in services
        ]

    def _configuration(self, credentials: Credentials) -> Changing | None:
        if self._chosen is None:
            return None
        return Changing(
            self._chosen,
            self._config.gateway.url,
            credentials,
            state=self.state,
            linked=lambda: self._delivery.linked,
            now=lambda: self._tie.stamp(mono_ms()).time,
            again=self._again.set,
            policy=PATIENT,
        )

    def _orders(self) -> Orders:
        return Orders(
            self._database,
            self._outbox,
            watch=self._watch,
            listen=self._listen,
            set_lane=self._set_lane,
            let_pass=self._let_pass,
            take_back=self._take_back,
            sound=self._sound,
            wipe=self._wipe,
            now_ms=self._wall_ms,
            configure=self._changing.configure if self._changing else None,
        )

    def _build_vision(self, trace: Path | None) -> None:
        self._vision: VisionChild | None = None
        if not self._config.cameras:
            self._use_roster()
            return
        if trace is not None:
            trace.write_bytes(b"")
        begin = Begin(
            config=self._config,
            spool=str(Path(self._config.node.home) / "spool"),
            trace=str(trace.absolute()) if trace else "",
        )
        self._vision = VisionChild(begin, self._heard)
        self._use_roster()
        self._eyes = Supervisor(self._vision, self._heard, policy=PATIENT)
        self._supervisors.append(self._eyes)

    def _open_database(self, home: Path) -> Database:
        opened = open_or_replace(home / DATABASE, self._wall_ms())
        if opened.aside is not None:
            detail = f"moved to {opened.aside.name}; {opened.salvaged} undelivered events were read out of it"
            log.error("the database was damaged", detail=detail)
            # A part of its own: that the outbox has room again must not settle this.
            self._first.append(
                Health(
                    component="database",
                    device=self._config.node.id,
                    status="degraded",
                    cause="database_damaged",
                    detail=detail,
                )
            )
        return opened.database

    def _heard(self, message: ToGate | VisionLost) -> None:
        """What vision says goes to the decision; tiles go straight to who watches."""
        if isinstance(message, Tile):
            self._tiles.put(message.camera, message.jpeg)
            return
        if isinstance(message, (VisionBeat, CameraReport)):
            self._reported.step(message)
        if isinstance(message, VisionBeat):
            self._beat, self._blind = message, False
        elif isinstance(message, VisionLost):
            self._beat, self._blind = None, True
        self._deciding.put(message)

    def _committed(self) -> None:
        self._delivery.wake()

    def _settled(self, outcome: Outcome) -> None:
        """The gateway has events, so that their pictures may follow; what it refuses is told to people."""
        self._uploads.wake()
        node = self._config.node.id
        events: list[EventData] = []
        if outcome.new_epoch:
            detail = f"the gateway knows a later life of this node; epoch {outcome.new_epoch} begins"
            alert = Alert(key=f"{node}/cloned", kind="node_cloned", severity="major", device=node, detail=detail)
            log.warning("new epoch", detail=detail, moved=outcome.moved)
            events.append(alert)
        if outcome.refused:
            detail = ", ".join(f"{refusal.seq}: {refusal.reason}" for refusal in outcome.refused[:10])
            log.warning("the gateway refuses events", refused=detail)
            key = f"{node}/event_refused"
            events.append(Alert(key=key, kind="event_refused", severity="minor", device=node, detail=detail))
        if outcome.resent:
            log.warning("the gateway has another store; sending the ring again", events=outcome.resent)
        if events:
            self._deciding.put(Announcement(events))

    def _use_roster(self) -> None:
        """Hand vision everybody whose time is not over, when that is somebody else than before.

        Three threads call it; the roster that is held is read inside the lock, so that none hands in an older one.
        """
        with self._roster_lock:
            now = datetime.fromtimestamp(self._wall_ms() / 1000, UTC)
            current = valid(self._rosters.roster, now)
            if self._vision is not None and current != self._roster:
                self._vision.use_roster(current)
            if current != self._roster:
                self._deciding.put(NewRoster(current))
            self._roster = current

    def _watch(self, command: Watch) -> bool:
        vision = self._vision
        if vision is None or command.camera not in {camera.id for camera in self._config.cameras}:
            return False
        left = from_text(command.expires) - datetime.fromtimestamp(self._wall_ms() / 1000, UTC)
        vision.show(command.camera, mono_ms() + left // timedelta(milliseconds=1))
        return True

    def _listen(self, command: Listen) -> bool:
        left = from_text(command.expires) - datetime.fromtimestamp(self._wall_ms() / 1000, UTC)
        return self._desks.listen(command.reader, mono_ms() + left // timedelta(milliseconds=1))

    def _opens_nothing(self, lane: str) -> str:
        opens = any(each.id == lane and each.policy != "observe" for each in self._config.lanes)
        return "" if opens else f"no lane {lane} here opens anything"

    def _set_lane(self, command: SetLane) -> str:
        refused = self._opens_nothing(command.lane) or self._locked_since(command)
        if refused:
            return refused
        now, wall_ms = mono_ms(), self._wall_ms()
        left = from_text(command.until) - datetime.fromtimestamp(wall_ms / 1000, UTC)
        order = LaneOrder(
            order=command.id, lane=command.lane, state=command.state, who=command.who, why=command.why,
            at_ms=now, until_ms=now + left // timedelta(milliseconds=1),
        )  # fmt: skip
        self.give(order)
        return ""

    def _locked_since(self, command: SetLane) -> str:
        """Whether somebody locked the lane here after this was ordered: what comes late does not undo that."""
        since = (
            None if command.ordered is None or command.state == "locked" else self._decider.locked_since(command.lane)
        )
        if since is None or since[0] <= from_text(command.ordered or ""):
            return ""
        return f"locked here since {to_text(since[0])} by {since[1]}"

    def _let_pass(self, command: LetPass) -> str:
        refused = self._opens_nothing(command.lane)
        if refused:
            return refused
        passage = ManualPassage(
            order=command.id, lane=command.lane, direction=command.direction, who=command.who, why=command.why,
            person_id=command.person_id, at_ms=mono_ms(), opens=command.opens,
        )  # fmt: skip
        self.give(passage)
        return ""

    def _take_back(self, command: TakeBack) -> str:
        refused = self._opens_nothing(command.lane)
        if refused:
            return refused
        word = PassageTakenBack(
            order=command.id, passage=command.order, lane=command.lane, at_ms=mono_ms(),
            person_id=command.person_id, zone=command.zone,
        )  # fmt: skip
        self.give(word)
        return ""

    def _sound(self, command: SoundSiren) -> int:
        left = from_text(command.until) - datetime.fromtimestamp(self._wall_ms() / 1000, UTC)
        sirens = self._equipment.sirens
        if command.state == "on" and left > timedelta():
            sirens.sound(left.total_seconds())
        else:
            sirens.silence()
        return len(sirens)

    def _act(self, actions: Sequence[Action]) -> None:
        """What was decided, and is on the disk, is carried out by others: the decision waits for nobody."""
        self._equipment.act(actions)
        for action in actions:
            if isinstance(action, Compare) and self._vision is not None:
                self._vision.compare(action.lane, action.person_ids, action.awaited)

    def _felt(self, said: CardRead | Contact | Acted | Health) -> None:
        """What devices say goes to the decision; how they are is an event as it is. A desk's cards decide nothing."""
        if isinstance(said, CardRead) and said.reader in self._desks.readers:
            self._desks.put(said)
            return
        self._deciding.put(Announcement([said]) if isinstance(said, Health) else said)

    def _wipe(self) -> None:
        """The node is revoked: nobody is recognised any more, and no picture stays."""
        self._rosters.forget()
        self._use_roster()
        self._spool.clear()

    def _revoked(self) -> None:
        """The gateway says so by HTTP; the broker, which would carry the answer to an order, is closed to this node."""
        self._wipe()
        say_wiped(self._config.gateway.url, self._credentials)

    def _wall_ms(self) -> int:
        return self._tie.wall_ms(mono_ms())

    def _vouched_ms(self) -> int | None:
        """The same, while something vouches for it."""
        return self._wall_ms() if self._tie.clock == "trusted" else None

    def _cameras(self, beat: VisionBeat | None) -> tuple[CameraState, ...]:
        if beat is None:
            status: Literal["blind", "starting"] = "blind" if self._blind else "starting"
            return tuple(CameraState(id=camera.id, status=status, cause="vision") for camera in self._config.cameras)
        now = mono_ms()
        return tuple(
            CameraState(
                id=report.camera,
                status=report.status,
                last_frame_age_ms=None if report.last_frame_ms is None else max(now - report.last_frame_ms, 0),
                frames=report.frames,
                dropped=report.dropped,
                cause=report.cause,
            )
            for report in beat.cameras
        )

    def _status(self) -> dict[str, Any]:
        """For `zhian-edge status`: the heart-beat, and how every service is."""
        services = [supervisor.status() for supervisor in self._supervisors]
        return {
            "pid": os.getpid(),
            "vision_pid": self._vision.pid if self._vision else None,
            "clock": self._tie.clock,
            "node": msgspec.to_builtins(self.state()),
            "configuration": self._changing.told() if self._changing else {"origin": "file"},
            "link": {"linked": self._delivery.linked, "unanswered_s": self._delivery.unanswered_ms // 1000},
            "cameras": self._reported.lines(lambda ms: self._tie.stamp(ms).time),
            "services": [
                {"name": each.name, "state": each.state, "opened": each.opened, "error": each.error}
                for each in services
            ],
        }

    def _say_farewell(self) -> None:
        """A little time for the last receipts."""
        until = mono_ms() + FAREWELL_S * 1000
        pause = threading.Event()
        while self._link.status().state == "ok" and self._outbox.open_count() and mono_ms() < until:
            pause.wait(0.05)


def run(chosen: Chosen, stopping: threading.Event, trace: Path | None = None) -> Ending:
    """Run a node until `stopping` is set, or it has to end by itself.

    Raises:
        EdgeError: it cannot start; see `Gate`.
    """
    gate = Gate(chosen.config, trace, chosen)
    gate.start()
    try:
        return gate.wait(stopping)
    finally:
        gate.stop()


def _ignore(_item: object) -> None:
    """The service itself has done what there was to do."""
