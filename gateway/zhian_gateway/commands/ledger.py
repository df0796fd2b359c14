"""`zhian-gateway ledger`: the proof that nothing is lost."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from ..errors import NotFound
from ..ledger.book import Line
from ..ledger.reading import read
from .common import DEFAULT, ConfigOption, opened, print_table

COLUMNS = tuple(field.name for field in dataclasses.fields(Line))


def ledger(
    site: Annotated[str | None, typer.Argument(help="The site; by default the configured one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per node and day.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Per node and local day: decided, stored, holes, not yet arrived, numbers used again, copies, refusals, and when
    the node last said something new of that day.

    Exit code 1 when anything that was decided is not stored, or was not before its number was used again.
    """
    with opened(config) as parts, parts.store.read() as link:
        if site not in (None, parts.site):
            raise NotFound(f"this gateway keeps site {parts.site!r}, not {site!r}")
        found = read(link, parts.site, parts.zone)
    if as_json:
        for line in found:
            print(json.dumps(dataclasses.asdict(line)))
    else:
        print_table([COLUMNS, *(tuple(map(str, dataclasses.astuple(line))) for line in found)])
    if any(line.missing for line in found):
        raise typer.Exit(1)
