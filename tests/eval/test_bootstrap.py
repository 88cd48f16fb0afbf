"""Intervals: exact where nothing varies, near the normal ones where it does, the same in any order."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bootstrap import difference, estimate

UNIT = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@given(UNIT)
def test_the_interval_holds_the_mean_and_stays_in_range(values: list[float]) -> None:
    found = estimate(values)
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert found.low - 1e-9 <= found.mean <= found.high + 1e-9
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


@given(UNIT, st.randoms(use_true_random=False))
def test_the_order_of_questions_makes_no_difference(values: list[float], chance: random.Random) -> None:
    other = list(values)
    chance.shuffle(other)
    one, two = estimate(values), estimate(other)
    assert (one.low, one.high) == (two.low, two.high)
    assert one.mean == pytest.approx(two.mean)


@given(UNIT)
def test_a_run_beside_itself_differs_in_nothing(values: list[float]) -> None:
    found = difference(values, values)
    assert (found.mean, found.low, found.high, found.p, found.touches_zero) == (0.0, 0.0, 0.0, 1.0, True)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40))
def test_the_difference_turns_round_with_its_runs(pairs: list[tuple[float, float]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = difference(first, second), difference(second, first)
    assert there.mean == pytest.approx(-back.mean)
    assert there.low - 1e-9 <= there.mean <= there.high + 1e-9
    assert 0 < there.p <= 1


def test_half_of_a_hundred_is_known_to_a_tenth() -> None:
    # normal: 0.5 +- 1.96 * sqrt(0.25 / 100) = 0.402 to 0.598
    found = estimate([0.0] * 50 + [1.0] * 50)
    half = 1.96 * math.sqrt(0.25 / 100)
    assert found.low == pytest.approx(0.5 - half, abs=0.015)
    assert found.high == pytest.approx(0.5 + half, abs=0.015)


def test_every_question_better_leaves_no_doubt() -> None:
    found = difference([0.0] * 20, [0.5] * 20)
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)
    assert found.p == pytest.approx(2 / 2001)  # no resample at or below zero: (0 + 1) / (2000 + 1), twice
    assert not found.touches_zero


def test_one_better_and_one_worse_say_nothing() -> None:
    found = difference([0.0, 1.0], [1.0, 0.0])
    assert (found.low, found.high, found.touches_zero) == (-1.0, 1.0, True)
    assert found.p > 0.5


def test_no_value_at_all() -> None:
    with pytest.raises(ValueError, match="no values"):
        estimate([])
    with pytest.raises(ValueError, match=r"longer|shorter"):
        difference([1.0], [1.0, 2.0])
