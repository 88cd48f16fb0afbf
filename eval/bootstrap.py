"""Figures of questions to how sure their mean is: percentile bootstrap over questions (Efron & Tibshirani 1993, ch. 13).

Questions are drawn with replacement, 2,000 times, by a fixed seed. Values are sorted first, so that the order of the
questions makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 0.95
_SEED = 20250715


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions and its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean of paired differences, its 95 % interval, and the two-sided p of no difference, in (0, 1]."""

    mean: float
    low: float
    high: float
    p: float

    @property
    def touches_zero(self) -> bool:
        return self.low <= 0 <= self.high


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of at least one value, and where it would lie had other questions of the kind been asked."""
    means = _means(values)
    low, high = _interval(means)
    return Estimate(float(np.mean(values)), low, high)


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Second minus first, paired by place: the same questions in the same order in both.

    p is twice the smaller share of resamples at or beyond zero, each share (count + 1) / (resamples + 1), at most 1.
    """
    pairs = [b - a for a, b in zip(first, second, strict=True)]
    means = _means(pairs)
    low, high = _interval(means)
    below, above = int(np.sum(means <= 0)), int(np.sum(means >= 0))
    p = min(1.0, 2 * (min(below, above) + 1) / (len(means) + 1))
    return Difference(float(np.mean(pairs)), low, high, p)


def _means(values: Sequence[float]) -> NDArray[np.float64]:
    """The mean of each resample, shape (RESAMPLES,). Rounded, so that sums in another order give no other zero."""
    if not values:
        raise ValueError("no values to resample")
    exact = np.sort(np.asarray(values, dtype=np.float64))
    means: NDArray[np.float64] = np.round(exact[_drawn(len(exact))].mean(axis=1), 12)
    return means


@lru_cache(maxsize=16)
def _drawn(count: int) -> NDArray[np.int64]:
    """Places of values, shape (RESAMPLES, count)."""
    return np.random.default_rng(_SEED).integers(0, count, size=(RESAMPLES, count))


def _interval(means: NDArray[np.float64]) -> tuple[float, float]:
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return float(low), float(high)
