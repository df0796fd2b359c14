"""Whatever a provider does, every notice ends in a state that is true, none is doubled, and nobody else waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select, update
from support.notices import enrol, every, sending, settle, tell, the_only, work_off
from support.providers import Provider
from support.waiting import eventually
from zhian_gateway.people.files import Guardian
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts, notices

Site = Callable[..., Services]
#: apprise loads all its providers at once, some by modules that Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
#: Long enough for whoever answers, short enough for who does not.
IMPATIENT = "timeout_s = 0.5"
HOOK, OTHER, SMS = "webhook://app", "webhook://other", "sms://ali/+8613800138000"


@pytest.mark.parametrize("mode", ["500", "503", "429", "408"])
def test_a_provider_in_trouble_gets_it_when_it_is_well_again(
    site: Site, provider: Provider, clock: Any, mode: str
) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK))
    provider.answers({"*": mode})
    assert work_off(parts) == 1
    row = the_only(parts)
    assert (row.state, row.tries, row.error) == ("queued", 1, f"answered {mode}")
    provider.answers({"*": "ok"})
    clock.forward(10)
    assert work_off(parts) == 1
    assert (the_only(parts).state, len(provider.requests())) == ("sent", 2)


@pytest.mark.parametrize(("said", "seconds"), [("40", 40), ("Mon, 02 Mar 2026 08:01:30 GMT", 90)])
def test_retry_after_is_honoured(site: Site, provider: Provider, clock: Any, said: str, seconds: int) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK))
    provider.answers({"*": f"429/{said}"})
    work_off(parts)
    provider.answers({"*": "ok"})
    clock.forward(seconds - 1)
    assert work_off(parts) == 0
    clock.forward(1)
    assert work_off(parts) == 1
    assert the_only(parts).state == "sent"


def test_who_has_another_channel_does_not_wait_for_a_provider_that_asks_for_patience(
    site: Site, provider: Provider
) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian(HOOK, further=(OTHER,))))
    provider.answers({"/app": "429/600", "*": "ok"})
    work_off(parts)
    row = the_only(parts)
    assert (row.state, row.place, [one["path"] for one in provider.requests()]) == ("sent", 1, ["/app", "/other"])


@pytest.mark.parametrize("mode", ["403", "404", "410", "redirect"])
def test_a_refusal_leads_to_the_next_channel_at_once(site: Site, provider: Provider, mode: str) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian(HOOK, further=(OTHER,))))
    provider.answers({"/app": mode, "*": "ok"})
    work_off(parts)
    assert (the_only(parts).state, len(provider.requests("/app")), len(provider.requests("/other"))) == ("sent", 1, 1)


def test_without_another_channel_a_refusal_is_shown_as_failed(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK))
    provider.answers({"*": "404"})
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("failed", "answered 404")


def test_a_provider_that_does_not_answer_in_time_leaves_it_open_whether_it_was_taken(
    site: Site, provider: Provider
) -> None:
    parts = site(IMPATIENT)
    tell(parts, enrol(parts, SMS, HOOK))
    provider.answers({"*": "slow"})
    work_off(parts)
    assert [(row.state, row.error) for row in every(parts)] == [
        ("unsure", "no answer: ReadTimeout"),
        ("queued", "no answer: ReadTimeout"),
    ]


@pytest.mark.parametrize("mode", ["reset", "garbage", "502", "504", "endless"])
def test_a_text_message_without_an_answer_is_not_sent_again_and_said_to_be_unsure(
    site: Site, provider: Provider, clock: Any, mode: str
) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian(SMS, further=(HOOK,))))
    provider.answers({"/": mode, "*": "ok"})
    work_off(parts)
    clock.forward(100)
    work_off(parts)
    assert the_only(parts).state == "unsure"
    assert (len(provider.requests("/")), len(provider.requests("/app"))) == (1, 0)


def test_nonsense_in_a_good_answer_is_unsure_too(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, SMS))
    provider.answers({"*": "nonsense"})
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("unsure", "the provider's answer cannot be read")


@pytest.mark.parametrize("mode", ["reset", "garbage", "502"])
def test_a_receiver_that_drops_what_it_has_had_is_asked_again_with_the_same_key(
    site: Site, provider: Provider, clock: Any, mode: str
) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK))
    provider.answers({"*": mode})
    work_off(parts)
    assert the_only(parts).state == "queued"
    provider.answers({"*": "ok"})
    clock.forward(60)
    work_off(parts)
    assert the_only(parts).state == "sent"
    assert len({one["headers"]["webhook-id"] for one in provider.requests()}) == 1
    assert len(provider.requests()) == 2


def test_what_may_have_arrived_is_not_sent_by_another_channel_as_well(
    site: Site, provider: Provider, clock: Any
) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian(HOOK, further=(OTHER,))))
    provider.answers({"/app": "reset", "*": "ok"})
    for _ in range(10):
        work_off(parts)
        clock.forward(60)
    assert the_only(parts).state == "unsure"
    assert provider.requests("/other") == []


def test_what_is_critical_goes_on_to_the_next_channel_even_so(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, Guardian(SMS.replace("ali", "tencent"), further=(OTHER,))), "left_alone")
    assert tell(parts, None, "left_alone", "elsewhere") == 0
    provider.answers({"/": "reset", "*": "ok"})
    with parts.store.write() as link:
        link.execute(update(notices).values(happening="arrival"))
    work_off(parts)
    told = [row for row in every(parts) if row.guardian_id is not None]
    assert [(row.state, row.doubt, row.place) for row in told] == [("sent", True, 1)]


def test_a_wrong_certificate_is_refused_and_said_clearly(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, "webhook://untrusted"))
    work_off(parts)
    row = the_only(parts)
    assert (row.state, row.error) == ("failed", "the provider's certificate is wrong: self-signed certificate")
    assert provider.requests() == []
    with parts.store.read() as link:
        case = link.execute(select(alerts)).one()
    assert (case.kind, case.state) == ("notices_undelivered", "raised")
    assert case.detail == "webhook:untrusted: the provider's certificate is wrong: self-signed certificate"


def test_the_case_of_a_provider_in_trouble_is_closed_by_its_next_success(site: Site, provider: Provider) -> None:
    parts = site()
    opaque = enrol(parts, "webhook://untrusted")
    tell(parts, opaque)
    work_off(parts)
    with parts.store.write() as link:
        link.execute(update(alerts).values(key="notices_undelivered/webhook:app"))
    enrol(parts, HOOK)
    tell(parts, opaque, key="k2")
    work_off(parts)
    with parts.store.read() as link:
        assert link.execute(select(alerts.c.state)).scalar_one() == "resolved"


def test_a_provider_that_is_not_there_delays_nobody_and_gets_it_later(site: Site, clock: Any) -> None:
    parts = site(more='[[notices.webhooks]]\nname = "gone"\nurl = "https://localhost:1/"\nsecret_env = "PATH"')
    tell(parts, enrol(parts, "webhook://gone"))
    work_off(parts)
    row = the_only(parts)
    assert (row.state, row.error) == ("queued", "not reached: ConnectError")


def test_after_a_pause_a_notice_that_was_not_tried_yet_tries_the_provider(
    site: Site, provider: Provider, clock: Any
) -> None:
    parts = site("at_once = 1")
    person = enrol(parts, HOOK)
    for number in range(2):
        tell(parts, person, key=f"k{number}")
    provider.answers({"*": "500"})
    with sending(parts) as sender:
        settle(sender)
        assert [row.tries for row in every(parts)] == [1, 0]
        clock.forward(5)
        settle(sender)
    assert [row.tries for row in every(parts)] == [1, 1]


def test_a_slow_provider_delays_nobody_elses_notices(site: Site, provider: Provider) -> None:
    parts = site("at_once = 2")
    for number in range(12):
        tell(parts, enrol(parts, HOOK, person=f"slow{number}"), key=f"slow{number}")
    for number in range(12):
        tell(parts, enrol(parts, OTHER, person=f"quick{number}"), key=f"quick{number}")
    provider.answers({"/app": "slow", "*": "ok"})
    with sending(parts) as sender:

        def all_there() -> bool:
            sender.step()
            return len(provider.requests("/other")) == 12

        eventually(all_there, "the others' notices")
        # While the slow one has not answered a single time.
        assert {row.state for row in every(parts) if row.line == "webhook:app"} <= {"queued", "sending"}
        assert len(provider.requests("/app")) <= 2
        provider.release()


def test_a_provider_is_asked_no_more_often_than_it_may_be(site: Site, provider: Provider, clock: Any) -> None:
    parts = site("per_minute = 5")
    for number in range(9):
        tell(parts, enrol(parts, HOOK, person=f"p{number}"), key=f"k{number}")
    with sending(parts) as sender:
        settle(sender)
        assert len(provider.requests()) == 5
        clock.forward(24)
        settle(sender)
        assert len(provider.requests()) == 7
        clock.forward(60)
        settle(sender)
    assert len(provider.requests()) == 9


def test_a_gateway_that_was_killed_while_it_sent_neither_forgets_nor_doubles(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK, SMS))
    with parts.store.write() as link:
        link.execute(update(notices).values(state="sending"))
    work_off(parts)
    hook, text = every(parts)
    assert (hook.state, text.state) == ("queued", "unsure")
    assert "stopped" in text.error
    assert provider.requests() == []


def test_what_could_not_be_written_down_is_written_later(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK))
    with sending(parts) as sender:
        sender.step()
        record, sender._record = sender._record, _broken  # type: ignore[method-assign]
        sender.settle()
        sender._record = record  # type: ignore[method-assign]
        assert the_only(parts).state in ("sending", "sent")
        settle(sender)
    assert (the_only(parts).state, len(provider.requests())) == ("sent", 1)


def _broken(*_: Any) -> None:
    raise OSError("no space left on device")


def test_a_store_that_fails_to_commit_costs_a_provider_none_of_its_places(
    site: Site, provider: Provider, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = site()
    person = enrol(parts, HOOK)
    for number in range(6):
        tell(parts, person, key=f"k{number}")
    with sending(parts) as sender:
        with monkeypatch.context() as patch:
            patch.setattr(parts.store, "write", _full_disk(parts.store.write))
            for _ in range(6):
                with pytest.raises(OSError, match="full"):
                    sender.step()
        assert provider.requests() == []
        assert settle(sender) == 6
    assert {row.state for row in every(parts)} == {"sent"}


def _full_disk(write: Callable[[], Any]) -> Callable[[], Any]:
    """Transactions whose end fails."""

    @contextmanager
    def failing() -> Iterator[Any]:
        with write() as link:
            yield link
            raise OSError("the disk is full")

    return failing


def test_secrets_and_numbers_are_in_no_log(site: Site, provider: Provider, capfd: Any) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK, SMS, "sms://tencent/+8613900139000", "json://user:geheim@127.0.0.1:1/x"))
    for mode in ("500", "403", "reset", "ok"):
        provider.answers({"*": mode})
        work_off(parts)
    said = "".join(capfd.readouterr()) + str([(row.error, row.history) for row in every(parts)])
    for secret in ("c2VjcmV0", "tencent-secret", "13800138000", "13900139000", "geheim", "LTAI-test:"):
        assert secret not in said


def test_an_outcome_that_the_store_will_never_take_holds_up_nobody_else(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, HOOK), key="1")
    with parts.store.write() as link:
        link.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE UPDATE ON notices WHEN NEW.state = 'sent' AND NEW.id = 1 "
            "BEGIN SELECT RAISE(ABORT, 'not this one'); END"
        )
    with sending(parts) as sender:
        settle(sender)
        tell(parts, enrol(parts, OTHER, person="b"), key="2")
        eventually(lambda: settle(sender) is not None and every(parts)[1].state == "sent", "the other's notice")
    first = every(parts)[0]
    assert (first.state, first.error) == ("unsure", "what became of it could not be written down")


def test_an_outage_that_lasts_is_one_case_until_the_provider_takes_notices_again(
    site: Site, provider: Provider, clock: Any
) -> None:
    parts = site()
    opaque = enrol(parts, HOOK)
    provider.answers({"*": "500"})

    def cases() -> list[tuple[str, str, int, str]]:
        with parts.store.read() as link:
            return [(row.kind, row.state, row.count, row.detail) for row in link.execute(select(alerts))]

    with sending(parts, provider.url) as sender:

        def pass_(minutes: int) -> None:
            for _ in range(2 * minutes):
                settle(sender)
                clock.forward(30)
            sender.step()

        tell(parts, opaque)
        pass_(1)
        assert cases() == []
        pass_(9)
        assert cases() == [("notices_undelivered", "raised", 1, "webhook:app: answered 500")]
        provider.answers({"*": "ok"})
        tell(parts, opaque, key="k2")
        pass_(3)
        assert [state for _, state, *_ in cases()] == ["resolved"]
