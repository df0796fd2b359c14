"""People for tests: grounds, what is written about them, and templates that no network made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from zhian_gateway.people.consent import Ground
from zhian_gateway.people.enrolment import Complaint, Enrolled
from zhian_gateway.people.files import Guardian, PersonFile

#: The smallest thing that passes for a JPEG.
JPEG = b"\xff\xd8\xff\xe0" + bytes(60) + b"\xff\xd9"


def ground(until: str = "2027-01-01T00:00:00.000Z") -> Ground:
    """A ground that holds."""
    return Ground(text="written consent", until=until, granted_by="mother")


def person_file(guardians: list[str] | None = None, **about: Any) -> PersonFile:
    """What `person.toml` says."""
    return PersonFile(guardians=tuple(Guardian(address) for address in guardians or ()), **about)


def some_face(count: int = 2, key: str = "net/f32", portrait: bytes | None = JPEG) -> Enrolled:
    """An enrolment of `count` pictures."""
    vectors = tuple(np.full(512, index + 1, "<f4").tobytes() for index in range(count))
    names = tuple(f"{index}.jpg" for index in range(count))
    kept = (portrait,) * count if portrait else ()
    return Enrolled(key, vectors, names, (), kept, portrait if count else None)


class FolderEnroller:
    """Enrols as many templates as there are pictures in the folder, without looking at them."""

    def __init__(self, key: str = "net/f32") -> None:
        self.key = key

    def enrol(self, person_id: str, folder: Path) -> Enrolled:
        """As the protocol says."""
        count = len(list(folder.glob("*.jpg")))
        found = some_face(count, self.key)
        return found if count else Enrolled(found.key, (), (), (Complaint("nothing_usable", "no picture"),))
