"""What the parts of the gateway do together for an entry: photographs, networks, the roster, and its end."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import structlog
from sqlalchemy import Connection, RowMapping, select

from ..errors import BadInput, Conflict, PeopleError
from ..people.consent import NO_TEXT, Ground
from ..people.enrolment import Enrolled
from ..people.files import PersonFile
from ..pictures import media_type
from ..services import Services
from ..store.faults import is_store_fault
from ..store.tables import people
from . import entries, rules

log = structlog.get_logger(__name__)
#: The networks are one for everybody, and their memory is the gateway's.
_LOOKING: Final = threading.Lock()


def bring_picture(parts: Services, entry_id: str, data: bytes, *, who: str) -> str:
    """Keep a photograph of a proposal; its sha256.

    Raises:
        BadPicture: it is no JPEG or PNG.
        NotFound, Conflict, NotAllowed: as `entries.Desk.add_picture`.
    """
    media_type(data)
    with parts.store.read() as link:
        row = entries.find(link, entry_id)
        rules.check_proposer(row["state"], row["proposed_by"], who)
    sha256 = parts.pictures.keep_portrait(data)
    with parts.store.write() as link:
        entries.Desk(parts.site).add_picture(link, entry_id, sha256, who=who, now=parts.now())
    parts.bell.ring()
    return sha256


def approve(parts: Services, entry_id: str, *, seen: Sequence[str], reason: str, who: str) -> None:
    """Look for it from now on, at every node.

    Args:
        seen: the photographs that the approver looked at; what came later they have not approved.

    Raises:
        NotFound: there is no such entry.
        Conflict: decided already, or there are other photographs now.
        NotAllowed: it is their own proposal.
        BadInput: no plate, and no photograph with a face that can be recognised.
    """
    with parts.store.read() as link:
        row, held = entries.find(link, entry_id), entries.pictures_of(link, entry_id)
    _check(row, held, seen, who=who, now=parts.now())
    try:
        found = _look(parts, entry_id, held)
    except PeopleError as error:
        raise BadInput(str(error)) from error
    if not found.templates and not entries.plates_of(row):
        said = "; ".join(map(str, found.complaints)) or "there is neither a photograph nor a plate"
        raise BadInput(f"nothing could be looked for: {said}")
    for picture in found.kept:
        parts.pictures.keep_portrait(picture)
    with parts.store.write() as link:
        held = entries.pictures_of(link, entry_id)
        _check(entries.find(link, entry_id), held, seen, who=who, now=parts.now())
        orphans = _enrol(parts, link, row, found, reason=reason, who=who)
    parts.pictures.delete(orphans)
    parts.bell.ring()


def _check(row: RowMapping, held: Sequence[str], seen: Sequence[str], *, who: str, now: str) -> None:
    rules.check_decider(row["state"], row["proposed_by"], who)
    if row["until"] <= now:
        raise Conflict("its ground has ended")
    if set(held) != set(seen):
        raise Conflict("the photographs are others than you saw; look at the entry again")


def _enrol(parts: Services, link: Connection, row: RowMapping, found: Enrolled, *, reason: str, who: str) -> list[str]:
    now = parts.now()
    about = PersonFile(name=row["label"], group=rules.GROUP, watch=True, plates=entries.plates_of(row))
    basis = Ground(text=row["ground"], until=row["until"], granted_by=who, text_version=NO_TEXT)
    orphans = parts.registry.enrol(link, row["id"], about, basis, found, who=who, now=now)
    count = len(found.templates)
    entries.Desk(parts.site).approve(link, row["id"], reason=reason, templates=count, who=who, now=now)
    brought = set(entries.drop_pictures(link, row["id"]))
    return sorted({*orphans, *parts.registry.unused(link, brought)})


def _look(parts: Services, entry_id: str, held: Sequence[str]) -> Enrolled:
    if not held:
        return Enrolled("", (), (), ())
    with _LOOKING, TemporaryDirectory(prefix="zhian-") as folder:
        for index, sha256 in enumerate(held, 1):
            data = parts.pictures.read_portrait(sha256)
            suffix = ".png" if media_type(data) == "image/png" else ".jpg"
            (Path(folder) / f"{index}{suffix}").write_bytes(data)
        return parts.enroller.enrol(entry_id, Path(folder))


def refuse(parts: Services, entry_id: str, *, reason: str, who: str) -> None:
    """It is not looked for; its photographs are deleted. Raises as `entries.Desk.refuse`."""
    with parts.store.write() as link:
        gone = entries.Desk(parts.site).refuse(link, entry_id, reason=reason, who=who, now=parts.now())
        orphans = parts.registry.unused(link, set(gone))
    parts.pictures.delete(orphans)
    parts.bell.ring()


def withdraw(parts: Services, entry_id: str, *, reason: str, who: str) -> None:
    """It is not looked for any more; anybody entitled to the list may say so alone.

    Raises:
        NotFound: there is no such entry.
        Conflict: it is over already.
    """
    with parts.store.write() as link:
        row = entries.find(link, entry_id)
        if row["state"] in rules.OVER:
            raise Conflict(f"the entry is {row['state']} already")
        orphans = _end(parts, link, row, "withdrawn", reason=reason, who=who)
    parts.pictures.delete(orphans)
    parts.bell.ring()


def sweep(parts: Services) -> None:
    """End what is over by itself, each in a transaction of its own; one that cannot be ended is tried again."""
    with parts.store.read() as link:
        over = entries.due(link, parts.clock())
    for row, state in over:
        try:
            _sweep(parts, row, state)
        except Exception as error:
            if is_store_fault(error):
                raise
            # Whatever is wrong with one entry must hold up neither the others nor what else is swept.
            log.exception("watch.not_ended", entry=row["id"], state=state)


def _sweep(parts: Services, row: RowMapping, state: rules.State) -> None:
    reason = "the ground ended" if state == "expired" else "nobody approved it in time"
    with parts.store.write() as link:
        orphans = _end(parts, link, row, state, reason=reason, who="gateway")
    parts.pictures.delete(orphans)
    parts.bell.ring()
    log.info("watch.over", entry=row["id"], state=state)


def _end(parts: Services, link: Connection, row: RowMapping, state: rules.State, *, reason: str, who: str) -> list[str]:
    now = parts.now()
    gone = entries.Desk(parts.site).end(link, row, state, reason=reason, who=who, now=now)
    orphans = parts.registry.unused(link, set(gone))
    # Somebody may have withdrawn the person alone, as one withdraws anybody who is enrolled.
    enrolled = select(people.c.id).where(people.c.id == row["id"], people.c.withdrawn_at.is_(None))
    if row["state"] == "active" and link.execute(enrolled).first() is not None:
        orphans += parts.registry.withdraw(link, row["id"], who=who, now=now, why=f"watch list: {reason}")
    return orphans
