"""What the demo is made of: cameras, what stands beside them, and who is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhian_edge.capture import open_file
from zhian_edge.capture.media import DEFAULT_RATE

from .prompting import Timetable

#: Where going in leads to. Parts of a zone (behind the `/`) are entered as often as somebody walks by: in a reel that
#: begins anew the same people come in again and again, and nobody goes out.
ZONE: Final = "校园/大门内"


@dataclass(frozen=True)
class Gate:
    """The reader and the barrier that stand where a reel plays.

    Attributes:
        ways: each of these is enough to open the lane.
        timetable: when cards are presented in the reel.
        line: two points, 0..1 of width and height: who crosses it from its left to its right goes in.
        inside: the zone that going in leads to.
    """

    ways: tuple[str, ...]
    timetable: Timetable
    line: tuple[tuple[float, float], tuple[float, float]] | None = None
    inside: str = ""


@dataclass(frozen=True)
class Camera:
    """A source and what to look for in it; with a `gate` its lane opens, else it only observes.

    Attributes:
        name, place: what people call the camera and its lane; empty: as the id.
    """

    id: str
    source: str
    senses: tuple[str, ...]
    synthetic: bool = False
    gate: Gate | None = None
    name: str = ""
    place: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it starts again at its end."""
        return "://" not in self.source and not self.source.startswith("/dev/")


@dataclass(frozen=True)
class Material:
    """Cameras, and the folder of people to recognise (None: nobody is known)."""

    cameras: tuple[Camera, ...]
    people: Path | None
    note: str


def rate_of(camera: Camera) -> float:
    """Frames a second of a file.

    Raises:
        EdgeError: it cannot be read.
    """
    with open_file(Path(camera.source)) as frames:
        return frames.facts.rate or DEFAULT_RATE
