"""A page to its places: a sentence or a row of a table, with all that is stated in it. Where all figures of a claim stand
in one place, few words are needed to say that the claim is of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from rag.numbers import Number
from rag.quantities import BAR, agree, label_of
from rag.segments import Segment, segments_of
from rag.sparse import bigrams

_GROWTH = re.compile(  # all that the label of a row says which tells how the row above it grew
    r"[\W\d_]*(?:yoy|y/y|qoq|同比|环比|增速|增幅|增长比?率?|变动率?|(?:annual|yearly)?\s?growth(?:\s?rate)?|(?:percent(?:age)?\s)?change|year[- ]on[- ]year|[\W\d_])+",
    re.IGNORECASE,
)
_DATES = re.compile(r"\d+\s?[年月日季]?|[年月日至]|ended|ending|（[^（）]*）|\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Place:
    """`text[start:end]` of a page; `terms` are its words, `label` those of a row's first words (none for a sentence)."""

    start: int
    end: int
    sentence: int
    is_row: bool
    terms: frozenset[str]
    label: frozenset[str]
    numbers: tuple[Number, ...]
    segments: tuple[Segment, ...]

    def states(self, numbers: Sequence[Number]) -> bool:
        """Whether every one of the numbers stands in it."""
        return all(any(agree(number, other) for other in self.numbers) for number in numbers)

    def named_by(self, terms: frozenset[str]) -> float:
        """The share of its label that the terms have; 0 where it has none."""
        return len(self.label & terms) / len(self.label) if self.label else 0.0


@lru_cache(maxsize=256)
def places_of(text: str) -> tuple[Place, ...]:
    """All places of a page in order. A row of growth (`YoY`, `同比`) is called as the row above it."""
    found: list[Place] = []
    label: frozenset[str] = frozenset()
    for _, parts in groupby(segments_of(text), key=lambda segment: segment.sentence):
        place = _place(text, tuple(parts))
        if place.is_row and _GROWTH.fullmatch(label_of(text[place.start : place.end])):
            place = replace(place, label=label or place.label)
        label = place.label
        found.append(place)
    return tuple(found)


def holding(figures: Sequence[Number], text: str) -> Iterator[Place]:
    """The places that state every one of some figures."""
    if figures:
        yield from (place for place in places_of(text) if place.states(figures))


def _place(text: str, parts: tuple[Segment, ...]) -> Place:
    start, end = parts[0].start, max(part.end for part in parts)
    line = text[start:end]
    words = _DATES.sub(" ", label_of(line))
    is_row = BAR in line or "\t" in line
    numbers = {number.start: number for part in parts for number in part.numbers}
    label = frozenset(t for t in bigrams(words) if not t[0].isdigit()) if is_row else frozenset()
    terms = frozenset().union(*(part.terms for part in parts))
    return Place(
        start, end, parts[0].sentence, is_row, terms, label, tuple(numbers[at] for at in sorted(numbers)), parts
    )
