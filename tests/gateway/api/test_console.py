"""What the page asks for: passages, alerts and what people do with them, pictures, people, nodes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.events import START, event, face, passage
from support.gateway import HttpOnly, add_node
from support.people import JPEG, ground, person_file, some_face
from support.pipeline import take_in
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, people
from zhian_wire import codec, times
from zhian_wire.events import Health
from zhian_wire.state import CameraState, DeviceState, Machine, NetworkUse, NodeState

Client = Callable[..., httpx.Client]


def enrol(parts: Services, person: str, **about: Any) -> str:
    parts.pictures.keep_portrait(JPEG)
    with parts.store.write() as link:
        parts.registry.enrol(link, person, person_file(**about), ground(), some_face(), who="t", now=parts.now())
        return link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()


def test_a_passage_has_all_that_the_page_shows(parts: Services, client: Client) -> None:
    opaque = enrol(parts, "pupil-1", name="小明", group="pupil")
    sha = "a" * 64
    seen = passage(
        person_id=opaque,
        body="person",
        score=0.7,
        margin=0.2,
        evidence=(face(picture=sha, box=(1.0, 2.0, 3.0, 4.0), synthetic=True),),
    )
    take_in(parts, event(seen))
    (item,) = client().get("/api/passages").json()["items"]
    assert item["person"] == {
        "id": "pupil-1",
        "name": "小明",
        "group": "pupil",
        "picture": f"/api/people/pupil-1/picture?v={hashlib.sha256(JPEG).hexdigest()[:12]}",
    }
    assert (item["direction"], item["movement"], item["score"], item["synthetic"]) == ("in", "arrival", 0.7, True)
    assert item["body"] == "person"
    assert item["evidence"][0]["picture"] == f"/api/pictures/{sha}"
    assert item["evidence"][0]["box"] == [1, 2, 3, 4]
    assert item["evidence"][0]["at"] == "2026-03-02T07:30:00.900Z"


def test_pages_follow_each_other_without_loss_or_doubles_whatever_the_times(parts: Services, client: Client) -> None:
    events = [event(seq=seq, at=START + timedelta(seconds=seq % 7)) for seq in range(1, 31)]
    take_in(parts, *events)
    user, seen, cursor = client(), [], None
    while True:
        page = user.get("/api/passages", params={"limit": 4} | ({"before": cursor} if cursor else {})).json()
        seen += [(item["time"], int(item["id"])) for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(set(seen)) == 30
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"camera": "cam-1"}, 2),
        ({"camera": "cam-2"}, 1),
        ({"camera": "cam"}, 3),
        ({"camera": "东"}, 1),
        ({"camera": "Gate"}, 2),
        ({"since": "2026-03-02T07:30:02.000Z"}, 2),
        ({"since": "2026-03-02T07:30:02.000Z", "until": "2026-03-02T07:30:02.000Z", "node": "gate-1"}, 1),
        ({"node": "gate-2"}, 0),
        ({"plate": "B123"}, 1),
        ({"plate": "%"}, 0),
        ({"person": "pupil-1"}, 1),
        ({"person": "nobody"}, 0),
    ],
)
def test_passages_can_be_searched(parts: Services, client: Client, query: dict[str, str], count: int) -> None:
    opaque = enrol(parts, "pupil-1")
    take_in(
        parts,
        event(passage(person_id=opaque), seq=1),
        event(passage(kind="plate", plate="粤B12345"), seq=2),
        event(passage(camera="cam-2"), seq=3),
    )
    assert len(client().get("/api/passages", params=query).json()["items"]) == count


@pytest.mark.parametrize(
    "query",
    [{"since": "yesterday"}, {"before": "x"}, {"before": "2026-01-01T00:00:00.000Z~-1"}, {"limit": 0}, {"limit": 999}],
)
def test_a_cursor_that_is_none_is_refused(client: Client, query: dict[str, Any]) -> None:
    assert client().get("/api/passages", params=query).status_code == 422


def test_an_alert_is_acknowledged_and_taken_back(parts: Services, client: Client) -> None:
    take_in(parts, event())
    user = client()
    (alert,) = user.get("/api/alerts", params={"state": "open"}).json()["items"]
    assert (alert["kind"], alert["state"], alert["count"], alert["candidate"]) == ("unknown_person", "raised", 1, False)
    assert "acknowledged" in alert["allowed"]
    path = f"/api/alerts/{alert['id']}/transitions"
    step = {"to": "acknowledged", "note": "", "expected_state": "raised"}
    done = user.post(path, json=step).json()
    assert (done["state"], done["transitions"][0]["who"]) == ("acknowledged", "guard-1")
    assert (done["transitions"][0]["from"], done["transitions"][0]["to"]) == ("raised", "acknowledged")
    again = user.post(path, json=step)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    undo = {"to": "raised", "note": "undo", "expected_state": "acknowledged"}
    assert user.post(path, json=undo).json()["state"] == "raised"
    assert user.get("/api/passages").json()["items"][0]["alert_ids"] == [alert["id"]]


def test_the_police_see_only_their_kinds_of_case(parts: Services, client: Client) -> None:
    camera = Health(component="camera", device="cam-1", status="down")
    take_in(parts, event(seq=1), event(camera, seq=2))
    assert {item["kind"] for item in client().get("/api/alerts").json()["items"]} == {"unknown_person", "camera_blind"}
    police = client("police")
    (theirs,) = police.get("/api/alerts").json()["items"]
    assert theirs["kind"] == "unknown_person"
    other = next(item for item in client().get("/api/alerts").json()["items"] if item["kind"] == "camera_blind")
    assert police.get(f"/api/alerts/{other['id']}").status_code == 404


def test_a_picture_is_kept_once_and_every_view_is_audited(http: HttpOnly, parts: Services, client: Client) -> None:
    sha, headers = hashlib.sha256(JPEG).hexdigest(), node_headers(parts)
    for _ in range(2):
        assert httpx.put(f"{http.url}/pictures/{sha}", content=JPEG, headers=headers).status_code == 200
    user = client()
    answer = user.get(f"/api/pictures/{sha}")
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    assert answer.headers["cache-control"] == "private, no-store"
    with parts.store.read() as link:
        entries = link.execute(select(audit.c.who, audit.c.subject).where(audit.c.action == "picture.view")).all()
    assert entries == [("guard-1", sha)]


def test_a_picture_of_no_case_of_theirs_is_closed_to_the_police(parts: Services, client: Client) -> None:
    sha = parts_picture(parts)
    assert client("police").get(f"/api/pictures/{sha}").status_code == 404
    take_in(parts, event(passage(evidence=(face(picture=sha),))))
    assert client("police").get(f"/api/pictures/{sha}").status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (JPEG, "0" * 64, 422),
        (JPEG[:-1], hashlib.sha256(JPEG).hexdigest(), 422),
        (b"<svg onload=alert(1)>", hashlib.sha256(b"<svg onload=alert(1)>").hexdigest(), 422),
        (b"", hashlib.sha256(b"").hexdigest(), 422),
        (JPEG, "A" * 64, 422),
    ],
)
def test_what_is_no_picture_or_not_the_announced_one_is_refused(
    http: HttpOnly, parts: Services, content: bytes, name: str, status: int
) -> None:
    answer = httpx.put(f"{http.url}/pictures/{name}", content=content, headers=node_headers(parts))
    assert answer.status_code == status
    assert list(parts.config.store.picture_folder.rglob("*")) == []


def test_a_name_from_outside_becomes_no_path(http: HttpOnly, parts: Services) -> None:
    for name in ("..%2F..%2Fetc%2Fpasswd", "..%2f" + "a" * 64, "%2e%2e"):
        answer = httpx.put(f"{http.url}/pictures/{name}", content=JPEG, headers=node_headers(parts))
        assert answer.status_code in (404, 405, 422)
    assert list(parts.config.store.picture_folder.rglob("*")) == []


def test_a_picture_that_is_too_big_is_refused_before_it_is_read_whole(http: HttpOnly, parts: Services) -> None:
    data = JPEG + bytes(parts.pictures.max_bytes)
    name = hashlib.sha256(data).hexdigest()
    try:
        status = httpx.put(f"{http.url}/pictures/{name}", content=data, headers=node_headers(parts)).status_code
    except httpx.TransportError:
        return
    assert status == 413


def test_an_enrolled_picture_is_shown_and_gone_after_withdrawal(parts: Services, client: Client) -> None:
    enrol(parts, "pupil-1")
    user = client()
    assert user.get("/api/people/pupil-1/picture").content == JPEG
    (entry,) = user.get("/api/people").json()["items"]
    assert (entry["templates"], entry["ground"]) == (2, "written consent")
    assert client("police").get("/api/people/pupil-1/picture").status_code == 404
    with parts.store.write() as link:
        orphans = parts.registry.withdraw(link, "pupil-1", who="t", now=parts.now())
    parts.pictures.delete(orphans)
    assert user.get("/api/people/pupil-1/picture").status_code == 404
    assert user.get("/api/people").json()["items"] == []


def test_the_days_numbers_count_the_local_day(parts: Services, client: Client) -> None:
    opaque = enrol(parts, "pupil-1")
    night = START - timedelta(hours=16)
    take_in(
        parts,
        event(passage(person_id=opaque), seq=1),
        event(passage(person_id=opaque, direction="out"), seq=2),
        event(passage(), seq=3),
        event(passage(kind="plate", plate="粤B12345"), seq=4),
        event(passage(kind="plate", plate="粤B12345"), seq=5),
        event(passage(person_id=opaque), seq=6, at=night),
    )
    today = client().get("/api/summary").json()["today"]
    assert today == {"arrivals": 1, "departures": 1, "unknown": 1, "plates": 1, "alerts_open": 1}


def test_a_node_is_shown_by_the_age_of_what_it_last_said(parts: Services, client: Client, clock: Any) -> None:
    add_node(parts, "gate-1")
    user = client()

    def node() -> dict[str, Any]:
        (found,) = user.get("/api/nodes").json()["items"]
        return found

    assert (node()["state"], node()["last_seen"]) == ("offline", None)
    cameras = (CameraState(id="cam-1", status="ok", last_frame_age_ms=100),)
    lost = DeviceState(
        id="in", kind="reader", driver="osdp", lane="main", status="down", cause="lost", detail="gone", last_ms=2000
    )
    state = NodeState(
        node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1", outbox=3, cameras=cameras, devices=(lost,)
    )
    parts.presence.hear("gate-1", state, parts.clock())
    assert (node()["state"], node()["outbox"]) == ("online", 3)
    reader = {"id": "in", "kind": "reader", "driver": "osdp", "lane": "main", "reads": 0, "errors": 0}
    assert node()["devices"] == [reader | {"state": "down", "cause": "lost", "detail": "gone", "last_s": 2.0}]
    assert node()["cameras"] == [{"id": "cam-1", "state": "online", "last_frame_age_s": 0.1}]
    clock.forward(31)
    assert node()["state"] == "offline"
    assert node()["cameras"] == [{"id": "cam-1", "state": "offline", "last_frame_age_s": 31.1}]
    assert [(each["state"], each["last_s"]) for each in node()["devices"]] == [("offline", 33.0)]


def shown_node(user: Any) -> dict[str, Any]:
    (found,) = user.get("/api/nodes").raise_for_status().json()["items"]
    return dict(found)


def test_a_siren_is_called_a_siren(parts: Services, client: Client) -> None:
    add_node(parts, "gate-1")
    siren = DeviceState(id="horn", kind="barrier", driver="modbus", status="ok")
    barrier = DeviceState(id="bar", kind="barrier", driver="modbus", status="ok", lane="main")
    state = NodeState(node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1", devices=(siren, barrier))
    parts.presence.hear("gate-1", state, parts.clock())
    assert [(each["id"], each["kind"]) for each in shown_node(client())["devices"]] == [
        ("horn", "siren"),
        ("bar", "barrier"),
    ]


def test_a_nodes_program_networks_and_machine_are_shown(parts: Services, client: Client) -> None:
    add_node(parts, "gate-1")
    networks = (NetworkUse(name="centerface", digest="77e394b51108"),)
    machine = Machine(
        since=parts.now(), clock="trusted", disk_free_mb=900, disk_total_mb=4000, load=0.5, networks=networks
    )
    state = NodeState(node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1.2", pictures=4, machine=machine)
    parts.presence.hear("gate-1", codec.decode_message(codec.encode_message(state), NodeState), parts.clock())
    shown = shown_node(client())
    assert (shown["version"], shown["pictures"]) == ("1.2", 4)
    assert shown["machine"] == {
        "since": parts.now(),
        "system": "",
        "clock": "trusted",
        "disk_free_mb": 900,
        "disk_total_mb": 4000,
        "memory_free_mb": None,
        "memory_total_mb": None,
        "load": 0.5,
        "temperature_c": None,
        "runtime": "",
        "networks": [{"name": "centerface", "digest": "77e394b51108"}],
    }


def test_a_node_of_before_is_shown_without_what_it_does_not_tell(parts: Services, client: Client) -> None:
    add_node(parts, "gate-1")
    body = b'{"node":"gate-1","epoch":"e1","seq":1,"time":"%s","version":"0.9"}' % parts.now().encode()
    parts.presence.hear("gate-1", codec.decode_message(body, NodeState), parts.clock())
    shown = shown_node(client())
    assert (shown["state"], shown["version"], shown["machine"]) == ("online", "0.9", None)


def test_a_camera_that_only_starts_is_not_called_blind(parts: Services, client: Client) -> None:
    add_node(parts, "gate-1")
    cameras = (CameraState(id="cam-1", status="starting"), CameraState(id="cam-2", status="blind"))
    state = NodeState(node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1", cameras=cameras)
    parts.presence.hear("gate-1", state, parts.clock())
    shown = client().get("/api/nodes").json()["items"][0]["cameras"]
    assert [each["state"] for each in shown] == ["starting", "blind"]


def test_holes_are_shown_at_the_node(parts: Services, client: Client) -> None:
    add_node(parts, "gate-1")
    take_in(parts, event(seq=1), event(seq=5))
    assert client().get("/api/nodes").json()["items"][0]["store_holes"] == 3


def test_how_far_its_clock_is_off_is_shown_at_the_node(parts: Services, client: Client) -> None:
    add_node(parts, "gate-1")
    ahead = times.to_text(parts.clock() + timedelta(seconds=2.5))
    for _ in range(3):
        state = NodeState(node="gate-1", epoch="e1", seq=1, time=ahead, version="1")
        parts.presence.hear("gate-1", state, parts.clock())
    assert client().get("/api/nodes").json()["items"][0]["clock_ahead_s"] == 2.5


def test_a_plate_is_found_by_what_looks_like_it_and_a_card_by_its_number(parts: Services, client: Client) -> None:
    with parts.store.write() as link:
        about = person_file(cards=("04A1B2C3",))
        parts.registry.enrol(link, "a", about, ground(), some_face(), who="t", now=parts.now())
        opaque = link.execute(select(people.c.opaque).where(people.c.id == "a")).scalar_one()
    take_in(
        parts,
        event(passage(person_id=opaque), seq=1),
        event(passage(kind="plate", plate="京AD0B12", person_id=None), seq=2),
        event(passage(person_id=None, lane="side"), seq=3),
    )
    user = client()

    def found(**query: str) -> list[str | None]:
        items = user.get("/api/passages", params=query).raise_for_status().json()["items"]
        return [each["plate"] or (each["person"] or {}).get("id") for each in items]

    assert found(plate_near="京A·DO8I2") == ["京AD0B12"]
    assert found(plate="DO8I2") == [], "only a search that says so takes one for the other"
    assert found(plate_near="京AD0C12") == []
    assert found(card="a1b2") == ["a"]
    assert found(card="ffff") == []
    assert len(found(place="side")) == 1


def test_a_tile_makes_the_node_send_and_is_shown_while_it_is_fresh(
    http: HttpOnly, parts: Services, client: Client, clock: Any, outbound: Any
) -> None:
    headers = node_headers(parts)
    user = client()
    assert user.get("/api/tiles/gate-1/cam-1").status_code == 404
    assert [(node, kind) for node, kind, _ in outbound.sent] == [("gate-1", "command")]
    assert httpx.put(f"{http.url}/live/cam-1", content=JPEG, headers=headers).status_code == 200
    assert user.get("/api/tiles/gate-1/cam-1").content == JPEG
    clock.forward(11)
    assert user.get("/api/tiles/gate-1/cam-1").status_code == 404
    assert user.get("/api/tiles/nobody/cam-1").status_code == 404


def test_a_tile_says_how_old_it_is_and_is_not_sent_twice(
    http: HttpOnly, parts: Services, client: Client, clock: Any
) -> None:
    headers = node_headers(parts)
    user = client()
    assert httpx.put(f"{http.url}/live/cam-1", content=JPEG, headers=headers).status_code == 200
    clock.forward(2)
    first = user.get("/api/tiles/gate-1/cam-1")
    assert first.headers["x-tile-age-ms"] == "2000"
    again = user.get("/api/tiles/gate-1/cam-1", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["x-tile-age-ms"]) == (304, b"", "2000")
    clock.forward(1)
    assert httpx.put(f"{http.url}/live/cam-1", content=JPEG, headers=headers).status_code == 200
    newer = user.get("/api/tiles/gate-1/cam-1", headers={"If-None-Match": first.headers["etag"]})
    assert (newer.status_code, newer.headers["x-tile-age-ms"]) == (200, "0")


def test_a_node_that_sends_is_asked_before_its_time_ends_and_a_silent_one_soon_again(
    http: HttpOnly, parts: Services, client: Client, clock: Any, outbound: Any
) -> None:
    headers, user = node_headers(parts), client()

    def asked_at(seconds: range, *, sends: bool) -> list[int]:
        found = []
        for second in seconds:
            before = len(outbound.sent)
            if sends:
                httpx.put(f"{http.url}/live/cam-1", content=JPEG, headers=headers).raise_for_status()
            user.get("/api/tiles/gate-1/cam-1")
            found += [second] if len(outbound.sent) > before else []
            clock.forward(1)
        return found

    assert asked_at(range(20), sends=True) == [0, 15]
    # What it sent last is a second old when it falls silent.
    assert asked_at(range(12), sends=False)[:3] == [3, 6, 9]


def node_headers(parts: Services) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"}


def parts_picture(parts: Services) -> str:
    sha = hashlib.sha256(JPEG).hexdigest()
    parts.pictures.keep(sha, JPEG)
    return sha
