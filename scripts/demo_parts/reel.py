"""Composes the demo's own reel: people and cars come up to the gate, alone or together, and pass the camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from .scene import HEIGHT, HORIZON, WIDTH, Image

FPS: Final = 15
#: Nobody is there for so long before each act and after the last.
PAUSE_S: Final = 1.6
GRAIN: Final = 2.5
#: So many pictures of grain take turns: drawing each anew costs more than all the rest.
GRAINS: Final = 7
#: The strip below says that the picture is composed; nothing covers it.
CAPTION_HEIGHT: Final = 26


class Place(NamedTuple):
    """Where a subject is: its scale, the middle of it and its lower edge, in pixels of the reel."""

    scale: float
    centre: float
    bottom: float


#: Where a subject is at a step from 0 to 1 of its way.
Way: TypeAlias = Callable[[float], Place]


@dataclass(frozen=True)
class Act:
    """One subject on its way.

    Attributes:
        picture, mask: (h, w, 3) and (h, w) 0..1, at the size that it has beside the camera.
        seconds: how long it takes.
        way: where it is at a step from 0 to 1.
        after_s: how long after its scene began it sets off.
    """

    picture: Image
    mask: NDArray[np.float32]
    seconds: float
    way: Way
    after_s: float = 0.0


#: Who comes together, whoever is nearest to the camera first; never empty.
Scene: TypeAlias = Sequence[Act]


def on_foot(lane: float) -> Way:
    """The way of a person, of whom a portrait shows the upper half: from the left up to the camera and past it.

    Args:
        lane: where it stands before the camera, 0 left to 1 right.
    """

    def way(step: float) -> Place:
        near = min(step / 0.6, 1.0)
        # Whoever stood sets off slowly: a sudden leap would be a cut in the film, and is taken for one.
        beyond = (max(step - 0.6, 0.0) / 0.4) ** 2
        scale = 1.0 / (1.0 + 1.1 * (1.0 - near))
        centre = WIDTH * ((lane + 0.25) * near - 0.25 + beyond * 0.9)
        return Place(scale, centre + 4 * np.sin(step * 26), HEIGHT + 20 + 3 * np.sin(step * 52))

    return way


def turning_back(lane: float) -> Way:
    """The way of a person who comes up to the camera like anybody, stands there, and goes back to where they were."""
    come = on_foot(lane)

    def way(step: float) -> Place:
        there = min(step / 0.4, 1.0) - max(step - 0.72, 0.0) / 0.28
        return come(0.6 * max(there, 0.0))

    return way


def by_car(step: float) -> Place:
    """The way of a car: from the horizon up to the camera and out below it; even pace grows as one over distance."""
    scale = 1.9 / (1.0 + 7.0 * (1.0 - step))
    return Place(scale, WIDTH / 2 + 5 * np.sin(step * 9), HORIZON + 40 + 330 * scale + max(scale - 1.0, 0) * 500)


def starts(scenes: Sequence[Scene]) -> list[float]:
    """When each scene begins, and as the last one when the reel is over: seconds from its beginning."""
    at, found = 0, []
    for scene in scenes:
        at += _count(PAUSE_S)
        found.append(at / FPS)
        at += _length(scene)
    return [*found, (at + _count(PAUSE_S)) / FPS]


def write(path: Path, background: Image, scenes: Sequence[Scene], caption: str) -> None:
    """Write the reel as H.264; nothing is left at `path` when it fails."""
    part = path.with_suffix(".part.mp4")
    grains = np.random.default_rng(7).normal(0, GRAIN, (GRAINS, HEIGHT, WIDTH, 1)).astype(np.float32)
    with av.open(str(part), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "23", "preset": "veryfast", "threads": "2"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for index, picture in enumerate(frames(background, scenes, caption)):
            noisy = np.clip(picture + grains[index % GRAINS], 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(noisy, format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    part.replace(path)


def frames(background: Image, scenes: Sequence[Scene], caption: str) -> Iterator[NDArray[np.float32]]:
    """Every picture of the reel, (720, 1280, 3) BGR, 0..255."""
    stage = _with_caption(background, caption).astype(np.float32)
    for scene in scenes:
        yield from (stage for _ in range(_count(PAUSE_S)))
        for number in range(_length(scene)):
            yield _at(stage, scene, number)
    yield from (stage for _ in range(_count(PAUSE_S)))


def _count(seconds: float) -> int:
    return round(seconds * FPS)


def _length(scene: Scene) -> int:
    """Pictures of a scene: until the last of those who come is through."""
    return max(_count(act.after_s) + _count(act.seconds) for act in scene)


def _at(stage: NDArray[np.float32], scene: Scene, number: int) -> NDArray[np.float32]:
    """The picture of that number of a scene; who is nearest covers the others."""
    for act in reversed(scene):
        step = (number - _count(act.after_s)) / max(_count(act.seconds) - 1, 1)
        if 0.0 <= step <= 1.0:
            stage = _with_subject(stage, act, step)
    return stage


def _with_subject(stage: NDArray[np.float32], act: Act, step: float) -> NDArray[np.float32]:
    place = act.way(step)
    size = tuple(max(2, round(side * place.scale)) for side in act.picture.shape[1::-1])
    picture = np.asarray(cv2.resize(act.picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    mask = np.asarray(cv2.resize(act.mask, size, interpolation=cv2.INTER_AREA), dtype=np.float32)[..., None]
    return _paste(stage, picture, mask, round(place.centre - size[0] / 2), round(place.bottom - size[1]))


def _paste(
    stage: NDArray[np.float32], picture: Image, mask: NDArray[np.float32], left: int, top: int
) -> NDArray[np.float32]:
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + picture.shape[1], WIDTH), min(top + picture.shape[0], HEIGHT - CAPTION_HEIGHT)
    out = stage.copy()
    if x1 <= x0 or y1 <= y0:
        return out
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    region = out[y0:y1, x0:x1]
    region += (picture[part] - region) * mask[part]
    return out


def _with_caption(background: Image, caption: str) -> Image:
    """What is composed says so in the picture itself."""
    out = background.copy()
    cv2.rectangle(out, (0, HEIGHT - CAPTION_HEIGHT), (WIDTH, HEIGHT), (24, 24, 24), -1)
    cv2.putText(out, caption, (12, HEIGHT - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (230, 230, 230), 1, cv2.LINE_AA)
    return out
