"""`zhian-gateway notices`: what became of them, and sending one once more. Consent to them is `consent`'s."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import RowMapping
from zhian_wire import times

from ..notices import office
from ..notices.rows import needed
from ..services import Services
from .cases import print_table
from .common import DEFAULT, ConfigOption, opened, operator

notices = typer.Typer(no_args_is_help=True, help="What became of notices; sending one once more.")

State = Annotated[list[str] | None, typer.Option(help=f"Only these: {', '.join(office.STATES)}; may be repeated.")]


@notices.command("list")
def list_(
    state: State = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many, the newest.")] = 50,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Notices with what became of them, newest first."""
    for name in state or ():
        if name not in office.STATES:
            raise typer.BadParameter(f"{name!r} is no state; there are {', '.join(office.STATES)}")
    with opened(config) as parts:
        with parts.store.read() as link:
            rows = office.listed(link, states=state or (), limit=limit)
            counted = office.counts(link)
        if as_json:
            for row in rows:
                print(json.dumps(_plain(row), ensure_ascii=False))
            return
        _print(parts, rows)
    print(", ".join(f"{counted[name]} {name}" for name in office.STATES if counted.get(name)) or "no notices")


def _plain(row: RowMapping) -> dict[str, object]:
    same = (
        "id",
        "happening",
        "to",
        "channel",
        "title",
        "state",
        "tries",
        "error",
        "happened_at",
        "created_at",
        "sent_at",
    )
    return {name: row[name] for name in same} | {"history": json.loads(row["history"])}


def _print(parts: Services, rows: Sequence[RowMapping]) -> None:
    if not rows:
        return
    lines = []
    for row in rows:
        at = times.from_text(row["happened_at"]).astimezone(parts.zone)
        same = (row[name] for name in ("happening", "to", "channel", "state", "error"))
        lines.append((str(row["id"]), f"{at:%m-%d %H:%M}", *same))
    print_table(("id", "happened", "what", "to", "by", "state", "why"), lines)


@notices.command()
def retry(
    number: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="As `notices list` shows it.")] = None,
    *,
    state: Annotated[str | None, typer.Option(help="All failed, expired or unsure ones that somebody needs.")] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Send notices once more, from their first channel on; who had it after all has it twice, and is told how late."""
    if bool(number) == bool(state) or state not in (None, *office.ENDED):
        raise typer.BadParameter(f"say which: ids, or --state with one of {', '.join(office.ENDED)}")
    with opened(config) as parts, parts.store.write() as link:
        # Nobody means by a state what was taken back: it would be told, and be wrong.
        lost = office.listed(link, states=(state or "",), limit=10_000, shown=needed())
        wanted = number or [row["id"] for row in lost]
        for one in wanted:
            office.retry(link, one, parts.config, who=operator(), now=parts.clock())
    print(f"{len(wanted)} queued")
