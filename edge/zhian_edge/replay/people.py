"""Who may be recognised in a replay: people from folders, and strangers who only make the gallery larger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhian_models.face.enrol import SUFFIXES, Enroller, Enrolment, Warn, read_picture
from zhian_models.face.errors import NoPictures
from zhian_models.face.gallery import Gallery

from zhian_edge.errors import Permanent
from zhian_edge.perception.networks import Networks

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
    enroller = networks.enroller()
    for enrolment, place, warns in _enrolments(people, enroller):
        if enrolment is not None and len(enrolment.templates):
            gallery.add(enrolment.person_id, enrolment.templates, key=enrolment.key)
        warnings += [f"{place / warn.picture if warn.picture else place}: {warn.text}" for warn in warns]
    return gallery, warnings


_Enrolled = tuple[Enrolment | None, Path, tuple[Warn, ...]]


def _enrolments(people: People, enroller: Enroller) -> Iterator[_Enrolled]:
    if people.folder is not None:
        for person in _persons(people.folder):
            yield _person(person, enroller)
    if people.distractors is not None:
        for picture in _pictures(people.distractors):
            yield _distractor(picture, enroller)


def _person(folder: Path, enroller: Enroller) -> _Enrolled:
    try:
        enrolment = enroller.enrol_folder(folder.name, folder)
    except NoPictures:
        return None, folder, (Warn("nothing_usable", "no picture in it: this person cannot be recognised"),)
    return enrolment, folder, enrolment.warnings


def _distractor(picture: Path, enroller: Enroller) -> _Enrolled:
    """A stranger; only what keeps the picture from being used is worth a word."""
    enrolment = enroller.enrol_pictures(f"{DISTRACTOR}{picture.stem}", [(picture.name, read_picture(picture))])
    warns = () if len(enrolment.templates) else tuple(warn for warn in enrolment.warnings if warn.picture)
    return enrolment, picture.parent, warns


def _persons(folder: Path) -> list[Path]:
    persons = sorted(path for path in _entries(folder) if path.is_dir() and not path.name.startswith("."))
    if not persons:
        raise PeopleError(f"{folder}: nobody in it (one folder per person is expected, named by the person's id)")
    return persons


def _pictures(folder: Path) -> list[Path]:
    pictures = sorted(path for path in _entries(folder) if path.suffix.lower() in SUFFIXES)
    if not pictures:
        raise PeopleError(f"{folder}: no picture in it ({', '.join(sorted(SUFFIXES))}), one per stranger is expected")
    return pictures


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise PeopleError(f"{folder}: {error.strerror or error}") from error
