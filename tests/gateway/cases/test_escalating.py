"""A case that nobody acknowledges reaches the next people once, on the real store and queue, across restarts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.events import event, passage
from support.gateway import write_config
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from support.stores import Stores
from zhian_gateway.cases.escalating import Escalation
from zhian_gateway.cases.signals import Raise
from zhian_gateway.config import load
from zhian_gateway.notices.channels import Channels
from zhian_gateway.notices.messages import Message
from zhian_gateway.notices.outcomes import Outcome, delivered, later
from zhian_gateway.notices.sending import Sender
from zhian_gateway.services import Services, open_services
from zhian_gateway.store import audit as chain
from zhian_gateway.store import stream
from zhian_gateway.store.tables import audit, escalations, notices, people
from zhian_wire.alerts import AlertState

RESPONSE = """
[[response.contacts]]
name = "王队长"
role = "guards"
address = "inbox://wang"

[[response.contacts]]
name = "Chief"
role = "manager"
address = "inbox://chief"
language = "en"
quiet = [{ hours = "15:00-17:00" }]

[[response.steps]]
to = ["guards"]

[[response.steps]]
to = ["manager"]
after_s = 600
"""


class Post:
    """Takes what it is told to take."""

    repeatable = False

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.works = True

    def send(self, address: str, message: Message) -> Outcome:
        if not self.works:
            return later("no")
        self.sent.append((address, message.title, message.body))
        return delivered()


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path / "parts", "mqtt://127.0.0.1:1", more=RESPONSE)


@pytest.fixture
def parts(config: Path, clock: Any) -> Iterator[Services]:
    services = open_services(load(config), publish=lambda *_: None, clock=clock)
    yield services
    services.store.close()


def raise_(parts: Services, key: str = "k", **changes: Any) -> int:
    values: dict[str, Any] = {"kind": "tailgating", "severity": "major", "node": "n", "at": "2020-01-01T00:00:00.000Z"}
    with parts.store.write() as link:
        return parts.book.raise_(link, Raise(key=key, **(values | {"lane": "main"} | changes)), parts.now())


def move(parts: Services, alert: int, expected: AlertState, target: AlertState) -> None:
    with parts.store.write() as link:
        parts.book.move(link, alert, target=target, who="li", now=parts.now(), note="", expected=expected)


def look(parts: Services) -> None:
    Escalation(parts.store, parts.config, parts.clock, parts.bell.ring).step()


def send(parts: Services, post: Post | None = None) -> Post:
    post = post or Post()
    sender = Sender(parts.store, Channels({}, post), parts.config, parts.clock)
    while sender.step():
        sender.settle()
    sender.close()
    return post


def rows(parts: Services, table: Any) -> list[Any]:
    with parts.store.read() as link:
        return list(link.execute(select(table).order_by(*table.primary_key.columns)))


def head(parts: Services) -> int:
    with parts.store.read() as link:
        return stream.head(link)


def test_nothing_is_written_while_nothing_is_late(parts: Services, clock: Any) -> None:
    raise_(parts)
    before = head(parts)
    clock.forward(299)
    look(parts)
    assert (head(parts), rows(parts, escalations), rows(parts, notices)) == (before, [], [])


def test_the_next_one_is_told_once_however_often_the_gateway_starts_anew(
    parts: Services, clock: Any, config: Path
) -> None:
    raise_(parts)
    clock.forward(300)
    look(parts)
    look(parts)
    again = open_services(load(config), publish=lambda *_: None, clock=clock)
    look(again)
    again.store.close()
    assert [(row.step, row.contact, row.state) for row in rows(parts, escalations)] == [(1, "王队长", "told")]
    (said,) = send(parts).sent
    assert said[0] == "inbox://wang"
    assert "1 起告警无人确认" in said[1]
    assert "尾随进入，main，16:00，已 5 分钟无人确认" in said[2]
    assert send(parts).sent == []


def test_what_was_done_is_part_of_the_cases_life(parts: Services, clock: Any) -> None:
    alert = raise_(parts)
    clock.forward(300)
    look(parts)
    with parts.store.read() as link:
        assert chain.first_fault(link) is None
        assert stream.after(link, 0)[-1][1:] == ("alert", str(alert))
    (entry,) = rows(parts, audit)
    assert (entry.action, entry.subject, entry.detail) == ("alert.escalate", str(alert), "step 1: 王队长 is told")


def test_who_has_quiet_hours_is_told_when_they_end_and_of_a_critical_case_at_once(parts: Services, clock: Any) -> None:
    raise_(parts)
    clock.forward(900)
    look(parts)
    assert [(row.step, row.state) for row in rows(parts, escalations)] == [(1, "told"), (2, "held")]
    raise_(parts, "c", severity="critical", kind="help_called")
    clock.forward(660)
    look(parts)
    assert [row.to for row in rows(parts, notices)] == ["王队长", "王队长", "Chief"]
    clock.forward(3600)
    look(parts)
    assert [(row.to, row.title) for row in rows(parts, notices)][3:] == [
        ("Chief", "第一小学: 1 alert not acknowledged")
    ]
    assert {row.state for row in rows(parts, escalations)} == {"told"}


def test_an_acknowledged_case_is_nobodys_trouble_and_a_new_raise_begins_anew(parts: Services, clock: Any) -> None:
    alert = raise_(parts)
    move(parts, alert, "raised", "acknowledged")
    clock.forward(10_000)
    look(parts)
    assert rows(parts, notices) == []
    raise_(parts)
    clock.forward(299)
    look(parts)
    assert rows(parts, notices) == []
    clock.forward(1)
    look(parts)
    move(parts, alert, "raised", "resolved")
    raise_(parts)
    clock.forward(300)
    look(parts)
    assert [(row.step, row.contact) for row in rows(parts, escalations)] == [(1, "王队长")] * 2


def test_a_repeat_does_not_let_the_time_begin_anew(parts: Services, clock: Any) -> None:
    raise_(parts)
    clock.forward(200)
    raise_(parts)
    clock.forward(100)
    look(parts)
    assert len(rows(parts, escalations)) == 1


def test_a_storm_is_one_notice_for_each_contact(parts: Services, clock: Any) -> None:
    for number in range(30):
        raise_(parts, f"k{number}")
    clock.forward(300)
    look(parts)
    assert len(rows(parts, escalations)) == 30
    (said,) = send(parts).sent
    assert "30 起" in said[1] and "另有 25 起" in said[2]


def test_what_was_acknowledged_before_the_notice_went_out_is_not_sent(parts: Services, clock: Any) -> None:
    alert = raise_(parts)
    clock.forward(300)
    look(parts)
    post = Post()
    post.works = False
    send(parts, post)
    move(parts, alert, "raised", "acknowledged")
    clock.forward(60)
    post.works = True
    assert send(parts, post).sent == []
    assert [row.state for row in rows(parts, notices)] == ["expired"]


def test_a_contact_who_is_gone_from_the_configuration_is_said_and_nothing_is_sent(
    parts: Services, clock: Any, config: Path
) -> None:
    raise_(parts)
    clock.forward(300)
    look(parts)
    config.write_text(config.read_text(encoding="utf-8").replace("王队长", "赵队长"), encoding="utf-8")
    later = open_services(load(config), publish=lambda *_: None, clock=clock)
    assert send(later).sent == []
    later.store.close()
    (row,) = rows(parts, notices)
    assert (row.tries, row.error) == (1, "there is no such receiver any more")


def test_who_is_called_does_not_wait_behind_arrivals(parts: Services, clock: Any) -> None:
    with parts.store.write() as link:
        enrolled = person_file(name="小明", guardians=["inbox://mother"])
        parts.registry.enrol(link, "a", enrolled, ground(), some_face(), who="t", now=parts.now())
        opaque = link.execute(select(people.c.opaque)).scalar_one()
    alert = raise_(parts)
    clock.forward(300)
    take_in(parts, *(event(passage(person_id=opaque), seq=seq, at=parts.clock()) for seq in range(1, 61)))
    look(parts)
    before = head(parts)
    assert "inbox://wang" in [address for address, *_ in send(parts).sent[:4]]
    assert len(rows(parts, notices)) == 61
    with parts.store.read() as link:
        assert stream.after(link, before)[0][1:] == ("alert", str(alert))
