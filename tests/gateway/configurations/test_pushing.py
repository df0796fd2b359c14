"""What is wanted of a node waits for it, one at a time, audited without secrets; what came of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import select
from support.gateway import HttpOnly, add_node
from zhian_gateway.configurations import looking
from zhian_gateway.retention.job import Job
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, configuration_pushes
from zhian_wire.configuration import Desired, Outcome, Report

Client = Callable[..., httpx.Client]
URL = "/api/nodes/gate-1/configuration"
SECRET = "Zq7!x"
TEXT = """\
[site]
id = "school"
[node]
id = "gate-1"
[gateway]
brokers = ["mqtt://127.0.0.1:1"]
url = "http://127.0.0.1:2"
[[cameras]]
id = "door"
source = "rtsp://kept-0123456789abcdef@10.0.0.9/main"
[[barriers]]
id = "bar"
pulse_s = 1.0
"""
WIDER = TEXT.replace("pulse_s = 1.0", "pulse_s = 2.0")


class Node:
    """A node's end of it."""

    def __init__(self, http: HttpOnly, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "gate-1"}
        self._client = httpx.Client(base_url=http.url, headers=headers, trust_env=False)

    def tell(self, mark: str = "m0", text: str = TEXT, **more: Any) -> None:
        report = Report(mark=mark, text=text, origin="file", version="1", **more)
        self._client.put("/configuration", content=msgspec.json.encode(report)).raise_for_status()

    def wanted(self) -> Desired:
        return msgspec.json.decode(self._client.get("/configuration").raise_for_status().content, type=Desired)

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def node(http: HttpOnly, parts: Services) -> Iterator[Node]:
    made = Node(http, add_node(parts, "gate-1"))
    yield made
    made.close()


@pytest.fixture
def admin(client: Client) -> httpx.Client:
    return client("admin")


def push(user: httpx.Client, text: str = WIDER, base: str = "m0", **more: Any) -> httpx.Response:
    return user.post(f"{URL}/pushes", json={"base": base, "text": text, "why": "wider", **more})


def latest(user: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = user.get(URL).raise_for_status().json()["pushes"][0]
    return found


def test_a_node_that_never_told_has_no_configuration_to_show(node: Node, admin: httpx.Client) -> None:
    assert admin.get(URL).status_code == 404
    node.tell()
    assert admin.get(URL).json()["text"] == TEXT


def test_what_is_wanted_waits_until_the_node_says_what_came_of_it(node: Node, admin: httpx.Client) -> None:
    node.tell()
    assert push(admin).status_code == 200
    assert latest(admin)["state"] == "waiting"
    wanted = node.wanted().push
    assert wanted is not None
    assert (wanted.text, wanted.base, wanted.why) == (WIDER, "m0", "wider")
    assert latest(admin)["state"] == "fetched"
    node.tell(trying=wanted.id)
    assert latest(admin)["state"] == "trying"
    done = Outcome(push=wanted.id, result="applied", at="2026-03-02T08:00:00.000Z")
    node.tell("m1", WIDER, kept=("m0",), outcome=done)
    assert (latest(admin)["state"], latest(admin)["undo"]) == ("applied", "m0")
    assert node.wanted().push is None


def test_going_back_is_a_push_of_the_mark_alone(node: Node, admin: httpx.Client) -> None:
    node.tell()
    node.tell("m1", WIDER, kept=("m0",))
    answer = admin.post(f"{URL}/pushes", json={"base": "m1", "restore": "m0", "why": "too wide"})
    assert answer.status_code == 200
    assert latest(admin)["diff"][-2:] == ["-pulse_s = 2.0", "+pulse_s = 1.0"]
    wanted = node.wanted().push
    assert wanted is not None
    assert (wanted.text, wanted.restore) == ("", "m0")
    gone = admin.post(f"{URL}/pushes", json={"base": "m1", "restore": "m9", "why": "too wide"})
    assert gone.status_code in (404, 409)


def test_a_password_that_was_typed_is_kept_sealed_until_it_is_over_and_shown_nowhere(
    node: Node, admin: httpx.Client, parts: Services
) -> None:
    node.tell()
    typed = TEXT.replace("kept-0123456789abcdef", f"admin:{SECRET}")
    assert push(admin, typed).status_code == 200
    assert SECRET not in admin.get(URL).text
    with parts.store.read() as link:
        lying = link.exec_driver_sql("SELECT sealed, diff FROM configuration_pushes").one()
        said = "".join(link.execute(select(audit.c.detail)).scalars())
    assert SECRET not in "".join(lying)
    assert SECRET not in said
    wanted = node.wanted().push
    assert wanted is not None
    assert SECRET in wanted.text
    node.tell(outcome=Outcome(push=wanted.id, result="refused", at="2026-03-02T08:00:00.000Z", detail="no"))
    with parts.store.read() as link:
        assert link.execute(select(configuration_pushes.c.sealed)).scalar_one() == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.replace('id = "gate-1"', 'id = "gate-2"'), "4: node.id"),
        (TEXT.replace("127.0.0.1:2", "10.6.6.6:2"), "7: gateway.url"),
        (TEXT.replace("[node]", "[node"), "3: "),
        (TEXT, "nothing changes"),
    ],
)
def test_what_may_not_be_pushed_is_refused_by_line_and_key(
    text: str, said: str, node: Node, admin: httpx.Client
) -> None:
    node.tell()
    answer = push(admin, text)
    assert answer.status_code == 422
    assert said in answer.json()["error"]["message"]
    assert node.wanted().push is None


def test_one_at_a_time_and_only_from_what_the_node_runs(node: Node, admin: httpx.Client) -> None:
    node.tell()
    assert push(admin, base="m9").status_code == 409
    assert push(admin).status_code == 200
    assert push(admin, TEXT.replace("1.0", "3.0")).status_code == 409
    name = latest(admin)["id"]
    assert admin.post(f"{URL}/pushes/{name}/withdrawal").status_code == 200
    assert (latest(admin)["state"], node.wanted().push) == ("withdrawn", None)
    assert admin.post(f"{URL}/pushes/{name}/withdrawal").status_code == 404
    assert push(admin, TEXT.replace("1.0", "3.0")).status_code == 200


def test_without_the_node_a_draft_is_looked_at_as_far_as_it_goes(node: Node, admin: httpx.Client) -> None:
    node.tell()
    draft = {"base": "m0", "text": TEXT, "changes": [{"path": ["barriers", 0, "held_s"], "value": 20}]}
    looked = admin.post(f"{URL}/look", json=draft).raise_for_status().json()
    assert (looked["by"], looked["problems"]) == ("gateway", [])
    assert "+held_s = 20" in looked["diff"]
    wrong = admin.post(f"{URL}/look", json={"base": "m0", "text": "[node\n"}).raise_for_status().json()
    assert wrong["problems"][0]["line"] == 1
    unknown = draft | {"changes": [{"path": ["node", "id"], "value": "x"}]}
    assert admin.post(f"{URL}/look", json=unknown).status_code == 422


def test_a_draft_is_looked_at_where_nobody_waits_and_however_deep_it_is(
    node: Node, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.tell()
    on_loop: list[bool] = []
    parsed = looking.parsed

    def watched(text: str) -> Any:
        on_loop.append(asyncio._get_running_loop() is not None)
        return parsed(text)

    monkeypatch.setattr(looking, "parsed", watched)
    draft = {"base": "m0", "text": "a = " + "[" * 9000 + "]" * 9000}
    looked = admin.post(f"{URL}/look", json=draft).raise_for_status().json()
    assert [each["message"] for each in looked["problems"]] == ["nested too deeply"]
    assert on_loop
    assert not any(on_loop)


def test_every_step_is_in_the_audit_with_its_reason(node: Node, admin: httpx.Client, parts: Services) -> None:
    node.tell()
    push(admin)
    wanted = node.wanted().push
    assert wanted is not None
    back = Outcome(push=wanted.id, result="rolled_back", at="2026-03-02T08:00:00.000Z", detail="camera door: no_frames")
    node.tell(outcome=back)
    node.tell(outcome=back)  # told again, it is still one
    with parts.store.read() as link:
        rows = link.execute(select(audit.c.action, audit.c.who, audit.c.detail).order_by(audit.c.id)).all()
    told = [row for row in rows if row.action.startswith("configuration.")]
    assert [(row.action, row.who) for row in told] == [
        ("configuration.push", "admin-1"),
        ("configuration.rolled_back", "gate-1"),
    ]
    assert "wider" in told[0].detail
    assert "+pulse_s = 2.0" in told[0].detail
    assert "camera door" in told[1].detail


def test_what_is_over_goes_with_the_audit_and_what_is_open_stays(
    node: Node, admin: httpx.Client, parts: Services
) -> None:
    node.tell()
    push(admin).raise_for_status()
    admin.post(f"{URL}/pushes/{latest(admin)['id']}/withdrawal").raise_for_status()
    push(admin, TEXT.replace("1.0", "3.0")).raise_for_status()
    assert parts.config.retention.audit_days == 1095
    for days, left in ((1095, ["withdrawn", "waiting"]), (1, ["waiting"])):
        parts.clock.forward(days * 86_400)  # type: ignore[attr-defined]
        for _ in Job(parts).batches("test"):
            pass
        with parts.store.read() as link:
            table = configuration_pushes
            assert list(link.execute(select(table.c.state).order_by(table.c.ended_at)).scalars()) in (left, left[::-1])
