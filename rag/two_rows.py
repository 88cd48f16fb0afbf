"""A claim and a page to the figures of the claim that two rows of a table give together, both of which it names.

Their sum, their difference, how many times one is the other, or what share the one is of the other or of both; in one column,
of a year that the claim names where it names any. `Cash and short-term investments came to 10.7 billion` of two rows of 7,441
and 3,234 in millions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from rag.derived import ADDS, COMPARES, DIVIDES, DOWN, TIMES, UP, is_near, worth_of
from rag.labels import named_parts
from rag.numbers import Number, is_year
from rag.places import Place, places_of
from rag.quantities import label_of
from rag.segments import heading_of
from rag.text import fold
from rag.wanted import years_of
from rag.wording import words_of

_NAMED = 0.5  # share of a row's label, rare words counting more, that a claim must have
_MOST = 12  # rows that a claim may name; of more some two give almost any number
_DIGITS = 2  # significant figures from which a result is no chance
_JOINS = re.compile(r"[和与及加、]|\b(?:and|plus|with)\b", re.IGNORECASE)
_TAKES = re.compile(r"减去|扣除|\b(?:less (?!than)|minus|net of)", re.IGNORECASE)
_TOTAL = re.compile(r"合\s?计|总|\btotals?\b", re.IGNORECASE)
_HUNDRED = Decimal(100)


def given_by_two_rows(
    sentence: str, figures: Sequence[Number], text: str, about: str = ""
) -> dict[Number, tuple[Place, Place]]:
    """Those of some figures that two rows give, each with its rows."""
    wanted = [number for number in figures if number.figures >= _DIGITS or number.meant != "exact"]
    rows = _named_rows(sentence, text, about) if wanted else []
    found: dict[Number, tuple[Place, Place]] = {}
    for (first, one), (second, other) in combinations(rows, 2) if len(rows) <= _MOST else ():
        totals = [_TOTAL.search(label_of(text[row.start : row.end])) is not None for row in (first, second)]
        is_part = totals[0] != totals[1] or (all(totals) and one != other and (one <= other or other <= one))
        if is_part and (totals[0] > totals[1] or (all(totals) and one <= other)):
            (first, one), (second, other) = (second, other), (first, one)
        if first.label == second.label:
            found |= {n: (first, second) for n in wanted if n not in found and _grew(sentence, n, first, second)}
        if not is_part and not (one - other and other - one):
            continue
        for a, b in _pairs(sentence, first, second):
            for number in wanted:
                is_first = is_part or _is_first(sentence, one - other, other - one)
                if number not in found and _gives(sentence, number, *((a, b) if is_first else (b, a)), is_part):
                    found[number] = first, second
    return found


def _named_rows(sentence: str, text: str, about: str) -> list[tuple[Place, frozenset[str]]]:
    """The rows that a claim names, with the parts of their labels that it has; of rows alike the one with headings."""
    said = words_of(sentence, about)
    found: dict[tuple[str, ...], tuple[Place, frozenset[str]]] = {}
    for place in places_of(text):
        if not place.is_row or not place.numbers:
            continue
        own, share = named_parts(place, said, text)
        if share >= _NAMED:
            found[tuple(str(number.value) for number in place.numbers if not is_year(number))] = place, own
    return list(found.values())


def _pairs(sentence: str, first: Place, second: Place) -> list[tuple[Number, Number]]:
    """The figures of two rows that stand under one heading: one that the sentence names, of a year that it names."""
    said = years_of(sentence)
    one, other = _cells(first), _cells(second)
    if len(one) != len(other):
        return []
    columns: list[tuple[frozenset[str], bool, tuple[Number, Number]]] = []
    for (heading, a), (same, b) in zip(one, other, strict=True):
        years = years_of(heading or same)
        if (heading == same or not (heading and same)) and (not said or not years or years & said):
            columns.append((words_of(heading or same), _TOTAL.search(heading or same) is not None, (a, b)))
    common = frozenset.intersection(*(words for words, _, _ in columns)) if columns else frozenset()
    told = words_of(sentence)
    named = [pair for words, _, pair in columns if words - common and words - common <= told]
    return named or [pair for _, is_total, pair in columns if is_total] or [pair for _, _, pair in columns][:1]


def _grew(sentence: str, result: Number, first: Place, second: Place) -> bool:
    """Whether the same row of two tables, of one year each, tells how something moved by as much."""
    said = years_of(sentence)
    told = words_of(sentence)
    up, down = UP.search(sentence) is not None, DOWN.search(sentence) is not None
    columns = []
    for (heading, a), (same, b) in zip(_cells(first), _cells(second), strict=False):
        years = years_of(heading), years_of(same)
        if words_of(heading) == words_of(same) and all(len(one) == 1 for one in years) and years[0] != years[1]:
            later, early = (a, b) if max(years[0]) > max(years[1]) else (b, a)
            if max(*years[0], *years[1]) in said:
                columns.append((words_of(heading), _TOTAL.search(heading) is not None, later, early))
    named = [one for one in columns if one[0] and one[0] <= told] or [one for one in columns if one[1]] or columns[:1]
    for _, _, later, early in named:
        now, before = worth_of(later, result), worth_of(early, result)
        if up == down or (now > before) != up or later.rate is not None or not COMPARES.search(sentence):
            continue
        moved = abs(now - before)
        if result.rate == "%" and before and is_near(result, moved / abs(before) * _HUNDRED):
            return True
        if result.rate is None and is_near(result, moved / (result.scale or Decimal(1))):
            return True
    return False


def _cells(row: Place) -> list[tuple[str, Number]]:
    return [
        (heading_of(cell).strip(" $€£¥(-"), cell.numbers[-1]) for cell in row.segments if cell.is_cell and cell.numbers
    ]


def _is_first(sentence: str, one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the sentence has the words of the one row before those of the other."""
    told = fold(sentence)
    places = [min((at for part in parts if (at := told.find(part)) >= 0), default=len(told)) for parts in (one, other)]
    return places[0] <= places[1]


def _gives(sentence: str, result: Number, first: Number, second: Number, is_part: bool) -> bool:
    """`first` is named first, or is a part of the second."""
    if first.rate != second.rate:
        return False
    return any(is_near(result, value) for value in _results(sentence, result, first, second, is_part))


def _results(sentence: str, result: Number, first: Number, second: Number, is_part: bool) -> Iterator[Decimal]:
    """What the figure of the row named first gives with that of the other, as far as the sentence speaks of it."""
    one, other = worth_of(first, result), worth_of(second, result)
    up, down = UP.search(sentence) is not None, DOWN.search(sentence) is not None
    if result.rate is None and TIMES.match(sentence, result.end):
        if other:
            yield one / other
    elif result.rate is None and first.rate is None:
        unit = result.scale or Decimal(1)
        if _TAKES.search(sentence):
            yield (one - other) / unit
        elif COMPARES.search(sentence) and up != down and (one > other) == up:
            yield abs(one - other) / unit
        if not is_part and (ADDS.search(sentence) or _JOINS.search(sentence)):
            yield (one + other) / unit
    elif result.rate == "%" and first.rate is None and DIVIDES.search(sentence):
        pairs = ((one, other), (one, one + other)) if not is_part and ADDS.search(sentence) else ((one, other),)
        yield from (part / whole * _HUNDRED for part, whole in pairs if whole)
    elif result.rate == "pp" and first.rate == "%" and COMPARES.search(sentence) and up != down:
        yield from [abs(first.value - second.value)] * ((first.value > second.value) == up)
