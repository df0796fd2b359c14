#!/usr/bin/env python3
"""What the roster of a large site costs both sides: a new node fetches it whole, then a change of one person.

Gateway (SQLite) and node are processes of this machine; memory is each one's peak (VmHWM) above what it held before.
The node's vision is a third, which is handed the roster and makes its gallery of it.

    scripts/bench/roster.py [--people N] [--templates N] [--json FILE]
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer
from sqlalchemy import Connection, update

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.broker import Broker  # noqa: E402
from support.gateway import GatewayProcess, add_node  # noqa: E402
from zhian_edge.delivery.credentials import TokenFile  # noqa: E402
from zhian_edge.delivery.roster import RosterService  # noqa: E402
from zhian_edge.delivery.roster_file import RosterFile  # noqa: E402
from zhian_edge.process.ipc import Channel, ToGate, ToVision, UseRoster, parts  # noqa: E402
from zhian_edge.rosters import GalleryBuilder  # noqa: E402
from zhian_gateway.people import consents  # noqa: E402
from zhian_gateway.store import counters, tables  # noqa: E402

KEY = "arcface-r50"
NOW, LATER = "2026-03-02T08:00:00.000Z", "2099-01-01T00:00:00.000Z"
AT_ONCE = 1000


def _enrol(link: Connection, ids: range, templates: int, random: np.random.Generator) -> None:
    """People with a card and templates of noise, by the rows that the office would write."""
    version = counters.take(link, "roster", len(ids))
    person = {"site": "school", "group": "pupil", "schedule": "", "watch": False, "created_at": NOW, "visitor": False}
    person |= {"name": "n", "face": True, "by_hand": False}
    order = random.permutation(len(ids))
    link.execute(
        tables.people.insert(),
        [
            person
            | {"id": f"s{n}", "opaque": f"p{order[n - ids.start]:03x}{n:08x}", "version": version + n - ids.start}
            for n in ids
        ],
    )
    ground = {"site": "school", "ground": "g", "text_version": "", "granted_by": "x", "granted_at": NOW, "words": ""}
    ground |= {"until": LATER, "given_by": "", "given_on": "", "purpose": consents.RECOGNITION}
    link.execute(tables.consents.insert(), [ground | {"person_id": f"s{n}"} for n in ids])
    card = {"kind": "card", "issued_at": NOW, "reason": ""}
    link.execute(tables.credentials.insert(), [card | {"person_id": f"s{n}", "value": f"{n:08X}"} for n in ids])
    drawn = random.normal(size=(len(ids), templates, 512)).astype("<f4")
    drawn /= np.linalg.norm(drawn, axis=2, keepdims=True)
    row = {"key": KEY, "picture": "", "created_at": NOW}
    held = [
        row | {"person_id": f"s{n}", "vector": one.tobytes()}
        for n, each in zip(ids, drawn, strict=True)
        for one in each
    ]
    link.execute(tables.templates.insert(), held)


def _memory_mib(pid: int, what: str) -> float:
    """`VmRSS` or `VmHWM`."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise ValueError(what)


def _forget_peak(pid: int) -> float:
    """From now on the peak is another one; what is held now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    return _memory_mib(pid, "VmRSS")


def _steps(service: RosterService) -> Iterator[int]:
    """One for each answer, until a roster is in use."""
    while not service.step():
        yield 1


def _fetch(home: Path, url: str, secret: Path, said: Pipe) -> None:
    file = RosterFile(home, "gate-1")
    begun, cpu, before = time.perf_counter(), time.process_time(), _forget_peak(os.getpid())
    service = RosterService(url, TokenFile("gate-1", secret), file, file.load(), revoked=lambda: None)
    loaded = time.perf_counter()
    service.open()
    answers = 1 + sum(_steps(service))
    told = {
        "people": len(service.roster.persons),
        "load_s": loaded - begun,
        "fetch_s": time.perf_counter() - loaded,
        "cpu_s": time.process_time() - cpu,
        "answers": answers,
        "held_mib": _memory_mib(os.getpid(), "VmRSS") - before,
        "peak_mib": _memory_mib(os.getpid(), "VmHWM") - before,
        "file_mib": (home / "roster.sealed").stat().st_size / 2**20,
    }
    said.send(told | _hand_over(service))


def _hand_over(service: RosterService) -> dict[str, float]:
    """To another process, as to vision."""
    ours, theirs = socket.socketpair()
    context = get_context("spawn")
    here, there = context.Pipe()
    vision = context.Process(target=_look, args=(theirs, there))
    vision.start()
    here.recv()
    channel, begun = Channel(ours, ToGate), time.perf_counter()
    for part in parts(service.version, service.roster.persons):
        channel.send(part)
    told: dict[str, float] = here.recv()
    vision.join()
    return told | {"vision_s": time.perf_counter() - begun}


def _look(sock: socket.socket, said: Pipe) -> None:
    channel, builder, before = Channel(sock, ToVision), GalleryBuilder(KEY), _forget_peak(os.getpid())
    said.send("ready")
    while isinstance(word := channel.receive(60.0), UseRoster):
        builder.add(word.persons)
        if not word.more:
            break
    size = builder.done().size
    said.send({"gallery": size, "vision_peak_mib": _memory_mib(os.getpid(), "VmHWM") - before})


def _measured(what: str, gateway: GatewayProcess, home: Path, secret: Path) -> dict[str, Any]:
    """One start of the node until it has the roster."""
    before, cpu = _forget_peak(gateway.pid), gateway.cpu_s()
    context = get_context("spawn")
    here, there = context.Pipe()
    node = context.Process(target=_fetch, args=(home, gateway.url, secret, there))
    node.start()
    told: dict[str, Any] = here.recv()
    node.join()
    own = {"gateway_cpu_s": gateway.cpu_s() - cpu, "gateway_peak_mib": _memory_mib(gateway.pid, "VmHWM") - before}
    row = {"what": what, **told, **own}
    print(
        " ".join(
            f"{name}={value:.2f}" if isinstance(value, float) else f"{name}={value}" for name, value in row.items()
        )
    )
    return row


def main(
    people: Annotated[int, typer.Option(help="enrolled")] = 100_000,
    templates: Annotated[int, typer.Option(help="of each")] = 3,
    out: Annotated[Path | None, typer.Option("--json", help="write the figures here")] = None,
) -> None:
    """Fill a store, then measure."""
    random = np.random.default_rng(7)
    with TemporaryDirectory() as scratch, ExitStack() as undo:
        folder = Path(scratch)
        broker = Broker(folder / "broker").start()
        undo.callback(broker.kill)
        gateway, home, secret = GatewayProcess(folder / "site", broker), folder / "node", folder / "secret"
        home.mkdir()
        with gateway.services() as site:
            for start in range(0, people, AT_ONCE):
                with site.store.write() as link:
                    _enrol(link, range(start, min(start + AT_ONCE, people)), templates, random)
            secret.write_text(add_node(site, "gate-1"), encoding="ascii")
        secret.chmod(0o600)
        gateway.start()
        undo.callback(gateway.kill)
        rows = [_measured("whole", gateway, home, secret)]
        with gateway.services() as site, site.store.write() as link:
            changed = update(tables.people).where(tables.people.c.id == "s5")
            link.execute(changed.values(version=counters.take(link, "roster")))
        rows.append(_measured("one person changed", gateway, home, secret))
    if out is not None:
        out.write_text(json.dumps({"bench": "roster", "templates": templates, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    typer.run(main)
