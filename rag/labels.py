"""The labels of a page's rows to how much a claim names each: what few labels have counts more than what most have.

Of `蒸煮类销售收入` beside `油炸类销售收入` the first two characters tell which row it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rag.places import Place, places_of
from rag.quantities import label_of
from rag.sparse import stem
from rag.text import is_han

_NAMED = 0.6
_SUM = re.compile(r"合\s?计|总|\btotal\b", re.IGNORECASE)
_TOTAL = frozenset("合计总") | {stem("total")}  # what a label may have beside what it is the total of


def parts_of(terms: frozenset[str]) -> frozenset[str]:
    """Han characters and stems of Latin words."""
    return frozenset(part for term in terms for part in (term if is_han(term[0]) else (stem(term),)))


def named_parts(place: Place, words: frozenset[str], text: str) -> tuple[frozenset[str], float]:
    """The parts of a row's label that some words have, and their share of what all of its parts count."""
    label = parts_of(place.label)
    label = label - _TOTAL or label
    rare = _rarity(text)
    own = label & parts_of(words)
    return own, sum(rare[part] for part in own) / sum(rare[part] for part in label) if own else 0.0


@lru_cache(maxsize=64)
def _rarity(text: str) -> Mapping[str, float]:
    """What each part of a label counts: the less, the more labels of the page have it."""
    labels = {parts_of(place.label) for place in places_of(text) if place.is_row}
    return {part: 1 / count for part, count in Counter(part for label in labels for part in label).items()}


def named_in_its_block(rows: Sequence[Place], words: frozenset[str], text: str) -> Place | None:
    """Of some rows the one that a claim names, where the total below it tells which of several rows so called is meant.

    `直营的蒸煮产品` is the row 蒸煮 above 直营总收入, not the one above 经销总收入.
    """
    said = parts_of(words)
    for row in rows:
        own, share = named_parts(row, words, text)
        totals = {
            place: _total_below(place, text) for place in places_of(text) if place.is_row and place.label == row.label
        }
        mine = totals.get(row)
        others = frozenset[str]().union(*(total.label for total in totals.values() if total and mine and total != mine))
        if share >= _NAMED and mine and others and (parts_of(mine.label) - parts_of(others)) & said - own:
            return row
    return None


def _total_below(row: Place, text: str) -> Place | None:
    below = (place for place in places_of(text) if place.is_row and place.start >= row.end)
    return next((place for place in below if _SUM.search(label_of(text[place.start : place.end]))), None)
