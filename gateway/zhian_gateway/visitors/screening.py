"""Screening: whoever keeps a list is asked whether somebody is on it; behind one seam, whoever that is (pure).

Nobody is passed in silence: one that could not be asked makes the whole answer `unscreened`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

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
    """What one list says. `why` is for a guard: which field agreed, or why there is no answer; it holds no secret."""

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


def verdict(answers: Iterable[Answer]) -> Verdict:
    """What all of them say together: what was found counts most, and then that somebody could not be asked."""
    words = {answer.word for answer in answers}
    if "hit" in words:
        return "hit"
    return "clear" if words == {"clear"} else "unscreened"
