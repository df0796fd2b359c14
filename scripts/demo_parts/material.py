"""What the demo looks at: one's own cameras, the development reels where they are, or a reel of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhian_edge.capture import open_file
from zhian_edge.errors import EdgeError

from .portraits import own_reel
from .processes import DemoError


@dataclass(frozen=True)
class Camera:
    """A source and what to look for in it."""

    id: str
    source: str
    senses: tuple[str, ...]
    synthetic: bool = False

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


def choose(
    sources: Sequence[str], people: Path | None, shared: Path, home: Path, say: Callable[[str], None]
) -> Material:
    """What was asked for, else the development reels below `shared`, else a reel made below `home`.

    Raises:
        DemoError: a source or the folder of people does not exist.
    """
    if people is not None and not people.is_dir():
        raise DemoError(f"--people {people}: no such folder; it holds one sub-folder of pictures per person")
    if sources:
        return Material(tuple(_own(i, s) for i, s in enumerate(sources, 1)), people, "your own sources")
    reels = shared / "testdata" / "reels"
    if reels.is_dir():
        cameras = (
            Camera("people", str(reels / "people.mp4"), ("face",)),
            Camera("cars", str(reels / "cars.mp4"), ("plate",)),
        )
        return Material(cameras, people or reels / "people", "the development reels")
    reel, enrolled = own_reel(home, say)
    camera = Camera("gate", str(reel), ("face", "plate"), synthetic=True)
    return Material((camera,), people or enrolled, "a reel composed from official portraits and drawn cars")


def _own(number: int, source: str) -> Camera:
    camera = Camera(f"camera-{number}", source, ("face", "plate", "body"))
    path = Path(source)
    if not camera.is_file:
        return camera
    if not path.is_file():
        raise DemoError(f"--source {source}: no such file (nor an rtsp:// address or /dev/videoN)")
    try:
        next(iter(open_file(path)), None)
    except EdgeError as error:
        raise DemoError(f"--source {source}: {error}") from error
    return Camera(camera.id, str(path.resolve()), camera.senses)
