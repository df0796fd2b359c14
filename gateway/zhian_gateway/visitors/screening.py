"""Screening: whoever keeps a list is asked whether somebody is on it; behind one seam, whoever that is (pure).

Nobody is passed in silence: one that could not be asked makes the whole answer `unscreened`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from .life import Verdict

#: unavailable: no answer, or none that can be understood.
Word = Literal["clear", "hit", "unavailable"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom to look for; "": not known. `template`: little-endian float32, of a face whose owner agreed to it."""

    reference: str
    name: str
    citizen: str = ""
    plate: str = ""
    template: bytes = b""
    template_key: str = ""


@dataclass(frozen=True)
class Answer:
    """What one list says.

    `why` is for a guard and holds no secret: of a hit the fields that agreed, or a service's own words; else a code
    (`timeout`, `unreachable`, `status 500`, `nonsense`, `no token`).
    """

    source: str
    word: Word
    why: str = ""

    def __str__(self) -> str:
        return f"{self.source}: {self.word}" + (f" ({self.why})" if self.why else "")


class Screener(Protocol):
    """Somebody who keeps a list: the site itself, or a service such as a public-security bureau's."""

    def screen(self, subject: Subject) -> Answer:
        """Look for one person. Never raises: what goes wrong is the answer `unavailable`."""
        ...


def to_text(answers: Iterable[Answer]) -> str:
    """For the store."""
    return msgspec.json.encode([(each.source, each.word, each.why) for each in answers]).decode()


def from_text(text: str) -> list[Answer]:
    """From the store; nothing where nobody was asked."""
    said = msgspec.json.decode(text, type=list[tuple[str, Word, str]]) if text else []
    return [Answer(source, word, why) for source, word, why in said]


def verdict(answers: Iterable[Answer]) -> Verdict:
    """What all of them say together: what was found counts most, and then that somebody could not be asked."""
    words = {answer.word for answer in answers}
    if "hit" in words:
        return "hit"
    return "clear" if words == {"clear"} else "unscreened"
