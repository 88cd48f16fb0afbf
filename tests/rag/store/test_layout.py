"""Ranking at the cut, by hand."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Hit
from rag.store.layout import ranked


def hit(number: int, score: float) -> Hit:
    return Hit(str(UUID(int=number)), "r", 0, score)


def test_fetches_spare_hits_once_when_nothing_ties_at_the_end() -> None:
    asked: list[int] = []

    def fetch(limit: int) -> list[Hit]:
        asked.append(limit)
        return [hit(n, 100.0 - n) for n in range(limit)]

    assert [found.score for found in ranked(fetch, 3)] == [100.0, 99.0, 98.0]
    assert asked == [19]


def test_fetches_more_while_the_tie_at_the_cut_reaches_the_end() -> None:
    asked: list[int] = []

    def fetch(limit: int) -> list[Hit]:
        asked.append(limit)
        return [hit(999, 2.0), *(hit(n, 1.0) for n in range(200, 0, -1))][:limit]

    assert ranked(fetch, 2) == [hit(999, 2.0), hit(1, 1.0)]
    assert asked == [18, 130, 1026]


def test_a_tie_without_end_is_given_up() -> None:
    assert ranked(lambda limit: [hit(n, 1.0) for n in range(limit)], 2) == [hit(0, 1.0), hit(1, 1.0)]


@pytest.mark.parametrize("limit", [0, -1])
def test_no_limit_no_hits(limit: int) -> None:
    assert ranked(lambda _: [hit(1, 1.0)], limit) == []


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([1.0, 2.0, 3.0])), unique_by=lambda pair: pair[0]),
    st.integers(1, 40),
    st.randoms(),
)
def test_the_order_of_ties_in_the_engine_does_not_matter(rows, limit, random) -> None:  # type: ignore[no-untyped-def]
    def fetch(count: int) -> list[Hit]:
        hits = [hit(*row) for row in rows]
        random.shuffle(hits)
        return sorted(hits, key=lambda found: -found.score)[:count]

    wanted = sorted((hit(*row) for row in rows), key=lambda found: (-found.score, found.id))
    assert ranked(fetch, limit) == wanted[:limit]
