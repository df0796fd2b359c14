"""What the demo looks at: one's own cameras, the development reels where they are, or a reel of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from zhian_edge.capture import open_file
from zhian_edge.errors import EdgeError

from .cameras import ZONE, Camera, Gate, Material
from .portraits import LINE, own_reel
from .processes import DemoError
from .reels import development_reels

YOURS = "your own sources: cameras alone, since no cards are known that come with them"


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
        return Material(tuple(_own(i, s) for i, s in enumerate(sources, 1)), people, YOURS)
    reels = shared / "testdata" / "reels"
    if reels.is_dir():
        return development_reels(reels, people, home / "demo-people")
    own = own_reel(home, say)
    gate = Gate(("card_and_face", "plate"), own.timetable, LINE, ZONE)
    senses = ("face", "plate", "body")
    camera = Camera("gate", str(own.path), senses, synthetic=True, gate=gate, name="正门摄像机", place="正门")
    return Material((camera,), people or own.people, "a reel composed from official portraits and drawn cars")


def _own(number: int, source: str) -> Camera:
    name = f"摄像机 {number}"
    camera = Camera(f"camera-{number}", source, ("face", "plate", "body"), name=name, place=f"{name} 前")
    path = Path(source)
    if not camera.is_file:
        return camera
    if not path.is_file():
        raise DemoError(f"--source {source}: no such file (nor an rtsp:// address or /dev/videoN)")
    try:
        next(iter(open_file(path)), None)
    except EdgeError as error:
        raise DemoError(f"--source {source}: {error}") from error
    return replace(camera, source=str(path.resolve()))
