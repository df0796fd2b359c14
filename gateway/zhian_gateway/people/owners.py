"""Whose a picture is, by its name or the folder that it lies in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .files import SUFFIXES, loose_pictures

_BEFORE_NUMBER: Final = "-_ ("
_AROUND_NUMBER: Final = "-_ ()"


class Owners:
    """The people of a table, by id; small letters and capitals are one, but where two ids differ by them alone."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = frozenset(ids)
        several = Counter(each.casefold() for each in self._ids)
        self._folded = {each.casefold(): each for each in self._ids if several[each.casefold()] == 1}

    def named(self, name: str) -> str | None:
        """Who has this id."""
        return name if name in self._ids else self._folded.get(name.casefold())

    def of(self, stem: str) -> str | None:
        """Whose picture `ID.jpg`, `ID-1.jpg` or `ID (2).png` is: of several ids that fit the longest one's only.

        `12-1.jpg` is the picture of `12-1` where there is somebody of that id, and otherwise one of `12`.
        """
        fitting = list(_without_number(stem))
        exact = next((each for each in fitting if each in self._ids), None)
        return exact or next((found for each in fitting if (found := self.named(each))), None)


class PhotoFolder:
    """A folder of pictures, read once: a sub-folder per id, or pictures that are called by it."""

    def __init__(self, folder: Path, owners: Owners) -> None:
        """Raises OSError where it cannot be read."""
        self._own: dict[str, Path] = {}
        self._loose: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                self._add_folder(path, owners.named(path.name))
            elif (person := owners.of(path.stem)) is not None:
                self._loose[person].append(path)
        self.strays = [name for name in loose_pictures(folder) if owners.of(Path(name).stem) is None]

    def of(self, person: str) -> list[Path]:
        """Somebody's pictures; of who has a sub-folder those in it alone.

        Raises:
            OSError: it cannot be read.
        """
        own = self._own.get(person)
        found = sorted(own.iterdir()) if own is not None else self._loose.get(person, [])
        return [path for path in found if path.suffix.lower() in SUFFIXES and path.is_file()]

    def _add_folder(self, path: Path, person: str | None) -> None:
        # One that is called exactly as the id counts above one in other letters.
        if person is not None and (person not in self._own or path.name == person):
            self._own[person] = path


def _without_number(stem: str) -> Iterator[str]:
    """The name itself, and what is left without a number at its end; the longest first."""
    yield stem
    for place in range(len(stem) - 1, 0, -1):
        if stem[place] in _BEFORE_NUMBER and stem[place:].strip(_AROUND_NUMBER).isdigit():
            yield stem[:place]
