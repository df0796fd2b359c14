"""Whose movements a teacher sees: those of their own classes, by whichever door they ask."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.events import event, face, passage
from support.notices import enrol, opaque_of
from support.people import JPEG
from support.pipeline import take_in
from zhian_gateway import lately
from zhian_gateway.auth import scope
from zhian_gateway.notices import inbox
from zhian_gateway.notices.inbox import key_of
from zhian_gateway.services import Services
from zhian_gateway.store.tables import notices

Client = Callable[..., httpx.Client]
#: Every picture is of one passage.
OWN, OTHER, STRANGER, CAR = (JPEG + bytes([number]) for number in range(4))


@pytest.fixture
def pictures(parts: Services) -> dict[bytes, str]:
    """A morning: a child of each class, a stranger, and a car of the first child's; what their pictures are called."""
    return _morning(parts)


def _morning(parts: Services) -> dict[bytes, str]:
    kept = {data: hashlib.sha256(data).hexdigest() for data in (OWN, OTHER, STRANGER, CAR)}
    for data, sha256 in kept.items():
        parts.pictures.keep(sha256, data)
    parts.pictures.keep_portrait(JPEG)
    own = enrol(parts, "inbox://mother", person="own", name="小明", group="grade-1")
    other = enrol(parts, "inbox://mother", person="other", name="小红", group="grade-2")

    def seen(data: bytes, **about: Any) -> Any:
        return passage(evidence=(face(picture=kept[data]),), **about)

    take_in(
        parts,
        event(seen(OWN, person_id=own, reason="face"), seq=1),
        event(seen(OTHER, person_id=other, reason="face"), seq=2),
        event(seen(STRANGER), seq=3),
        event(seen(CAR, kind="plate", plate="京A7Q7Q7", person_id=own, reason="plate"), seq=4),
    )
    with parts.store.write() as link:
        for row in link.execute(select(notices)).all():
            inbox.receive(link, "mother", title=row.title, body=row.body, now=parts.now(), key=key_of(row.key))
        inbox.receive(link, "mother", title="of nobody", body="", now=parts.now())
    return kept


def give(parts: Services, *groups: str) -> None:
    with parts.store.write() as link:
        scope.set_groups(link, "teacher-1", groups, site="school", who="t", now=parts.now())


def items(client: httpx.Client, path: str, **asked: str) -> list[Any]:
    answer = client.get(f"/api/{path}", params=asked)
    assert answer.status_code == 200
    found: list[Any] = answer.json()["items"]
    return found


def who(client: httpx.Client, **asked: str) -> list[str]:
    """Who passed, as far as they are told."""
    return sorted((one["person"] or {"id": "?"})["id"] for one in items(client, "passages", **asked))


def test_a_teacher_sees_passages_of_their_own_classes_alone(
    parts: Services, client: Client, pictures: dict[bytes, str]
) -> None:
    teacher = client("teacher")
    assert who(client("guard")) == ["?", "other", "own", "own"]
    assert who(teacher) == []
    give(parts, "grade-1")
    assert who(teacher) == ["own"]
    assert who(teacher, person="小红") == who(teacher, person="other") == who(teacher, plate="京") == []
    give(parts, "grade-1", "grade-2")
    assert who(teacher) == ["other", "own"]
    with parts.store.write() as link:
        parts.registry.withdraw(link, "other", who="t", now=parts.now())
    assert who(teacher) == ["own"]


def test_a_teachers_day_counts_their_own_classes(
    parts: Services, client: Client, pictures: dict[bytes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine counting may take so long that the last numbers stand for a while.
    monkeypatch.setattr(lately, "CHEAP_S", math.inf)

    def counted(role: str) -> list[int]:
        today = client(role).get("/api/summary").json()["today"]
        return [today[name] for name in ("arrivals", "unknown", "plates", "alerts_open")]

    arrivals, unknown, plates, open_ = counted("guard")
    assert (arrivals, unknown, plates) == (3, 1, 1)
    assert open_ > 0
    assert counted("teacher") == [0, 0, 0, 0]
    give(parts, "grade-2")
    assert counted("teacher") == [1, 0, 0, 0]


def test_a_teacher_sees_pictures_of_their_own_classes_alone(
    parts: Services, client: Client, pictures: dict[bytes, str]
) -> None:
    teacher = client("teacher")

    def shown() -> list[bytes]:
        answers = {data: teacher.get(f"/api/pictures/{name}") for data, name in pictures.items()}
        assert {answer.status_code for answer in answers.values()} <= {200, 404}
        return [data for data, answer in answers.items() if answer.content == data]

    def portraits() -> list[str]:
        return [name for name in ("own", "other") if teacher.get(f"/api/people/{name}/picture").content == JPEG]

    assert (shown(), portraits()) == ([], [])
    give(parts, "grade-1")
    assert (shown(), portraits()) == ([OWN], ["own"])


def test_a_teacher_reads_notices_about_their_own_classes_alone(
    parts: Services, client: Client, pictures: dict[bytes, str]
) -> None:
    teacher, guard = client("teacher"), client("guard")

    def about(user: httpx.Client, path: str) -> set[str]:
        told = [one["title"] + one["body"] for one in items(user, path)]
        return {next((name for name in ("小明", "小红") if name in text), "?") for text in told}

    assert about(guard, "notices") == {"小明", "小红"}
    assert about(guard, "inbox") == {"小明", "小红", "?"}
    assert (about(teacher, "notices"), about(teacher, "inbox")) == (set(), set())
    give(parts, "grade-2")
    assert (about(teacher, "notices"), about(teacher, "inbox")) == ({"小红"}, {"小红"})


def test_a_teachers_inbox_has_pages(
    parts: Services, client: Client, pictures: dict[bytes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PAGE", 1)
    teacher = client("teacher")
    give(parts, "grade-1", "grade-2")
    whole = items(teacher, "inbox")
    first = teacher.get("/api/inbox", params={"limit": 1}).json()
    rest = teacher.get("/api/inbox", params={"before": first["next"]}).json()
    assert len(whole) > 1
    assert (first["items"] + rest["items"], rest["next"]) == (whole, None)


def test_a_teachers_stream_tells_of_their_own_classes_alone(parts: Services, client: Client) -> None:
    teacher = client("teacher")
    give(parts, "grade-1")
    with teacher.stream("GET", "/api/live", headers={"Last-Event-ID": "0"}) as answer:
        _morning(parts)
        with parts.store.read() as link:
            own = opaque_of(link, "own")
        take_in(parts, event(passage(person_id=own, reason="face"), seq=5))
        told = ""
        for line in answer.iter_lines():
            told += line
            if told.count("event: passagedata: ") == len(("first", "fifth")):
                break
    assert "event: notice" in told
    assert "小明" in told
    assert "小红" not in told
    assert "京A7Q7Q7" not in told
