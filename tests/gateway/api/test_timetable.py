"""Groups and schedules over HTTP: arranged, looked at before, refused with who stands in the way, told to nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select
from support.gateway import add_node
from support.notices import enrol
from zhian_gateway.auth import scope
from zhian_gateway.people import rosters, timetable
from zhian_gateway.services import Services
from zhian_gateway.store.tables import attendance_signals, audit, node_configurations, user_groups
from zhian_wire.roster import Roster

Client = Callable[..., httpx.Client]
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
MORNING = {"days": WORKDAYS, "start": "06:30", "end": "08:20"}
NOON = {"days": WORKDAYS, "start": "13:00", "end": "14:10"}
SCHOOL = {"id": "school", "spans": [MORNING, NOON]}
GRADE = {"id": "g3-1", "schedule": "school", "lessons": "", "collected": True}
LANES = """
[[lanes]]
id = "main"
policy = "card"
groups = ["g3-1"]
[[lanes]]
id = "side"
policy = "card"
[[lanes]]
id = "yard"
"""


@pytest.fixture
def office(client: Client) -> httpx.Client:
    return client("admin")


@pytest.fixture
def school(parts: Services, office: httpx.Client) -> httpx.Client:
    """A schedule, and two pupils of a group that comes by it."""
    for number in (1, 2):
        enrol(parts, f"inbox://m{number}", person=f"s-{number}", group="g3-1")
    office.post("/api/timetable/schedules", json=SCHOOL).raise_for_status()
    office.put("/api/timetable/groups/g3-1", json=GRADE).raise_for_status()
    return office


def roster(parts: Services, since: int = 0) -> Roster:
    with parts.store.read() as link:
        return rosters.build(link, since=since, now=parts.now())


def group(client: httpx.Client, name: str) -> dict[str, Any]:
    return next(each for each in client.get("/api/timetable").json()["groups"] if each["id"] == name)


def record(parts: Services, action: str) -> list[tuple[str, str, str]]:
    with parts.store.read() as link:
        query = select(audit.c.who, audit.c.subject, audit.c.detail).where(audit.c.action == action)
        return [tuple(row) for row in link.execute(query.order_by(audit.c.id))]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def node_says(parts: Services, node: str, text: str) -> None:
    add_node(parts, node)
    values = {"site": parts.site, "node": node, "text": text, "reported_at": parts.now(), "kept": "[]"}
    same = dict.fromkeys(("mark", "origin", "version", "known", "trying"), "")
    with parts.store.write() as link:
        link.execute(insert(node_configurations).values(values | same))


def test_what_is_arranged_is_seen_and_reaches_the_nodes(parts: Services, school: httpx.Client) -> None:
    seen = group(school, "g3-1")
    assert {name: seen[name] for name in ("schedule", "members", "own_hours", "said", "collected")} == {
        "schedule": "school", "members": 2, "own_hours": 0, "said": True, "collected": True,
    }  # fmt: skip
    told = roster(parts)
    assert [(each.id, each.schedule, each.collected) for each in told.groups] == [("g3-1", "school", True)]
    assert [(span.start, span.end) for span in told.schedules[0].spans] == [("06:30", "08:20"), ("13:00", "14:10")]
    assert record(parts, "schedule.add") == [("admin-1", "school", "mon-fri 06:30-08:20; mon-fri 13:00-14:10")]
    version = told.version
    changed = school.put("/api/timetable/schedules/school", json={"spans": [MORNING], "holidays": True}).json()
    (schedule,) = changed["schedules"]
    assert (len(schedule["spans"]), schedule["holidays"], schedule["groups"]) == (1, True, ["g3-1"])
    assert roster(parts, version).version == version + 1
    ((who, what, detail),) = record(parts, "schedule.change")
    assert (who, what) == ("admin-1", "school")
    assert detail == "mon-fri 06:30-08:20; also on days off (was mon-fri 06:30-08:20; mon-fri 13:00-14:10)"


@pytest.mark.parametrize("kind", ["schedules/school", "groups/g3-1"])
def test_nobody_overwrites_what_somebody_else_changed_meanwhile(school: httpx.Client, kind: str) -> None:
    name = kind.split("/")[1]
    seen = school.get("/api/timetable").json()
    tag = next(each["tag"] for each in [*seen["groups"], *seen["schedules"]] if each["id"] == name)
    said = {"spans": [NOON]} if kind.startswith("schedules") else GRADE | {"collected": False}
    assert school.put(f"/api/timetable/{kind}", json=said, headers={"If-Match": tag}).status_code == 200
    for late in (
        school.put(f"/api/timetable/{kind}", json=said, headers={"If-Match": tag}),
        school.delete(f"/api/timetable/{kind}", headers={"If-Match": tag}),
    ):
        assert refusal(late) == (412, "stale")


def test_a_group_s_tag_stays_while_only_its_people_change(parts: Services, school: httpx.Client) -> None:
    tag = group(school, "g3-1")["tag"]
    enrol(parts, "inbox://m3", person="s-3", group="g3-1")
    assert (group(school, "g3-1")["tag"], group(school, "g3-1")["members"]) == (tag, 3)


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ([MORNING, {"days": ["wed"], "start": "08:00", "end": "09:00"}], "spans_overlap"),
        ([{"days": ["sun"], "start": "22:00", "end": "07:00"}, MORNING], "spans_overlap"),
        ([MORNING, MORNING], "spans_overlap"),
        ([], "bad_input"),
        ([{"days": [], "start": "08:00", "end": "09:00"}], "bad_input"),
        ([{"days": ["mon"], "start": "08:00", "end": "08:00"}], "bad_input"),
        ([{"days": ["mon"], "start": "24:00", "end": "08:00"}], "bad_input"),
        ([{"days": ["mon"], "start": "8:00", "end": "09:00"}], "bad_input"),
    ],
    ids=["over", "over midnight", "twice", "none", "no day", "nothing", "begins at the end", "no clock"],
)
def test_spans_that_cannot_be_meant_are_refused_before_and_when_saving(
    parts: Services, school: httpx.Client, spans: list[dict[str, Any]], code: str
) -> None:
    version = roster(parts).version
    for answer in (
        school.post("/api/timetable/look", json={"first": "2026-03-02", "draft": {"spans": spans}}),
        school.post("/api/timetable/schedules", json={"id": "other", "spans": spans}),
        school.put("/api/timetable/schedules/school", json={"spans": spans}),
    ):
        assert refusal(answer) == (422, code)
    assert roster(parts).version == version


def test_overlapping_spans_are_named(school: httpx.Client) -> None:
    said = {"id": "other", "spans": [MORNING, {"days": ["wed"], "start": "08:00", "end": "09:00"}]}
    told = school.post("/api/timetable/schedules", json=said).json()
    assert (told["day"], told["first"], told["second"]) == ("wed", "06:30-08:20", "08:00-09:00")


def test_what_is_in_use_stays_and_says_by_whom(parts: Services, school: httpx.Client) -> None:
    enrol(parts, "inbox://m4", person="s-4", group="staff")
    with parts.store.write() as link:
        parts.editor.set_place(link, "s-4", None, "school", who="t", now=parts.now())
    gone = school.delete("/api/timetable/schedules/school")
    assert refusal(gone) == (409, "in_use")
    assert (gone.json()["groups"], gone.json()["people"]) == ("g3-1", "1")
    node_says(parts, "gate-1", LANES)
    parts.accounts.add("lin", "teacher", None, who="t")
    with parts.store.write() as link:
        scope.set_groups(link, "lin", ["g3-1"], site=parts.site, who="t", now=parts.now())
    gone = school.delete("/api/timetable/groups/g3-1")
    assert refusal(gone) == (409, "in_use")
    assert {name: gone.json()[name] for name in ("people", "teachers", "lanes")} == {
        "people": "2", "teachers": "lin", "lanes": "gate-1/main",
    }  # fmt: skip
    assert len(roster(parts).groups) == 1


def test_an_empty_group_and_an_unused_schedule_go(parts: Services, school: httpx.Client) -> None:
    school.post("/api/timetable/groups", json={"id": "g3-2", "schedule": "school"}).raise_for_status()
    seen = [{"id": "s-1", "group": "g3-1"}, {"id": "s-2", "group": "g3-1"}]
    school.post("/api/timetable/move", json={"people": seen, "to": "g3-2"}).raise_for_status()
    school.delete("/api/timetable/groups/g3-1").raise_for_status()
    school.put("/api/timetable/groups/g3-2", json={"id": "g3-2"}).raise_for_status()
    left = school.delete("/api/timetable/schedules/school").raise_for_status().json()
    assert ([each["id"] for each in left["groups"]], left["schedules"]) == (["g3-2"], [])
    assert [each.id for each in roster(parts).groups] == ["g3-2"]
    assert school.delete("/api/timetable/groups/g3-1").status_code == 404
    assert school.delete("/api/timetable/schedules/school").status_code == 404


def test_names_that_are_taken_or_unknown_are_refused(school: httpx.Client) -> None:
    assert refusal(school.post("/api/timetable/schedules", json=SCHOOL)) == (409, "name_taken")
    assert refusal(school.post("/api/timetable/groups", json={"id": "g3-1"})) == (409, "name_taken")
    unknown = {"id": "g3-2", "schedule": "never"}
    assert refusal(school.post("/api/timetable/groups", json=unknown)) == (422, "no_such_schedule")
    assert refusal(school.put("/api/timetable/groups/g3-1", json=GRADE | {"lessons": "never"}))[1] == "no_such_schedule"
    assert refusal(school.put("/api/timetable/groups/g9", json=GRADE)) == (404, "not_found")
    assert refusal(school.post("/api/timetable/groups", json={"id": "三年级"})) == (422, "bad_input")
    look = {"first": "2026-03-02", "schedule": "never"}
    assert refusal(school.post("/api/timetable/look", json=look)) == (422, "no_such_schedule")


def test_a_group_is_renamed_with_everybody_in_it_their_teacher_and_their_bells(
    parts: Services, school: httpx.Client
) -> None:
    parts.accounts.add("lin", "teacher", None, who="t")
    with parts.store.write() as link:
        scope.set_groups(link, "lin", ["g3-1", "g4-1"], site=parts.site, who="t", now=parts.now())
    school.post("/api/calendar/bells", json={"group": "g3-1", "arrive_by": "07:50"}).raise_for_status()
    version = roster(parts).version
    school.put("/api/timetable/groups/g3-1", json=GRADE | {"id": "g4-1"}).raise_for_status()
    news = roster(parts, version)
    assert ([each.group for each in news.persons], [each.id for each in news.groups]) == (["g4-1", "g4-1"], ["g4-1"])
    with parts.store.read() as link:
        assert timetable.bells_of(link)["g4-1"].arrive_by == "07:50"
        assert link.execute(select(user_groups.c.group)).scalars().all() == ["g4-1"]
    assert record(parts, "group.rename") == [("admin-1", "g4-1", "g3-1 is now g4-1")]
    assert record(parts, "group.change")[1:] == []
    taken = school.put("/api/timetable/groups/g4-1", json=GRADE | {"id": "g4-1"})
    assert taken.status_code == 200


def test_a_group_keeps_the_name_by_which_a_lane_lets_it_through(parts: Services, school: httpx.Client) -> None:
    node_says(parts, "gate-1", LANES)
    kept = school.put("/api/timetable/groups/g3-1", json=GRADE | {"id": "g4-1"})
    assert (refusal(kept), kept.json()["lanes"]) == ((409, "in_use"), "gate-1/main")
    assert [each.group for each in roster(parts).persons] == ["g3-1", "g3-1"]
    with parts.store.write() as link:
        both = LANES.replace('["g3-1"]', '["g3-1", "g4-1"]')
        link.execute(node_configurations.update().values(text=both))
    assert group(school, "g3-1")["lanes"] == [{"node": "gate-1", "lane": "main"}]
    assert school.get("/api/timetable").json()["open_lanes"] == [{"node": "gate-1", "lane": "side"}]
    school.put("/api/timetable/groups/g3-1", json=GRADE | {"id": "g4-1"}).raise_for_status()


def test_a_group_of_which_only_a_node_says_something_is_told_to_be_so(parts: Services, office: httpx.Client) -> None:
    enrol(parts, "inbox://m", person="s-1", group="g3-1")
    node_says(parts, "gate-1", '[[groups]]\nid = "g3-1"\nschedule = "school"\n')
    node_says(parts, "gate-2", "[[groups]")
    assert (group(office, "g3-1")["said"], group(office, "g3-1")["said_at"]) == (False, ["gate-1"])


def test_several_are_moved_or_nobody_is(parts: Services, school: httpx.Client) -> None:
    enrol(parts, "inbox://m3", person="s-3", group="g3-2")
    version = roster(parts).version
    seen = [{"id": f"s-{number}", "group": "g3-1"} for number in (1, 2)]
    for people, to, refused in (
        (seen, "g9", (422, "no_such_group")),
        ([*seen, {"id": "ghost", "group": "g3-1"}], "g3-2", (404, "not_found")),
        ([*seen, {"id": "s-3", "group": "g3-1"}], "g3-2", (412, "stale")),
        ([], "g3-2", (422, "bad_input")),
    ):
        assert refusal(school.post("/api/timetable/move", json={"people": people, "to": to})) == refused
    assert roster(parts).version == version
    moved = school.post("/api/timetable/move", json={"people": [*seen, {"id": "s-3", "group": "g3-2"}], "to": "g3-2"})
    assert moved.json() == {"count": 2}
    now = roster(parts, version)
    assert sorted(each.group for each in now.persons) == ["g3-2", "g3-2"]
    assert now.version == version + 1, "one change of the roster, however many are moved"
    assert record(parts, "people.place") == [
        ("admin-1", "s-1", "group: g3-2 (was g3-1)"),
        ("admin-1", "s-2", "group: g3-2 (was g3-1)"),
    ]


def test_a_look_says_what_holds_on_each_day_and_saves_nothing(parts: Services, school: httpx.Client) -> None:
    school.post("/api/calendar/days", json={"day": "2026-03-03", "name": "校庆"}).raise_for_status()
    school.post("/api/calendar/days", json={"day": "2026-03-07", "works_as": "tue"}).raise_for_status()
    version = roster(parts).version
    looked = school.post("/api/timetable/look", json={"first": "2026-03-02", "schedule": "school"}).json()
    assert [(each["weekday"], each["off"], each["works_as"], len(each["windows"])) for each in looked["days"]] == [
        ("mon", False, None, 2), ("tue", True, None, 0), ("wed", False, None, 2), ("thu", False, None, 2),
        ("fri", False, None, 2), ("sat", False, "tue", 2), ("sun", False, None, 0),
    ]  # fmt: skip
    assert looked["days"][0]["windows"][0] == {"start": "06:30", "end": "08:20", "before": False, "after": False}
    assert looked["days"][1]["name"] == "校庆"
    draft = {"first": "2026-03-03", "days": 1, "draft": {"spans": [NOON], "holidays": True}}
    (day,) = school.post("/api/timetable/look", json=draft).json()["days"]
    assert [each["start"] for each in day["windows"]] == ["13:00"]
    always = school.post("/api/timetable/look", json={"first": "2026-03-02", "days": 1}).json()
    assert (always["always"], always["days"][0]["windows"][0]["end"]) == (True, "24:00")
    for day in ("2026-02-30", "9999-12-31", "0001-01-01"):
        assert refusal(school.post("/api/timetable/look", json={"first": day}))[1] == "bad_input"
    assert roster(parts).version == version


def test_a_teacher_reads_of_the_own_classes_and_changes_nothing(
    parts: Services, school: httpx.Client, client: Client
) -> None:
    enrol(parts, "inbox://m3", person="s-3", group="g3-2")
    teacher = client("teacher")
    with parts.store.write() as link:
        scope.set_groups(link, "teacher-1", ["g3-1"], site=parts.site, who="t", now=parts.now())
    seen = teacher.get("/api/timetable").json()
    assert [(each["id"], each["teachers"]) for each in seen["groups"]] == [("g3-1", [])]
    assert [each["id"] for each in client("guard").get("/api/timetable").json()["groups"]] == ["g3-1", "g3-2"]
    assert group(school, "g3-1")["teachers"] == ["teacher-1"]
    assert teacher.delete("/api/timetable/groups/g3-2").status_code == 403


def test_what_was_told_of_absences_goes_along_with_a_renamed_group(parts: Services, school: httpx.Client) -> None:
    said = {"site": parts.site, "person_id": "s-1", "day": "2026-03-02", "kind": "absent", "group": "g3-1"}
    with parts.store.write() as link:
        rest = {"bell_at": parts.now(), "raised_at": parts.now(), "silent": "", "change": 1}
        link.execute(insert(attendance_signals).values(said | rest))
    school.put("/api/timetable/groups/g3-1", json=GRADE | {"id": "g4-1"}).raise_for_status()
    with parts.store.read() as link:
        assert link.execute(select(attendance_signals.c.group)).scalars().all() == ["g4-1"]
