"""`zhian-gateway cases report` and `rules test`: what is left open, and what other rules would have raised."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ..cases.reading import bounds, days_of, report_of
from ..cases.reporting import CaseLine, CaseReport
from ..errors import BadInput
from ..rules.rehearsal import Rehearsal, rehearse
from ..rules.rule_files import read_rules
from ..spreadsheets import as_csv
from .common import DEFAULT, ConfigOption, opened

cases = typer.Typer(no_args_is_help=True, help="Cases, and that none is left open (件件有着落).")
rules = typer.Typer(no_args_is_help=True, help="The site's own rules.")

From = Annotated[str | None, typer.Option("--from", help="The first local day; by default the last one.")]
To = Annotated[str | None, typer.Option("--to", help="The last local day, included; by default today.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@cases.command("report")
def report(
    *,
    first: From = None,
    last: To = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="One line per case.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """What is left open, how fast cases were answered, and who closed them; of cases opened or moved in these days.

    Whatever is open now is among them, however old. Exit code 1 when anything is open past its target.
    """
    with opened(config) as parts:
        if as_json and as_csv:
            raise BadInput("--json or --csv, one of them")
        found, zone = report_of(parts, first, last), parts.zone
    if as_json:
        print(json.dumps(dataclasses.asdict(found), ensure_ascii=False))
    elif as_csv:
        _print_csv(found, zone)
    else:
        _print(found, zone)
    if found.overdue:
        raise typer.Exit(1)


def _print_csv(found: CaseReport, zone: ZoneInfo) -> None:
    """For a spreadsheet, whose reader is at the site as well."""
    names = [field.name for field in dataclasses.fields(CaseLine)]
    rows = []
    for each in found.cases:
        local = {name: _local(getattr(each, name), zone) for name in ("opened_at", "last_at")}
        rows.append([local.get(name, getattr(each, name)) for name in names])
    sys.stdout.buffer.write(as_csv(names, rows))


def _print(found: CaseReport, zone: ZoneInfo) -> None:
    """For a person at the site: in its own time."""
    print(f"{found.site}, {found.first_day} to {found.last_day} ({zone}): {len(found.cases)} cases")
    print(f"{found.left_open} left open, {found.overdue} of them past their target")
    for each in found.open:
        past = "  PAST ITS TARGET" if each.overdue else ""
        since = f"since {_local(each.opened_at, zone)}{past}"
        print(f"  {each.id}  {each.severity}  {each.kind}  {each.place}  {each.state}  {since}")
    heads = ("severity", "cases", "open", "late", "acknowledged: median", "longest", "closed: median", "longest")
    print_table(
        heads,
        [
            (
                each.severity,
                *map(str, (each.cases, each.open, each.late)),
                *map(_seconds, (each.acknowledged_median_s, each.acknowledged_longest_s)),
                *map(_seconds, (each.closed_median_s, each.closed_longest_s)),
            )
            for each in found.severities
        ],
    )
    if not found.closed:
        print("nobody has closed any of them")
        return
    print_table(("closed by", "as", "cases"), [(each.who, each.state, str(each.cases)) for each in found.closed])


def _local(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:g} s"


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """In columns as wide as they must be."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@rules.command("test")
def test(
    file: Annotated[Path, typer.Argument(metavar="RULES", help="The rules to try (TOML).")],
    first: From = None,
    last: To = None,
    as_json: Json = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Say what these rules would have raised of the events of some days, against what was raised. It changes nothing.

    Who is known is what the site knows now; a card given back since then counts as it does today.
    """
    with opened(config) as parts:
        ruleset = read_rules(file, parts.zone)
        begins, ends = days_of(parts, first, last)
        days = (begins.isoformat(), ends.isoformat())
        edges = bounds(parts, begins, ends)
        found = rehearse(parts.store, parts.config.rules, ruleset, site=parts.site, days=days, moments=edges)
    if as_json:
        print(json.dumps(dataclasses.asdict(found), ensure_ascii=False))
    else:
        _print_rehearsal(found)


def _print_rehearsal(found: Rehearsal) -> None:
    gone = f", {found.emptied} more have no contents any more" if found.emptied else ""
    print(f"{found.events} events{gone}")
    print(f"{found.would} cases with these rules, {found.was} were raised")
    heads = ("rule", "raised", "dropped", "cases", "raised then")
    print_table(
        heads, [(each.rule, *map(str, (each.raised, each.dropped, each.cases, each.known))) for each in found.rules]
    )
    for name in found.unseen:
        print(f"? none of these events: {name}")
    for sign, some in (("+", found.new), ("-", found.gone)):
        for case in some:
            print(f"{sign} {case.severity}  {case.key}")
