"""What the contract tests found, as a table: driver x peer and version x scenario, and the counts of reads lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from zhian_edge.hal.table import Kind, entry_for

SCENARIOS = ("works", "peer killed", "peer restarted", "garbage", "cut frame", "flood")


@dataclass(frozen=True)
class Row:
    """One scenario. `given`: reads or orders that were complete; `lost`: those that did not come through; `doubled`:
    those that did more than once."""

    kind: Kind
    driver: str
    peer: str
    scenario: str
    given: int
    lost: int
    doubled: int = 0
    passed: bool = True


@dataclass
class Ledger:
    """All rows of one run of the tests."""

    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def write(self, file: Path) -> None:
        """As JSON to `file`, as markdown beside it."""
        rows = sorted(self.rows, key=lambda row: (row.kind, row.driver, row.peer, SCENARIOS.index(row.scenario)))
        file.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
        file.with_suffix(".md").write_text(markdown(rows), encoding="utf-8")


def markdown(rows: Sequence[Row]) -> str:
    """A line per driver and peer; a driver that met nothing of somebody else's says so."""
    lines = [
        f"| | driver | peer | {' | '.join(SCENARIOS)} | given | lost | doubled |",
        "|" + "---|" * (len(SCENARIOS) + 6),
    ]
    for kind, driver, peer in dict.fromkeys((row.kind, row.driver, row.peer) for row in rows):
        of = {row.scenario: row for row in rows if (row.kind, row.driver, row.peer) == (kind, driver, peer)}
        marks = ["–" if name not in of else "yes" if of[name].passed else "**no**" for name in SCENARIOS]
        given, lost, doubled = (sum(getattr(row, key) for row in of.values()) for key in ("given", "lost", "doubled"))
        mark = "" if entry_for(kind, driver.split()[0]).met else ": untested on hardware"
        lines.append(f"| {kind} | {driver} | {peer}{mark} | {' | '.join(marks)} | {given} | {lost} | {doubled} |")
    return "\n".join(lines) + "\n"
