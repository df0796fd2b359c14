"""No default password; secrets hold once; sessions are new, bounded, and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from zhian_gateway.auth import accounts, credentials
from zhian_gateway.auth.accounts import TICKET_LASTS
from zhian_gateway.auth.limits import FIRST_PAUSE_S, LONGEST_PAUSE_S, MOST_FAILURES, MOST_WAITING, WINDOW_S, TryLimit
from zhian_gateway.auth.passwords import matches
from zhian_gateway.auth.sessions import SESSION_LASTS
from zhian_gateway.errors import BadInput, Conflict, LinkOver, NotFound, NotLoggedIn, TooManyTries
from zhian_gateway.services import Services
from zhian_gateway.store import Store
from zhian_gateway.store.tables import secrets, sessions, users

WORD = "correct horse battery"


def test_the_first_secret_is_shown_once_and_makes_one_administrator(parts: Services) -> None:
    secret = parts.accounts.first_secret()
    assert secret is not None
    assert parts.accounts.first_secret() is None
    session, cookie = parts.accounts.set_up(secret, "root", WORD)
    assert parts.accounts.session(cookie) == session
    assert not parts.accounts.needs_setup()
    with pytest.raises(Conflict):
        parts.accounts.set_up(secret, "root2", WORD)


def test_without_the_secret_nobody_becomes_administrator(parts: Services) -> None:
    with pytest.raises(NotLoggedIn):
        parts.accounts.set_up("", "root", WORD)
    parts.accounts.first_secret()
    with pytest.raises(NotLoggedIn):
        parts.accounts.set_up("guess", "root", WORD)


def test_a_lost_secret_is_replaced(parts: Services) -> None:
    lost = parts.accounts.first_secret()
    again = parts.accounts.new_first_secret()
    assert lost is not None
    with pytest.raises(NotLoggedIn):
        parts.accounts.set_up(lost, "root", WORD)
    parts.accounts.set_up(again, "root", WORD)


def test_only_the_right_password_opens(parts: Services) -> None:
    parts.accounts.add("li", "guard", WORD, who="test")
    session, _ = parts.accounts.log_in("li", WORD)
    assert (session.user, session.role) == ("li", "guard")
    for name, password in (("li", "wrong password"), ("nobody", WORD), ("li", "")):
        with pytest.raises(NotLoggedIn, match="wrong name or password"):
            parts.accounts.log_in(name, password)


OTHER = "purple window lantern"


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: Any, happens: Callable[[], object]) -> None:
    """While a password is compared, which takes long, something else happens once."""
    left = [happens]

    def slowly(kept: str, password: str) -> bool:
        if left:
            left.pop()()
        return matches(kept, password)

    monkeypatch.setattr(module, "matches", slowly)


@pytest.mark.parametrize("what", ["changed", "disabled"])
def test_a_password_that_ended_while_it_was_compared_opens_nothing(
    parts: Services, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    parts.accounts.add("li", "guard", WORD, who="test")
    happens = {
        "changed": lambda: parts.accounts.credentials.set_password("li", OTHER, who="test"),
        "disabled": lambda: parts.accounts.disable("li", who="test"),
    }
    meanwhile(monkeypatch, accounts, happens[what])
    with pytest.raises(NotLoggedIn):
        parts.accounts.log_in("li", WORD)
    with parts.store.read() as link:
        assert link.execute(select(sessions)).all() == []


def test_who_knows_the_former_password_changes_nothing_by_a_question_under_way(
    parts: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.accounts.add("li", "guard", WORD, who="test")
    thief, _ = parts.accounts.log_in("li", WORD)
    own = parts.accounts.credentials
    tries = (
        lambda word: own.change_password(thief, word, "an adder that flies"),
        lambda word: own.begin_second(thief, word),
        lambda word: own.remove_second(thief, word, "123456"),
    )
    words = [WORD, OTHER, "seven green tables", "nine wet umbrellas"]
    for number, try_it in enumerate(tries):
        meanwhile(monkeypatch, credentials, lambda number=number: own.set_password("li", words[number + 1], who="test"))
        with pytest.raises(NotLoggedIn, match="changed meanwhile"):
            try_it(words[number])
        parts.accounts.log_in("li", words[number + 1])


def test_a_user_without_a_password_cannot_log_in_by_one(parts: Services) -> None:
    parts.accounts.add("li", "guard", None, who="test")
    with pytest.raises(NotLoggedIn):
        parts.accounts.log_in("li", "")


def test_a_ticket_opens_once_and_not_for_long(parts: Services, clock: Any) -> None:
    parts.accounts.add("li", "guard", None, who="test")
    ticket = parts.accounts.ticket("li", who="test")
    parts.accounts.redeem(ticket)
    with pytest.raises(LinkOver):
        parts.accounts.redeem(ticket)
    late = parts.accounts.ticket("li", who="test")
    clock.forward(TICKET_LASTS.total_seconds())
    with pytest.raises(LinkOver):
        parts.accounts.redeem(late)


@pytest.mark.parametrize("how", ["another password", "signed out", "one session ended"])
def test_a_ticket_ends_with_what_it_would_open_again(parts: Services, how: str) -> None:
    parts.accounts.add("li", "guard", WORD, who="test")
    parts.accounts.add("wang", "guard", None, who="test")
    session, _ = parts.accounts.log_in("li", WORD)
    stolen, others = parts.accounts.ticket("li", who="test"), parts.accounts.ticket("wang", who="test")
    if how == "another password":
        parts.accounts.credentials.change_password(session, WORD, "a quite different one 4711")
    elif how == "signed out":
        parts.accounts.end_sessions("li", who="root")
    else:
        parts.accounts.end_session("li", session.id, who="root")
    with pytest.raises(NotLoggedIn):
        parts.accounts.redeem(stolen)
    parts.accounts.redeem(others)


def test_the_first_secret_is_no_ticket(parts: Services) -> None:
    secret = parts.accounts.first_secret()
    assert secret is not None
    with pytest.raises(NotLoggedIn):
        parts.accounts.redeem(secret)


def test_a_session_ends_by_time_by_log_out_and_with_its_user(parts: Services, clock: Any) -> None:
    parts.accounts.add("li", "guard", None, who="test")

    def opened() -> str:
        return parts.accounts.redeem(parts.accounts.ticket("li", who="test"))[1]

    old, left, locked = opened(), opened(), opened()
    session = parts.accounts.session(left)
    assert session is not None
    parts.accounts.log_out(session)
    assert parts.accounts.session(left) is None
    assert parts.accounts.session(old) is not None
    with parts.store.write() as link:
        link.execute(update(users).values(disabled_at=parts.now()))
    assert parts.accounts.session(locked) is None
    with parts.store.write() as link:
        link.execute(update(users).values(disabled_at=None))
    clock.forward(SESSION_LASTS.total_seconds())
    assert parts.accounts.session(old) is None


def test_only_hashes_are_kept(parts: Services) -> None:
    parts.accounts.add("li", "guard", WORD, who="test")
    _, cookie = parts.accounts.log_in("li", WORD)
    ticket = parts.accounts.ticket("li", who="test")
    with parts.store.read() as link:
        text = str([list(link.execute(select(table))) for table in (users, sessions, secrets)])
    assert not any(secret in text for secret in (WORD, cookie, ticket))


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [("li", "king", WORD), ("li li", "guard", WORD), ("li", "guard", "short"), ("li", "guard", "x" * 300)],
)
def test_bad_users_are_refused(parts: Services, name: str, role: str, password: str) -> None:
    with pytest.raises(BadInput):
        parts.accounts.add(name, role, password, who="test")


def test_an_account_is_slowed_down_and_never_locked() -> None:
    limit = TryLimit()
    pauses = []
    for _ in range(MOST_FAILURES + 10):
        pauses.append(limit.pause("user/li", 0.0))
        limit.fail(("user/li",), 0.0)
    assert pauses[:MOST_FAILURES] == [0.0] * MOST_FAILURES
    assert pauses[MOST_FAILURES : MOST_FAILURES + 3] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == LONGEST_PAUSE_S
    assert limit.pause("user/wu", 0.0) == 0.0
    assert limit.pause("user/li", WINDOW_S + 1) == 0.0


def test_guessing_is_stopped_and_forgiven_with_time() -> None:
    limit = TryLimit()
    for _ in range(MOST_FAILURES):
        assert limit.begin(("li",), 0.0) is None
        limit.end(("li",), 0.0, wrong=True)
    with pytest.raises(TooManyTries):
        limit.begin(("li", "other"), 1.0)
    for _ in range(MOST_FAILURES):
        assert limit.begin(("other",), 1.0) is None
    assert limit.begin(("li",), WINDOW_S + 1) is None


def test_what_may_yet_be_right_shuts_nobody_out_and_leaves_no_more_tries() -> None:
    limit = TryLimit()
    for _ in range(MOST_FAILURES - 1):
        assert limit.begin(("li",), 0.0) is None
    limit.fail(("li",), 0.0)
    freed = limit.begin(("li",), 1.0)
    assert freed is not None
    limit.end(("li",), 2.0, wrong=True)
    assert freed.done()
    # The wrong one has kept its place.
    still = limit.begin(("li",), 2.0)
    assert still is not None
    limit.end(("li",), 3.0, wrong=False)
    assert still.done()
    assert limit.begin(("li",), 3.0) is None
    for _ in range(MOST_FAILURES - 2):
        limit.end(("li",), 4.0, wrong=True)
    with pytest.raises(TooManyTries):
        limit.begin(("li",), 4.0)


def test_no_more_wait_than_there_is_room_for_and_who_gave_up_takes_none() -> None:
    limit = TryLimit(1)
    assert limit.begin(("li",), 0.0) is None
    waiting = [limit.begin(("li",), 0.0) for _ in range(MOST_WAITING)]
    with pytest.raises(TooManyTries):
        limit.begin(("li",), 0.0)
    gave_up = waiting.pop()
    assert gave_up is not None
    assert gave_up.cancel()
    waiting.append(limit.begin(("li",), 0.0))
    limit.end(("li",), 1.0, wrong=False)
    assert all(each is not None and each.done() for each in waiting)


def test_a_failure_that_was_none_is_given_back_and_no_other() -> None:
    limit = TryLimit()
    for moment in range(MOST_FAILURES):
        limit.fail(("li",), float(moment))
    limit.give_back(("li", "nobody"), 2.0)
    limit.give_back(("li",), 2.0)
    limit.spend(("li",), 9.0)
    with pytest.raises(TooManyTries):
        limit.spend(("li",), 9.0)


def test_who_is_disabled_loses_session_ticket_and_password_until_enabled(parts: Services) -> None:
    parts.accounts.add("li", "guard", WORD, who="test")
    _, cookie = parts.accounts.log_in("li", WORD)
    ticket = parts.accounts.ticket("li", who="test")
    parts.accounts.disable("li", who="test")
    assert parts.accounts.session(cookie) is None
    assert parts.accounts.every() == []
    for attempt in (lambda: parts.accounts.redeem(ticket), lambda: parts.accounts.log_in("li", WORD)):
        with pytest.raises(NotLoggedIn):
            attempt()
    parts.accounts.enable("li", who="test")
    assert parts.accounts.session(cookie) is None
    parts.accounts.log_in("li", WORD)


def test_the_only_administrator_cannot_be_disabled(parts: Services) -> None:
    parts.accounts.add("root", "admin", None, who="test")
    with pytest.raises(Conflict, match="only administrator"):
        parts.accounts.disable("root", who="test")
    parts.accounts.add("second", "admin", None, who="test")
    parts.accounts.disable("root", who="test")
    with pytest.raises(NotFound):
        parts.accounts.disable("root", who="test")


class DiskFull(Exception):
    """As PostgreSQL says it, so that its server does not count as away."""

    sqlstate = "53100"


def test_a_full_store_shuts_nobody_out_of_reading(parts: Services, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    parts.accounts.add("li", "guard", WORD, who="test")
    session, cookie = parts.accounts.log_in("li", WORD)
    clock.forward(120)
    real = type(parts.store).write

    @contextmanager
    def full(store: Store) -> Iterator[Connection]:
        with real(store) as link:
            yield link
            raise OperationalError("COMMIT", None, DiskFull())

    with monkeypatch.context() as patch, capture_logs() as said:
        patch.setattr(type(parts.store), "write", full)
        assert [parts.accounts.session(cookie) for _ in range(3)] == [session] * 3
    assert [each["event"] for each in said] == ["sessions.not_noted"]
    seen = parts.accounts.sessions_of("li")[0].seen_at
    assert parts.accounts.session(cookie) == session
    assert parts.accounts.sessions_of("li")[0].seen_at > seen
