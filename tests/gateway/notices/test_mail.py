"""What a mail server answers decides, and whoever it refuses is named nowhere and delays nobody."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from support.notices import enrol, every, the_only, work_off
from support.notices import tell as tell_of
from zhian_gateway.notices.apprise_post import judged
from zhian_gateway.people.files import Guardian
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts

# apprise loads all its providers at once, some by modules that Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class MailServer:
    """It takes everything but what `answers` says of a command."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.greeting = "220 mail.example"
        self.got: list[str] = []
        mail = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say(mail.greeting)
                while line := self.rfile.readline().decode().strip():
                    command = line.split(":")[0].split()[0].upper()
                    self.say(next((said for part, said in mail.answers.items() if part in line), OWN.get(command, OK)))
                    if command == "QUIT":
                        return
                    if command == "DATA":
                        self.take()

            def take(self) -> None:
                while self.rfile.readline().strip() != b".":
                    pass
                said = mail.answers.get(".", OK)
                mail.got.append(said)
                self.say(said)

            def say(self, said: str) -> None:
                self.wfile.write(f"{said}\r\n".encode())

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def address(self, to: str, login: str = "") -> str:
        about = "?smtp=127.0.0.1&mode=insecure&from=school@school.example"
        return f"mailto://{login}127.0.0.1:{self.port}/{about}&to={to}@school.example"


OK = "250 ok"
OWN = {"DATA": "354 go on", "QUIT": "221 bye", "EHLO": "250-mail.example\r\n250 AUTH PLAIN"}
NO_SUCH = "550 5.1.1 <nobody@school.example> no such user"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    made = MailServer()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def cases(parts: Services) -> list[str]:
    with parts.store.read() as link:
        return list(link.execute(select(alerts.c.detail)).scalars())


def test_a_receiver_whom_the_mail_server_does_not_know_is_told_by_the_next_channel(
    parts: Services, mail: MailServer
) -> None:
    mail.answers = {"nobody": NO_SUCH}
    tell_of(parts, enrol(parts, Guardian(mail.address("nobody"), further=(mail.address("mother"),))))
    work_off(parts)
    row = the_only(parts)
    assert (row.state, row.place, row.doubt) == ("sent", 1, False)
    assert '"refused", "reason": "answered 550: 5.1.1 <(address)> no such user"' in row.history
    assert (mail.got, cases(parts)) == ([OK], [])


def test_a_receiver_who_is_refused_delays_nobody_else_and_is_named_nowhere(parts: Services, mail: MailServer) -> None:
    mail.answers = {"nobody": NO_SUCH}
    for number, to in enumerate(("nobody", "a", "b")):
        tell_of(parts, enrol(parts, mail.address(to), person=f"x{number}"), "not_arrived", key=f"k{number}")
    work_off(parts)
    assert [row.state for row in every(parts)] == ["failed", "sent", "sent"]
    assert "nobody" not in str([(row.error, row.history) for row in every(parts)]) + str(cases(parts))


@pytest.mark.parametrize(
    ("answers", "state", "error"),
    [
        ({"rcpt": "451 4.7.1 try again later"}, "queued", "answered 451: 4.7.1 try again later"),
        ({".": "554 5.7.1 looks like spam"}, "failed", "answered 554: 5.7.1 looks like spam"),
        ({"mail FROM": "550 no such sender"}, "failed", "answered 550: no such sender"),
    ],
)
def test_what_a_mail_server_says_of_one_message_is_not_the_lines_trouble(
    parts: Services, mail: MailServer, answers: dict[str, str], state: str, error: str
) -> None:
    mail.answers = answers
    tell_of(parts, enrol(parts, mail.address("mother")))
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error, cases(parts)) == (state, error, [])


def test_a_mail_server_that_does_not_let_the_gateway_in_is_somebodys_case(parts: Services, mail: MailServer) -> None:
    mail.answers = {"AUTH": "535 5.7.8 wrong password"}
    tell_of(parts, enrol(parts, mail.address("mother", login="school:geheim@")))
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("failed", "answered 535: 5.7.8 wrong password")
    assert cases(parts) == [f"mailto:127.0.0.1:{mail.port}: answered 535: 5.7.8 wrong password"]


def test_a_mail_server_that_takes_nothing_now_is_asked_again(parts: Services, mail: MailServer, clock: Any) -> None:
    mail.greeting = "421 4.3.2 shutting down"
    tell_of(parts, enrol(parts, mail.address("mother")))
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("queued", "answered 421: 4.3.2 shutting down")
    mail.greeting = "220 mail.example"
    clock.forward(10)
    work_off(parts)
    assert the_only(parts).state == "sent"


@pytest.mark.parametrize(
    ("said", "kind", "whole"),
    [
        (['Sending email to "(m@x.example)" failed.', "Socket Exception: timed out"], "unsure", False),
        (['Connection error while submitting email to "mx"', "Socket Exception: timed out"], "later", True),
        (
            [
                'Connection error while submitting email to "mx"',
                "Socket Exception: STARTTLS extension not supported by server.",
            ],
            "refused",
            True,
        ),
        (["Sent Email to a@x.example", "Socket Exception: {'b@x': (550, b'no')}"], "unsure", False),
        (
            ["Connection error", "Socket Exception: ('Connection aborted.', ConnectionResetError(104, 'reset'))"],
            "unsure",
            True,
        ),
    ],
)
def test_how_far_a_message_got_is_read_from_what_apprise_logs(said: list[str], kind: str, whole: bool) -> None:
    outcome = judged([(logging.WARNING if not line.startswith("Socket") else logging.DEBUG, line) for line in said])
    assert (outcome.kind, outcome.whole) == (kind, whole)
    assert "x.example" not in outcome.reason
