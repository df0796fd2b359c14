"""What enrolment gives, whichever networks did it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a picture, or (without `picture`) with the whole enrolment; `code` is stable."""

    code: str
    text: str
    picture: str | None = None

    def __str__(self) -> str:
        return f"{self.picture}: {self.text}" if self.picture else self.text


@dataclass(frozen=True)
class Enrolled:
    """Templates (little-endian float32) with the pictures they came from, all of one network's `key`.

    Attributes:
        kept: a small JPEG of each of `pictures`: guards compare with one, and another network's templates will be made
            of them, without asking everybody for pictures again.
        portrait: the best of `kept`.
    """

    key: str
    templates: tuple[bytes, ...]
    pictures: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    kept: tuple[bytes, ...] = ()
    portrait: bytes | None = None


class Enroller(Protocol):
    """Turns the pictures in a folder into templates of one network."""

    @property
    def key(self) -> str:
        """Which network's."""

    def enrol(self, person_id: str, folder: Path) -> Enrolled:
        """What came of the pictures in `folder`."""


class WhenNeeded:
    """The default networks, loaded for the first picture: who comes by card alone needs none."""

    def __init__(self) -> None:
        self._loaded: Enroller | None = None
        # The networks are one for everybody who asks.
        self._looking = threading.Lock()

    @property
    def key(self) -> str:
        """As the protocol says."""
        return self._networks().key

    def enrol(self, person_id: str, folder: Path) -> Enrolled:
        """As the protocol says; one after the other."""
        with self._looking:
            return self._networks().enrol(person_id, folder)

    def _networks(self) -> Enroller:
        if self._loaded is None:
            from .networks import NetworkEnroller  # noqa: PLC0415

            self._loaded = NetworkEnroller()
        return self._loaded
