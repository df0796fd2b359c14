#!/usr/bin/env python3
"""Whether cuts and jumps of the picture are noticed, and what else is taken for one.

Usage: cuts.py [--material DIR] [--seed N] [--json FILE]

The reels' shots are taken apart (by colour histograms of 16 tiles, not by what is measured) and used three ways: as
they are; joined anew, which must be noticed within a frame or two; and with what a fixed camera goes through, which
must not be taken for a cut: flashes, lamps, exposure, shaking, smears, people who fill the picture or pass right before
the lens, dropped frames, few bits, night. All drawn by a seed. A cut counts as noticed if it is told before anything of
the new scene may be taken for the old: no frame that may be looked at lies between. A dissolve counts if it is told, or
makes associations doubtful, before it has ended.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_edge.capture import Frame, open_file
from zhian_edge.perception.motion import LUMA_WIDTH, Change, MotionGate

ROOT = Path(__file__).resolve().parents[2]
MATERIAL = ROOT.parent / "shared" / "testdata"
REELS: Final = ("people", "cars", "walkers")
WIDTH: Final = 320
HEIGHT: Final = 180
ANOTHER: Final = 0.3
"""Median over 16 tiles of the share of colours that changed, from which two frames are two shots: 71 here, checked by
eye, and a change of white balance."""

LEAST_S: Final = 0.8
"""Shots shorter than this are left out."""

Grey = NDArray[np.uint8]
Film = NDArray[np.uint8]
"""Grey frames (n, HEIGHT, WIDTH)."""


@dataclass(frozen=True)
class Shot:
    """One continuous piece of a reel; `people`: somebody is in it."""

    reel: str
    fps: int
    film: Film


@dataclass
class Tally:
    """What happened in all strips of one kind: cuts there were, noticed, only doubted; cuts told that were none."""

    cuts: int = 0
    noticed: int = 0
    doubted: int = 0
    false: int = 0
    frames: int = 0
    looks: int = 0
    doubts: int = 0
    seconds: float = 0.0
    moments: list[str] = field(default_factory=list)

    @property
    def per_hour(self) -> float:
        """False cuts per hour of such film."""
        return 3600 * self.false / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Strip:
    """A film of `fps` frames a second with a cut before every frame of `cuts`; `until`: how long a dissolve lasts."""

    film: Film
    fps: float
    cuts: tuple[int, ...] = ()
    until: int = 0
    drops: tuple[int, ...] = ()


def main() -> None:
    """Build, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--material", type=Path, default=MATERIAL)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    shots = [shot for reel in REELS for shot in read(options.material / "reels" / f"{reel}.mp4")]
    result = measure(shots, options.seed, MotionGate)
    print(table(result))
    if options.json:
        options.json.write_text(json.dumps({name: asdict(tally) for name, tally in result.items()}, indent=1) + "\n")


def read(reel: Path) -> list[Shot]:
    """The shots of one reel."""
    pictures: list[Grey] = []
    begins = [0]
    before: NDArray[np.float32] | None = None
    for frame in open_file(reel):
        colours = _colours(frame)
        if before is not None and float(np.median(np.abs(colours - before).sum(axis=1) / 2)) > ANOTHER:
            begins.append(len(pictures))
        before = colours
        pictures.append(cv2.resize(frame.luma(WIDTH), (WIDTH, HEIGHT)).astype(np.uint8))
    truth = json.loads(reel.with_suffix(".truth.json").read_text())
    film = np.stack(pictures)
    spans = zip(begins, [*begins[1:], len(film)], strict=True)
    return [Shot(reel.stem, truth["fps"], film[a:b]) for a, b in spans if b - a >= LEAST_S * truth["fps"]]


def _colours(frame: Frame) -> NDArray[np.float32]:
    """Histograms of 16 tiles, each summing to 1."""
    bgr = frame.bgr(WIDTH)
    tiles = [tile for row in np.array_split(bgr, 4, axis=0) for tile in np.array_split(row, 4, axis=1)]
    tables = [cv2.calcHist([np.ascontiguousarray(t)], [0, 1, 2], None, [8] * 3, [0, 256] * 3).ravel() for t in tiles]
    return np.stack([np.asarray(each, np.float32) / each.sum() for each in tables])


def measure(shots: Sequence[Shot], seed: int, gate: Callable[[], Any]) -> dict[str, Tally]:
    """One tally per kind of strip."""
    chance = np.random.default_rng(seed)
    result: dict[str, Tally] = {}
    for name, strips in chain(joined(shots, chance), continuous(shots, chance)):  # each is drawn before the next
        tally = result.setdefault(name, Tally())
        for strip in strips:
            _run(gate(), strip, tally)
    return result


def _run(gate: MotionGate, strip: Strip, tally: Tally) -> None:
    """Look as a camera is looked at: at most every 200 ms, never while the gate is unsure."""
    told: list[int] = []
    doubted: list[int] = []
    looks: list[int] = []
    looked = -1e9
    for index, grey in enumerate(strip.film):
        if index in strip.drops:
            continue
        now = round(1000 * index / strip.fps)
        change: Change = gate.step(cv2.resize(grey, (LUMA_WIDTH, 90), interpolation=cv2.INTER_AREA), now)
        if change.cut:
            told.append(index)
        if change.shaken:
            doubted.append(index)
        if (now - looked >= 185 or change.cut) and not change.unsure:
            gate.looked()
            looks.append(index)
            looked = now
    tally.frames += len(strip.film)
    tally.doubts += sum(look in doubted for look in looks)
    tally.looks += len(looks)
    tally.seconds += len(strip.film) / strip.fps
    _count(strip, told, doubted, looks, tally)


def _count(strip: Strip, told: list[int], doubted: list[int], looks: list[int], tally: Tally) -> None:
    left = list(told)
    for cut in strip.cuts:
        tally.cuts += 1
        first = next((look for look in looks if look >= cut + strip.until), len(strip.film))
        answers = [n for n in left if cut <= n <= first]
        left = [n for n in left if n not in answers]
        tally.noticed += bool(answers)
        if not answers:
            doubt = any(cut <= n <= first for n in doubted)
            tally.doubted += doubt
            tally.moments.append(f"{'doubted' if doubt else 'missed'} at {cut} of {len(strip.film)}")
    tally.false += len(left)
    tally.moments += [f"false at {n} of {len(strip.film)}" for n in left]


Kinds = Iterator[tuple[str, Iterable[Strip]]]


def joined(shots: Sequence[Shot], chance: np.random.Generator) -> Kinds:
    """Strips with cuts in them."""
    for fps in (25, 15, 10, 5):
        yield f"cut, {fps} fps", (_join(*_two(shots, chance), fps, chance) for _ in range(80))
    yield "cut, few bits", (_coded(_join(*_two(shots, chance), 15, chance), 40) for _ in range(25))
    yield "cut, night", (_night(_join(*_two(shots, chance), 15, chance), chance) for _ in range(80))
    for fps in (25, 10):
        yield f"cut at a bad frame, {fps} fps", (_at_bad_frame(*_two(shots, chance), fps, chance) for _ in range(40))
    still = [shot for shot in shots if shot.reel == "walkers"]
    for fps in (10, 5):
        yield f"jump in one place, {fps} fps", (_jump(still[0], fps, chance) for _ in range(80))
    for span in (0.2, 0.5, 1.0):
        yield f"dissolve of {span} s", (_dissolve(*_two(shots, chance), span, chance) for _ in range(40))
    yield "through black", (_through_black(*_two(shots, chance), chance) for _ in range(40))


def continuous(shots: Sequence[Shot], chance: np.random.Generator) -> Kinds:
    """Strips without a cut."""
    lively = [shot for shot in shots if shot.reel != "cars"]
    for fps in (25, 15, 10, 5):
        yield f"as filmed, {fps} fps", (Strip(_thin(shot, fps), min(fps, shot.fps)) for shot in shots)
    yield "few bits", (_coded(Strip(_thin(shot, 15), min(15, shot.fps)), 40) for shot in lively)
    yield "night", (_night(Strip(shot.film, shot.fps), chance) for shot in lively)
    for name, spoil in SPOILS.items():
        for fps in (25, 10):
            strips = (
                Strip(spoil(_thin(s, fps).copy(), min(fps, s.fps), chance, shots), min(fps, s.fps)) for s in lively
            )
            yield f"{name}, {fps} fps", strips
    yield "dropped frames", (_dropped(shot, chance) for shot in lively for _ in range(2))


def _two(shots: Sequence[Shot], chance: np.random.Generator) -> tuple[Shot, Shot]:
    """Two shots of different scenes (the same empty room comes again and again)."""
    while True:
        first, second = (shots[n] for n in chance.choice(len(shots), 2, replace=False))
        if all(_apart(first.film[n], second.film[m]) > 0.25 for n in (0, -1) for m in (0, -1)):
            return first, second


def _apart(a: Grey, b: Grey) -> float:
    """Share of the pixels that differ by more than 30 grey levels."""
    return float((cv2.absdiff(a, b) > 30).mean())


def _piece(shot: Shot, fps: float, seconds: float, chance: np.random.Generator) -> Film:
    film = _thin(shot, fps)
    length = min(round(seconds * fps), len(film))
    begin = int(chance.integers(0, len(film) - length + 1))
    return film[begin : begin + length]


def _thin(shot: Shot, fps: float) -> Film:
    step = max(1, round(shot.fps / fps))
    return shot.film[::step]


def _join(a: Shot, b: Shot, fps: float, chance: np.random.Generator) -> Strip:
    first, second = _piece(a, fps, 2, chance), _piece(b, fps, 2, chance)
    return Strip(np.concatenate([first, second]), fps, (len(first),))


def _at_bad_frame(a: Shot, b: Shot, fps: float, chance: np.random.Generator) -> Strip:
    """The first frame of the new scene is mixed with the old one, or smeared."""
    strip = _join(a, b, fps, chance)
    (cut,) = strip.cuts
    mixed = cv2.addWeighted(strip.film[cut - 1], 0.5, strip.film[cut], 0.5, 0)
    strip.film[cut] = mixed if chance.random() < 0.5 else cv2.blur(strip.film[cut], (60, 3))
    return Strip(strip.film, fps, strip.cuts, until=1)


def _jump(shot: Shot, fps: float, chance: np.random.Generator) -> Strip:
    """From one moment of a fixed camera to another, with somebody else, or one more or less, in view."""
    film = _thin(shot, fps)
    length = round(2 * fps)
    while True:
        a, b = chance.integers(length, len(film) - length, 2)
        if abs(a - b) > 3 * length and _apart(film[a - 1], film[b]) > 0.02:
            return Strip(np.concatenate([film[a - length : a], film[b : b + length]]), fps, (length,))


def _dissolve(a: Shot, b: Shot, span: float, chance: np.random.Generator) -> Strip:
    fps, count = 15, round(15 * span)
    first, second = _piece(a, fps, 2, chance), _piece(b, fps, 2, chance)
    share = ((np.arange(count) + 1) / (count + 1))[:, None, None]
    mixed = (first[-1] * (1 - share) + second[0] * share).astype(np.uint8)
    return Strip(np.concatenate([first, mixed, second]), fps, (len(first),), until=count)


def _through_black(a: Shot, b: Shot, chance: np.random.Generator) -> Strip:
    fps = 15
    first, second = _piece(a, fps, 2, chance), _piece(b, fps, 2, chance)
    dim = np.linspace(0.9, 0, 8)[:, None, None]
    out, back = (first[-1] * dim).astype(np.uint8), (second[0] * dim[::-1]).astype(np.uint8)
    return Strip(np.concatenate([first, out, back, second]), fps, (len(first),), until=16)


def _coded(strip: Strip, kbit: int) -> Strip:
    """Through H.264 at so few kilobits a second that it blurs and stutters."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="matroska") as container:
        stream: Any = container.add_stream("libx264", rate=Fraction(round(strip.fps)))
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", kbit * 1000
        stream.options = {"preset": "veryfast", "bf": "0", "g": "50", "sc_threshold": "0"}
        for grey in strip.film:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(grey), format="gray")))
        container.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer, "r") as coded:
        film = np.stack([f.to_ndarray(format="gray") for f in coded.decode(video=0)])
    return Strip(film.astype(np.uint8), strip.fps, strip.cuts)


def _night(strip: Strip, chance: np.random.Generator) -> Strip:
    """An eighth of the light, and the noise of an amplified sensor."""
    noise = chance.normal(0, 9, (16, HEIGHT, WIDTH)).astype(np.float32)
    film = [
        np.clip(16 + grey * 0.3 + np.roll(noise[n % 16], int(chance.integers(WIDTH)), axis=1), 0, 255)
        for n, grey in enumerate(strip.film)
    ]
    return Strip(np.stack(film).astype(np.uint8), strip.fps, strip.cuts)


def _dropped(shot: Shot, chance: np.random.Generator) -> Strip:
    """Gaps of 2 to 12 frames."""
    drops: set[int] = set()
    at = 20
    while at < len(shot.film):
        gap = int(chance.integers(2, 13))
        drops.update(range(at, at + gap))
        at += gap + int(chance.integers(3, 30))
    return Strip(shot.film, shot.fps, drops=tuple(sorted(drops)))


Spoil = Callable[[Film, float, np.random.Generator, Sequence[Shot]], Film]


def _moments(film: Film, fps: float, chance: np.random.Generator, lasts: float, every: float = 2.0) -> Iterator[range]:
    """When something happens: about every so many seconds, for so many."""
    at = round(fps)
    while at + lasts * fps + 2 < len(film):
        yield range(at, at + max(1, round(lasts * fps)))
        at += max(1, round(lasts * fps)) + round(fps * every * chance.uniform(0.7, 1.3))


def flash(film: Film, fps: float, chance: np.random.Generator, _: Sequence[Shot]) -> Film:
    """A flash or lightning: one to three frames far too bright."""
    for when in _moments(film, fps, chance, 2 / 25):
        gain = chance.uniform(1.5, 4)
        for n in when:
            film[n] = np.clip(film[n] * gain + 40, 0, 255)
    return film


def exposure(film: Film, fps: float, chance: np.random.Generator, _: Sequence[Shot]) -> Film:
    """The camera settles on another exposure from one frame to the next, and back."""
    for when in _moments(film, fps, chance, 1.5):
        gain, gamma = chance.choice([chance.uniform(0.35, 0.7), chance.uniform(1.4, 2.2)]), chance.uniform(0.7, 1.4)
        table = np.clip(255 * gain * (np.arange(256) / 255) ** gamma, 0, 255).astype(np.uint8)
        for n in when:
            film[n] = cv2.LUT(film[n], table)
    return film


def lamp(film: Film, fps: float, chance: np.random.Generator, _: Sequence[Shot]) -> Film:
    """A lamp, headlights, a door to the sun: light from one side, from one frame to the next, and off again."""
    for when in _moments(film, fps, chance, 1.5):
        x, y = chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT)
        wide = chance.uniform(50, 160)
        rows, columns = np.mgrid[:HEIGHT, :WIDTH]
        field = chance.uniform(0.7, 1.0) + chance.uniform(0.7, 2.5) * np.exp(
            -((columns - x) ** 2 + (rows - y) ** 2) / (2 * wide**2)
        )
        for n in when:
            film[n] = np.clip(film[n] * field, 0, 255)
    return film


def shake(film: Film, fps: float, chance: np.random.Generator, _: Sequence[Shot]) -> Film:
    """A gust or a slammed door: the picture jumps about by up to three hundredths of its width."""
    for when in _moments(film, fps, chance, 0.4):
        for n in when:
            dx, dy = chance.uniform(-0.03, 0.03, 2) * WIDTH
            matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
            film[n] = cv2.warpAffine(film[n], matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return film


def smear(film: Film, fps: float, chance: np.random.Generator, _: Sequence[Shot]) -> Film:
    """A single bad frame: smeared, half grey, or with stripes of another, as lost packets leave it."""
    for number, when in enumerate(_moments(film, fps, chance, 0.01)):
        n = when[0]
        if number % 3 == 0:
            film[n] = cv2.blur(film[n], (int(chance.integers(30, 90)), 3))
        elif number % 3 == 1:
            film[n][int(chance.integers(30, 110)) :] = 128
        else:
            stripes = np.repeat(chance.random(HEIGHT // 15) < 0.6, 15)
            film[n][stripes] = np.roll(film[n - 1], int(chance.integers(20, 150)), axis=1)[stripes]
    return film


def nearer(film: Film, fps: float, chance: np.random.Generator, shots: Sequence[Shot]) -> Film:
    """Somebody comes up faster and faster until nothing else is to be seen, and leaves sideways."""
    for when in _moments(film, fps, chance, chance.uniform(1.5, 2.4)):
        person, middle = _cut_out(shots, chance), chance.uniform(0.3, 0.7) * WIDTH
        count = len(when)
        for step, n in enumerate(when):
            share = (step + 1) / count
            closer = min(share / 0.6, 1.0)
            height = HEIGHT * (0.1 + 2.9 * closer**3)
            away = max(share - 0.75, 0) / 0.25 * 2.2 * WIDTH
            _paste(film[n], person, middle + away, HEIGHT * 0.55 + height * 0.1, height)
    return film


def passer(film: Film, fps: float, chance: np.random.Generator, shots: Sequence[Shot]) -> Film:
    """Somebody passes right before the lens, covering most of the picture, within half a second to a second."""
    for when in _moments(film, fps, chance, chance.uniform(0.4, 1.0)):
        person, height = _cut_out(shots, chance), HEIGHT * chance.uniform(1.5, 2.6)
        for step, n in enumerate(when):
            share = (step + 0.5) / len(when)
            _paste(film[n], person, -0.5 * height + share * (WIDTH + height), HEIGHT * 0.6, height)
    return film


def _cut_out(shots: Sequence[Shot], chance: np.random.Generator) -> Grey:
    """A piece of some film that is textured like people, upright."""
    while True:
        shot = shots[int(chance.integers(len(shots)))]
        grey = shot.film[int(chance.integers(len(shot.film)))]
        x, y = int(chance.integers(0, WIDTH - 80)), int(chance.integers(0, HEIGHT - 110))
        piece = grey[y : y + 110, x : x + 80]
        if piece.std() > 25:
            return np.asarray(piece.copy(), np.uint8)


def _paste(grey: Grey, person: Grey, x: float, y: float, height: float) -> None:
    """Lay an upright oval of `person`, `height` pixels high, over the picture about (x, y)."""
    h, w = round(height), round(height * 0.72)
    large = cv2.resize(person, (w, h), interpolation=cv2.INTER_LINEAR)
    oval = np.zeros((h, w), np.uint8)
    cv2.ellipse(oval, (w // 2, h // 2), (w // 2 - 1, h // 2 - 1), 0, 0, 360, 255, -1)
    left, top = round(x - w / 2), round(y - h / 2)
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, WIDTH), min(top + h, HEIGHT)
    if x1 < x2 and y1 < y2:
        part = np.s_[y1 - top : y2 - top, x1 - left : x2 - left]
        grey[y1:y2, x1:x2][oval[part] > 0] = large[part][oval[part] > 0]


SPOILS: Final[dict[str, Spoil]] = {
    "flash": flash, "exposure": exposure, "lamp": lamp, "shaking": shake, "bad frame": smear,
    "fills the picture": nearer, "passes the lens": passer,
}  # fmt: skip


def table(result: dict[str, Tally]) -> str:
    """For people and for Markdown."""
    lines = [
        "| | frames | cuts noticed | doubted | false cuts | an hour | looks in doubt |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, t in result.items():
        noticed, doubted = (f"{t.noticed} of {t.cuts}", str(t.doubted)) if t.cuts else ("", "")
        doubts = f"{t.doubts / max(t.looks, 1):.0%}"
        lines.append(f"| {name} | {t.frames:,} | {noticed} | {doubted} | {t.false} | {t.per_hour:.0f} | {doubts} |")
    return "\n".join(lines)


if __name__ == "__main__":
    started = time.process_time()
    main()
    print(f"{time.process_time() - started:.0f} s of processor time")
