"""Weighs several looks at one plate: which text, in which layout, on which colour (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhian_models.plate import ctc
from zhian_models.plate.alphabet import DIGITS_FOR_MARKS, INDEX, LIKE_DIGITS, PROVINCES
from zhian_models.plate.arrange import Arrangement, layouts_in, masks_in, pattern_of
from zhian_models.plate.grammar import LAYOUTS, Layout, layouts_of
from zhian_models.plate.types import Colour, Kind

_UNSEEN_PAPER = 3.0  # an overexposed blue plate is white too, but has no date below its number
_SURE = 0.9  # of every character of an obvious text
_SURE_FIRST = 0.97  # the province is what readers guess best from habit
_RARE = 3.0  # of a layout that is more often a part of another than itself
_MARKED = {Colour.YELLOW, Colour.BLACK, Colour.WHITE}
_LIKE_MARKS = "983"  # the first reader says so with certainty where 学, 挂 and 澳 stand
_OFF_COLOUR = 1.5  # cost by which the ground may fit another colour better in an obvious case
_OBJECTION = 3.0  # cost in another look from which an obvious text is none
_CLEAR = 20.0  # margin where there is no rival
_CANDIDATES, _WORST = 6, 14.0  # texts to weigh per look: how many, and how much dearer than the best
_ONCE = [column for symbol, column in INDEX.items() if symbol not in "OI"]
"""Columns without the ones that repeat 0 and 1."""
_MOST, _NEVER = 60.0, 1e6  # cost of what no look can say, and of what cannot be at all
_PER_LETTER = 2.0  # cost of every letter more than a serial number is issued with
_FOR_MARK = 0.5
"""Cost of a mark where the first reader, which hardly knows them, gives the digit that it takes for it."""
_LEAST_SAY = 12.0  # cost by which one look can count against a text at most


@dataclass(frozen=True, eq=False)
class Look:
    """What one reader saw on one warp."""

    frames: ctc.Frames
    rows: int = 1
    paper: bool = False
    """The cut was the upper half: a paper plate has the date below its number."""
    small: bool = False
    """The third and fourth characters were enlarged: old armed police have two small digits there."""
    weight: float = 1.0
    blind: frozenset[str] = frozenset()
    """Symbols that the reader does not know: it has no say about a text with one of them."""

    @property
    def arrangement(self) -> Arrangement:
        """What was taken for granted about where characters stand."""
        return self.rows, self.paper, self.small

    @cached_property
    def plain(self) -> ctc.Spelling:
        """What the reader says by itself."""
        return ctc.plain(self.frames)

    @cached_property
    def spelled(self) -> dict[ctc.Pattern, ctc.Spelling]:
        """The likeliest text of every pattern that this look's arrangement allows."""
        found = ctc.spell(self.frames, masks_in(*self.arrangement))
        return {spelling.pattern: spelling for spelling in found if spelling.cost < _NEVER}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best explanation of all looks of one arrangement."""

    text: str
    layout: Layout
    colour: Colour
    rows: int
    cost: float
    """Mean over the looks, like a negative logarithm; colour and rarity included."""
    strain: float
    """How much more the text costs than what the networks would have said without any rule."""
    margin: float
    """How much more the next best text costs."""
    positions: NDArray[np.float32]
    """(length, WIDTH) probabilities, mean over the looks."""

    @property
    def confidence(self) -> float:
        """Of the least certain character."""
        return min(float(row[INDEX[c]]) for c, row in zip(self.text, self.positions, strict=True))


def obvious(look: Look, colours: Mapping[Colour, float]) -> Verdict | None:
    """The plain text of one look, where every character is sure and both format and colour agree; else None."""
    plain = look.plain
    fitting = [layout for layout in LAYOUTS if look.rows in layout.rows and layout.fits(plain.text)]
    clear = [float(row.max()) for row in plain.positions]
    if not fitting or min(clear) < _SURE or clear[0] < _SURE_FIRST:
        return None
    layout = min(fitting, key=lambda layout: _prior(layout, colours, look.paper))
    colour = _colour(layout, colours)
    if layout.letters_over(plain.text) or layout.rarity > _RARE or _may_be_mark(look, colour):
        return None
    paper = any(layout.kind is Kind.TEMPORARY for layout in fitting) and colours[Colour.WHITE] <= colours[colour]
    if paper or colours[colour] > min(colours.values()) + _OFF_COLOUR:
        return None
    cost = plain.cost + _prior(layout, colours, look.paper)
    positions = _only(plain.positions, layout)
    return Verdict(plain.text, layout, colour, look.rows, cost, strain=0.0, margin=_CLEAR, positions=positions)


def supports(look: Look, text: str) -> bool:
    """Whether `text` costs hardly more than what the look shows by itself."""
    return float(ctc.cost_of(look.frames, [text])[0]) - look.plain.cost < _OBJECTION


def _may_be_mark(look: Look, colour: Colour) -> bool:
    """Whether the reader that knows few Chinese characters ends in one that it gives for a mark."""
    return bool(look.blind) and colour in _MARKED and look.plain.text[-1] in _LIKE_MARKS


def agreed(look: Look, other: Look, colours: Mapping[Colour, float]) -> Verdict | None:
    """The plain text of one look, if it is obvious there and the `other` look, where it has a say, does not object."""
    verdict = obvious(look, colours)
    if verdict is None or not other.blind.isdisjoint(verdict.text):
        return verdict
    return verdict if supports(other, verdict.text) else None


def _colour(layout: Layout, colours: Mapping[Colour, float]) -> Colour:
    """The likeliest of the colours that the layout is made in."""
    return min(sorted(layout.colours), key=lambda colour: colours[colour])


def judge(looks: Sequence[Look], colours: Mapping[Colour, float]) -> Verdict | None:
    """The cheapest verdict over all arrangements among `looks`; None without looks or without any text that fits."""
    arrangements: dict[Arrangement, list[Look]] = {}
    for look in looks:
        arrangements.setdefault(look.arrangement, []).append(look)
    verdicts = [verdict for of_it in arrangements.values() if (verdict := _judge(of_it, colours)) is not None]
    return min(verdicts, key=lambda verdict: verdict.cost, default=None)


def _judge(looks: Sequence[Look], colours: Mapping[Colour, float]) -> Verdict | None:
    rows, paper = looks[0].rows, looks[0].paper
    candidates = _candidates(looks)
    if not candidates:
        return None
    texts = sorted({text for text, _ in candidates})
    mean = _mean_costs(looks, texts)
    total = {
        (text, layout): mean[text] + _prior(layout, colours, paper) + _PER_LETTER * layout.letters_over(text)
        for text, layout in candidates
    }
    (text, layout), cost = min(total.items(), key=lambda item: (item[1], item[0][0]))
    rivals = [value for (other, _), value in total.items() if other != text]
    able = _able(looks, text)
    free = sum(look.weight * look.plain.cost for look in able) / sum(look.weight for look in able)
    return Verdict(
        text=text,
        layout=layout,
        colour=_colour(layout, colours),
        rows=rows,
        cost=cost,
        strain=float(mean[text]) - free,
        margin=min(rivals, default=cost + _CLEAR) - cost,
        positions=_positions(able, layout),
    )


def _able(looks: Sequence[Look], text: str) -> list[Look]:
    """The looks that may have a say about `text`."""
    return [look for look in looks if look.blind.isdisjoint(text)]


def _mean_costs(looks: Sequence[Look], texts: Sequence[str]) -> dict[str, float]:
    """What every text costs, mean over the looks that may have a say; texts that no look can say cost the most."""
    costs = np.stack([_costs(look, texts) for look in looks])
    say = np.array([[look.weight * look.blind.isdisjoint(text) for text in texts] for look in looks])
    total = say.sum(axis=0)
    mean = np.where(total > 0, (say * costs).sum(axis=0) / np.maximum(total, 1e-9), _MOST)
    return {text: float(cost) for text, cost in zip(texts, mean, strict=True)}


def _costs(look: Look, texts: Sequence[str]) -> NDArray[np.float32]:
    """Costs of all texts in one look; one look that saw something else altogether must not outvote the others."""
    free = look.plain.cost
    costs = ctc.cost_of(look.frames, texts)
    marked = [at for at, text in enumerate(texts) if text[-1] in DIGITS_FOR_MARKS] if look.blind else []
    if marked:
        as_digits = [texts[at][:-1] + DIGITS_FOR_MARKS[texts[at][-1]] for at in marked]
        costs[marked] = np.minimum(costs[marked], ctc.cost_of(look.frames, as_digits) + _FOR_MARK)
    return np.asarray(free + np.minimum(costs - free, _LEAST_SAY), dtype=np.float32)


def _candidates(looks: Sequence[Look]) -> set[tuple[str, Layout]]:
    """What is worth weighing: the few likeliest texts of every look, in every layout that they fit."""
    texts: set[str] = set()
    for look in looks:
        spellings = sorted(look.spelled.values(), key=lambda spelling: spelling.cost)[:_CANDIDATES]
        texts.update(spelling.text for spelling in spellings if spelling.cost < spellings[0].cost + _WORST)
    texts.update([fewer for text in texts for fewer in _fewer_letters(text)])
    sayable = [text for text in texts if _able(looks, text)]
    layouts = layouts_in(*looks[0].arrangement)
    return {(text, layout) for text in sayable for layout in layouts if layout.fits(text)}


def _fewer_letters(text: str) -> Iterator[str]:
    """With one letter written as the digit that looks like it, where there are more letters than are issued."""
    if all(layout.letters_over(text) for layout in layouts_of(text)):
        for at, symbol in enumerate(text):
            if at > 1 and symbol in LIKE_DIGITS:
                yield text[:at] + LIKE_DIGITS[symbol] + text[at + 1 :]


def _prior(layout: Layout, colours: Mapping[Colour, float], paper: bool) -> float:
    cost = colours[_colour(layout, colours)] + layout.rarity
    return cost + (_UNSEEN_PAPER if layout.kind is Kind.TEMPORARY and not paper else 0.0)


def _positions(looks: Sequence[Look], layout: Layout) -> NDArray[np.float32]:
    """Per character the looks' common opinion, each look aligned to the layout by itself.

    A look that saw nothing at a position (all blank) has no opinion there and lowers nobody's certainty; the clearest
    look says how much there was to see at all.
    """
    pattern = pattern_of(layout)
    able = [look for look in looks if pattern in look.spelled]
    weights = _weights(able, layout)
    said = weights[:, :, None] * np.stack([_said(look, layout) for look in able])
    mass = np.stack([look.spelled[pattern].positions[:, _ONCE].sum(axis=1) for look in able])
    opinion = said.sum(axis=0) / np.maximum(1e-6, (weights * mass).sum(axis=0))[:, None]
    seen = np.minimum(1.0, mass.max(axis=0))[:, None]
    return np.asarray(np.clip(opinion, 0.0, 1.0) * seen, dtype=np.float32)


def _said(look: Look, layout: Layout) -> NDArray[np.float32]:
    """What the look says at each position of the layout; a digit of the first reader's that is a mark here, as that."""
    positions = look.spelled[pattern_of(layout)].positions
    said = _only(positions, layout)
    for mark in layout.positions[-1] if look.blind else ():
        if mark in DIGITS_FOR_MARKS:
            said[-1, INDEX[mark]] += positions[-1, INDEX[DIGITS_FOR_MARKS[mark]]]
    return said


def _weights(looks: Sequence[Look], layout: Layout) -> NDArray[np.float64]:
    """How much each look's opinion of each position weighs: (looks, positions).

    All looks of the first reader at the province count as one: it takes provinces that it has seldom seen (藏, 琼) for
    others, in every look alike.
    """
    weights = np.array([look.weight for look in looks])
    first = np.array([bool(look.blind) for look in looks])
    together = np.where(first, 1 / max(1.0, float(weights[first].sum())), 1.0)
    province = np.array([symbols == PROVINCES for symbols in layout.positions])
    return np.asarray(np.where(province[None, :], together[:, None], 1.0) * weights[:, None], dtype=np.float64)


def _only(positions: NDArray[np.float32], layout: Layout) -> NDArray[np.float32]:
    """Probabilities of what may stand at each position; the rest is zero."""
    kept = np.zeros_like(positions)
    for row, symbols in enumerate(layout.positions):
        columns = [INDEX[symbol] for symbol in symbols]
        kept[row, columns] = positions[row, columns]
    return kept
