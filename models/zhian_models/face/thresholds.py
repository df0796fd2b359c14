"""When a name may be said: thresholds by the gallery's size, and the margin to the second-best person.

Every number was measured by `scripts/bench/face.py --json FILE` (`networks.fr_feature`: `identification.proposal`,
`verification.proposal`, `verification.pairs`) with CenterFace and fr_feature on photographs of 487 East Asian
strangers; docs/recognition.md holds the tables. They are upper bounds of 95 % intervals, bootstrapped by person.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

SIZES = (1, 3, 7, 10, 30, 100, 300)
"""Persons enrolled in the galleries that were measured, all of them real."""

RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
"""Shares of strangers' tracks that get a name."""

LOOK: Mapping[float, Sequence[float]] = {
    0.001: (0.450, 0.500, 0.500, 0.500, 0.500, 0.500, 0.500),
    0.003: (0.400, 0.450, 0.455, 0.455, 0.455, 0.455, 0.455),
    0.01: (0.345, 0.400, 0.410, 0.410, 0.410, 0.410, 0.430),
    0.03: (0.285, 0.345, 0.365, 0.365, 0.365, 0.370, 0.385),
    0.1: (0.200, 0.280, 0.305, 0.305, 0.310, 0.325, 0.340),
}
"""Thresholds of `gallery.Match.score` for one look, by RATES and SIZES."""

TRACK: Mapping[float, Sequence[float]] = {
    0.001: (0.470, 0.495, 0.510, 0.510, 0.510, 0.510, 0.510),
    0.003: (0.410, 0.450, 0.465, 0.465, 0.465, 0.465, 0.465),
    0.01: (0.355, 0.400, 0.415, 0.415, 0.415, 0.420, 0.420),
    0.03: (0.285, 0.350, 0.365, 0.365, 0.365, 0.385, 0.395),
    0.1: (0.200, 0.280, 0.305, 0.305, 0.310, 0.330, 0.345),
}
"""The same for the fused template of several looks."""

BEYOND = 0.01
"""Added per tenfold size beyond the real galleries. Between 30 and 300 persons the measured rise is .00 to .01, and
synthetic galleries of 1,300 and 10,000 ask for less than 300 real persons do."""

MARGIN = 0.05
"""Least lead, in cosine, over the second-best person. No known passage among 487 strangers was nearer than .08; it is
there for siblings and double entries, whom a threshold cannot tell apart."""

WATCH = "watch"
"""The group of who is on a watch list, whichever group the roster names."""

STRICTER: Mapping[str, float] = {"child": 0.1, "pupil": 0.1, "student": 0.1, WATCH: 0.1}
"""Groups whose share of false names must be smaller, by this factor: whoever is called a child may be handed over, and
whoever resembles somebody on a watch list is stopped at the gate."""

PAIRS: Mapping[float, float] = {1e-2: 0.350, 1e-3: 0.450, 1e-4: 0.540}
"""Cosines that a share of all pairs of strangers reaches, one picture each."""

OTHERS = (0, 10, 30, 100, 240)
"""Persons enrolled beside the claimed one, where claims were measured."""

PICTURES = (1, 3, 5)
"""Pictures of the claimed person, where claims were measured."""

VERIFY: Mapping[float, Sequence[Sequence[float]]] = {
    1e-2: (
        (0.357, 0.313, 0.271, 0.242, 0.216),
        (0.407, 0.354, 0.308, 0.277, 0.261),
        (0.425, 0.368, 0.320, 0.292, 0.272),
    ),
    1e-3: (
        (0.455, 0.407, 0.362, 0.326, 0.311),
        (0.497, 0.443, 0.391, 0.355, 0.342),
        (0.511, 0.450, 0.397, 0.369, 0.351),
    ),
    1e-4: (
        (0.536, 0.492, 0.432, 0.407, 0.382),
        (0.543, 0.492, 0.432, 0.417, 0.394),
        (0.543, 0.495, 0.443, 0.417, 0.394),
    ),
}
"""Thresholds of `Gallery.verify` by false match rate, PICTURES and OTHERS."""


def name_threshold(gallery_size: int, fpir: float = 0.01, shots: int = 1, group: str = "default") -> float:
    """Return the least `Match.score` at which the best person of `gallery_size` persons may be named.

    `fpir`: share of strangers' tracks that may be called by a name (a group in STRICTER gets a part of it); below
    .001 the threshold goes on rising, above .1 it falls no further. `shots`: looks fused into the template. Never falls
    when the gallery grows or `fpir` shrinks. ValueError for an empty gallery or a rate outside 0..1.
    """
    if gallery_size < 1 or not 0 < fpir <= 1 or shots < 1:
        raise ValueError(f"no threshold for {gallery_size} persons, rate {fpir}, {shots} looks")
    table = LOOK if shots == 1 else TRACK
    place = [math.log(rate) for rate in RATES]
    column = [_by_size(table[rate], gallery_size) for rate in RATES]
    wanted = min(math.log(fpir * STRICTER.get(group, 1.0)), place[-1])
    return _line(place, column, wanted)


def verify_threshold(fmr: float = 1e-3, pictures: int = 1, others: int = 0) -> float:
    """Return the least `Gallery.verify` at which a claim (a card, a plate) is confirmed by the face.

    `fmr`: share of strangers who may pass for the claimed person; `pictures` that the person was enrolled from;
    `others`: persons in the gallery beside them, of whom the crowd is made. Between measured numbers the higher
    threshold holds: that of more pictures, and of fewer others. Beyond five pictures that of five holds.
    """
    if not 0 < fmr <= 1 or pictures < 1 or others < 0:
        raise ValueError(f"no threshold for rate {fmr}, {pictures} pictures and {others} others")
    place = bisect_right(OTHERS, others) - 1
    rates = sorted(VERIFY)
    row = min(bisect_left(PICTURES, pictures), len(PICTURES) - 1)
    column = [VERIFY[rate][row][place] for rate in rates]
    return _line([math.log(rate) for rate in rates], column, min(math.log(fmr), math.log(rates[-1])))


def _by_size(row: Sequence[float], size: int) -> float:
    if size > SIZES[-1]:
        return row[-1] + BEYOND * math.log10(size / SIZES[-1])
    return _line([math.log(known) for known in SIZES], row, math.log(size))


def _line(places: Sequence[float], values: Sequence[float], at: float) -> float:
    """Straight between known places, and on with the first pair's slope below them."""
    right = min(max(bisect_right(places, at), 1), len(places) - 1)
    share = (at - places[right - 1]) / (places[right] - places[right - 1])
    return values[right - 1] + share * (values[right] - values[right - 1])
