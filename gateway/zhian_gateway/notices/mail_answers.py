"""What a mail server answered, out of the lines that apprise logs of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .outcomes import Outcome, later, refused

#: What `smtplib` raises has the answer as (550, b'no such user'); apprise logs a refused receiver in words of its own.
_ANSWER: Final = re.compile(r"""\((\d{3}), b(['"])(.*?)\2[,)]""")
_REFUSED: Final = re.compile(r"""^SMTP recipient \S+ was refused: (\d{3}) b(['"])(.*)\2$""")
#: Each is a line about one of the receivers alone.
_ONE: Final = "Sending email to "
_TAKEN: Final = "Sent Email to "
#: Raised while it connects and logs in: no message was handed over yet.
_BEFORE: Final = "Connection error while submitting email to "
#: Where the server cannot do what the address asks for.
_UNSUITED: Final = re.compile(r"^Socket Exception: (.*extension not supported.*|No suitable authentication.*)$")
#: The account is wrong, whoever the message is for (RFC 4954).
_LOGIN: Final = frozenset({530, 534, 535, 538})
_MAILBOX: Final = re.compile(r"""[^\s"'<>(){}:,;]+@[^\s"'<>(){}:,;]+""")


def judged(lines: Sequence[str]) -> Outcome | None:
    """What it says of why a message was not sent; None: nothing, or it was no mail server."""
    if any(line.startswith(_TAKEN) for line in lines):
        return None
    whole = not any(line.startswith(_ONE) for line in lines)
    if answers := [found for line in lines if (found := _answer(line))]:
        return _of_answers(answers, whole=whole)
    if unsuited := [said for line in lines for said in _UNSUITED.findall(line)]:
        return refused(unsuited[0], whole=True)
    if any(line.startswith(_BEFORE) for line in lines):
        return later("not reached: the mail server broke off", whole=True)
    return None


def of_one_receiver(lines: Sequence[str]) -> bool:
    """Whether the trouble is told of one of the receivers by name."""
    return any(line.startswith((_ONE, _TAKEN)) for line in lines)


def masked(said: str) -> str:
    """Without anybody's address."""
    return _MAILBOX.sub("(address)", said)


def _answer(line: str) -> tuple[int, str] | None:
    found = _REFUSED.match(line) or (_ANSWER.search(line) if line.startswith("Socket Exception: ") else None)
    return (int(found[1]), found[3]) if found else None


def _of_answers(answers: Sequence[tuple[int, str]], *, whole: bool) -> Outcome:
    code, text = answers[0]
    # Other encodings than ASCII stand there as escapes, which nobody can read.
    said = f"answered {code}" if not text or "\\x" in text else f"answered {code}: {masked(text)[:160]}"
    if code in _LOGIN:
        return refused(said, whole=True)
    if any(400 <= each < 500 for each, _ in answers):
        return later(said, whole=whole)
    return refused(said, whole=whole)
