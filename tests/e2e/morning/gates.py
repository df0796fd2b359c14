"""The gates of the morning: two nodes as processes, what their virtual devices play, and the line that is cut."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import av
import msgspec
from demo_parts import configuration, portraits, reel, scene
from demo_parts.cameras import Camera, Gate
from demo_parts.prompting import Place, Prompter, Timetable

from ...support.broker import Broker
from ...support.gateway import GatewayProcess
from ...support.ports import free_port
from ...support.waiting import eventually
from ..badline.relay import Relay
from ..nodes import NodeProcess
from .plan import Arrival

#: The stranger with the guest's card, then the guest with the stranger behind: the demo's first scenes, played once.
CUES: Final = 2
#: Then a car, and nobody for longer than any test looks.
QUIET_S: Final = 1200.0
FOR_EVER_S: Final = 1e9
CARD_LANE: Final = """
[[lanes]]
id = "{lane}"
policy = "card"
inside = "school"
egress = "free"
window_s = 0.2
[[readers]]
id = "{lane}-in"
driver = "virtual"
script = "{lane}-in.jsonl"
lane = "{lane}"
direction = "in"
[[readers]]
id = "{lane}-out"
driver = "virtual"
script = "{lane}-out.jsonl"
lane = "{lane}"
direction = "out"
[[barriers]]
id = "{lane}-barrier"
driver = "virtual"
journal = "{lane}.orders"
lane = "{lane}"
"""
HELP: Final = """
[[inputs]]
id = "{lane}-help"
driver = "virtual"
script = "{lane}-help.jsonl"
lane = "{lane}"
role = "help"
"""


class Line:
    """A node's way to broker and gateway, which can be cut and mended."""

    def __init__(self, broker: Broker, gateway: GatewayProcess) -> None:
        self._ends = {free_port(): broker.port, free_port(): gateway.port}
        self._relays: list[Relay] = []
        mqtt, http = self._ends
        self.mqtt = mqtt
        self.url = f"http://127.0.0.1:{http}"
        self.mend()

    def mend(self) -> None:
        """Let everything through."""
        self._relays = [Relay(socket.create_server(("127.0.0.1", port)), end) for port, end in self._ends.items()]

    def cut(self) -> None:
        """Let nothing through, and end what was open."""
        for relay in self._relays:
            relay.close()
        self._relays = []


class Gates:
    """`gate-1` sees the reel and has the north lane; `gate-2` has the south lane and a help button."""

    def __init__(self, folder: Path, broker: Broker, gateway: GatewayProcess, models_home: Path, zone: str) -> None:
        own = portraits.own_reel(models_home, lambda _said: None)
        folder.mkdir()
        self.line = Line(broker, gateway)
        self._folder = folder
        film = _played_once(own, folder / "gate.mp4")
        self._camera = Camera(
            "gate", str(film), ("face", "plate", "body"), synthetic=True,
            gate=Gate(("card_and_face", "plate"), own.timetable, portraits.LINE),
        )  # fmt: skip
        trace = folder / "one" / "trace.jsonl"
        self.one = NodeProcess(
            folder / "one", broker, gateway, models_home, "", name="gate-1", options=("--trace", str(trace))
        )
        link = configuration.Link(self.line.mqtt, self.line.url, "token")
        text = configuration.node("school", "gate-1", link, [self._camera])
        self.one.config.write_text(_in_zone(text, zone) + CARD_LANE.format(lane="north"))
        self.two = NodeProcess(
            folder / "two", broker, gateway, models_home, CARD_LANE.format(lane="south"), name="gate-2"
        )
        text = self.two.config.read_text().replace('[[lanes]]\nid = "main"\n', "")
        self.two.config.write_text(_in_zone(text, zone) + HELP.format(lane="south"))
        for lane, node in (("north", "one"), ("south", "two")):
            for way in ("in", "out", "help"):
                (folder / node / f"{lane}-{way}.jsonl").touch()
        due = Timetable(FOR_EVER_S, own.timetable.cues[:CUES])
        self._prompter = Prompter(trace, {"gate": Place(due, reel.FPS)}, {"gate": folder / "one" / "gate.cards"})
        self._playing: list[threading.Thread] = []

    def start(self) -> None:
        """Start both nodes, and wait until they know who may come in."""
        self.two.start()
        self.one.start()
        for node in (self.one, self.two):
            eventually(lambda node=node: node.status()["node"].get("roster_version", 0), f"{node.name}'s roster", 60)  # type: ignore[misc]
        self._prompter.start()

    def play(self, arrivals: Sequence[Arrival]) -> None:
        """Have them come, each in their time, in a thread of its own."""
        thread = threading.Thread(target=self._play, args=(arrivals,), name="morning", daemon=True)
        self._playing.append(thread)
        thread.start()

    def played(self) -> None:
        """Wait until all have come."""
        for thread in self._playing:
            thread.join()

    def presents(self, lane: str, card: str, way: str = "in") -> None:
        """A card at a lane's reader, now."""
        self._say(f"{lane}-{way}", {"card": card})

    def help(self) -> None:
        """Somebody presses the south lane's button, and lets it go."""
        self._say("south-help", {"state": "active"})
        self._say("south-help", {"state": "idle", "at_s": 0.5})

    def stop(self) -> None:
        """End everything."""
        self._prompter.stop()
        for node in (self.one, self.two):
            if node.alive:
                node.kill()
        self.line.cut()

    def _play(self, arrivals: Sequence[Arrival]) -> None:
        began = time.monotonic()
        for each in sorted(arrivals, key=lambda arrival: arrival.at_s):
            time.sleep(max(0.0, began + each.at_s - time.monotonic()))
            self.presents(each.lane, each.pupil.card)

    def _say(self, device: str, line: dict[str, object]) -> None:
        node = "one" if device.startswith("north") else "two"
        with (self._folder / node / f"{device}.jsonl").open("ab") as script:
            script.write(msgspec.json.encode(line) + b"\n")


def _in_zone(text: str, zone: str) -> str:
    return text.replace('[site]\nid = "school"', f'[site]\nid = "school"\ntimezone = "{zone}"', 1)


def _played_once(own: portraits.OwnReel, path: Path) -> Path:
    """The reel until the next cue, and then its empty gate for a long time; a moment of that alone is encoded anew."""
    empty = path.with_name("empty.mp4")
    reel.write(empty, scene.empty_gate(), (), portraits.CAPTION)
    # In the pause before the scene of the next cue nobody is there.
    ends = own.timetable.cues[CUES].at_s - portraits.PRESENTED_S - reel.PAUSE_S / 2
    with av.open(str(own.path)) as first, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(first.streams.video[0])
        seconds = _append(out, stream, own.path, 0.0, ends)
        until = seconds + QUIET_S
        while seconds < until:
            seconds = _append(out, stream, empty, seconds)
    return path


def _append(
    out: av.container.OutputContainer, stream: av.VideoStream, film: Path, at_s: float, ends_s: float = FOR_EVER_S
) -> float:
    """Put a film's packets behind what is there, until `ends_s` of it; where it ends."""
    with av.open(str(film)) as source:
        video = source.streams.video[0]
        assert video.time_base is not None
        offset, frames = round(at_s / video.time_base), 0
        for packet in source.demux(video):
            if packet.dts is None or packet.pts is None or packet.dts * video.time_base >= ends_s:
                continue
            packet.pts += offset
            packet.dts += offset
            packet.stream = stream
            out.mux(packet)
            frames += 1
        return at_s + frames / reel.FPS
