"""`zhian-gateway audit`: who did or saw what, and whether the record is whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import Connection, select

from ..anchors.keeping import anchor_of
from ..anchors.keeping import verify as compare
from ..config_types import Config
from ..store import audit as chain
from ..store import counters
from ..store.tables import audit as entries
from .common import DEFAULT, ConfigOption, opened


def audit(
    subject: Annotated[str | None, typer.Argument(help="Only of this person, node, alert or picture.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only check that no entry was changed, added or taken away.")
    ] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """List who did or saw what, oldest first. With --verify: exit code 1 when the record is not whole."""
    with opened(config) as parts, parts.store.read() as link:
        if verify:
            _verify(link, parts.config, parts.clock())
            return
        query = select(entries).order_by(entries.c.id)
        for row in link.execute(query if subject is None else query.where(entries.c.subject == subject)):
            print(f"{row.at}  {row.who}  {row.action}  {row.subject}  {row.detail}")


def _verify(link: Connection, config: Config, now: datetime) -> None:
    fault, count = chain.first_fault(link), counters.current(link, "audit")
    anchor = anchor_of(config)
    found = compare(link, anchor, config.retention.audit_days, now)
    if fault is not None:
        print(f"the record is broken at entry {fault}")
    for text in found.faults:
        print(text)
    if fault is not None or found.faults:
        raise typer.Exit(1)
    print(f"the record of {count} entries is whole")
    if found.vouched:
        print(f"{anchor.path} vouches for it up to entry {found.vouched.entry}, since {found.vouched.at}")
    else:
        print(f"nothing outside the database vouches for it yet: the gateway writes {anchor.path} while it runs")
