"""A site to look at: a real gateway and broker, people, a node that reports, and a browser in front of it."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import httpx
import msgspec
import numpy as np
from playwright.sync_api import Page
from sqlalchemy import select
from support.events import event, face, passage
from support.gateway import BUSY_S, GatewayProcess
from support.node import NodeClient
from zhian_gateway.people.consent import ground
from zhian_gateway.people.enrolment import Enrolled
from zhian_gateway.people.files import Guardian, PersonFile
from zhian_gateway.services import Services
from zhian_gateway.store.tables import people
from zhian_wire import times
from zhian_wire.configuration import Report
from zhian_wire.events import Actuated, Alert, Decision, EventData
from zhian_wire.evidence import Evidence
from zhian_wire.state import CameraState, DeviceState, Machine, NodeState, Standing

SKINS = ((150, 180, 225), (120, 150, 200), (170, 195, 235), (100, 135, 185))
NODE = "gate-1"


def drawn_face(seed: int) -> bytes:
    """A JPEG of a face that nobody has: drawn, a little different by `seed`."""
    paper = np.full((240, 240, 3), (90 + 30 * (seed % 4), 120, 110), np.uint8)
    skin = SKINS[seed % len(SKINS)]
    cv2.ellipse(paper, (120, 250), (95, 75), 0, 0, 360, (60 + 40 * (seed % 3), 60, 50), -1)
    cv2.ellipse(paper, (120, 118), (62, 82), 0, 0, 360, skin, -1)
    cv2.ellipse(paper, (120, 62), (64, 40), 0, 180, 360, (25, 30, 35), -1)
    for x in (97, 143):
        cv2.ellipse(paper, (x, 108), (10, 6), 0, 0, 360, (40, 40, 40), -1)
    cv2.line(paper, (120, 115), (116, 138), (90, 110, 160), 3)
    cv2.ellipse(paper, (120, 158), (20, 6 + seed % 5), 0, 0, 180, (70, 70, 160), -1)
    return _jpeg(paper)


def drawn_plate() -> bytes:
    """A JPEG of a plain blue board, as wide as a plate."""
    board = np.full((70, 220, 3), (170, 80, 20), np.uint8)
    cv2.rectangle(board, (4, 4), (215, 65), (255, 255, 255), 2)
    cv2.putText(board, "A 12345", (18, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 4)
    return _jpeg(board)


def _jpeg(picture: np.ndarray[Any, Any]) -> bytes:
    done, data = cv2.imencode(".jpg", picture)
    assert done
    return bytes(data)


class Site:
    """What happens at the gate; each call is one event of the node, now."""

    def __init__(self, gateway: GatewayProcess) -> None:
        self.gateway = gateway
        token = gateway.add_node(NODE)
        self._headers = {"Authorization": f"Bearer {token}", "X-Zhian-Node": NODE}
        self._seq = itertools.count(1)
        self._opaque: dict[str, str] = {}
        self.node = NodeClient(gateway.broker.port, NODE)
        self._last = 0
        self._cookies: dict[str, dict[str, str]] = {}

    def enrol(self, person_id: str, name: str, *, seed: int, watch: bool = False, plate: str | None = None) -> None:
        """Somebody with a portrait, and a guardian in the local inbox; the template is never compared with here."""
        guardian = Guardian(name=f"{name}的家长", address=f"inbox://{person_id}")
        about = PersonFile(
            name=name, group="class-3", watch=watch, plates=(plate,) if plate else (), guardians=(guardian,)
        )
        found = Enrolled("test", (bytes(2048),), ("drawn",), (), (drawn_face(seed),), drawn_face(seed))
        with self.gateway.services() as parts:
            until = (parts.clock() + timedelta(days=30)).date().isoformat()
            basis = ground(text="test", until=until, granted_by="test", now=parts.clock(), zone=parts.zone)
            assert found.portrait is not None
            parts.pictures.keep_portrait(found.portrait)
            with parts.store.write() as link:
                parts.registry.enrol(link, person_id, about, basis, found, who="test", now=parts.now())
            self.learn(parts, person_id)

    def learn(self, parts: Services, person_id: str) -> None:
        """By what id the node knows somebody enrolled."""
        with parts.store.read() as link:
            query = select(people.c.opaque).where(people.c.id == person_id)
            self._opaque[person_id] = str(link.execute(query).scalar_one())

    def comes(self, person_id: str, *, seed: int, **changes: Any) -> None:
        """Somebody who is known passes."""
        who = self._opaque[person_id]
        look = self._look(seed, person_id=who, score=0.71, margin=0.24)
        named = {"person_id": who, "reason": "named", "score": 0.71, "margin": 0.24, "evidence": (look,)}
        self.tell(passage(**(named | changes)))

    def stranger_comes(self, *, seed: int, **changes: Any) -> None:
        """Somebody whom nobody knows passes."""
        self.tell(passage(**({"evidence": (self._look(seed),)} | changes)))

    def car_comes(self, plate: str, colour: str) -> None:
        """A car passes; its picture is drawn, and says so."""
        picture = self.put(drawn_plate())
        seen = Evidence(
            kind="plate", device="drive-1", at_ms=900, score=0.97, plate=plate, picture=picture, synthetic=True
        )
        read = {"kind": "plate", "plate": plate, "plate_colour": colour, "plate_kind": "civil", "score": 0.97}
        self.tell(passage(**read, camera="drive-1", lane="drive", reason="plate_read", evidence=(seen,)))

    def tell(self, *data: EventData) -> None:
        """Publish, without waiting for the receipt."""
        for each in data:
            self._last = next(self._seq)
            self.node.publish(event(each, seq=self._last, node=NODE, at=datetime.now(UTC)))

    def settle(self) -> None:
        """Wait until the gateway has everything that was told."""
        self.node.wait_through(self._last)

    def asks(self, person_id: str, transaction: str, *, seed: int | None = None, **changes: Any) -> None:
        """Somebody's card is presented at the main lane, with a face to it where `seed` says which."""
        who = self._opaque[person_id]
        card = Evidence(kind="card", device="gate-reader", at_ms=800, card="04A1B2C3", person_id=who)
        looks = () if seed is None else (self._look(seed, score=0.02, liveness="live"),)
        values: dict[str, Any] = {
            "transaction": transaction, "lane": "main", "verdict": "open", "reason": "card", "policy": "card_and_face",
            "evidence_age_ms": 5, "person_id": who, "evidence": (card, *looks),
        }  # fmt: skip
        self.tell(Decision(**(values | changes)))

    def shows_card(self, person_id: str, transaction: str) -> None:
        """Somebody's card opens the main lane, and somebody goes in whom no camera sees."""
        who = self._opaque[person_id]
        self.asks(person_id, transaction)
        card = Evidence(kind="card", device="gate-reader", at_ms=800, card="04A1B2C3", person_id=who)
        known = {"kind": "card", "person_id": who, "reason": "card", "score": None, "margin": None}
        self.tell(passage(**known, lane="main", camera="gate-reader", direction="in", evidence=(card,)))
        self.settle()

    def is_shown(self, reader: str, card: str) -> None:
        """A card is held to a desk's reader."""
        body = {"read": uuid.uuid4().hex, "card": card, "age_ms": 20}
        url = f"{self.gateway.url}/desk/{reader}"
        httpx.put(url, json=body, headers=self._headers, timeout=BUSY_S, trust_env=False).raise_for_status()

    def by_hand(self, transaction: str, **changes: Any) -> Decision:
        """A person's order to the main lane."""
        order = Evidence(kind="manual", device="main", at_ms=800)
        values: dict[str, Any] = {
            "transaction": transaction, "lane": "main", "policy": "card_and_face", "evidence_age_ms": 0,
            "evidence": (order,),
        }  # fmt: skip
        return Decision(**(values | changes))

    def acts(self, transaction: str, **changes: Any) -> None:
        """What became of an order to the main lane's barrier."""
        values: dict[str, Any] = {"transaction": transaction, "lane": "main", "action": "pulse", "result": "done"}
        self.tell(Actuated(**(values | changes)))

    def raises(self, kind: str, person_id: str, *, seed: int) -> None:
        """The node raises something about somebody's card and a face."""
        who = self._opaque[person_id]
        card = Evidence(kind="card", device="gate-reader", at_ms=800, card="04A1B2C3", person_id=who)
        evidence = (card, self._look(seed, score=0.02, liveness="live"))
        self.tell(Alert(
            key=f"main/{kind}", kind=kind, severity="major", device="gate-reader", lane="main", person_id=who,
            evidence=evidence,
        ))  # fmt: skip

    def beat(
        self,
        *cameras: CameraState,
        devices: tuple[DeviceState, ...] = (),
        lanes: Mapping[str, Standing] | None = None,
        machine: Machine | None = None,
    ) -> None:
        """One heart-beat of the node."""
        seen = cameras or (CameraState(id="cam-1", status="ok", last_frame_age_ms=60),)
        now = times.to_text(datetime.now(UTC))
        beat = NodeState(
            node=NODE, epoch="e1", seq=self._last, time=now, version="0", vision="ok", cameras=seen,
            devices=devices, lanes=dict(lanes or {}), machine=machine,
        )  # fmt: skip
        self.node.say(beat)

    def configured(self, report: Report) -> None:
        """The node says what it runs by."""
        url = f"{self.gateway.url}/configuration"
        body = msgspec.json.encode(report)
        httpx.put(url, content=body, headers=self._headers, timeout=BUSY_S, trust_env=False).raise_for_status()

    def wanted_configuration(self) -> str:
        """The node fetches what is wanted of it; the push's id."""
        answer = httpx.get(f"{self.gateway.url}/configuration", headers=self._headers, timeout=BUSY_S, trust_env=False)
        return str(answer.raise_for_status().json()["push"]["id"])

    def put(self, data: bytes) -> str:
        """Deliver a picture as a node does; its sha256."""
        digest = hashlib.sha256(data).hexdigest()
        url = f"{self.gateway.url}/pictures/{digest}"
        httpx.put(url, content=data, headers=self._headers, timeout=BUSY_S, trust_env=False).raise_for_status()
        return digest

    def _look(self, seed: int, **changes: Any) -> Evidence:
        return face(picture=self.put(drawn_face(seed)), synthetic=True, box=(40.0, 30.0, 150.0, 190.0), **changes)

    def ticket(self, user: str = "wang", role: str = "guard") -> str:
        """The address that signs `user` in, once."""
        with self.gateway.services() as parts:
            if (user, role) not in parts.accounts.every():
                parts.accounts.add(user, role, None, who="test")
            return f"{self.gateway.url}/#/login?ticket={parts.accounts.ticket(user, who='test')}"

    def enter(self, page: Page, user: str = "wang", role: str = "guard") -> None:
        """Open the page as `user`, who has signed in before: by link once, then by what the browser keeps."""
        if user not in self._cookies:
            with closing(self.gateway.log_in(user, role)) as client:
                self._cookies[user] = dict(client.cookies)
        kept = [{"name": name, "value": value, "url": self.gateway.url} for name, value in self._cookies[user].items()]
        page.context.add_cookies(kept)  # type: ignore[arg-type]
        page.goto(self.gateway.url)

    def close(self) -> None:
        """Hang up."""
        self.node.close()


def school(gateway: GatewayProcess) -> Site:
    """A site where something has happened already, of everything a page can show."""
    site = Site(gateway)
    site.enrol("s-1001", "王晓明", seed=0)
    site.enrol("s-1002", "欧阳娜娜", seed=1)
    site.enrol("w-1", "赵某", seed=2, watch=True)
    for number in range(12):
        person = ("s-1001", "s-1002")[number % 2]
        site.comes(person, seed=number % 2, direction=("in", "out")[number // 6])
    site.car_comes("京A12345", "blue")
    site.car_comes("沪AD12345", "green")
    site.stranger_comes(seed=3)
    site.comes("w-1", seed=2)
    blind = CameraState(id="cam-2", status="blind", last_frame_age_ms=40_000, cause="no_frames")
    site.beat(CameraState(id="cam-1", status="ok", last_frame_age_ms=60), blind)
    site.settle()
    return site


def evidence_folder() -> Path:
    """Where screenshots are left for people to look at."""
    folder = Path(__file__).resolve().parents[2] / "test-output" / "console"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
