"""A site under load, and everything that can befall it; each fault leaves all of it running again."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, NamedTuple

from zhian_edge.gate import DATABASE

from ...support.broker import Broker
from ...support.clips import CAR_CAMERA
from ...support.gateway import COMMAND, GatewayProcess
from ...support.postgres import Postgres
from ...support.stores import PostgresStores, SqliteStores, Stores, keeping_in
from ...support.waiting import eventually
from ..nodes import READER, SCHOOL, NodeProcess
from .disk import CannotMount, SmallDisk
from .noise import CALM, Mischief, NoisyLine

CARDS: Final = "cards.jsonl"
#: Of messages while nothing worse happens, and while the line is the fault.
USUAL: Final = Mischief(repeat=0.02, truncate=0.02, cut=0.002)
WILD: Final = Mischief(repeat=0.2, truncate=0.2, cut=0.03)
#: Whatever a small disk has is enough.
STORAGE: Final = "[storage]\nmin_free_mb = 0\n"
#: Room for some minutes of load.
DISK_MIB: Final = 48
OPEN: Final = "SELECT count(*) FROM event WHERE settled_ms IS NULL"
PICTURES: Final = (
    "SELECT count(*) FROM picture JOIN event ON event.id = picture.event WHERE state = 'waiting' AND refused IS NULL"
)
KNOWS: Final = "SELECT count(*) FROM meta WHERE key = 'store_id' AND value = ?"


class Load(NamedTuple):
    """What goes on meanwhile: `clip` is a film for the camera (None: no camera), cards are shown `per_s`."""

    clip: Path | None
    per_s: float


class ChaosSite:
    """Broker, gateway and a node behind a noisy line; copies of the node's card come and go."""

    def __init__(
        self,
        folder: Path,
        models_home: Path,
        chance: random.Random,
        load: Load,
        server: Postgres | None = None,
        *,
        disk_mib: int = DISK_MIB,
    ) -> None:
        """`server` keeps the gateway's database; without one it is a file. `disk_mib`: of either small disk."""
        self._server = server
        self._stores: Stores = PostgresStores(server) if server else SqliteStores()
        self._folder = folder
        self._models_home = models_home
        self._chance = chance
        self._load = load
        self._count = itertools.count()
        self.broker = Broker(folder / "broker").start()
        self.line = NoisyLine(self.broker.port, chance)
        self.gateway = self._make_gateway()
        self._disks: dict[str, SmallDisk] = {}
        with suppress(CannotMount):
            self._disks["gateway"] = SmallDisk(folder / "gateway" / "disk", disk_mib)
            self._disks["node"] = SmallDisk(folder / "edge" / "node", disk_mib)
        self.gateway.start()
        more = SCHOOL + READER
        more += CAR_CAMERA.format(clip=load.clip) if load.clip else ""
        self.node = NodeProcess(folder / "edge", self.line, self.gateway, models_home, more, storage=STORAGE)
        self.copies: list[NodeProcess] = []
        self._backups: list[Path] = []
        self._empty_reader(folder / "edge")
        self.node.start()
        self._stopping = threading.Event()
        self._pump = threading.Thread(target=self._show_cards, name="cards")
        self._pump.start()
        self.await_delivery()
        self._back_up()
        self.line.mischief = USUAL

    def faults(self) -> dict[str, Callable[[], None]]:
        """By name, those that can be had here."""
        named: dict[str, Callable[[], None]] = {
            "node killed": self.kill_node,
            "broker killed": self.kill_broker,
            "broker wiped": self.wipe_broker,
            "gateway killed": self.kill_gateway,
            "gateway restored": self.restore_gateway,
            "card cloned": self.clone_card,
            "line wild": self.make_line_wild,
        }
        if self._load.clip is not None:
            named["vision killed"] = self.kill_vision
        if len(self._disks) == 2:
            named["node's disk full"] = self.fill_nodes_disk
        if self._server is not None:
            named["PostgreSQL killed"] = self.kill_server
        elif len(self._disks) == 2:
            named["gateway's disk full"] = self.fill_gateways_disk
        return named

    def kill_node(self) -> None:
        self.node.kill()
        self._empty_reader(self._folder / "edge")
        self.node.start()

    def kill_vision(self) -> None:
        gate = self.node.pid
        self.node.vision().kill()
        assert (self.node.alive, self.node.pid) == (True, gate)

    def kill_broker(self) -> None:
        self.broker.kill()
        self._decide_more()
        self.broker.start()

    def wipe_broker(self) -> None:
        """Its disk is lost: sessions, what it kept, what it had not delivered."""
        self.broker.kill()
        shutil.rmtree(self._folder / "broker" / "jetstream")
        self._decide_more()
        self.broker.start()

    def kill_gateway(self) -> None:
        self.gateway.kill()
        self._decide_more()
        self.gateway.start()

    def kill_server(self) -> None:
        """While the gateway has transactions there; it is not started again, but must find the server again."""
        assert self._server is not None
        self._server.kill()
        self._decide_more()
        self._server.start()
        self.await_delivery()

    def restore_gateway(self) -> None:
        """From the last backup: what was receipted since is not in it. Then another one is taken."""
        self.gateway.kill()
        shutil.rmtree(self._folder / "gateway" / "disk" / "gateway")
        self._stores.lose(self._folder / "gateway")
        self._typed("restore", self._backups[-1], "--keys", self._keys)
        self.gateway.start()
        self.await_delivery()
        self._back_up()

    def clone_card(self) -> None:
        """A copy of the node's card is put into another machine, and both are on; then the copy is put away.

        It is made with a backlog, which both of them tell of.
        """
        self.broker.kill()
        self._decide_more()
        self.node.kill()
        folder = self._folder / f"copy-{len(self.copies)}"
        shutil.copytree(self.node.home, folder / "node", ignore=shutil.ignore_patterns("*.sock", "ballast"))
        (folder / "node").chmod(0o700)
        copy = NodeProcess(
            folder, self.line, self.gateway, self._models_home, SCHOOL + READER, storage=STORAGE, token=self.node.token
        )
        self._empty_reader(folder)
        self._empty_reader(self._folder / "edge")
        self.copies.append(copy)
        copied = _highest(copy)
        self.broker.start()
        self.node.start()
        copy.start()
        for _ in range(5):
            self._show(folder)
        # Two nodes start at once, vision and all.
        eventually(lambda: _highest(copy) > copied, "the copy's decisions", 60)
        self._decide_more()
        copy.kill()

    def make_line_wild(self) -> None:
        before = self.line.done.total()
        self.line.mischief = WILD
        eventually(lambda: self.line.done.total() >= before + 10, "the line's mischief", 60)
        self.line.mischief = USUAL

    def fill_nodes_disk(self) -> None:
        """Until the node says that its events wait; it says so once, until they are written."""
        before = self.node.log().count("events wait")
        self._disks["node"].fill()
        try:
            eventually(lambda: self.node.log().count("events wait") > before, "a full disk at the node", 60)
        finally:
            self._disks["node"].free()
        eventually(lambda: self.node.log().count("that waited are written") > before, "room at the node", 60)

    def fill_gateways_disk(self) -> None:
        """Until the gateway says that it cannot store."""
        before = self.gateway.log().count("loop.failed")
        self._disks["gateway"].fill()
        try:
            eventually(lambda: self.gateway.log().count("loop.failed") > before, "a full disk at the gateway", 60)
        finally:
            self._disks["gateway"].free()

    def await_delivery(self) -> None:
        """Until what is decided now has receipts."""
        wanted = _highest(self.node)
        eventually(lambda: _highest_settled(self.node, wanted), "receipts", 90)

    def end(self) -> None:
        """No more load and no more faults; everything that any card holds is delivered, one card after the other."""
        self._stop_load()
        self.line.mischief = CALM
        self.node.stop()
        with self.gateway.services() as parts:
            store = parts.store.store_id
        for card in (self.node, *self.copies):
            self._deliver_the_rest(card, store)

    def _deliver_the_rest(self, card: NodeProcess, store: str) -> None:
        """Until nothing is open, also of what the node decided because of what it was told meanwhile."""
        for _ in range(5):
            # A card that was away may not know yet that the gateway was restored, and think that all is delivered.
            card.deliver_the_rest(lambda: _asked(card, KNOWS, store) == 1 and not _asked(card, PICTURES))
            if not _asked(card, OPEN):
                return
        raise AssertionError(f"{card.home}: the outbox never gets empty\n{card.log()}")

    def close(self) -> None:
        """End everything."""
        self._stop_load()
        for card in (self.node, *self.copies):
            if card.alive:
                card.kill()
        self.line.close()
        self.gateway.kill()
        self.broker.kill()
        for disk in self._disks.values():
            disk.close()

    def _make_gateway(self) -> GatewayProcess:
        with keeping_in(self._stores):
            gateway = GatewayProcess(self._folder / "gateway", self.broker)
        # Below the folder that is a disk of its own, since a backup is restored into a folder that is not there.
        text = gateway.config.read_text(encoding="utf-8")
        gateway.config.write_text(text.replace('home = "gateway"', 'home = "disk/gateway"'), encoding="utf-8")
        return gateway

    def _back_up(self) -> None:
        number = len(self._backups)
        folder, self._keys = self._folder / f"backup-{number}", self._folder / f"keys-{number}"
        self._typed("backup", folder, "--keys", self._keys)
        self._backups.append(folder)

    def _typed(self, *words: str | Path) -> str:
        command = [*COMMAND, *map(str, words), "--config", str(self.gateway.config)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def ledger(self) -> list[dict[str, int]]:
        """As `zhian-gateway ledger --json` says, whatever its exit code."""
        command = [*COMMAND, "ledger", "--json", "--config", str(self.gateway.config)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return [json.loads(line) for line in told.splitlines()]

    def _decide_more(self) -> None:
        """Go on until more was decided."""
        wanted = _highest(self.node) + 3
        eventually(lambda: _highest(self.node) >= wanted, "more decisions", 60)

    def _show_cards(self) -> None:
        while not self._stopping.wait(1 / self._load.per_s):
            self._show(self._folder / "edge")

    def _show(self, folder: Path) -> None:
        with (folder / CARDS).open("a", encoding="ascii") as script:
            script.write(json.dumps({"card": f"{0x04A10000 + next(self._count):08X}"}) + "\n")

    def _empty_reader(self, folder: Path) -> None:
        """A new file: a node that is started again would read the old one from its beginning."""
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"{CARDS}.new"
        new.touch()
        new.replace(folder / CARDS)

    def _stop_load(self) -> None:
        self._stopping.set()
        self._pump.join()


def _highest(card: NodeProcess) -> int:
    return _asked(card, "SELECT coalesce(max(id), 0) FROM event")


def _highest_settled(card: NodeProcess, at_least: int) -> int:
    """The last settled row of all from `at_least` on; 0: none."""
    query = "SELECT coalesce(max(id), 0) FROM event WHERE settled_ms IS NOT NULL AND id >= ?"
    return _asked(card, query, at_least)


def _asked(card: NodeProcess, query: str, *values: int | str) -> int:
    with closing(sqlite3.connect(card.home / DATABASE, timeout=10)) as db:
        (number,) = db.execute(query, values).fetchone()
    return int(number)
