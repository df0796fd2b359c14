"""Going through pictures one by one: an unreadable one is an answer, not the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import NotWritten, UnreadablePicture
from .drawing import draw, save
from .looks import Finding, Look, Picture
from .pictures import read_picture


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one picture gave: findings under `key`, or an error; sizes are in pixels, None if it was unreadable."""

    path: str
    key: str
    width: int | None = None
    height: int | None = None
    findings: tuple[Finding, ...] = ()
    error: str = ""
    drawing: Path | None = None

    def line(self) -> dict[str, Any]:
        """The JSON line."""
        head: dict[str, Any] = {"path": self.path, "width": self.width, "height": self.height}
        if self.error:
            return {**head, "error": self.error}
        return {**head, self.key: [dict(finding.data) for finding in self.findings]}


def try_pictures(look: Look, paths: Sequence[Path], drawings: Path | None = None) -> Iterator[Outcome]:
    """One outcome a picture, in order; drawings go to the folder `drawings`. Raises NotWritten where they cannot."""
    taken: set[str] = set()
    for path in paths:
        try:
            bgr = read_picture(path)
        except UnreadablePicture as error:
            yield Outcome(str(path), look.key, error=str(error).removeprefix(f"{path}: "))
            continue
        findings = tuple(look.find(bgr))
        target = drawings / _free_name(path, taken) if drawings else None
        if target:
            _save(draw(bgr, findings), target)
        yield Outcome(str(path), look.key, bgr.shape[1], bgr.shape[0], findings, drawing=target)


def _save(picture: Picture, target: Path) -> None:
    try:
        save(picture, target)
    except OSError as error:
        raise NotWritten(f"{target}: cannot be written: {error.strerror}") from error


def _free_name(path: Path, taken: set[str]) -> str:
    """`picture.jpg`, or with a number where another folder's picture has the name already."""
    stem, number = path.stem, 1
    while (name := f"{stem}.jpg" if number == 1 else f"{stem}-{number}.jpg") in taken:
        number += 1
    taken.add(name)
    return name
