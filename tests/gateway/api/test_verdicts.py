"""An officer's word on a case: with a reason, from the state that they saw, told to guards and to the feed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from zhian_gateway.cases.signals import Raise
from zhian_gateway.cases.verdicts import target_of
from zhian_gateway.police import feed
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit

Clients = Callable[..., httpx.Client]


def raise_(parts: Services, kind: str = "watch_hit", key: str = "k") -> str:
    wanted = Raise(key=key, kind=kind, severity="critical", node="n", at=parts.now(), candidate=kind == "watch_hit")
    with parts.store.write() as link:
        return str(parts.book.raise_(link, wanted, parts.now()))


def judge(who: httpx.Client, case: str, finding: str, **changes: Any) -> httpx.Response:
    said = {"finding": finding, "reason": " compared on the spot ", "expected_state": "raised"}
    return who.post(f"/api/alerts/{case}/verdict", json=said | changes)


@pytest.mark.parametrize(
    ("finding", "state", "target"),
    [
        ("confirmed", "raised", "acknowledged"),
        ("confirmed", "acknowledged", None),
        ("confirmed", "dispatched", None),
        ("rejected", "raised", "false_alarm"),
        ("rejected", "dispatched", "false_alarm"),
    ],
)
def test_who_confirms_has_received_it_and_who_rejects_closes_it(finding: Any, state: Any, target: str | None) -> None:
    assert target_of(finding, state) == target


def test_guards_see_at_once_what_an_officer_found(parts: Services, client: Clients) -> None:
    case, officer = raise_(parts), client("police")
    told = judge(officer, case, "confirmed").raise_for_status().json()
    seen = client("guard").get(f"/api/alerts/{case}").json()
    assert seen["verdict"] == told["verdict"]
    assert {name: seen["verdict"][name] for name in ("finding", "who", "reason", "count")} == {
        "finding": "confirmed", "who": "police-1", "reason": "compared on the spot", "count": 1
    }  # fmt: skip
    assert seen["state"] == "acknowledged"
    assert seen["transitions"][-1]["note"] == "compared on the spot"


def test_what_comes_after_a_verdict_was_not_judged(parts: Services, client: Clients) -> None:
    case = raise_(parts)
    judge(client("police"), case, "rejected").raise_for_status()
    raise_(parts)
    seen = client("guard").get(f"/api/alerts/{case}").json()
    assert (seen["state"], seen["count"], seen["verdict"]["count"]) == ("raised", 2, 1)


def test_who_saw_another_state_or_gives_no_reason_changes_nothing(parts: Services, client: Clients) -> None:
    case, officer = raise_(parts), client("police")
    assert judge(officer, case, "confirmed", expected_state="dispatched").status_code == 409
    assert judge(officer, case, "confirmed", reason="   ").status_code == 422
    tag = officer.get(f"/api/alerts/{case}").headers["ETag"]
    raise_(parts)
    said = {"finding": "rejected", "reason": "no", "expected_state": "raised"}
    late = officer.post(f"/api/alerts/{case}/verdict", json=said, headers={"If-Match": tag})
    assert late.status_code == 412
    assert officer.get(f"/api/alerts/{case}").json()["verdict"] is None


def test_a_closed_case_is_not_judged(parts: Services, client: Clients) -> None:
    case, officer = raise_(parts), client("police")
    judge(officer, case, "rejected").raise_for_status()
    assert judge(officer, case, "confirmed", expected_state="false_alarm").status_code == 409


def test_only_who_may_judge_does_and_only_what_they_may_see(parts: Services, client: Clients) -> None:
    case, secret = raise_(parts), raise_(parts, "camera_blind", "c")
    assert judge(client("guard"), case, "rejected").status_code == 403
    assert judge(client("police"), secret, "rejected").status_code == 404


def test_a_verdict_is_audited_and_told_to_the_feed_once(parts: Services, client: Clients) -> None:
    case, officer = raise_(parts), client("police")
    judge(officer, case, "confirmed").raise_for_status()
    judge(officer, case, "confirmed", expected_state="acknowledged", reason="by papers").raise_for_status()
    with parts.store.read() as link:
        done = link.execute(select(audit.c.detail).where(audit.c.action == "alert.judge")).scalars().all()
        told = [json.loads(row.body) for row in feed.after(link, 0)]
    assert done == ["confirmed: compared on the spot", "confirmed: by papers"]
    assert [(entry["state"], entry["verdict"]) for entry in told][:2] == [
        ("raised", None),
        ("acknowledged", "confirmed"),
    ]
