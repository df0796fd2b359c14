"""Reads texts out of a reader's frames: the plain way, and the likeliest text of every plate layout.

Frames are probabilities (frames, WIDTH) in the alphabet of `alphabet`, column 0 the blank, as connectionist temporal
classification (Graves 2006) defines them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.alphabet import BLANK, INDEX, SYMBOLS, WIDTH
from zhian_models.plate.grammar import LAYOUTS, Layout

Frames = NDArray[np.float32]
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
    layout: Layout | None = None


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
    """For a set of layouts what may stand where, as logarithms: (layouts, longest, WIDTH)."""

    layouts: tuple[Layout, ...]
    allowed: NDArray[np.float32]
    lengths: NDArray[np.int64]


def masks_of(layouts: Sequence[Layout]) -> Masks:
    longest = max(len(layout.positions) for layout in layouts)
    allowed = np.full((len(layouts), longest, WIDTH), _IMPOSSIBLE, dtype=np.float32)
    for row, layout in enumerate(layouts):
        for column, symbols in enumerate(layout.positions):
            allowed[row, column, [INDEX[symbol] for symbol in symbols]] = 0.0
    return Masks(tuple(layouts), allowed, np.array([len(layout.positions) for layout in layouts]))


ALL_LAYOUTS = masks_of(LAYOUTS)


def spell(frames: Frames, masks: Masks = ALL_LAYOUTS) -> list[Spelling]:
    """For every layout its likeliest text, cheapest first."""
    frames = compress(frames)
    back, states, blanks = _forward(np.log(frames), masks)
    spellings = [_trace(frames, masks, row, back, states, blanks) for row in range(len(masks.layouts))]
    return sorted((s for s in spellings if s is not None), key=lambda s: s.cost)


def _forward(
    log: Frames, masks: Masks
) -> tuple[list[tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.int64]]], Frames, Frames]:
    """Best path into every (layout, position, symbol) and the blank behind every position.

    State arrays: `emit` (layouts, longest, WIDTH) and `blank` (layouts, longest + 1), logarithms. Each step keeps
    where a state came from: 0 stayed, 1 from the blank before, 2 from the symbol before; for the blank whether it
    stayed; and the best and second best symbol of every position.
    """
    count, longest, _ = masks.allowed.shape
    emit = np.full((count, longest, WIDTH), _IMPOSSIBLE, dtype=np.float32)
    blank = np.full((count, longest + 1), _IMPOSSIBLE, dtype=np.float32)
    blank[:, 0] = 0.0
    symbols = np.arange(WIDTH)
    back = []
    for row in log:
        best = emit.argmax(axis=2)
        top = np.take_along_axis(emit, best[..., None], axis=2)[..., 0]
        rivals = np.where(symbols == best[..., None], _IMPOSSIBLE, emit)
        second = rivals.argmax(axis=2)
        runner = np.take_along_axis(rivals, second[..., None], axis=2)[..., 0]
        before = np.full_like(emit, _IMPOSSIBLE)
        before[:, 1:] = np.where(symbols == best[:, :-1, None], runner[:, :-1, None], top[:, :-1, None])
        choices = np.stack([emit, np.broadcast_to(blank[:, :-1, None], emit.shape), before])
        came = choices.argmax(axis=0).astype(np.int8)
        blank_before = np.concatenate([np.full((count, 1), _IMPOSSIBLE, dtype=np.float32), top], axis=1)
        stayed = blank >= blank_before
        back.append((came, stayed, np.stack([best, second])))
        emit = choices.max(axis=0) + row + masks.allowed
        blank = np.maximum(blank, blank_before) + row[BLANK]
    return back, emit, blank


def _trace(
    frames: Frames,
    masks: Masks,
    row: int,
    back: list[tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.int64]]],
    emit: Frames,
    blank: Frames,
) -> Spelling | None:
    """Walks one layout's best path back and collects its text."""
    last = int(masks.lengths[row]) - 1
    symbol = int(emit[row, last].argmax())
    in_blank = bool(blank[row, last + 1] >= emit[row, last, symbol])
    total = float(max(blank[row, last + 1], emit[row, last, symbol]))
    if total <= _IMPOSSIBLE / 2:
        return None
    found = np.zeros((last + 1, WIDTH), dtype=np.float32)
    text = [0] * (last + 1)
    clearest = [-1.0] * (last + 1)
    at = last
    for step in range(len(frames) - 1, -1, -1):
        came, stayed, bests = back[step]
        if in_blank:
            if not stayed[row, at + 1]:
                symbol, in_blank = int(bests[0, row, at]), False
            continue
        text[at] = symbol
        if frames[step, symbol] > clearest[at]:
            clearest[at], found[at] = float(frames[step, symbol]), frames[step]
        if came[row, at, symbol] == 1:
            at, in_blank = at - 1, True
            if at < 0:
                break
        elif came[row, at, symbol] == 2:
            at -= 1
            symbol = int(bests[1, row, at] if bests[0, row, at] == symbol else bests[0, row, at])
    return Spelling("".join(SYMBOLS[s - 1] for s in text), found, -total, masks.layouts[row])


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
