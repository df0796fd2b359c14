"""Who may be recognised in a replay: people from folders, and strangers who only make the gallery larger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhian_models.face.enrol import SUFFIXES, Enrolment, Warn, nothing_in, picture_or_fault, pictures_in
from zhian_models.face.gallery import Gallery

from zhian_edge.errors import Permanent
from zhian_edge.perception.networks import FACE_DETECTOR, Networks

from .cache import Enrolled, EnrolmentCache

DISTRACTOR: Final = "distractor/"
"""Begins the id of a distractor, so that it is never taken for one of the people."""


class PeopleError(Permanent):
    """A folder that nobody can be enrolled from; the message names it."""


@dataclass(frozen=True)
class People:
    """`folder` holds one folder per person, named by its id; `distractors` one picture per stranger."""

    folder: Path | None = None
    distractors: Path | None = None


def enrol(people: People, networks: Networks) -> tuple[Gallery, list[str]]:
    """The gallery, and what was wrong with pictures. Empty when no faces are looked for.

    Raises:
        PeopleError: a folder is missing or holds nobody.
    """
    if "face" not in networks.loaded:
        return Gallery(""), []
    gallery = Gallery(networks.embedder().key)
    warnings: list[str] = []
    for person_id, place, enrolled in _enrolments(people, _Enrolling(networks)):
        if enrolled.count:
            gallery.add(person_id, enrolled.templates, key=gallery.key)
        warnings += [f"{place / warn.picture if warn.picture else place}: {warn.text}" for warn in enrolled.warnings]
    return gallery, warnings


class _Enrolling:
    """Enrols folders and single pictures, or remembers that it did."""

    def __init__(self, networks: Networks) -> None:
        self._enroller = networks.enroller()
        parts = (self._enroller.key, networks.store.manifest.get(FACE_DETECTOR).sha256)
        self._cache = EnrolmentCache(networks.store.home / "cache" / "enrolments", parts)

    def person(self, folder: Path) -> Enrolled:
        """Everything that lies in `folder` is one person."""
        pictures = _read_all(_pictures_in(folder))
        if not pictures:
            nobody = Warn("nothing_usable", nothing_in(folder, folder.name))
            return Enrolled(0, b"", (nobody,))
        return self._cache.get(pictures, lambda: _whole(self._enroller.enrol_folder(folder.name, folder)))

    def stranger(self, picture: Path) -> Enrolled:
        """One picture is one person; only what keeps it from being used is worth a word."""
        found = self._cache.get(
            _read_all([picture]),
            lambda: _whole(self._enroller.enrol_pictures(picture.stem, [(picture.name, picture_or_fault(picture))])),
        )
        warns = () if found.count else tuple(warn for warn in found.warnings if warn.picture)
        return Enrolled(found.count, found.data, warns)


def _enrolments(people: People, enrolling: _Enrolling) -> Iterator[tuple[str, Path, Enrolled]]:
    if people.folder is not None:
        for person in _persons(people.folder):
            yield person.name, person, enrolling.person(person)
    if people.distractors is not None:
        for picture in _pictures(people.distractors):
            yield f"{DISTRACTOR}{picture.stem}", picture.parent, enrolling.stranger(picture)


def _whole(enrolment: Enrolment) -> Enrolled:
    return Enrolled.of(enrolment.templates, enrolment.warnings)


def _read_all(paths: Sequence[Path]) -> list[tuple[str, bytes]]:
    return [(path.name, _content(path)) for path in paths]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # enrolment says of it that it is no picture


def _persons(folder: Path) -> list[Path]:
    persons = sorted(path for path in _entries(folder) if path.is_dir() and not path.name.startswith("."))
    if not persons:
        raise PeopleError(f"{folder}: nobody in it (one folder per person is expected, named by the person's id)")
    return persons


def _pictures(folder: Path) -> list[Path]:
    pictures = _pictures_in(folder)
    if not pictures:
        raise PeopleError(f"{folder}: no picture in it ({', '.join(sorted(SUFFIXES))}), one per stranger is expected")
    return pictures


def _pictures_in(folder: Path) -> list[Path]:
    try:
        return pictures_in(folder)
    except OSError as error:
        raise PeopleError(f"{folder}: {error.strerror or error}") from error


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise PeopleError(f"{folder}: {error.strerror or error}") from error
