"""Rates with bounds: Wilson's interval for counts, and quantiles bootstrapped by person."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z = 1.96
ROUNDS = 200


@dataclass(frozen=True)
class Rate:
    """`hits` of `trials`, with the 95 % interval of Wilson (1927)."""

    hits: int
    trials: int
    rate: float
    low: float
    high: float


def rate(hits: int, trials: int) -> Rate:
    """Return `hits` / `trials` with its bounds; 0 of 0 is anything."""
    if not trials:
        return Rate(0, 0, 0.0, 0.0, 1.0)
    share = hits / trials
    middle = (share + Z**2 / (2 * trials)) / (1 + Z**2 / trials)
    half = Z / (1 + Z**2 / trials) * math.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2))
    return Rate(hits, trials, share, max(0.0, middle - half), min(1.0, middle + half))


Statistic = Callable[[NDArray[np.float32]], float]


def bootstrap(
    by_person: Mapping[str, NDArray[np.float32]], statistic: Statistic, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Return the statistic over all values, and its 95 % interval when persons are drawn again with replacement."""
    persons = list(by_person.values())
    draws = (rng.integers(0, len(persons), len(persons)) for _ in range(ROUNDS))
    values = [statistic(np.concatenate([persons[index] for index in draw])) for draw in draws]
    low, high = np.quantile(values, [0.025, 0.975])
    return statistic(np.concatenate(persons)), float(low), float(high)


def quantile_at(share: float) -> Statistic:
    """The value that `share` of all values reach or exceed: a threshold for that false match rate."""
    return lambda values: float(np.quantile(values, 1 - share))


def share_below(threshold: float) -> Statistic:
    """Share of values that miss `threshold`."""
    return lambda values: float(np.mean(values < threshold))


def share_from(threshold: float) -> Statistic:
    """Share of values that reach `threshold`."""
    return lambda values: float(np.mean(values >= threshold))
