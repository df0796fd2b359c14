"""`zhian-gateway`: run it, look after its people, nodes and users, and prove that nothing was lost."""

from __future__ import annotations

import typer
from zhian_models.version import Version

from .commands import (
    access,
    attendance,
    auditing,
    authority,
    backups,
    belongings,
    cases,
    consents,
    doctoring,
    family,
    keeping,
    ledger,
    nodes,
    notices,
    people,
    running,
    storing,
    subject,
    timetable,
    vault,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.callback()
def options(version: Version = False) -> None:
    """What holds for every command."""


app.command()(running.run)
app.command("check-config")(running.check_config)
app.command()(doctoring.doctor)
app.command()(ledger.ledger)
app.command()(nodes.nodes)
app.command()(auditing.audit)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(access.ticket)
app.command()(access.secret)
for each in (subject.erase, subject.export, subject.deletions):
    people.app.command()(each)
app.add_typer(cases.cases, name="cases")
app.add_typer(cases.rules, name="rules")
app.add_typer(notices.notices, name="notices")
app.add_typer(people.app, name="people")
app.add_typer(attendance.attendance, name="attendance")
app.add_typer(family.family, name="family")
app.add_typer(consents.consent, name="consent")
app.add_typer(belongings.cards, name="cards")
app.add_typer(belongings.collectors, name="collectors")
app.add_typer(timetable.schedules, name="schedules")
app.add_typer(timetable.calendar, name="calendar")
app.add_typer(keeping.retention, name="retention")
app.add_typer(vault.keys, name="keys")
app.add_typer(storing.store, name="store")
app.add_typer(access.node, name="node")
app.add_typer(authority.authority, name="authority")
app.add_typer(authority.broker, name="broker")
app.add_typer(access.user, name="user")
app.add_typer(access.police, name="police")


def main() -> None:
    """Entry point of the command."""
    app()
