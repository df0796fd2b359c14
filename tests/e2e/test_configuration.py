"""A configuration is pushed, tried and kept, or taken back: with a real node, broker and gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from zhian_edge.errors import LinkLost

from ..support.gateway import GatewayProcess
from ..support.waiting import eventually
from .nodes import BARRIER, NODE, READER, SCHOOL, NodeProcess

URL = f"/api/nodes/{NODE}/configuration"
#: A node that reads no camera comes up within seconds.
CONFIRM_S = 10


class Site:
    """One node and an administrator who changes it."""

    def __init__(self, node: NodeProcess, user: httpx.Client) -> None:
        self.node = node
        self.user = user

    def shown(self) -> dict[str, Any]:
        return dict(self.user.get(URL).raise_for_status().json())

    def settled(self, what: str = "applied") -> dict[str, Any]:
        """The latest push, once it is over so."""

        def look() -> dict[str, Any] | None:
            push = self.shown()["pushes"][0]
            return dict(push) if push["state"] == what else None

        found = eventually(look, f"a push that is {what}", 60)
        assert found is not None
        return found

    def push(self, old: str, new: str, **more: Any) -> httpx.Response:
        shown = self.shown()
        assert old in shown["text"]
        return self.order(base=shown["mark"], text=shown["text"].replace(old, new, 1), **more)

    def order(self, **words: Any) -> httpx.Response:
        return self.user.post(f"{URL}/pushes", json={"why": "a slower child", "confirm_s": CONFIRM_S} | words)

    def runs(self) -> dict[str, Any]:
        """What the node itself says."""
        return dict(eventually(lambda: self.told().get("mark") and self.told(), "the node", 30))

    def told(self) -> dict[str, Any]:
        """The same; nothing while it begins anew."""
        try:
            return dict(self.node.status()["configuration"])
        except LinkLost:
            return {}


@pytest.fixture
def site(tmp_path: Path, gateway: GatewayProcess) -> Iterator[Site]:
    node = NodeProcess(tmp_path / "n", gateway.broker, gateway, tmp_path, SCHOOL + READER + BARRIER + "pulse_s = 1.0\n")
    (tmp_path / "n" / "cards.jsonl").touch()
    node.start()
    user = gateway.log_in("head", "admin")
    made = Site(node, user)
    try:
        eventually(lambda: user.get(URL).status_code == 200, "the node's report", 30)
        yield made
    finally:
        user.close()
        node.kill()


@pytest.mark.thorough
def test_a_push_is_looked_at_applied_and_undone(site: Site) -> None:
    before = site.shown()
    look = {
        "base": before["mark"],
        "text": before["text"],
        "changes": [{"path": ["barriers", 0, "pulse_s"], "value": 2.5}],
    }
    looked = site.user.post(f"{URL}/look", json=look).raise_for_status().json()
    assert (looked["by"], looked["problems"]) == ("node", [])
    assert {"-pulse_s = 1.0", "+pulse_s = 2.5"} <= set(looked["diff"])
    assert site.order(base=before["mark"], text=looked["text"]).status_code == 200
    done = site.settled()
    assert site.runs()["origin"] == "pushed"
    assert "pulse_s = 2.5" in site.shown()["text"]
    assert "pulse_s = 1.0" in site.node.config.read_text(), "the node's own file is as it was"
    assert site.order(base=site.shown()["mark"], restore=done["undo"]).status_code == 200
    eventually(
        lambda: len(site.shown()["pushes"]) == 2 and site.shown()["pushes"][0]["state"] == "applied", "undone", 60
    )
    assert site.runs()["origin"] == "file"
    assert site.shown()["mark"] == before["mark"]


@pytest.mark.slow
def test_a_reader_that_cannot_come_up_takes_the_push_back(site: Site) -> None:
    before = site.shown()
    reader = (
        '[[readers]]\nid = "desk"\ndriver = "serial-board"\nboard = "m100"\nlink = "tcp://127.0.0.1:9"\nlane = "main"\n'
    )
    assert site.push("[[barriers]]", f"{reader}[[barriers]]").status_code == 200
    back = site.settled("rolled_back")
    assert "reader desk" in back["detail"]
    assert site.runs()["origin"] == "file"
    assert site.shown()["mark"] == before["mark"]


@pytest.mark.slow
def test_a_policy_that_may_not_be_is_refused_by_line_and_key(site: Site) -> None:
    before = site.shown()
    text = before["text"].replace('policy = "card"', 'policy = "face"')
    looked = site.user.post(f"{URL}/look", json={"base": before["mark"], "text": text}).raise_for_status().json()
    assert looked["by"] == "node"
    assert any(each["key"].startswith("lanes[0]") and each["line"] > 1 for each in looked["problems"])
    assert site.order(base=before["mark"], text=text).status_code == 200
    assert "lanes[0]" in site.settled("refused")["detail"]
    assert site.runs()["outcome"]["result"] == "refused"


@pytest.mark.slow
def test_what_would_saw_off_its_own_branch_is_never_pushed(site: Site) -> None:
    answer = site.push("127.0.0.1", "127.0.0.2")
    assert answer.status_code == 422
    assert "gateway.brokers" in answer.json()["error"]["message"]


@pytest.mark.slow
def test_killed_before_it_is_confirmed_it_comes_back_with_what_held(site: Site) -> None:
    before = site.shown()
    # A reader that is not there: the trial lasts until its time is over, and is cut off before.
    reader = (
        '[[readers]]\nid = "x"\ndriver = "serial-board"\nboard = "m100"\nlink = "tcp://127.0.0.1:9"\nlane = "main"\n'
    )
    assert site.push("[[barriers]]", f"{reader}[[barriers]]", confirm_s=600).status_code == 200
    eventually(lambda: site.told().get("trying"), "the trial", 30)
    site.node.kill()
    site.node.start()
    assert "killed" in site.settled("rolled_back")["detail"]
    assert site.shown()["mark"] == before["mark"]


@pytest.mark.slow
def test_a_node_that_is_off_gets_it_when_it_is_back(site: Site) -> None:
    site.node.kill()
    assert site.push("pulse_s = 1.0", "pulse_s = 3.0").status_code == 200
    assert site.shown()["pushes"][0]["state"] == "waiting"
    site.node.start()
    site.settled()
    assert "pulse_s = 3.0" in site.shown()["text"]


@pytest.mark.slow
def test_whoever_edits_the_file_at_the_node_has_the_last_word(site: Site) -> None:
    assert site.push("pulse_s = 1.0", "pulse_s = 3.0").status_code == 200
    site.settled()
    site.node.kill()
    site.node.config.write_text(site.node.config.read_text().replace("pulse_s = 1.0", "pulse_s = 4.0"))
    site.node.start()
    eventually(lambda: "pulse_s = 4.0" in site.shown()["text"], "the node's report", 30)
    assert site.shown()["origin"] == "file"
