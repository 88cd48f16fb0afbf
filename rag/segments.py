"""A text to the clauses that state its facts: of prose what stands between commas, of a table's row one cell beside its
label and heading. A claim's clause is aligned with the clause of the page that says most of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.numbers import Number, agree, find_numbers
from rag.sentences import split_sentences
from rag.sparse import bigrams
from rag.text import has_words
from rag.wanted import years_of

BAR = " | "  # parts the cells of a row's line in the evidence of a page
_CLAUSE_END = re.compile(
    r"(?P<mark>[，；;。！？]|,(?!\d{3}(?!\d))|\s-\s(?!\d))|\b(?:while|whereas|but|although)\s", re.IGNORECASE
)
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
    """All clauses in order; `sentence` numbers the sentences. A row that is told beside its headings is told once."""
    ranges = split_sentences(text)
    rows = [text[start:end] for start, end in ranges if BAR in text[start:end]]
    found: list[Segment] = []
    for number, (start, end) in enumerate(ranges):
        line = text[start:end]
        cells = line.split("\t")
        if BAR in line:
            found += _row_segments(line, start, number)
        elif len(cells) == 1 or not any(all(cell in row for cell in cells) for row in rows):
            found += _clauses(line, start, number)
    return tuple(found)


def align(clause: Segment, page: Sequence[Segment]) -> Segment | None:
    """The segment that states most of the clause; None where none has a word or number of it."""

    def worth(segment: Segment) -> float:
        stated = sum(1 for number in clause.numbers if any(agree(number, other) for other in segment.numbers))
        return segment.says(clause.terms) + _NUMBER * stated

    best = max(page, key=lambda segment: (worth(segment), -segment.start), default=None)
    return best if best is not None and worth(best) > 0 else None


def _clauses(line: str, at: int, sentence: int) -> list[Segment]:
    around = _terms(line)
    asides = [place for match in _ASIDE.finditer(line) if has_words(match[0]) for place in match.span()]
    ends = [match.end() if match["mark"] else match.start() for match in _CLAUSE_END.finditer(line)]
    pieces = [
        (a, b) for a, b in pairwise(sorted({0, *ends, *asides, len(line)})) if line[a:b].strip(" ,，。;；.()（）")
    ]
    return [_segment(line[a:b], around, at + a, at + b, sentence) for a, b in pieces]


def _row_segments(line: str, at: int, sentence: int) -> list[Segment]:
    """Every cell with a figure beside the cells without one: title, unit, section, label."""
    cells = line.split(BAR)
    named = [cell for cell in cells if not find_numbers(cell)]
    label = BAR.join(named)
    figures = [cell for cell in cells if cell not in named]
    around = _terms(label)
    told = [f"{label}{BAR}{cell}" for cell in figures] or [line]
    return [_segment(text, around, at, at + len(line), sentence, True) for text in told]


def _segment(text: str, around: frozenset[str], start: int, end: int, sentence: int, is_cell: bool = False) -> Segment:
    return Segment(start, end, text, _terms(text), around, tuple(find_numbers(text)), years_of(text), sentence, is_cell)


def _terms(text: str) -> frozenset[str]:
    """Words and years; other figures are compared as numbers."""
    words = {term for term in bigrams(text) if not term[0].isdigit() or any(char.isalpha() for char in term)}
    return frozenset(words | {str(year) for year in years_of(text)})
