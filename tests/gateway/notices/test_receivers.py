"""Who is told of what, in whose words, when not, and only where somebody may be told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from support.notices import enrol, every, tell, the_only, work_off
from support.people import ground
from support.providers import Provider
from zhian_gateway import spans
from zhian_gateway.cases.signals import Raise
from zhian_gateway.errors import NotFound
from zhian_gateway.notices import office
from zhian_gateway.notices.attending import AttendanceHerald
from zhian_gateway.people import consent, consents, guardians
from zhian_gateway.people.files import Guardian
from zhian_gateway.services import Services
from zhian_gateway.store.tables import attendance_signals, audit, events, notices, passages
from zhian_gateway.store.tables import guardians as guardians_table

#: Once on each kind of database.
pytestmark = pytest.mark.usefixtures("storage")
Site = Callable[..., Services]


def told(parts: Services) -> list[tuple[str, str]]:
    return [(row.happening, row.to) for row in every(parts)]


def test_guardians_are_told_of_arrivals_and_teachers_of_what_is_serious_in_their_class(site: Site) -> None:
    parts = site()
    opaque = enrol(parts, Guardian("inbox://mother", name="妈妈"))
    tell(parts, opaque, "arrival", "1")
    tell(parts, opaque, "left_alone", "2")
    tell(parts, opaque, "not_arrived", "3")
    assert told(parts) == [
        ("arrival", "妈妈"),
        ("left_alone", "妈妈"),
        ("left_alone", "王老师"),
        ("not_arrived", "妈妈"),
        ("not_arrived", "王老师"),
    ]


def test_a_site_says_itself_who_is_told_of_what(site: Site) -> None:
    route = '[[notices.routes]]\nhappening = "{}"\nto = [{}]\n'
    parts = site(more=route.format("arrival", "") + route.format("door_forced", '"李老师"'))
    assert tell(parts, enrol(parts, "inbox://mother")) == 0
    assert tell(parts, None, "door_forced") == 0  # of nobody in that teacher's class
    assert tell(parts, enrol(parts, "inbox://m", person="b", group="class-1-1"), "door_forced") == 1
    assert the_only(parts).title == "第一小学：门被强行打开"


def test_one_happening_is_told_once_however_often_it_is_told_of(site: Site) -> None:
    parts = site()
    opaque = enrol(parts, "inbox://mother")
    assert [tell(parts, opaque), tell(parts, opaque), tell(parts, opaque, key="k2")] == [1, 0, 1]


def test_a_guardian_is_told_what_they_want_in_their_language(site: Site) -> None:
    parts = site()
    opaque = enrol(parts, Guardian("inbox://a", happenings=("departure",), language="en"), "inbox://b")
    tell(parts, opaque, "arrival", "1")
    tell(parts, opaque, "departure", "2")
    assert [(row.title, row.language) for row in every(parts)] == [
        ("小明 已到达", "zh-CN"),
        ("小明 has left", "en"),
        ("小明 已离开", "zh-CN"),
    ]


@pytest.mark.parametrize(
    ("happening", "asked"),
    [
        ("not_arrived_unheard", "not_arrived"),
        ("not_back", "not_arrived"),
        ("not_back_unheard", "not_arrived"),
        ("not_back_unheard", "not_back"),
    ],
)
def test_who_asked_for_a_child_that_is_missing_hears_of_it_also_with_doubt_and_after_a_leave(
    site: Site, happening: str, asked: str
) -> None:
    parts = site()
    opaque = enrol(parts, Guardian("inbox://a", happenings=(asked,)), Guardian("inbox://b", happenings=("departure",)))
    tell(parts, opaque, happening)
    assert [row.happening for row in every(parts) if row.guardian_id] == [happening]
    assert len([row for row in every(parts) if row.contact]) == 1


def test_who_asked_only_for_not_back_hears_of_no_missing_arrival(site: Site) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian("inbox://a", happenings=("not_back",)), group="none"), "not_arrived_unheard")
    assert every(parts) == []


def test_a_sites_route_for_a_missing_child_holds_also_where_that_is_told_with_doubt(site: Site) -> None:
    route = '[[notices.routes]]\nhappening = "{}"\nto = [{}]\n'
    more = route.format("not_back", '"teacher"') + route.format("not_arrived", "")
    parts = site(more=more + route.format("not_arrived_unheard", '"guardians"'))
    opaque = enrol(parts, Guardian("inbox://mother", name="妈妈"))
    tell(parts, opaque, "not_back_unheard", "1")
    tell(parts, opaque, "not_arrived_unheard", "2")
    assert told(parts) == [("not_back_unheard", "王老师"), ("not_arrived_unheard", "妈妈")]


def test_quiet_hours_hold_a_notice_until_they_end(site: Site, clock: Any, provider: Provider) -> None:
    parts = site("expire_s = 86400")
    clock.now = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)  # 22:30 there
    tell(parts, enrol(parts, Guardian("webhook://app", quiet=("22:00-06:00",))))
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("held", "quiet hours until 06:00")
    clock.now = datetime(2026, 3, 2, 21, 59, tzinfo=UTC)
    assert work_off(parts) == 0
    clock.now = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
    work_off(parts)
    assert (the_only(parts).state, len(provider.requests())) == ("sent", 1)


def test_what_expires_in_quiet_hours_is_not_sent_and_what_is_critical_waits_for_none(
    site: Site, clock: Any, provider: Provider
) -> None:
    parts = site()
    clock.now = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    opaque = enrol(parts, Guardian("webhook://app", quiet=("22:00-06:00",)), group="none")
    tell(parts, opaque, "arrival", "1")
    tell(parts, opaque, "left_alone", "2")
    work_off(parts)
    clock.forward(3600)
    work_off(parts)
    assert [(row.happening, row.state) for row in every(parts)] == [("arrival", "expired"), ("left_alone", "sent")]
    assert len(provider.requests()) == 1


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (("22:00-06:00",), "2026-03-02T21:59", None),
        (("22:00-06:00",), "2026-03-02T22:00", "2026-03-03T06:00"),
        (("22:00-06:00",), "2026-03-03T05:59", "2026-03-03T06:00"),
        (("22:00-00:00", "00:00-06:00"), "2026-03-02T23:00", "2026-03-03T06:00"),
        (("12:00-14:00", "13:00-15:00"), "2026-03-02T12:30", "2026-03-02T15:00"),
        (("08:00-08:00",), "2026-03-02T12:00", "2026-03-03T08:00"),
    ],
)
def test_when_quiet_hours_end(quiet: tuple[str, ...], now: str, until: str | None) -> None:
    found = spans.quiet_until(quiet, datetime.fromisoformat(now))
    if quiet == ("08:00-08:00",):
        assert found is not None and found > datetime.fromisoformat(now)
    else:
        assert found == (until and datetime.fromisoformat(until))


def test_a_withdrawn_consent_ends_the_notices_and_a_site_may_ask_for_one(site: Site) -> None:
    parts = site()
    opaque = enrol(parts, "inbox://mother")

    def agree(until: str) -> None:
        with parts.store.write() as link:
            consents.record(link, parts.site, "a", replace(ground(until), purpose=consent.NOTICES), parts.now())

    assert tell(parts, opaque, key="1") == 1
    agree("2027-01-01T00:00:00.000Z")
    assert tell(parts, opaque, key="2") == 1
    agree("2026-01-01T00:00:00.000Z")
    assert tell(parts, opaque, key="3") == 0
    agree("2027-01-01T00:00:00.000Z")
    with parts.store.write() as link:
        consents.refuse(link, parts.site, "a", consent.NOTICES, who="t", now=parts.now())
    assert tell(parts, opaque, key="4") == 0
    strict = site('consent = "recorded"')
    assert tell(strict, enrol(strict, "inbox://father", person="b"), key="5") == 0


def test_a_consent_to_notices_gives_no_ground_for_recognition(site: Site) -> None:
    parts = site()
    enrol(parts, "inbox://mother")
    with parts.store.write() as link:
        longer = replace(ground("2099-01-01T00:00:00.000Z"), purpose=consent.NOTICES)
        consents.record(link, parts.site, "a", longer, parts.now())
        assert parts.registry.expired(link, "2028-01-01T00:00:00.000Z") == ["a"]


def test_an_import_that_lists_the_same_guardian_loses_none_of_their_notices(site: Site) -> None:
    parts = site()
    tell(parts, enrol(parts, "inbox://mother", "inbox://father"))
    enrol(parts, Guardian("inbox://mother", name="妈妈"))
    (row,) = every(parts)
    with parts.store.read() as link:
        (left,) = link.execute(select(guardians_table)).all()
    assert (row.guardian_id, row.state, left.name) == (left.id, "queued", "妈妈")
    assert guardians.addresses(left) == ("inbox://mother",)


# Alerts -----------------------------------------------------------------------------------------------------------


def raise_(parts: Services, opaque: str, kind: str = "borrowed_card") -> int:
    with parts.store.write() as link:
        wanted = Raise(key="k", kind=kind, severity="major", node="n", at=parts.now(), lane="main", person=opaque)
        return parts.book.raise_(link, wanted, parts.now())


def test_an_alert_about_a_child_is_told_to_its_guardians_once_and_again_only_when_it_happens_again(site: Site) -> None:
    parts = site()
    opaque = enrol(parts, "inbox://mother", group="none")

    def move(expected: Any, target: Any) -> None:
        with parts.store.write() as link:
            parts.book.move(link, alert, target=target, who="li", now=parts.now(), note="", expected=expected)

    alert = raise_(parts, opaque)
    raise_(parts, opaque)
    move("raised", "acknowledged")
    move("acknowledged", "raised")
    assert told(parts) == [("borrowed_card", "mother")]
    move("raised", "resolved")
    raise_(parts, opaque)
    assert told(parts) == [("borrowed_card", "mother")] * 2
    assert every(parts)[0].title == "小明 的卡被他人使用"


def test_of_other_alerts_nobody_but_those_who_are_named_for_it_is_told(site: Site) -> None:
    parts = site()
    raise_(parts, enrol(parts, "inbox://mother"), "tailgating")
    assert every(parts) == []


# Attendance -------------------------------------------------------------------------------------------------------


def signal(parts: Services, *, change: int, **values: Any) -> None:
    """What attendance writes when a bell has rung, or when it turns out otherwise."""
    row = {"bell_at": "2026-03-02T07:59:00.000Z", "raised_at": parts.now(), "silent": "", "group": "class-3-2"}
    row |= {"site": parts.site, "person_id": "a", "day": "2026-03-02", "kind": "absent", "change": change} | values
    with parts.store.write() as link:
        if change == 1:
            link.execute(attendance_signals.insert().values(row))
        else:
            link.execute(update(attendance_signals).values(change=change, **values))


def follow(parts: Services) -> int:
    return AttendanceHerald(parts).step()


def test_who_is_not_here_by_the_bell_is_told_once(site: Site) -> None:
    parts = site()
    enrol(parts, Guardian("inbox://mother", name="妈妈"))
    signal(parts, change=1)
    assert [follow(parts), follow(parts)] == [1, 0]
    assert told(parts) == [("not_arrived", "妈妈"), ("not_arrived", "王老师")]
    assert every(parts)[0].body.startswith("到 15:59:00 为止，第一小学还没有小明到校的记录。")


def test_who_is_not_here_is_told_also_where_that_is_found_out_an_hour_after_the_bell(
    site: Site, provider: Provider, clock: Any
) -> None:
    parts = site()
    enrol(parts, "webhook://app", group="none")
    clock.forward(parts.config.notices.expire_s + 600)
    signal(parts, change=1)
    follow(parts)
    work_off(parts)
    assert the_only(parts).state == "sent"
    (body,) = provider.bodies()
    said = json.loads(body)["data"]["message"]
    assert said.startswith("【迟到的通知】以下情况发生于 2026-03-02 15:59：到 15:59:00 为止")


def test_where_a_gate_was_not_heard_the_notice_says_so(site: Site) -> None:
    parts = site()
    enrol(parts, "inbox://mother")
    signal(parts, change=1, silent="gate-2")
    follow(parts)
    assert "失去联系" in every(parts)[0].body


def test_what_is_taken_back_before_it_was_sent_is_not_sent(site: Site, provider: Provider) -> None:
    parts = site()
    enrol(parts, "webhook://app", group="none")
    signal(parts, change=1)
    follow(parts)
    signal(parts, change=2, withdrawn_at=parts.now(), withdrawn_why="excused")
    follow(parts)
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("expired", "taken back before it was sent")
    assert provider.requests() == []


def test_what_was_told_wrongly_is_corrected_for_just_those_who_were_told(site: Site, provider: Provider) -> None:
    parts = site()
    enrol(parts, Guardian("webhook://app", name="妈妈"), Guardian("nonsense://x", name="爸爸"), group="none")
    signal(parts, change=1)
    follow(parts)
    work_off(parts)
    signal(parts, change=2, withdrawn_at=parts.now(), withdrawn_why="excused")
    follow(parts)
    (correction,) = [row for row in every(parts) if row.happening == "correction"]
    assert (correction.to, correction.body) == ("妈妈", "此前关于小明尚未到校的通知已更正：小明已请假。")


@pytest.mark.parametrize(("at", "corrected"), [("2026-03-02T07:50:00.000Z", True), ("2026-03-02T08:10:00.000Z", False)])
def test_who_merely_came_late_is_told_by_their_arrival_alone(
    site: Site, provider: Provider, at: str, corrected: bool
) -> None:
    parts = site()
    enrol(parts, "webhook://app", group="none")
    signal(parts, change=1)
    follow(parts)
    work_off(parts)
    passed(parts, at, direction="in")
    signal(parts, change=2, withdrawn_at=parts.now(), withdrawn_why="arrived", passage_id=7)
    follow(parts)
    assert ("correction" in {row.happening for row in every(parts)}) == corrected


def passed(parts: Services, at: str, **about: Any) -> None:
    """A gate tells of passage 7."""
    row = {"id": 7, "site": parts.site, "node": "n", "camera": "c", "kind": "face", "reason": ""}
    row |= {"time": at, "day": "2026-03-02", "synthetic": False, "evidence": "[]"}
    with parts.store.write() as link:
        whole = {"id": 7, "site": parts.site, "node": "n", "epoch": "e", "seq": 1, "type": "t", "time": at, "day": "d"}
        link.execute(events.insert().values(whole | {"received_at": at, "body": b"{}"}))
        link.execute(passages.insert().values(row | about))


STILL_INSIDE = '[[notices.routes]]\nhappening = "still_inside"\nto = ["guardians"]\n'


def test_a_wrong_word_that_they_are_still_inside_is_corrected(site: Site, provider: Provider) -> None:
    parts = site(more=STILL_INSIDE)
    enrol(parts, Guardian("webhook://app", name="妈妈", happenings=("still_inside",)), group="none")
    signal(parts, change=1, kind="still_inside")
    follow(parts)
    work_off(parts)
    signal(parts, change=2, withdrawn_at=parts.now(), withdrawn_why="corrected")
    follow(parts)
    assert told(parts) == [("still_inside", "妈妈"), ("still_inside_taken_back", "妈妈")]
    assert every(parts)[-1].body == "此前关于小明仍在校内的通知已更正：考勤记录已更正。"


@pytest.mark.parametrize(("at", "corrected"), [("2026-03-02T07:50:00.000Z", True), ("2026-03-02T08:10:00.000Z", False)])
def test_who_left_after_closing_is_told_by_their_departure_alone(
    site: Site, provider: Provider, at: str, corrected: bool
) -> None:
    parts = site(more=STILL_INSIDE)
    opaque = enrol(parts, "webhook://app", group="none")
    signal(parts, change=1, kind="still_inside")
    follow(parts)
    work_off(parts)
    passed(parts, at, direction="out", person=opaque, movement="departure")
    signal(parts, change=2, withdrawn_at=parts.now(), withdrawn_why="left")
    follow(parts)
    assert ("still_inside_taken_back" in {row.happening for row in every(parts)}) == corrected


# What is left of it -----------------------------------------------------------------------------------------------


def test_after_a_withdrawal_no_notice_names_anybody(site: Site, provider: Provider) -> None:
    parts = site()
    opaque = enrol(parts, "webhook://app")
    tell(parts, opaque, "left_alone")
    provider.answers({"*": "404"})
    work_off(parts)
    with parts.store.write() as link:
        parts.registry.withdraw(link, "a", who="t", now=parts.now())
    for row in every(parts):
        assert (row.to, row.title, row.body, row.words, json.loads(row.history)) == ("", "", "", "{}", [])


def test_preferences_are_audited_without_the_addresses(site: Site) -> None:
    parts = site()
    enrol(parts, "inbox://mother")
    with parts.store.write() as link:
        office.prefer(
            link,
            1,
            parts.config.notices,
            happenings=["arrival"],
            quiet=["22:00-06:00"],
            language="en",
            places=["webhook://app", "sms://+8613800138000"],
            site=parts.site,
            who="li",
            now=parts.now(),
        )
    with parts.store.read() as link:
        (row,) = link.execute(select(guardians_table)).all()
        said = [entry.detail for entry in link.execute(select(audit))]
    assert guardians.addresses(row) == ("webhook://app", "sms://+8613800138000")
    assert "13800138000" not in str(said)


CONTACT = """
[[response.contacts]]
name = "张老师"
role = "teacher"
address = "{address}"
groups = ["class-9-9"]
"""


def test_a_contacts_notice_that_is_sent_once_more_goes_where_they_are_reached_now(
    site: Site, provider: Provider
) -> None:
    parts = site(more=CONTACT.format(address="webhook://app"))
    enrol(parts, group="class-9-9")
    signal(parts, change=1, group="class-9-9")
    follow(parts)
    provider.answers({"*": "404"})
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).channel) == ("failed", "webhook")
    moved = site(more=CONTACT.format(address="inbox://zhang"))
    with moved.store.write() as link:
        office.retry(link, 1, moved.config, who="li", now=moved.clock())
    assert (the_only(moved).channel, the_only(moved).line, the_only(moved).places) == ("inbox", "inbox", 1)
    gone = site()
    with gone.store.write() as link:
        link.execute(update(notices).values(state="failed"))
        with pytest.raises(NotFound, match="told nothing any more"):
            office.retry(link, 1, gone.config, who="li", now=gone.clock())
