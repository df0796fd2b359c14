"""Reads texts out of a reader's frames: the plain way, and the likeliest text of every pattern.

Frames are probabilities (frames, WIDTH) in the alphabet of `alphabet`, column 0 the blank, as connectionist temporal
classification (Graves 2006) defines them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.alphabet import BLANK, INDEX, SYMBOLS, WIDTH

Frames = NDArray[np.float32]
Pattern = tuple[str, ...]
"""For every position the symbols that may stand there."""
_SURE_BLANK = 0.98
_IMPOSSIBLE = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text, what each of its characters may be, and how likely it is."""

    text: str
    positions: NDArray[np.float32]
    """(length, WIDTH): probabilities at the frame where each character is clearest."""
    cost: float
    """Negative logarithm of the best path's probability."""
    pattern: Pattern = ()
    """What the text was held to; empty where it was free."""


def compress(frames: Frames) -> Frames:
    """The same frames with every run of sure blanks shortened to one."""
    blank = frames[:, BLANK] > _SURE_BLANK
    keep = ~blank
    keep[1:] |= ~blank[:-1]
    keep[:1] = True
    return frames[keep]


def plain(frames: Frames) -> Spelling:
    """The best path without any rule: what the network says by itself."""
    best = frames.argmax(axis=1)
    starts = np.flatnonzero((best != BLANK) & (best != np.concatenate([[BLANK], best[:-1]])))
    ends = [_run_end(best, int(start)) for start in starts]
    positions = [frames[a + int(frames[a:b, best[a]].argmax())] for a, b in zip(starts, ends, strict=True)]
    return Spelling(
        text="".join(SYMBOLS[best[at] - 1] for at in starts),
        positions=np.asarray(positions, dtype=np.float32).reshape(-1, WIDTH),
        cost=float(-np.log(frames.max(axis=1)).sum()),
    )


def _run_end(best: NDArray[np.int64], start: int) -> int:
    end = start
    while end < len(best) and best[end] == best[start]:
        end += 1
    return end


@dataclass(frozen=True, slots=True)
class Masks:
    """For a set of patterns what may stand where, as logarithms: (patterns, longest, WIDTH)."""

    patterns: tuple[Pattern, ...]
    allowed: NDArray[np.float32]
    lengths: NDArray[np.int64]


def masks_of(patterns: Sequence[Pattern]) -> Masks:
    """Prepares patterns for `spell`."""
    longest = max(len(pattern) for pattern in patterns)
    allowed = np.full((len(patterns), longest, WIDTH), _IMPOSSIBLE, dtype=np.float32)
    for row, pattern in enumerate(patterns):
        for column, symbols in enumerate(pattern):
            allowed[row, column, [INDEX[symbol] for symbol in symbols]] = 0.0
    return Masks(tuple(patterns), allowed, np.array([len(pattern) for pattern in patterns]))


@dataclass(frozen=True, slots=True)
class _Step:
    """How the best paths came into one frame's states."""

    came: NDArray[np.int8]
    """(patterns, longest, WIDTH): 0 stayed on the symbol, 1 from the blank before it, 2 from the symbol before it."""
    stayed: NDArray[np.bool_]
    """(patterns, longest + 1): whether the blank behind a position came from itself."""
    best: NDArray[np.int64]
    """(patterns, longest): the best symbol of every position before the step, and the second best."""
    second: NDArray[np.int64]


def spell(frames: Frames, masks: Masks) -> list[Spelling]:
    """For every pattern its likeliest text, in the order of the patterns; dear ones where nothing fits."""
    frames = compress(frames)
    steps, emit, blank = _forward(np.log(frames), masks)
    return [_trace(frames, masks, row, (steps, emit[row], blank[row])) for row in range(len(masks.patterns))]


def _forward(log: Frames, masks: Masks) -> tuple[list[_Step], Frames, Frames]:
    """Best path into every (pattern, position, symbol) and into the blank behind every position (Viterbi 1967)."""
    count, longest, width = masks.allowed.shape
    emit = np.full((count, longest, width), _IMPOSSIBLE, dtype=np.float32)
    blank = np.full((count, longest + 1), _IMPOSSIBLE, dtype=np.float32)
    blank[:, 0] = 0.0
    steps = []
    for row in log:
        step, into, behind = _enter(emit, blank)
        steps.append(step)
        emit = into + row + masks.allowed
        blank = behind + row[BLANK]
    return steps, emit, blank


def _enter(emit: Frames, blank: Frames) -> tuple[_Step, Frames, Frames]:
    """The best way into every state from the frame before: a symbol never follows itself without a blank."""
    rows, columns = np.ogrid[: emit.shape[0], : emit.shape[1]]
    best = emit.argmax(axis=2)
    top = emit[rows, columns, best]
    rivals = emit.copy()
    rivals[rows, columns, best] = _IMPOSSIBLE
    second = rivals.argmax(axis=2)
    runner = rivals[rows, columns, second]
    before = np.full_like(emit, _IMPOSSIBLE)
    before[:, 1:] = top[:, :-1, None]
    before[rows, columns[:, 1:], best[:, :-1]] = runner[:, :-1]
    from_blank = blank[:, :-1, None]
    into = np.maximum(np.maximum(emit, from_blank), before)
    came = np.where(emit >= into, 0, np.where(from_blank >= before, 1, 2)).astype(np.int8)
    last = np.full_like(blank, _IMPOSSIBLE)
    last[:, 1:] = top
    return _Step(came, blank >= last, best, second), into, np.maximum(blank, last)


def _trace(frames: Frames, masks: Masks, row: int, paths: tuple[list[_Step], Frames, Frames]) -> Spelling:
    """Walks one pattern's best path back and collects its text."""
    steps, emit, blank = paths
    at = int(masks.lengths[row]) - 1
    symbol = int(emit[at].argmax())
    in_blank = bool(blank[at + 1] >= emit[at, symbol])
    cost = -float(max(blank[at + 1], emit[at, symbol]))
    found = np.zeros((at + 1, WIDTH), dtype=np.float32)
    symbols, clearest = [BLANK] * (at + 1), [-1.0] * (at + 1)
    for step, frame in zip(reversed(steps), reversed(frames), strict=True):
        if in_blank:
            if not step.stayed[row, at + 1]:
                symbol, in_blank = int(step.best[row, at]), False
            continue
        symbols[at] = symbol
        if frame[symbol] > clearest[at]:
            clearest[at], found[at] = float(frame[symbol]), frame
        way = step.came[row, at, symbol]
        if way == 1:
            in_blank = True
        elif way == 2:
            symbol = int(step.second[row, at - 1] if step.best[row, at - 1] == symbol else step.best[row, at - 1])
        at -= int(way > 0)
        if at < 0:
            break
    text = "".join(SYMBOLS[each - 1] for each in symbols)
    return Spelling(text, found, cost, masks.patterns[row])


def cost_of(frames: Frames, texts: Sequence[str]) -> NDArray[np.float32]:
    """For every text the negative logarithm of its best path, infinite-like where it cannot fit."""
    longest = max(len(text) for text in texts)
    log = np.log(compress(frames))
    columns = np.zeros((len(texts), longest), dtype=np.int64)
    for row, text in enumerate(texts):
        columns[row, : len(text)] = [INDEX[symbol] for symbol in text]
    same = np.zeros_like(columns, dtype=bool)
    same[:, 1:] = columns[:, 1:] == columns[:, :-1]
    emit = np.full((len(texts), longest), _IMPOSSIBLE, dtype=np.float32)
    blank = np.full((len(texts), longest + 1), _IMPOSSIBLE, dtype=np.float32)
    blank[:, 0] = 0.0
    for row_log in log:
        before = np.full_like(emit, _IMPOSSIBLE)
        before[:, 1:] = np.where(same[:, 1:], _IMPOSSIBLE, emit[:, :-1])
        behind = np.concatenate([np.full((len(texts), 1), _IMPOSSIBLE, dtype=np.float32), emit], axis=1)
        stepped = np.maximum(np.maximum(emit, blank[:, :-1]), before) + row_log[columns]
        blank = np.maximum(blank, behind) + row_log[BLANK]
        emit = stepped
    ends = np.array([len(text) for text in texts])
    rows = np.arange(len(texts))
    cheapest: NDArray[np.float32] = -np.maximum(emit[rows, ends - 1], blank[rows, ends])
    return cheapest
