"""Everything that is held about one person, in one file: for machines (JSON) and for whoever asked (a page).

Nobody else is shown: of guardians and collectors there is what the person's own record says of them, of cases only what
concerns this person.
"""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Select, or_, select
from zhian_models.atomic import replacing

from ..errors import BadInput, NotFound, Unsealable
from ..pictures import media_type
from ..retention.holds import crops
from ..services import Services
from ..store import audit
from ..store.tables import (
    alert_passages,
    alert_repeats,
    alerts,
    attendance_corrections,
    attendance_signals,
    case_pictures,
    collectors,
    consents,
    credentials,
    deletions,
    enrolment_pictures,
    guardians,
    hand_passes,
    leave_slips,
    muster_people,
    notices,
    passages,
    people,
    recorded_whereabouts,
    templates,
    verdicts,
    watch_entries,
    whereabouts,
)
from ..store.tables import audit as entries
from . import beside, refused
from .mentions import FORMER, Named, about, mentions, names_of
from .readable import page

SUFFIX: Final = {"image/jpeg": ".jpg", "image/png": ".png"}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Exported:
    """How much is in the file; `missing` names pictures that are gone or damaged."""

    rows: dict[str, int]
    pictures: int
    events: int
    missing: tuple[str, ...]


def export(parts: Services, person_id: str, target: Path, *, who: str) -> Exported:
    """Write the file; it is there whole, or not at all.

    Raises:
        NotFound: nobody is or was enrolled by that id.
        BadInput: the file is there already, or cannot be written.
    """
    if target.exists():
        raise BadInput(f"{target} is there already")
    # First the record of it: nobody gets a file of which nothing is known.
    with parts.store.write() as link:
        named = names_of(link, person_id)
        audit.record(link, site=parts.site, at=parts.now(), who=who, action="people.export", subject=person_id)
    with parts.store.read() as link:
        held = _held(link, named)
    held["named_passages"] = [_plain(row) for row in beside.named_passages(parts, named)]
    try:
        with replacing(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as file:
            return _write(parts, file, named, held)
    except OSError as error:
        raise BadInput(f"{target}: {error.strerror or error}") from error


def _write(parts: Services, file: zipfile.ZipFile, named: Named, held: dict[str, Rows]) -> Exported:
    shown, missing = [], []
    for name, kind, sha256 in _pictures(held):
        try:
            data = parts.pictures.read_portrait(sha256) if kind == "portraits" else parts.pictures.read(sha256)
        except (NotFound, Unsealable):
            missing.append(sha256)
            continue
        path = f"pictures/{name}{SUFFIX[media_type(data)]}"
        file.writestr(path, data)
        shown.append(path)
    events, messages = _write_events(parts, file, named), _write_refused(parts, file, named)
    head = {"site": parts.site, "person": named.person_id, "as_of": parts.now(), "missing_pictures": missing}
    data = msgspec.json.format(msgspec.json.encode(head | held), indent=2)
    file.writestr("data.json", data)
    file.writestr("index.html", page(head, held, shown, (events, messages)))
    return Exported({name: len(rows) for name, rows in held.items()}, len(shown), events, tuple(missing))


def _write_events(parts: Services, file: zipfile.ZipFile, named: Named) -> int:
    """The exact bytes of each event that names them, one a line; how many."""
    found = [each.body for batch in mentions(parts.store, named.tokens, named.former) for each in batch]
    file.writestr("events.jsonl", b"".join(body + b"\n" for body in found))
    return len(found)


def _write_refused(parts: Services, file: zipfile.ZipFile, named: Named) -> int:
    """Each message that names them and was refused, one a line, with its exact bytes as base64; how many."""
    found = refused.naming(parts, named.tokens, named.former)
    lines = [each._asdict() | {"body": base64.b64encode(each.body).decode()} for each in found]
    file.writestr("refused.jsonl", b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return len(lines)


def _held(link: Connection, named: Named) -> dict[str, Rows]:
    """Every row about them, by kind."""
    mine = named.person_id
    shown = select(alert_passages.c.alert_id).join(passages, passages.c.id == alert_passages.c.passage_id)
    passed = select(passages).where(about(passages, named)).order_by(passages.c.time, passages.c.id)
    queries: dict[str, Select[Any]] = {
        "record": select(people).where(people.c.id == mine),
        "cards_and_plates": select(credentials).where(credentials.c.person_id == mine, credentials.c.kind != FORMER),
        "collectors": select(collectors).where(collectors.c.person_id == mine),
        "guardians": select(guardians).where(guardians.c.person_id == mine),
        "consents": select(consents).where(consents.c.person_id == mine).order_by(consents.c.id),
        "templates": select(templates).where(templates.c.person_id == mine).order_by(templates.c.id),
        "enrolled_pictures": select(enrolment_pictures).where(enrolment_pictures.c.person_id == mine),
        "passages": passed,
        "attendance_corrections": select(attendance_corrections).where(attendance_corrections.c.person_id == mine),
        "leave_slips": select(leave_slips).where(leave_slips.c.person_id == mine),
        "attendance_told": select(attendance_signals).where(attendance_signals.c.person_id == mine),
        "roll_calls": select(muster_people).where(muster_people.c.person.in_(named.opaque)),
        "passages_by_hand": select(hand_passes).where(hand_passes.c.person.in_(named.opaque)),
        "now": select(whereabouts).where(whereabouts.c.person.in_(named.opaque)),
        "now_by_hand": select(recorded_whereabouts).where(recorded_whereabouts.c.person.in_(named.opaque)),
        "notices": select(notices).where(beside.told(named)).order_by(notices.c.id),
        "cases": select(alerts).where(or_(about(alerts, named), alerts.c.id.in_(shown.where(about(passages, named))))),
        "case_repeats": select(alert_repeats).where(about(alert_repeats, named)),
        "case_photos": select(case_pictures)
        .join(alerts, alerts.c.id == case_pictures.c.alert_id)
        .where(about(alerts, named)),
        "case_verdicts": select(verdicts)
        .join(alerts, alerts.c.id == verdicts.c.alert_id)
        .where(about(alerts, named))
        .order_by(verdicts.c.id),
        "watch_list": select(watch_entries).where(watch_entries.c.id == mine),
        "deleted_at_nodes": select(deletions).where(deletions.c.person_id == mine),
        **beside.queries(named),
        "audit": select(entries).where(beside.looked_at(link, named)).order_by(entries.c.id),
    }
    held = {name: [_plain(row) for row in link.execute(query).mappings()] for name, query in queries.items()}
    held["inbox"] = [_plain(row) for row in beside.copies(link, named)]
    held["audit_names"] = beside.named_in(link, named)
    for case in held["cases"]:
        by_plate = case["person"] is None and case["plate"] in named.plates
        if case["person"] not in named.opaque and not by_plate:
            # The case shows somebody else as well: that one's face and plate are not this person's to have.
            case |= {"person": None, "plate": None, "plate_colour": None, "evidence": [], "detail": "", "key": ""}
    return held


def _plain(row: Any) -> dict[str, Any]:
    """A row as JSON takes it."""
    found = dict(row)
    for name in ("evidence", "faults"):
        if name in found:
            found[name] = msgspec.json.decode(found[name])
    if "vector" in found:
        found["vector"] = base64.b64encode(found["vector"]).decode()
    return found


def _pictures(held: dict[str, Rows]) -> Iterator[tuple[str, str, str]]:
    """Each picture once: its name in the file, whether enrolled or evidence, its sha256."""
    for row in held["record"]:
        if row["portrait"]:
            yield "portrait", "portraits", row["portrait"]
    for index, row in enumerate(held["enrolled_pictures"], 1):
        if row["sha256"]:
            yield f"enrolled-{index}", "portraits", row["sha256"]
    for row in held["case_photos"]:
        yield f"cases/{row['sha256']}", "evidence", row["sha256"]
    seen: set[str] = set()
    for row in (*held["passages"], *held["cases"], *held["case_repeats"]):
        for sha256 in crops(msgspec.json.encode(row["evidence"]).decode()):
            if sha256 not in seen:
                seen.add(sha256)
                yield f"passages/{sha256}", "evidence", sha256
