"""The gate goes on whatever becomes of vision, needs neither camera nor network libraries, and says how it is."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from zhian_edge.config.reading import load
from zhian_edge.config.types import Config, Gateway, Node, Site, Storage
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Outbox, Outcome
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.delivery.roster import valid
from zhian_edge.delivery.roster_file import Stored
from zhian_edge.delivery.spool import Spool
from zhian_edge.desk import Desk
from zhian_edge.errors import AlreadyRunning, DiskFull, LinkLost
from zhian_edge.gate import DATABASE, Gate
from zhian_edge.process.clock import EARLIEST_MS, ClockTie, Reading, mono_ms
from zhian_edge.process.control import NAME, ControlServer, ask
from zhian_edge.process.housekeeping import Fullness, Housekeeping
from zhian_edge.process.ipc import Begin, Channel, ChannelClosed, Stop, Tile, ToGate, ToVision, UseRoster, parts
from zhian_edge.process.pressure import MOST, Pressure
from zhian_edge.sight import HUNG_MS, START_MS, Pulse, Sight
from zhian_edge.signals import VisionBeat
from zhian_edge.vision import Listener
from zhian_edge.vision_child import VisionChild, VisionDown, VisionLost
from zhian_wire.codec import decode
from zhian_wire.events import Alert, Event, Health, Passage
from zhian_wire.receipts import Refusal
from zhian_wire.roster import Person, Roster, Template

from ..support.ports import free_port
from ..support.waiting import eventually
from .delivery.peers import IDENTITY, health, passage

MINIMAL = Config(site=Site(id="s"), node=Node(id="n"), gateway=Gateway(brokers=(), url=""))
TIE = ClockTie("boot", Reading(0, EARLIEST_MS, True))


def write_config(folder: Path, more: str = "") -> Path:
    path = folder / "node.toml"
    path.write_text(
        f"""[site]
id = "school"
[node]
id = "gate"
[gateway]
brokers = ["mqtt://127.0.0.1:{free_port()}"]
url = "http://127.0.0.1:{free_port()}"
{more}"""
    )
    return path


def decided(home: Path) -> list[Event]:
    """Everything in the outbox of a gate that has stopped."""
    database = Database(home / DATABASE)
    outbox = Outbox(database, IDENTITY)
    events = [decode(row.body) for row in outbox.open_rows(1000)]
    database.close()
    return sorted(events, key=lambda event: event.seq)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    one = Gate(load(write_config(tmp_path)))
    one.start()
    yield one
    one.stop()


def test_a_gate_without_cameras_network_or_gateway_runs(gate: Gate, tmp_path: Path) -> None:
    assert gate.state().vision == "off"
    answer = ask(tmp_path / "node", "status")
    assert answer["pid"] == os.getpid()
    assert answer["node"]["node"] == "gate"
    assert answer["cameras"] == []


def test_only_one_gate_owns_a_folder(gate: Gate, tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunning, match="another zhian-edge"):
        Gate(load(tmp_path / "node.toml"))


def test_a_damaged_database_is_told_and_the_gate_starts(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    (tmp_path / "node" / DATABASE).write_bytes(b"rubbish " * 1000)
    gate = Gate(load(write_config(tmp_path)))
    gate.start()
    gate.stop()
    told = [event.data for event in decided(tmp_path / "node")]
    assert [(data.component, data.cause) for data in told if isinstance(data, Health)] == [
        ("database", "database_damaged")
    ]
    assert len(told) == 1, "one fault is one event"


def test_pictures_that_no_event_shows_are_removed_and_those_of_salvaged_events_are_not(tmp_path: Path) -> None:
    home = tmp_path / "node"
    one = DeskOnDisk(home)
    shown, stray = one.spool.draft(b"shown"), one.spool.draft(b"stray")
    one.spool.adopt(stray)
    one.desk.commit([passage("a", shown)] * 40, 5)
    one.database.close()
    content = bytearray((home / DATABASE).read_bytes())
    content[-4096:] = os.urandom(4096)
    (home / DATABASE).write_bytes(content)
    gate = Gate(load(write_config(tmp_path)))
    gate.start()
    assert gate.state().pictures == 1
    gate.stop()
    assert [name for name, _ in one.spool.held()] == [shown]


def test_the_gate_needs_neither_ffmpeg_nor_a_network_library() -> None:
    code = "import sys, zhian_edge.gate; print([m for m in ('av', 'cv2', 'onnxruntime', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_checking_a_configuration_loads_nothing_heavy() -> None:
    code = "import sys, zhian_edge.cli; print([m for m in ('av', 'cv2', 'paho', 'httpx', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_package_is_named_with_what_to_install(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    code = (
        "import sys; sys.modules['paho'] = None; sys.modules['paho.mqtt'] = None; "
        f"sys.argv = ['zhian-edge', 'run', {str(config)!r}]; from zhian_edge.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{sys.executable} -m pip install 'zhian[edge]'" in done.stderr


def test_a_bad_configuration_is_refused_line_by_line(tmp_path: Path) -> None:
    config = write_config(tmp_path, '[[cameras]]\nid = "a b"\nsorce = "x"\n')
    command = [sys.executable, "-m", "zhian_edge.cli", "check-config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{config}:10: cameras[0].sorce: unknown key; did you mean source?" in done.stderr
    assert len(done.stderr.splitlines()) == 3


def test_nobody_answers_for_a_node_that_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(LinkLost, match="no node answers"):
        ask(tmp_path, "status")


def test_the_control_socket_works_below_a_long_path_and_only_for_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    server = ControlServer(folder, {"status": lambda: {"fine": True}})
    server.start()
    assert ask(folder, "status") == {"fine": True}
    assert "there is status" in ask(folder, "else")["error"]
    assert ask(folder, "status") == {"fine": True}
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600
    server.stop()


def test_an_answer_that_cannot_be_made_is_said_and_the_next_one_is_given(tmp_path: Path) -> None:
    def broken() -> None:
        raise ZeroDivisionError("no state")

    server = ControlServer(tmp_path, {"status": broken, "unheard": object, "fine": lambda: 1})
    with capture_logs():
        server.start()
        assert ask(tmp_path, "status") == {"error": "ZeroDivisionError: no state"}
        assert "error" in ask(tmp_path, "unheard"), "nor one that cannot be written"
        assert ask(tmp_path, "fine") == 1
    server.stop()


def test_a_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    (tmp_path / "node").write_bytes(b"a file where the folder should be")
    command = [sys.executable, "-m", "zhian_edge.cli", "run", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"zhian-edge: node.home {tmp_path / 'node'} cannot be used: File exists")
    assert len(done.stderr.splitlines()) == 1


def test_what_links_find_while_they_end_is_committed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(load(write_config(tmp_path)))
    gate.start()
    refused = Outcome(refused=(Refusal(seq=1, reason="unreadable"),))
    monkeypatch.setattr(gate, "_say_farewell", lambda: gate._settled(refused))
    gate.stop()
    assert [event.data.kind for event in decided(tmp_path / "node") if isinstance(event.data, Alert)] == [
        "event_refused"
    ]


class Watched:
    """A lock that says when somebody has to wait for it."""

    def __init__(self, waits: threading.Event) -> None:
        self._lock = threading.Lock()
        self._waits = waits

    def __enter__(self) -> None:
        if self._lock.locked():
            self._waits.set()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Recording:
    """Stands in for vision: which versions of the roster it was handed."""

    def __init__(self) -> None:
        self.versions: list[int] = []

    def use_roster(self, roster: Roster) -> None:
        self.versions.append(roster.version)


@pytest.fixture
def unstarted(tmp_path: Path) -> Iterator[Gate]:
    one = Gate(load(write_config(tmp_path)))
    yield one
    one._control.stop()
    one._undo.close()


def test_an_older_roster_never_takes_the_place_of_a_newer_one(unstarted: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = unstarted
    vision = Recording()
    gate._vision = vision  # type: ignore[assignment]
    slow, newer = threading.Event(), threading.Event()
    gate._roster_lock = Watched(newer)  # type: ignore[assignment]

    def held_up(roster: Roster, now: datetime) -> Roster:
        """The first thread has read the old roster, and is overtaken if nothing keeps the second one back."""
        if roster.version == 1:
            slow.set()
            newer.wait(5)
        return valid(roster, now)

    monkeypatch.setattr("zhian_edge.gate.valid", held_up)
    gate._rosters._held = Stored("1", Roster(version=1))
    housekeeping = threading.Thread(target=gate._use_roster)
    housekeeping.start()
    assert slow.wait(5)
    gate._rosters._held = Stored("2", Roster(version=2))
    gate._use_roster()
    newer.set()
    housekeeping.join()
    assert vision.versions == [1, 2]


def test_services_with_nothing_to_do_are_not_called_lost(unstarted: Gate) -> None:
    idle = {each.status().name for each in unstarted._supervisors if each._stale_s is None}
    assert idle == {"pictures", "tiles", "roster", "housekeeping"}


# Vision --------------------------------------------------------------------------------------------------------------


def test_blindness_is_said_once_and_recovery_once() -> None:
    sight = Sight("gate")
    assert sight.seen(1) == []
    lost = sight.lost("killed", "signal 9", 2)
    assert [type(event) for event in lost] == [Health]
    assert sight.lost("killed", "signal 9", 3) == []
    (recovered,) = sight.seen(4)
    assert isinstance(recovered, Health)
    assert recovered.status == "ok"
    assert sight.seen(5) == []


def test_vision_hangs_when_it_is_silent_for_too_long_after_its_first_beat() -> None:
    pulse = Pulse(0)
    assert not pulse.hangs(START_MS)
    assert pulse.hangs(START_MS + 1)
    pulse.beat(1000)
    assert not pulse.hangs(1000 + HUNG_MS)
    assert pulse.hangs(1001 + HUNG_MS)


def test_looks_become_rarer_while_frames_are_dropped_and_as_often_as_before_afterwards() -> None:
    pressure = Pressure()
    assert pressure.step(0) == 1.0
    assert [pressure.step(n) for n in range(1, 50)][-1] == MOST
    assert [pressure.step(49) for _ in range(100)][-1] == 1.0


class ScriptedVision(VisionChild):
    """Vision as a few lines of Python, to see what becomes of each end."""

    def __init__(self, script: str, tell: list[object]) -> None:
        super().__init__(Begin(config=MINIMAL, spool=""), tell.append)
        self._script = script

    def _command(self, handle: int) -> list[str]:
        return [sys.executable, "-c", self._script, str(handle)]


def ending(script: str) -> VisionLost:
    """What is told of a vision that does this."""
    told: list[VisionLost] = []
    child = ScriptedVision(script, told)  # type: ignore[arg-type]
    child.open()
    with pytest.raises(Exception, match="vision"):
        while True:
            child.step()
    child.close()
    assert child.pid is None
    return told[0]


def test_a_vision_that_crashes_is_told_with_its_exit_code() -> None:
    assert ending("import sys; sys.exit(3)")[:2] == ("crashed", "exit code 3")


def test_a_vision_that_is_killed_is_told_with_its_signal() -> None:
    assert ending("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")[:2] == ("killed", "signal 9")


def test_a_vision_that_cannot_start_is_not_retried_like_a_crash() -> None:
    assert ending("import sys; sys.exit(78)").cause == "refused"


def test_a_vision_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhian_edge.sight.START_MS", 0)
    assert ending("import time; time.sleep(600)").cause == "hung"


SPEAKS = """
import socket, sys, time
from zhian_edge.process.ipc import Channel, ToVision
from zhian_edge.signals import VisionBeat
Channel(socket.socket(fileno=int(sys.argv[1])), ToVision).send(VisionBeat(at_ms=1))
time.sleep(600)
"""


SAYS_WHOM_IT_COMPARES = """
import socket, sys
from zhian_edge.process.ipc import Channel, CompareFaces, Tile, ToVision
channel = Channel(socket.socket(fileno=int(sys.argv[1])), ToVision)
while True:
    order = channel.receive(None)
    if isinstance(order, CompareFaces):
        words = (*order.person_ids, *map(str, order.awaited.values()))
        channel.send(Tile(camera=order.lane, jpeg=",".join(words).encode()))
"""


def compared(child: VisionChild) -> Tile:
    """What it says next."""
    said = next((said for _ in range(40) if (said := child.step())), [])
    assert [type(each) for each in said] == [Tile]
    return said[0]  # type: ignore[return-value]


def restarted(child: VisionChild, meanwhile: Callable[[], None] = lambda: None) -> None:
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(VisionDown, match="killed"):
        while True:
            child.step()
    meanwhile()
    child.open()


def test_a_vision_that_is_started_again_compares_with_the_cards_that_wait_still() -> None:
    child = ScriptedVision(SAYS_WHOM_IT_COMPARES, [])
    child.open()
    child.compare("main", ("bob",), {"bob": 900})
    assert compared(child) == Tile(camera="main", jpeg=b"bob,900")
    child.compare("main", ("ann",), {"ann": 1000})
    assert compared(child) == Tile(camera="main", jpeg=b"ann,1000")
    restarted(child)
    assert compared(child) == Tile(camera="main", jpeg=b"ann,1000")
    child.close()


def test_a_card_that_is_read_while_there_is_no_vision_is_told_to_the_next_one() -> None:
    child = ScriptedVision(SAYS_WHOM_IT_COMPARES, [])
    child.open()
    restarted(child, lambda: child.compare("main", ("ann",), {"ann": 1000}))
    assert compared(child) == Tile(camera="main", jpeg=b"ann,1000")
    child.close()


def test_a_vision_that_ignores_stop_does_not_hold_up_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhian_edge.vision_child.PATIENCE_S", 0.2)
    child = ScriptedVision(SPEAKS, [])
    child.open()
    while not child.step():
        pass
    child.close()
    with pytest.raises(AssertionError):
        child.step()


def test_nobody_waits_for_last_words_of_a_vision_that_has_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    child = ScriptedVision("import time; time.sleep(600)", [])
    monkeypatch.setattr(child, "_take_leave", lambda _: pytest.fail("waits"))
    child.open()
    process = child._process
    child.close()
    assert process is not None
    assert process.poll() == -signal.SIGKILL


class Heard(list[object]):
    """Stands in for the part that sees: the orders it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.some = threading.Event()

    def order(self, message: object) -> None:
        self.append(message)
        self.some.set()


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> queue.Queue[int]:
    """The codes with which vision would have ended its process."""
    codes: queue.Queue[int] = queue.Queue()
    monkeypatch.setattr("zhian_edge.vision.os._exit", codes.put)
    return codes


def test_orders_wait_for_the_networks_but_the_order_to_stop_does_not(exits: queue.Queue[int]) -> None:
    ours, theirs = socket.socketpair()
    gate = Channel(ours, ToGate)
    end = Channel(theirs, ToVision)
    listener = Listener(end)
    gate.send(UseRoster(version=1, persons=()))
    gate.send(Stop())
    assert exits.get(timeout=10) == 0
    vision = Heard()
    listener.serve(vision)  # type: ignore[arg-type]
    assert vision == [UseRoster(version=1, persons=())]
    gate.close()
    assert exits.get(timeout=10) == 1
    end.close()


def test_vision_ends_at_once_when_the_gate_is_gone(exits: queue.Queue[int]) -> None:
    ours, theirs = socket.socketpair()
    end, vision = Channel(theirs, ToVision), Heard()
    listener = Listener(end)
    listener.serve(vision)  # type: ignore[arg-type]
    gate = Channel(ours, ToGate)
    gate.send(Stop())
    assert vision.some.wait(10)
    assert exits.empty(), "last words are said first"
    gate.close()
    assert exits.get(timeout=10) == 1
    assert vision == [Stop()]
    end.close()


def test_messages_cross_the_socket_whole_and_in_order() -> None:
    ours, theirs = socket.socketpair()
    gate, vision = Channel(ours, ToGate), Channel(theirs, ToVision)
    beats = [VisionBeat(at_ms=n, counters={"x": n}, keys=("k" * 100_000,)) for n in range(20)]
    sender = threading.Thread(target=lambda: [vision.send(beat) for beat in beats])
    sender.start()
    assert [gate.receive(5.0) for _ in beats] == beats
    sender.join()
    gate.send(Stop())
    assert vision.receive(1.0) == Stop()
    assert vision.receive(0.01) is None
    gate.close()
    with pytest.raises(ChannelClosed):
        vision.receive(1.0)
    vision.close()


def test_a_long_message_is_not_cut_short_by_the_other_directions_time_out() -> None:
    ours, theirs = socket.socketpair()
    gate, vision = Channel(ours, ToGate, 30), Channel(theirs, ToVision)
    people = tuple(Person(id=f"p{n}", templates=(Template(key="k", vector=bytes(2048)),)) for n in range(3000))
    sender = threading.Thread(target=gate.send, args=(UseRoster(version=1, persons=people),))
    sender.start()
    assert gate.receive(0.01) is None
    received = vision.receive(10.0)
    sender.join()
    assert isinstance(received, UseRoster)
    assert len(received.persons) == 3000
    gate.close()
    vision.close()


def test_a_roster_of_any_size_is_handed_over_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhian_edge.process.ipc.PART", 2)
    people = tuple(Person(id=f"p{n}") for n in range(5))
    handed = list(parts(7, people))
    assert [(each.version, len(each.persons), each.more) for each in handed] == [
        (7, 2, True),
        (7, 2, True),
        (7, 1, False),
    ]
    assert tuple(person for each in handed for person in each.persons) == people
    assert [each.more for each in parts(8, people[:4])] == [True, False]
    assert list(parts(9, ())) == [UseRoster(version=9, persons=())]


def test_who_does_not_read_is_given_up() -> None:
    ours, theirs = socket.socketpair()
    gate = Channel(ours, ToGate, 1)
    people = tuple(Person(id=f"p{n}", cards=("0" * 1000,)) for n in range(3000))
    with pytest.raises(ChannelClosed):
        gate.send(UseRoster(version=1, persons=people))
    with pytest.raises(ChannelClosed):
        gate.receive(1.0)
    gate.close()
    theirs.close()


@pytest.mark.parametrize("rubbish", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02{}"])
def test_rubbish_on_the_socket_ends_the_connection_and_nothing_else(rubbish: bytes) -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours, ToGate)
    theirs.sendall(rubbish)
    with pytest.raises(ChannelClosed):
        channel.receive(1.0)
    theirs.close()
    channel.close()


# Committing ----------------------------------------------------------------------------------------------------------


class DeskOnDisk:
    """A desk with a real outbox whose disk can be full."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.database = Database(folder / DATABASE)
        self.outbox = Outbox(self.database, IDENTITY)
        self.spool = Spool(folder / "spool")
        self.commits = 0
        self.desk = Desk(self.outbox, self.spool, TIE, self._committed)

    def limit(self, pages: int | None) -> None:
        with self.database.reading() as db:
            (used,) = db.execute("PRAGMA page_count").fetchone()
            db.execute(f"PRAGMA max_page_count = {used if pages is None else pages}")

    def events(self) -> list[Event]:
        return [decode(row.body) for row in self.outbox.open_rows(1000)]

    def _committed(self) -> None:
        self.commits += 1


def test_a_picture_is_kept_before_the_event_that_shows_it(tmp_path: Path) -> None:
    one = DeskOnDisk(tmp_path)
    sha256 = one.spool.draft(b"crop")
    assert one.desk.commit([passage("a", sha256)], 5)
    assert one.spool.path(sha256).exists()
    (event,) = one.events()
    assert isinstance(event.data, Passage)
    assert event.data.evidence[0].picture == sha256


def test_an_event_whose_picture_was_lost_says_so_instead_of_naming_it(tmp_path: Path) -> None:
    one = DeskOnDisk(tmp_path)
    one.desk.commit([passage("a", "0" * 64)], 5)
    (event,) = one.events()
    assert isinstance(event.data, Passage)
    assert event.data.evidence[0].picture is None
    assert one.desk.pictures_lost == 1


def test_while_the_disk_is_full_events_wait_in_order_and_keep_their_time(tmp_path: Path) -> None:
    one = DeskOnDisk(tmp_path)
    one.limit(None)
    big = passage("a" * 9000)
    assert not one.desk.commit([big], 5)
    assert not one.desk.commit([health()], 6)
    assert (one.desk.held, one.commits) == (2, 0)
    one.limit(1_000_000)
    assert one.desk.commit([], 7)
    assert (one.desk.held, one.commits) == (0, 1)
    assert sorted((event.seq, event.mono_ms) for event in one.events()) == [(1, 5), (2, 6)]


def test_a_full_disk_is_said_in_the_log_once_and_its_end_once(tmp_path: Path) -> None:
    one = DeskOnDisk(tmp_path)
    one.limit(None)
    with capture_logs() as lines:
        one.desk.commit([passage("a" * 9000)], 5)
        for now in range(6, 20):
            assert not one.desk.commit([], now)
        one.limit(1_000_000)
        one.desk.commit([], 20)
        one.desk.commit([health()], 21)
    assert [line["log_level"] for line in lines if "wait" in line["event"]] == ["warning", "info"]


def test_what_is_on_the_disk_is_for_the_nodes_own_user_only(tmp_path: Path) -> None:
    one = DeskOnDisk(tmp_path / "node")
    one.spool.draft(b"draft")
    one.desk.commit([passage("a", one.spool.draft(b"crop"))], 5)
    files = [path for path in (tmp_path / "node").rglob("*") if path.is_file()]
    assert len(files) >= 4
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert (tmp_path / "node" / "spool").stat().st_mode & 0o777 == 0o700


def test_a_full_outbox_is_said_once_and_its_end_once() -> None:
    fullness = Fullness("gate", 100)
    assert fullness.step(99, "") == []
    (full,) = fullness.step(100, "")
    assert isinstance(full, Health)
    assert full.cause == "undelivered"
    assert fullness.step(5000, "disk_short") == []
    assert fullness.step(51, "") == []
    (recovered,) = fullness.step(50, "")
    assert isinstance(recovered, Health)
    assert recovered.status == "ok"
    (short,) = fullness.step(0, "disk_short")
    assert isinstance(short, Health)
    assert short.cause == "disk_short"


def test_on_a_full_disk_people_are_still_forgotten_and_fullness_is_still_said(tmp_path: Path) -> None:
    one, forgotten = DeskOnDisk(tmp_path), []
    one.desk.commit([passage("a", one.spool.draft(b"x" * 1000))], 5)

    class FullBook(PictureBook):
        def mark(self, pictures: Iterable[str], state: str) -> None:
            raise DiskFull("full")

    keeping = Housekeeping(
        "gate", tmp_path, Storage(picture_budget_mb=1, min_free_mb=1 << 40),
        outbox=one.outbox, book=FullBook(one.database), spool=one.spool, vouched_ms=lambda: EARLIEST_MS,
        forget_expired=lambda: forgotten.append(1),
    )  # fmt: skip
    with capture_logs() as lines:
        for _ in range(3):
            one.spool.adopt(one.spool.draft(b"x" * 1000))
            keeping.wake()
            told = keeping.step()
            if len(forgotten) == 1:
                assert [event.cause for event in told if isinstance(event, Health)] == ["disk_short"]
    assert len(forgotten) == 3
    assert len([line for line in lines if line["event"] == "housekeeping cannot be done"]) == 1


@pytest.mark.parametrize("synchronised", [True, False])
def test_receipts_and_the_ring_go_by_a_clock_only_while_something_vouches_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synchronised: bool
) -> None:
    wall_ms = EARLIEST_MS + 10 * 365 * 86_400_000
    monkeypatch.setattr("zhian_edge.gate.read_clock", lambda: Reading(mono_ms(), wall_ms, synchronised))
    gate = Gate(load(write_config(tmp_path)))
    pruned: list[int | None] = []
    monkeypatch.setattr(gate._outbox, "prune", lambda now_ms, _days: pruned.append(now_ms) or [])
    gate._keeping.wake()
    gate._keeping.step()
    told_ms = gate._delivery._calls.wall_ms()
    gate._control.stop()
    gate._undo.close()
    if synchronised:
        assert [(now or 0) >= wall_ms for now in [*pruned, told_ms]] == [True, True]
    else:
        assert (pruned, told_ms) == ([None], 0)


def test_blindness_reaches_the_outbox_and_the_gate_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VisionChild, "_command", lambda *_: [sys.executable, "-c", "import sys; sys.exit(5)"])
    camera = '[[cameras]]\nid = "door"\nsource = "none.mp4"\n'
    gate = Gate(load(write_config(tmp_path, camera)))
    gate.start()
    eventually(lambda: gate.state().vision == "down", "blindness")
    eventually(lambda: gate.state().seq >= 1, "the event about it")
    assert gate.state().cameras[0].status == "blind"
    stopping = threading.Event()
    stopping.set()
    assert gate.wait(stopping)
    gate.stop()
    told = [event.data for event in decided(tmp_path / "node")]
    assert [type(data) for data in told] == [Health]
    assert isinstance(told[0], Health)
    assert (told[0].component, told[0].cause) == ("vision", "crashed")
