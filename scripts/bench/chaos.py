#!/usr/bin/env python3
"""A site of real processes in which everything goes wrong, for as long as is asked for; then its books are balanced.

Node, vision, broker, gateway and the PostgreSQL server (if there is one) are killed with -9, disks filled to the last
byte (for who may mount a small one), the broker's storage wiped, the gateway restored from its last backup, the node's
card cloned, messages truncated and repeated: in an order that the seed determines, under load. Exit code 1 when
anything was lost or doubled.

    scripts/bench/chaos.py [--store sqlite|postgres] [--minutes N] [--seed S] [--per-s N] [--json FILE]
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.e2e.chaos.books import balance, clones_told, differences  # noqa: E402
from tests.e2e.chaos.schedule import rampage  # noqa: E402
from tests.e2e.chaos.site import DISK_MIB, ChaosSite, Load  # noqa: E402
from tests.support.clips import cars  # noqa: E402
from tests.support.postgres import Postgres  # noqa: E402


@contextmanager
def server_for(store: str) -> Iterator[Postgres | None]:
    """A PostgreSQL server that waits for the disk, where the store is one."""
    if store == "sqlite":
        yield None
        return
    server = Postgres(durable=True).start()
    try:
        yield server
    finally:
        server.remove()


def main(
    *,
    minutes: Annotated[float, typer.Option(help="How long; every fault comes at least once.")] = 5.0,
    seed: Annotated[
        int | None, typer.Option(help="The same seed, the same order of faults; by default a new one.")
    ] = None,
    store: Annotated[Literal["sqlite", "postgres"], typer.Option(help="Where the gateway's database is.")] = "sqlite",
    per_s: Annotated[float, typer.Option(help="Cards shown a second, beside what the camera sees.")] = 20.0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None,
) -> None:
    """Break everything, then count."""
    seed = random.randrange(2**32) if seed is None else seed
    print(f"seed {seed}", flush=True)
    home = Path(os.environ.get("ZHIAN_HOME", ROOT / ".zhian"))
    with TemporaryDirectory(dir=ROOT) as name, server_for(store) as server:
        folder, chance = Path(name), random.Random(seed)
        load, room = Load(cars(folder / "cars.mp4", pause=0.5), per_s), max(DISK_MIB, round(DISK_MIB * minutes))
        site = ChaosSite(folder, home, chance, load, server, disk_mib=room)
        try:
            done = rampage(site, chance, minutes * 60)
            site.end()
            books, told = balance(site), clones_told(site)
            for line in [] if books.balanced else differences(site):
                print(line)
        finally:
            site.close()
    found = {
        "store": store,
        "seed": seed,
        "faults": dict(Counter(done)),
        "messages": dict(site.line.done),
        "clones_told": told,
    }
    found |= {"balanced": books.balanced, **books._asdict()}
    print(json.dumps(found, indent=2))
    if json_file is not None:
        json_file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    raise typer.Exit(0 if books.balanced else 1)


if __name__ == "__main__":
    typer.run(main)
