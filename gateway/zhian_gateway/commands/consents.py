"""`zhian-gateway consent`: who agreed to what, by purpose; taking it back is as easy as giving it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from ..errors import BadInput
from ..people import consents, ways
from ..people.agreements import Agreement
from ..people.agreements import give as give_consent
from ..people.consent import ASK_DAYS
from ..people.evidence import forget_of
from ..store.tables import people
from .common import DEFAULT, ConfigOption, opened, operator

consent = typer.Typer(no_args_is_help=True, help="Consents, by purpose.")
Person = Annotated[str, typer.Argument(help="The person's id.")]


class For(StrEnum):
    """A purpose."""

    RECOGNITION = "recognition"
    LISTING = "listing"
    NOTICES = "notices"
    EVIDENCE = "evidence"


@consent.command("list")
def list_(
    person: Annotated[str | None, typer.Argument(help="Only this person.")] = None,
    *,
    without_face: Annotated[bool, typer.Option("--without-face", help="Only who has no consent for the face.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line each.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """How it stands with each purpose, and by what each comes in. Exit code 1: somebody has no way in at all."""
    query = select(people).where(people.c.withdrawn_at.is_(None)).order_by(people.c.id)
    with opened(config) as parts, parts.store.read() as link:
        rows = link.execute(query.where(people.c.id == person) if person else query).mappings().all()
        found, by = consents.standings(link, parts.now()), ways.ways(link, rows, parts.now())
    lost = False
    for row in rows:
        stands = found[row["id"]]
        if without_face and stands["recognition"].holds:
            continue
        lost = lost or not (by[row["id"]] or row["watch"])
        if as_json:
            said = {purpose: vars(each) for purpose, each in stands.items()}
            print(json.dumps({"id": row["id"], "ways": by[row["id"]], "consents": said}, ensure_ascii=False))
        else:
            said_of = "  ".join(f"{purpose} {each.state}" for purpose, each in stands.items())
            print(f"{row['id']}  {row['name']}  {said_of}  in by: {', '.join(by[row['id']]) or 'NOTHING'}")
    if lost:
        raise typer.Exit(1)


@consent.command()
def give(
    person: Person,
    purpose: Annotated[For, typer.Argument(help="What is agreed to.")],
    *,
    until: Annotated[str, typer.Option(help="Its last day, YYYY-MM-DD.")],
    by: Annotated[str, typer.Option(help="The guardian, or the person, who gave it.")] = "",
    on: Annotated[str, typer.Option(help="The day on which they gave it, YYYY-MM-DD; by default today.")] = "",
    ground: Annotated[str, typer.Option(help="What it rests on.")] = "written consent",
    text_version: Annotated[str | None, typer.Option(help="Of the text; by default the present one.")] = None,
    lawful: Annotated[bool, typer.Option("--lawful", help="A law's or contract's ground, no consent.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Record a consent, or another ground; it takes the place of the one before for the same purpose."""
    if not (by or lawful):
        raise typer.BadParameter("say who gave it (--by), or that it is no consent (--lawful)")
    with opened(config) as parts, parts.store.write() as link:
        said = Agreement(purpose.value, until, "" if lawful else by, on, ground, text_version)
        give_consent(link, parts, person, said, who=operator())
    print(f"{person}: {purpose.value} until {until}")


@consent.command()
def withdraw(
    person: Person,
    purpose: Annotated[For, typer.Argument(help="What is taken back, or refused.")],
    *,
    why: Annotated[str, typer.Option(help="Recorded.")] = "withdrawn",
    by: Annotated[str, typer.Option(help="Who said so.")] = "",
    config: ConfigOption = DEFAULT,
) -> None:
    """Take a consent back: of the face, templates and enrolled pictures go, here and at every node."""
    with opened(config) as parts:
        with parts.store.write() as link:
            said = {"who": operator(), "now": parts.now(), "why": why, "given_by": by}
            orphans = parts.registry.refuse(link, person, purpose.value, **said)
            orphans += forget_of(link, person) if purpose is For.EVIDENCE else ()
        parts.pictures.delete(orphans)
        with parts.store.read() as link:
            lost = person in ways.stranded(link, parts.now())
    print(f"{person}: {purpose.value} taken back")
    if purpose is For.RECOGNITION:
        print(f"Which nodes say that they deleted the templates: `zhian-gateway people deletions {person}`")
    if lost:
        print(f"{person} has no way in any more: give a card, a plate, or `people set {person} --by-hand on`")
        raise typer.Exit(1)


@consent.command("text")
def text(
    purpose: Annotated[For, typer.Argument(help="Of which purpose.")],
    version: Annotated[str, typer.Argument(help="The new text's version.")],
    *,
    zh: Annotated[Path | None, typer.Option(help="A UTF-8 file with its words in Chinese, for phones.")] = None,
    en: Annotated[Path | None, typer.Option(help="Likewise in English.")] = None,
    ask_days: Annotated[int, typer.Option(help="For how many days consents to older texts still hold.")] = ASK_DAYS,
    config: ConfigOption = DEFAULT,
) -> None:
    """There is a new text: older consents are asked again, and hold for these days and no longer.

    Without its words (--zh and --en) nobody can agree to it on a phone, where it could not be read.
    """
    with opened(config) as parts, parts.store.write() as link:
        new = consents.NewText(purpose.value, version, _words(zh), _words(en))
        by = {"site": parts.site, "who": operator(), "zone": parts.zone}
        until = consents.declare_text(link, new, ask_days=ask_days, now=parts.clock(), **by)  # type: ignore[arg-type]
        stands = consents.standings(link, parts.now()).values()
    asked = sum(1 for each in stands if each[purpose.value].state == "asked_again")
    print(f"{purpose.value}: text {version} from now on; {asked} consents to older ones hold until {until}")


def _words(file: Path | None) -> str:
    """A text out of a file; BadInput for what is no text, or none at all."""
    if file is None:
        return ""
    try:
        words = file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: cannot be read as UTF-8: {error}") from error
    if not words:
        raise BadInput(f"{file}: there are no words in it")
    return words
