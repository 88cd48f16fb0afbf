"""A text to the clauses that state its facts: of prose what stands between commas, of a table's row one cell beside its
label and heading. A claim's clause is aligned with the clause of the page that says most of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.numbers import Number
from rag.quantities import BAR, agree, claimed, figures_of, is_value
from rag.sentences import split_sentences
from rag.sparse import bigrams
from rag.text import has_words
from rag.wanted import years_of

_CLAUSE_END = re.compile(
    r"(?P<mark>[，；;。！？]|,(?!\d{3}(?!\d))|\s-\s(?!\d))|\b(?:while|whereas|but|although)\s", re.IGNORECASE
)
_PROSE = re.compile(r"[，。；][^，。；]*[，。；]|[.,;] [a-z].*[.,;]")  # a cell that tells in sentences
_ASIDE = re.compile(r"[(（][^()（）]*\d[^()（）]*[)）]")  # with a figure and a word; a figure alone is a negative one
_CONTEXT = 0.3  # what a word of the same sentence counts beside one of the clause
_NUMBER = 0.5  # what a number that stands in the clause adds


@dataclass(frozen=True, slots=True)
class Segment:
    """`text[start:end]` states something; `terms` are its words, `around` those of its whole sentence or row."""

    start: int
    end: int
    text: str
    terms: frozenset[str]
    around: frozenset[str]
    numbers: tuple[Number, ...]
    years: frozenset[int]
    sentence: int
    is_cell: bool = False

    def says(self, terms: frozenset[str]) -> float:
        """The share of the terms that it holds, those of its sentence counting less."""
        if not terms:
            return 0.0
        own = len(terms & self.terms)
        return (own + _CONTEXT * (len(terms & self.around) - len(terms & self.terms & self.around))) / len(terms)


@lru_cache(maxsize=256)
def segments_of(text: str) -> tuple[Segment, ...]:
    """All clauses of a page in order; `sentence` numbers the sentences. A row that is told beside its headings is told once."""
    return _segments(text, figures_of(text))


@lru_cache(maxsize=256)
def clauses_of(sentence: str) -> tuple[Segment, ...]:
    """The clauses of a claim."""
    return _segments(sentence, claimed(sentence))


def _segments(text: str, figures: Sequence[Number]) -> tuple[Segment, ...]:
    ranges = split_sentences(text)
    rows = [text[start:end] for start, end in ranges if BAR in text[start:end]]
    found: list[Segment] = []
    for number, (start, end) in enumerate(ranges):
        line = text[start:end]
        cells = line.split("\t")
        if BAR in line:
            found += _row_segments(line, start, number, _within(figures, start, end))
        elif len(cells) == 1 or not any(all(cell in row for cell in cells) for row in rows):
            found += _clauses(line, start, number, _within(figures, start, end))
    return tuple(found)


def align(clause: Segment, page: Sequence[Segment]) -> Segment | None:
    """The segment that states most of the clause; None where none has a word or number of it."""

    def worth(segment: Segment) -> float:
        stated = sum(1 for number in clause.numbers if any(agree(number, other) for other in segment.numbers))
        return segment.says(clause.terms) + _NUMBER * stated

    best = max(page, key=lambda segment: (worth(segment), -segment.start), default=None)
    return best if best is not None and worth(best) > 0 else None


def heading_of(cell: Segment) -> str:
    """The words of a cell before its figure."""
    told = cell.text.rsplit(BAR, 1)[-1]
    figure = cell.numbers[-1].text if cell.numbers else ""
    return told[: told.rfind(figure)] if figure in told else told


def _within(figures: Sequence[Number], start: int, end: int) -> list[Number]:
    """Those that begin in a range."""
    first = bisect_left(figures, start, key=lambda number: number.start)
    return list(figures[first : bisect_left(figures, end, key=lambda number: number.start)])


def _clauses(line: str, at: int, sentence: int, figures: Sequence[Number]) -> list[Segment]:
    around = _terms(line)
    asides = [place for match in _ASIDE.finditer(line) if has_words(match[0]) for place in match.span()]
    ends = [match.end() if match["mark"] else match.start() for match in _CLAUSE_END.finditer(line)]
    pieces = [
        (a, b) for a, b in pairwise(sorted({0, *ends, *asides, len(line)})) if line[a:b].strip(" ,，。;；.()（）")
    ]
    return [
        _segment(line[a:b], around, (at + a, at + b), sentence, _within(figures, at + a, at + b)) for a, b in pieces
    ]


def _row_segments(line: str, at: int, sentence: int, figures: Sequence[Number]) -> list[Segment]:
    """Every cell with a figure beside the cells without one: title, unit, section, label."""
    starts = [0, *(match.end() for match in re.finditer(re.escape(BAR), line))]
    cells = list(zip(starts, line.split(BAR), strict=True))
    held = {start: _within(figures, at + start, at + start + len(cell)) for start, cell in cells}
    label = BAR.join(cell for start, cell in cells if not is_value(cell))
    around = _terms(label)
    whole = (at, at + len(line))
    told = [(f"{label}{BAR}{cell}", held[start]) for start, cell in cells if held[start] and is_value(cell)]
    prose = [
        clause
        for start, cell in cells
        if held[start] and not is_value(cell) and _PROSE.search(cell)
        for clause in _clauses(cell, at + start, sentence, held[start])
    ]
    if not told and not prose:
        told = [(line, [])]
    return [*(_segment(text, around, whole, sentence, numbers, True) for text, numbers in told), *prose]


def _segment(
    text: str,
    around: frozenset[str],
    place: tuple[int, int],
    sentence: int,
    numbers: Sequence[Number],
    is_cell: bool = False,
) -> Segment:
    return Segment(*place, text, _terms(text), around, tuple(numbers), years_of(text), sentence, is_cell)


def _terms(text: str) -> frozenset[str]:
    """Words and years; other figures are compared as numbers."""
    words = {term for term in bigrams(text) if not term[0].isdigit() or any(char.isalpha() for char in term)}
    return frozenset(words | {str(year) for year in years_of(text)})
