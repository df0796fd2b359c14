"""No consent, no template, by whichever way; what is taken back is gone everywhere, and everybody still comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.event import listen
from support.gateway import add_node
from support.people import JPEG, FolderEnroller, ground, person_file, some_face
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.commands import common
from zhian_gateway.errors import NoGround
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.people import consents, deletions, rosters, ways
from zhian_gateway.people.consent import Ground, Text, standing
from zhian_gateway.people.importing import Defaults, Importer
from zhian_gateway.people.registry import Said
from zhian_gateway.people.renewing import Renewer
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import deletions as asked
from zhian_gateway.store.tables import enrolment_pictures, events, passages, people, pictures, templates
from zhian_wire.roster import Person

UNTIL = "2027-01-01T00:00:00.000Z"
LISTED = Ground(text="school act", until=UNTIL, granted_by="office", purpose="listing", text_version="")


def enrol(parts: Services, name: str = "ming", basis: Ground | None = None, **more: Any) -> None:
    said, face = more.pop("said", Said()), more.pop("face_of", some_face())
    with parts.store.write() as link:
        about = person_file(**more)
        parts.registry.enrol(link, name, about, basis or ground(), face, who="t", now=parts.now(), said=said)


def on_roster(parts: Services) -> list[Person]:
    with parts.store.read() as link:
        return list(rosters.build(link, since=0, now=parts.now()).persons)


def count(parts: Services, table: Any) -> int:
    with parts.store.read() as link:
        return len(link.execute(select(table)).all())


def run(parts: Services, monkeypatch: pytest.MonkeyPatch, *words: str, code: int = 0) -> str:
    monkeypatch.setattr(common, "open_services", partial(open_services, clock=parts.clock))
    config = Path(parts.config.store.home).parent / "gateway.toml"
    found = CliRunner().invoke(app, [*words, "--config", str(config)])

    assert found.exit_code == code, found.output
    return found.output


def test_a_change_of_one_person_reads_nobody_elses_consents(parts: Services) -> None:
    """A delta is built for every node and every change, at a large site out of a hundred thousand consents."""
    for name in ("ming", "hong"):
        enrol(parts, name)
    asked_for: list[tuple[str, object]] = []
    with parts.store.read() as link:
        listen(link, "before_cursor_execute", lambda *said: asked_for.append((said[2], said[3])))
        changed = rosters.build(link, since=rosters.version(link) - 1, now=parts.now())
    assert len(changed.persons) == 1
    read = [(words, values) for words, values in asked_for if "FROM consents" in words]
    assert read
    assert all(
        "person_id IN" in words and "hong" in str(values) and "ming" not in str(values) for words, values in read
    )


# No consent, no template -----------------------------------------------------------------------------------------


def test_an_enrolment_without_a_consent_to_the_face_writes_nothing(parts: Services) -> None:
    with pytest.raises(NoGround, match="no consent to face recognition"):
        enrol(parts, basis=LISTED)
    assert (count(parts, people), count(parts, templates), count(parts, enrolment_pictures)) == (0, 0, 0)


def test_a_folder_without_a_consent_to_the_face_enrols_nobody_and_keeps_no_picture(
    parts: Services, tmp_path: Path
) -> None:
    (tmp_path / "in" / "a").mkdir(parents=True)
    (tmp_path / "in" / "a" / "1.jpg").write_bytes(JPEG)
    importer = Importer(parts.store, parts.registry, parts.pictures, FolderEnroller(), parts.clock)
    (report,) = importer.run(tmp_path / "in", LISTED, Defaults(), who="t")
    assert "no consent to face recognition" in report.failed
    assert count(parts, people) == 0
    assert [path for path in (Path(parts.config.store.home) / "pictures").rglob("*") if path.is_file()] == []


def test_new_networks_make_no_template_of_who_took_it_back(parts: Services) -> None:
    enrol(parts)
    with parts.store.write() as link:
        consents.end(link, "ming", "recognition", parts.now())
    renewer = Renewer(parts.store, parts.registry, parts.pictures, FolderEnroller("new/f32"), parts.clock)
    assert list(renewer.run(who="t")) == []
    with parts.store.write() as link, pytest.raises(NoGround):
        parts.registry.renew(link, "ming", some_face(key="new/f32"), who="t", now=parts.now())


def test_no_face_is_switched_on_and_none_is_on_the_roster_without_a_consent(parts: Services) -> None:
    enrol(parts, cards=("04A1",))
    with parts.store.write() as link:
        consents.record(link, parts.site, "ming", LISTED, parts.now())
        consents.end(link, "ming", "recognition", parts.now())
    assert [(each.cards, each.templates) for each in on_roster(parts)] == [(("04A1",), ())]
    with pytest.raises(NoGround), parts.store.write() as link:
        parts.editor.switch_face(link, "ming", "on", why="", who="t", now=parts.now())


# Taken back ------------------------------------------------------------------------------------------------------


def test_who_takes_the_face_back_stays_on_the_list_and_every_node_is_asked(
    parts: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_node(parts, "gate-1")
    enrol(parts, cards=("04A1",))
    assert len(on_roster(parts)[0].templates) == 2
    said = run(parts, monkeypatch, "consent", "withdraw", "ming", "recognition", "--by", "mother", "--why", "a letter")
    assert "taken back" in said
    (left,) = on_roster(parts)
    assert (left.cards, left.templates) == (("04A1",), ())
    assert (count(parts, templates), count(parts, enrolment_pictures)) == (0, 0)
    with parts.store.read() as link:
        assert [(row["node"], row["confirmed_at"]) for row in deletions.of(link, "ming")] == [("gate-1", None)]
        stands = consents.standings(link, parts.now())["ming"]
        assert link.execute(select(people.c.portrait)).scalar() is None
    assert (stands["recognition"].state, stands["listing"].state) == ("refused", "given")
    assert "consent.refuse  ming  recognition: a letter" in run(parts, monkeypatch, "audit", "ming")
    # Who leaves altogether afterwards is asked for anew.
    with parts.store.write() as link:
        parts.registry.withdraw(link, "ming", who="t", now=parts.now())
    assert count(parts, asked) == 1


def test_who_has_no_way_in_any_more_is_said_at_once(parts: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(parts)
    said = run(parts, monkeypatch, "consent", "withdraw", "ming", "recognition", code=1)
    assert "ming has no way in any more" in said
    assert "in by: NOTHING" in run(parts, monkeypatch, "consent", "list", "--without-face", code=1)
    assert "NO WAY IN" in run(parts, monkeypatch, "people", "list")
    assert "ming: ERROR" in run(parts, monkeypatch, "people", "count", code=1)
    run(parts, monkeypatch, "people", "set", "ming", "--by-hand", "on", "--why", "known to all")
    assert "in by: hand" in run(parts, monkeypatch, "consent", "list")


def test_a_consent_that_is_given_again_takes_the_old_ones_place(
    parts: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(parts, cards=("04A1",))
    run(parts, monkeypatch, "consent", "withdraw", "ming", "recognition")
    given = ("consent", "give", "ming", "recognition", "--until", "2026-12-31", "--by", "father")
    run(parts, monkeypatch, *given, "--on", "2026-03-01", "--text-version", "2")
    with parts.store.read() as link:
        stands = consents.standings(link, parts.now())["ming"]["recognition"]
    assert (stands.state, stands.given_by, stands.given_on, stands.text_version) == (
        "given",
        "father",
        "2026-03-01",
        "2",
    )
    assert "say who gave it" in run(parts, monkeypatch, *given[:-2], code=2)
    assert "nobody enrolled" in run(parts, monkeypatch, "consent", "give", "ghost", *given[3:], code=2)


def test_guardians_who_refuse_notices_are_told_nothing_more(parts: Services) -> None:
    for name in ("ming", "hong", "lan"):
        enrol(parts, name)
    with parts.store.write() as link:
        parts.registry.refuse(link, "ming", "notices", who="t", now=parts.now(), why="asked")
        basis = Ground(text="consent", until="2026-03-01T00:00:00.000Z", granted_by="t", purpose="notices")
        consents.record(link, parts.site, "lan", basis, "2026-01-01T00:00:00.000Z")
    with parts.store.read() as link:
        query = select(people.c.id).where(people.c.id.in_(consents.refused(link, "notices", parts.now())))
        assert sorted(link.execute(query).scalars()) == ["lan", "ming"]
    assert count(parts, templates) == 6


def test_crops_of_who_refuses_them_are_deleted_now_and_whenever_one_comes(
    parts: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(parts)
    passed(parts, 1, "2026-03-02T07:59:00.000Z", "a" * 64)
    run(parts, monkeypatch, "consent", "withdraw", "ming", "evidence")
    assert count(parts, pictures) == 0
    passed(parts, 2, "2026-03-02T07:59:30.000Z", "b" * 64)
    Housekeeping(parts).step()
    assert (count(parts, pictures), count(parts, passages)) == (0, 2)


def passed(parts: Services, number: int, at: str, crop: str) -> None:
    """A passage of Ming's whose crop is here."""
    with parts.store.write() as link:
        who = link.execute(select(people.c.opaque).where(people.c.id == "ming")).scalar_one()
        said = {"site": "school", "node": "g", "epoch": "e", "seq": number, "type": "t", "time": at, "day": at[:10]}
        link.execute(events.insert().values(said | {"id": number, "received_at": at, "body": b"{}"}))
        empty = dict.fromkeys(("box", "score", "margin", "live", "network"))
        piece = [empty | {"kind": "face", "camera": "c", "at": at, "picture": crop, "synthetic": False}]
        values = {"id": number, "site": "school", "node": "g", "camera": "c", "kind": "face", "direction": "in"}
        values |= {"reason": "named", "time": at, "day": at[:10], "synthetic": False, "person": who}
        link.execute(passages.insert().values(values | {"evidence": json.dumps(piece)}))
        kept = {"sha256": crop, "size": 1, "media_type": "image/jpeg", "node": "g", "received_at": at}
        link.execute(pictures.insert().values(kept))


# Ends and new texts ----------------------------------------------------------------------------------------------


def test_a_consent_that_ends_takes_the_templates_and_leaves_the_card(parts: Services, clock: Any) -> None:
    face = ground("2026-04-01T00:00:00.000Z")
    enrol(parts, cards=("04A1",), basis=LISTED, said=Said((face,)))
    # A node that is cut off forgets the face when the consent ends.
    assert [each.until for each in on_roster(parts)] == [face.until]
    clock.forward(40 * 86400)
    assert [(each.templates, each.until) for each in on_roster(parts)] == [((), UNTIL)]
    Housekeeping(parts).step()
    assert (count(parts, templates), len(on_roster(parts))) == (0, 1)


def test_an_older_text_is_asked_again_and_holds_for_a_while(
    parts: Services, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(parts, "ming", basis=LISTED, said=Said((ground(),)), cards=("04A1",))
    lawful = Ground(text="law", until=UNTIL, granted_by="t", text_version="")
    enrol(parts, "lan", basis=lawful)
    said = run(parts, monkeypatch, "consent", "text", "recognition", "2026-09", "--ask-days", "30")
    assert "1 consents to older ones hold until 2026-03-31T16:00:00.000Z" in said
    with parts.store.read() as link:
        found = consents.standings(link, parts.now())
    assert (found["ming"]["recognition"].state, found["lan"]["recognition"].state) == ("asked_again", "given")
    assert {each.until for each in on_roster(parts)} == {"2026-03-31T16:00:00.000Z", UNTIL}
    clock.forward(31 * 86400)
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert consents.standings(link, parts.now())["ming"]["recognition"].state == "ended"
        assert link.execute(select(templates.c.person_id).distinct()).scalars().all() == ["lan"]
    new = ("consent", "text", "recognition", "3")
    assert "both languages" in run(parts, monkeypatch, *new, "--zh", __file__, code=2)
    missing = run(parts, monkeypatch, *new, "--zh", "missing.txt", code=2)
    assert "missing.txt: cannot be read" in missing
    assert "had a text" in run(parts, monkeypatch, "consent", "text", "recognition", "2026-09", code=2)


def row(**changes: Any) -> Any:
    values = {"purpose": "recognition", "until": "2026-09-01", "withdrawn_at": None, "text_version": "1"}
    return type("Row", (), values | {"given_by": "", "given_on": ""} | changes)()


@pytest.mark.parametrize(
    ("rows", "texts", "state"),
    [
        ([], {}, "unsaid"),
        ([row()], {}, "given"),
        ([row(until="2026-05-01")], {}, "ended"),
        ([row(withdrawn_at="x")], {}, "refused"),
        ([row(withdrawn_at="x"), row()], {}, "given"),
        ([row(), row(withdrawn_at="x")], {}, "refused"),
        ([row(text_version="2")], {"recognition": Text("2", "2026-05-01")}, "given"),
        ([row()], {"recognition": Text("2", "2026-07-01")}, "asked_again"),
        ([row()], {"recognition": Text("2", "2026-06-01")}, "ended"),
        ([row(text_version="")], {"recognition": Text("2", "2026-05-01")}, "given"),
        ([row()], {"notices": Text("2", "2026-05-01")}, "given"),
    ],
)
def test_how_it_stands_with_a_purpose(rows: list[Any], texts: dict[str, Text], state: str) -> None:
    assert standing(rows, texts, "2026-06-01")["recognition"].state == state


# Everybody comes in, and how many faces there are -----------------------------------------------------------------


def test_the_list_says_consents_ways_and_who_has_none(parts: Services, client: Callable[..., httpx.Client]) -> None:
    enrol(parts, "face")
    enrol(parts, "card", basis=LISTED, face_of=some_face(0), cards=("04A1",))
    enrol(parts, "car", basis=LISTED, face_of=some_face(0), plates=("京A12345",))
    enrol(parts, "none", basis=LISTED, face_of=some_face(0))
    enrol(parts, "watched", basis=LISTED, face_of=some_face(0), watch=True)
    with parts.store.write() as link:
        parts.editor.withdraw_card(link, "04A1", why="lost", who="t", now=parts.now())
        parts.editor.issue(link, "card", "04A2", who="t", now=parts.now())
    got = client("guard").get("/api/people").json()
    by = {each["id"]: (each["ways"], each["stranded"]) for each in got["items"]}
    assert by == {
        "face": (["face"], False),
        "card": (["card"], False),
        "car": (["plate"], False),
        "none": ([], True),
        "watched": ([], False),
    }
    assert (got["stranded"], got["faces"]) == (
        1,
        {"count": 1, "warning": 80_000, "filing": 100_000, "verdict": "ok"},
    )
    assert {each["consents"]["recognition"]["state"] for each in got["items"]} == {"given", "unsaid"}


@pytest.mark.parametrize(
    ("number", "verdict", "said"),
    [
        (79_999, "ok", "filed"),
        (80_000, "near", "prepare"),
        (99_999, "near", "prepare"),
        (100_000, "due", "30 working days"),
    ],
)
def test_the_count_warns_before_faces_must_be_filed(number: int, verdict: str, said: str) -> None:
    assert (ways.Faces(number).verdict, said in str(ways.Faces(number))) == (verdict, True)
