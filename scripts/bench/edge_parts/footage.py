"""Footage for simulated cameras: a reel at fewer frames a second, turned round in time, with its truth turned too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
from reel import Wanted, read_truth

RATE: Final = 15
QUALITY: Final = "19"
"""x264's crf: 720p at about 2 to 3 Mbit/s, as a camera sends it."""


@dataclass(frozen=True)
class Footage:
    """One camera's film. `kind` is what its truth lists (face or plate), `seconds` how long it is."""

    camera: str
    path: Path
    kind: str
    truth: tuple[Wanted, ...]
    seconds: float

    def truth_until(self, seconds: float) -> list[Wanted]:
        """Passages that are over by then, for a film that is looped until then."""
        rounds = int(seconds // self.seconds) + 1
        shifted = [_moved(p, turn * self.seconds) for turn in range(rounds) for p in self.truth]
        return [p for p in shifted if p.last_s <= seconds]


def cameras(reels: Path, folder: Path, count: int) -> list[Footage]:
    """`count` films: people and cars in turn, each further pair begun elsewhere in time. `folder` keeps them."""
    names = [("people", "face"), ("cars", "plate")]
    turns = (count + 1) // 2
    films = []
    for number in range(count):
        name, kind = names[number % 2]
        films.append(_film(reels / f"{name}.mp4", kind, folder, number, Fraction(number // 2, turns)))
    return films


def _film(reel: Path, kind: str, folder: Path, number: int, share: Fraction) -> Footage:
    truth = read_truth(reel.with_suffix(".truth.json"))
    seconds = _duration(reel)
    cut = empty_moment(truth, float(share) * seconds, seconds) if share else 0.0
    path = folder / f"{reel.stem}-{RATE}fps-from-{cut:.2f}s.mp4"
    if not path.is_file():
        half = path.with_suffix(".part.mp4")
        _write(half, reel, cut)
        half.replace(path)
    turned = tuple(turned_truth(truth, cut, seconds))
    return Footage(f"camera{number + 1}", path, kind, turned, seconds)


def empty_moment(truth: Sequence[Wanted], near_s: float, seconds: float) -> float:
    """The middle of an empty stretch nearest to `near_s`, so that no passage is cut in two."""
    edges = sorted({0.0, seconds, *(p.first_s for p in truth), *(p.last_s for p in truth)})
    gaps = [(a + b) / 2 for a, b in pairwise(edges) if not any(p.first_s < (a + b) / 2 < p.last_s for p in truth)]
    return min(gaps, key=lambda moment: abs(moment - near_s), default=0.0)


def turned_truth(truth: Iterable[Wanted], cut: float, seconds: float) -> list[Wanted]:
    """The passages of a film that begins at `cut` and goes on with what lay before it."""
    moved = [_moved(p, -cut if p.first_s >= cut else seconds - cut) for p in truth]
    return sorted(moved, key=lambda p: (p.first_s, p.last_s))


def _moved(passage: Wanted, by_s: float) -> Wanted:
    return replace(passage, first_s=passage.first_s + by_s, last_s=passage.last_s + by_s)


def _duration(reel: Path) -> float:
    with av.open(str(reel)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate is not None
        return float(stream.frames / stream.average_rate)


def _write(path: Path, reel: Path, cut: float) -> None:
    with av.open(str(path), "w") as out:
        # A key frame every two seconds and no frames that wait for later ones: what cameras send.
        settings = {"crf": QUALITY, "preset": "veryfast", "tune": "zerolatency", "g": str(2 * RATE), "threads": "1"}
        stream = out.add_stream("libx264", rate=RATE, options=settings)
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(_pictures(reel, cut)):
            if not number:
                stream.width, stream.height = picture.width, picture.height
            picture.pts, picture.time_base = number, Fraction(1, RATE)
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))


def _pictures(reel: Path, cut: float) -> Iterator[av.VideoFrame]:
    """Pictures from `cut` to the end and then from the beginning to `cut`, as many a second as a camera gives."""
    yield from _thinned(p for p in _decoded(reel) if p.time >= cut)
    if cut:
        yield from _thinned(p for p in _decoded(reel) if p.time < cut)


def _decoded(reel: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(reel)) as container:
        yield from container.decode(video=0)


def _thinned(pictures: Iterable[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    """Those that a camera of `RATE` frames a second would have taken."""
    first, given = None, 0
    for picture in pictures:
        first = picture.time if first is None else first
        if (picture.time - first) * RATE >= given - 1e-3:
            given += 1
            picture.pict_type = 0
            yield picture
