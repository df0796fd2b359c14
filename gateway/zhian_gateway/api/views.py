"""Rows of the store as the JSON of `shapes`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, cast
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection, RowMapping, select
from zhian_wire.alerts import ALLOWED, AlertState
from zhian_wire.state import CameraState, DeviceState, Machine

from .. import moments
from ..cases import verdicts
from ..cases.pieces import Piece, from_text
from ..lanes.board import Decided, LaneNow
from ..nodes.presence import Heard, Presence
from ..notices.naming import scheme
from ..people.consent import PURPOSES, Standing
from ..people.guardians import addresses
from ..people.lookup import by_opaque
from ..people.ways import Way
from ..store.tables import alert_passages, escalations, notices, transitions
from . import shapes

Row = Mapping[str, Any] | RowMapping


def passages(link: Connection, rows: Sequence[Row]) -> list[shapes.Passage]:
    """Passages with their people and the alerts they led to."""
    people = by_opaque(link, (row["person"] for row in rows if row["person"]))
    alerts = _alerts_of(link, [row["id"] for row in rows])
    return [_passage(row, people, alerts[row["id"]]) for row in rows]


def _passage(row: Row, people: Mapping[str, Row], alert_ids: list[str]) -> shapes.Passage:
    same = (
        "time",
        "node",
        "camera",
        "lane",
        "kind",
        "direction",
        "movement",
        "plate",
        "plate_colour",
        "plate_kind",
        "body",
        "zone",
    )
    return shapes.Passage(
        **{name: row[name] for name in (*same, "score", "margin", "reason", "synthetic")},
        id=str(row["id"]),
        person=person(row["person"], people),
        candidate=row["person"] in people and people[row["person"]]["watch"],
        evidence=_evidence(row["evidence"]),
        alert_ids=alert_ids,
    )


def _alerts_of(link: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(alert_passages).where(alert_passages.c.passage_id.in_(ids)).order_by(alert_passages.c.alert_id)
    for row in link.execute(query):
        found[row.passage_id].append(str(row.alert_id))
    return found


def alerts(link: Connection, rows: Sequence[Row]) -> list[shapes.Alert]:
    """Alerts with their people and all their transitions."""
    people = by_opaque(link, (row["person"] for row in rows if row["person"]))
    ids = [row["id"] for row in rows]
    steps, told, judged = _steps_of(link, ids), _escalations_of(link, ids), verdicts.latest(link, ids)
    return [_alert(row, people, steps[row["id"]], told[row["id"]], judged.get(row["id"])) for row in rows]


def _alert(
    row: Row,
    people: Mapping[str, Row],
    steps: list[shapes.Transition],
    told: list[shapes.Escalation],
    judged: verdicts.Verdict | None,
) -> shapes.Alert:
    life = {name: row[name] for name in ("last_at", "waiting_since")}
    same = ("key", "kind", "severity", "state", "raised_at", "updated_at", "count", "node", "camera", "lane")
    return shapes.Alert(
        **{name: row[name] for name in (*same, "candidate", "plate", "plate_colour", "detail")},
        id=str(row["id"]),
        person=person(row["person"], people),
        evidence=_evidence(row["evidence"]),
        passage_id=None if row["passage_id"] is None else str(row["passage_id"]),
        transitions=steps,
        allowed=list(ALLOWED[cast(AlertState, row["state"])]),
        escalations=told,
        verdict=None if judged is None else shapes.Verdict(**vars(judged)),
        **life,
    )


def repeats(link: Connection, rows: Sequence[Row]) -> shapes.AlertRepeats:
    """Repeats of a case with their people."""
    people = by_opaque(link, (row["person"] for row in rows if row["person"]))
    items = [
        shapes.AlertRepeat(
            **{name: row[name] for name in ("at", "plate", "plate_colour", "detail")},
            person=person(row["person"], people),
            evidence=_evidence(row["evidence"]),
            passage_id=None if row["passage_id"] is None else str(row["passage_id"]),
        )
        for row in rows
    ]
    return shapes.AlertRepeats(items=items)


def _escalations_of(link: Connection, ids: Sequence[int]) -> dict[int, list[shapes.Escalation]]:
    found: dict[int, list[shapes.Escalation]] = defaultdict(list)
    query = (
        select(escalations, notices.c.state.label("sending"))
        .join(notices, notices.c.id == escalations.c.notice_id, isouter=True)
        .where(escalations.c.alert_id.in_(ids))
        .order_by(escalations.c.at, escalations.c.step, escalations.c.contact)
    )
    for row in link.execute(query):
        told = shapes.Escalation(step=row.step, to=row.contact, state=row.sending or row.state, at=row.at)
        found[row.alert_id].append(told)
    return found


def _steps_of(link: Connection, ids: Sequence[int]) -> dict[int, list[shapes.Transition]]:
    found: dict[int, list[shapes.Transition]] = defaultdict(list)
    query = select(transitions).where(transitions.c.alert_id.in_(ids)).order_by(transitions.c.id)
    for row in link.execute(query).mappings():
        sent = row["assignee"] and shapes.Assignee(role=row["assignee_role"], name=row["assignee"])
        step = shapes.Transition(
            **{name: row[name] for name in ("source", "target", "who", "when", "note")},
            assignee=sent or None,
            picture=f"/api/pictures/{row['picture']}" if row["picture"] else None,
        )
        found[row["alert_id"]].append(step)
    return found


def person(opaque: str | None, people: Mapping[str, Row]) -> shapes.Person | None:
    """Whom nodes call `opaque`; somebody who left the roster keeps only that."""
    if opaque is None:
        return None
    row = people.get(opaque)
    if row is None:
        return shapes.Person(id=opaque, name="", group="", picture=None)
    return _person(row)


def _person(row: Row) -> shapes.Person:
    return shapes.Person(id=row["id"], name=row["name"], group=row["group"], picture=portrait_url(row))


def person_entry(row: Row, stands: Mapping[str, Standing], by: Sequence[Way]) -> shapes.PersonEntry:
    """A line of the list of people."""
    same = ("id", "name", "group", "watch", "templates", "ground", "until", "face", "begins", "ends")
    return shapes.PersonEntry(
        **{name: row[name] for name in same},
        picture=portrait_url(row),
        consents={purpose: shapes.Consent(**vars(stands[purpose])) for purpose in PURPOSES},
        ways=list(by),
        stranded=not (by or row["watch"]),
    )


def person_day(row: Row, day: str, found: Sequence[Row]) -> shapes.PersonDay:
    """Somebody's passages of a day, in their order."""
    same = ("time", "node", "camera", "lane", "kind", "direction", "movement", "zone", "reason", "synthetic")
    steps = [shapes.Step(passage_id=str(one["id"]), **{name: one[name] for name in same}) for one in found]
    last = next((step.zone for step in reversed(steps) if step.zone is not None), None)
    return shapes.PersonDay(person=_person(row), day=day, zone=last, steps=steps)


def portrait_url(row: Row) -> str | None:
    """Where the enrolled picture is; the hash makes a new picture a new address."""
    return f"/api/people/{quote(row['id'], safe='')}/picture?v={row['portrait'][:12]}" if row["portrait"] else None


def _evidence(text: str) -> list[shapes.Evidence]:
    return [_piece(piece) for piece in from_text(text)]


def _piece(piece: Piece) -> shapes.Evidence:
    return shapes.Evidence(
        kind=piece.kind,
        camera=piece.camera,
        at=piece.at,
        picture=f"/api/pictures/{piece.picture}" if piece.picture else None,
        box=piece.box,
        score=piece.score,
        margin=piece.margin,
        live=piece.live,
        liveness=piece.liveness,
        synthetic=piece.synthetic,
    )


def nodes(names: Iterable[str], presence: Presence, missing: Mapping[str, int], now: datetime) -> list[shapes.Node]:
    """Nodes as they are now."""
    return [_node(name, presence, missing.get(name, 0), now) for name in names]


def _node(name: str, presence: Presence, missing: int, now: datetime) -> shapes.Node:
    heard = presence.last(name)
    state = presence.state(name, now)
    if heard is None:
        return shapes.Node(
            id=name,
            state=state,
            last_seen=None,
            outbox=0,
            cameras=[],
            devices=[],
            roster_version=0,
            store_holes=missing,
            clock_ahead_s=None,
            version="",
            pictures=0,
            machine=None,
        )
    return shapes.Node(
        id=name,
        state=state,
        last_seen=moments.text(heard.at),
        outbox=heard.state.outbox,
        cameras=[_camera(camera, heard, offline=state == "offline", now=now) for camera in heard.state.cameras],
        devices=[_device(device, heard, offline=state == "offline", now=now) for device in heard.state.devices],
        roster_version=heard.state.roster_version,
        store_holes=missing,
        clock_ahead_s=_tenths(presence.clock_ahead_s(name)),
        version=heard.state.version,
        pictures=heard.state.pictures,
        machine=_machine(heard.state.machine),
    )


def _machine(machine: Machine | None) -> shapes.Machine | None:
    """How the machine is; None: an older node does not tell."""
    if machine is None:
        return None
    networks = [shapes.NetworkUse(name=each.name, digest=each.digest) for each in machine.networks]
    return shapes.Machine(**(msgspec.structs.asdict(machine) | {"networks": networks}))


def _tenths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _camera(camera: CameraState, heard: Heard, *, offline: bool, now: datetime) -> shapes.Camera:
    age = _aged(camera.last_frame_age_ms, heard, now)
    known: Final[dict[str, Literal["online", "blind", "starting"]]] = {
        "ok": "online",
        "blind": "blind",
        "starting": "starting",
    }
    return shapes.Camera(id=camera.id, state="offline" if offline else known[camera.status], last_frame_age_s=age)


def _device(device: DeviceState, heard: Heard, *, offline: bool, now: datetime) -> shapes.Device:
    same = ("id", "lane", "driver", "cause", "detail", "reads", "errors")
    return shapes.Device(
        # On the wire a siren is a barrier of no lane: nodes and gateways of before know no other kind.
        kind="siren" if device.kind == "barrier" and not device.lane else device.kind,
        **{name: getattr(device, name) for name in same},
        state="offline" if offline else device.status,
        last_s=_aged(device.last_ms, heard, now),
    )


def _aged(age_ms: int | None, heard: Heard, now: datetime) -> float | None:
    """Seconds: whatever it was, it has aged since the node said so."""
    return None if age_ms is None else round(age_ms / 1000 + max(0.0, (now - heard.at).total_seconds()), 1)


def lanes(link: Connection, found: Sequence[LaneNow]) -> list[shapes.Lane]:
    """Lanes with the people of their last decisions."""
    people = by_opaque(link, (each.decided.person for each in found if each.decided and each.decided.person))
    return [_lane(each, people) for each in found]


def _lane(lane: LaneNow, people: Mapping[str, Row]) -> shapes.Lane:
    same = ("id", "node", "lane", "standing", "until", "by", "why", "day", "cards", "opened", "refused")
    done = lane.done
    return shapes.Lane(
        **{name: getattr(lane, name) for name in same},
        decision=None if lane.decided is None else _decision(lane.decided, people),
        actuated=None if done is None else shapes.Actuated(**msgspec.structs.asdict(done)),
    )


def _decision(decided: Decided, people: Mapping[str, Row]) -> shapes.LaneDecision:
    same = ("transaction", "time", "verdict", "reason", "plate", "plate_colour", "by_hand")
    return shapes.LaneDecision(
        **{name: getattr(decided, name) for name in same},
        person=person(decided.person, people),
        candidate=decided.person is not None and decided.person in people and people[decided.person]["watch"],
        evidence=[_piece(piece) for piece in decided.evidence],
    )


def notice(row: Row) -> shapes.Notice:
    """One notice; where it went is not shown, since addresses hold secrets."""
    same = ("to", "channel", "title", "body", "state", "created_at", "sent_at", "happening", "tries", "critical")
    return shapes.Notice(
        **{name: row[name] for name in (*same, "happened_at", "expires_at", "next_at")},
        id=str(row["id"]),
        passage_id=None if row["passage_id"] is None else str(row["passage_id"]),
        alert_id=None if row["alert_id"] is None else str(row["alert_id"]),
        error=row["error"] or None,
        history=[shapes.NoticeTry(**each) for each in json.loads(row["history"])],
    )


def guardian(row: RowMapping, phone_since: str | None) -> shapes.GuardianEntry:
    """A guardian; the schemes of their addresses alone are shown."""
    wanted = row["happenings"]
    return shapes.GuardianEntry(
        id=str(row["id"]),
        name=row["name"],
        language=row["language"],
        channels=[scheme(address) for address in addresses(row)],
        happenings=None if wanted is None else json.loads(wanted),
        quiet=json.loads(row["quiet"]),
        phone_since=phone_since,
    )
