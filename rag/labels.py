"""The labels of a page's rows to how much a claim names each: what few labels have counts more than what most have.

Of `蒸煮类销售收入` beside `油炸类销售收入` the first two characters tell which row it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from rag.places import Place, places_of
from rag.text import is_han
from rag.wording import stem

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
