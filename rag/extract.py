"""A question and passages to the sentences and table rows of the passages that answer it best; needs no LLM.

A candidate's score adds: its BM25 against the question among all candidates, its closeness in meaning (embedding), and
the place of its passage. Questions for a figure prefer candidates that hold one; questions for a view those that state
one, or that share terms with their report's title, which is its thesis. Near-doubles are left out, and what is chosen is
put in reading order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.boilerplate import is_boilerplate
from rag.domain import Chunk, Grid, Language, Passage, Vector
from rag.grid import has_figure, own_grid, row_sentence
from rag.numbers import find_numbers
from rag.ports import Embedder
from rag.sentences import split_sentences
from rag.sparse import bigrams, rank_in_memory
from rag.text import ends_sentence, fold, language_of, runs_on, width

MOST_SENTENCES = 5
_LEXICAL, _MEANING, _PLACE, _FIGURE, _VIEW, _THESIS = 1.0, 0.8, 0.6, 0.3, 0.3, 1.0
_KEEP = 0.55  # of the best score
_SAME = 0.6  # share of terms that makes two sentences say the same
_SHORTEST, _LONGEST = 12, 700
_WANTS_FIGURE = re.compile(
    r"多少|几[个家倍]|比例|占比|增速|同比|金额|规模|率|目标价|how (?:much|many)|what (?:is|was|were|are) the .{0,40}(?:amount|ratio|margin|rate|growth"
    r"|revenue|income|price|capex|expenditure|total|number|percentage)|percent|%|\bFY\s?\d{2,4}|eps\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d\d\s?[年/.-]\s?\d{1,2}(?:\s?[月/.-]\s?\d{1,2}\s?日?)?|\d{1,2} \w{3,9} (?:19|20)\d\d|\w{3,9} \d{1,2}, (?:19|20)\d\d"
)
_WANTS_VIEW = re.compile(
    r"看法|观点|怎么看|如何看|如何评价|认为|为什么|\b(?:say|says|said|view|think|thinks|believe|opinion|expects?|argue)\b|outlook",
    re.IGNORECASE,
)
_HAS_VIEW = re.compile(
    r"认为|预计|判断|建议|看好|有望|倾向|我们|\bwe (?:expect|believe|see|think|prefer|recommend)|\b(?:expects?|believes?|argues?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    passage: int
    position: int
    terms: frozenset[str]


class ExtractiveWriter:
    """Implements `Writer`; every sentence it gives stands on a page, or is a table row beside its column headings."""

    name = "extractive"
    model: str | None = None

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def write(self, question: str, passages: Sequence[Passage]) -> list[str]:
        """At most five sentences, in reading order; empty where the passages hold no sentence."""
        candidates = _candidates(passages)
        if not candidates:
            return []
        scores = self._scores(question, passages, candidates)
        order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
        chosen: list[int] = []
        for index in order:
            if len(chosen) == MOST_SENTENCES or scores[index] < _KEEP * scores[order[0]]:
                break
            if not any(_say_the_same(candidates[index], candidates[other]) for other in chosen):
                chosen.append(index)
        first_of_report: dict[str, int] = {}
        for index in chosen:
            first_of_report.setdefault(passages[candidates[index].passage].report.id, len(first_of_report))

        def reading_order(index: int) -> tuple[int, int, int, int]:
            candidate = candidates[index]
            passage = passages[candidate.passage]
            return (first_of_report[passage.report.id], passage.chunk.page, passage.chunk.position, candidate.position)

        return [candidates[index].text for index in sorted(chosen, key=reading_order)]

    def _scores(self, question: str, passages: Sequence[Passage], candidates: Sequence[_Candidate]) -> list[float]:
        lexical = scaled(rank_in_memory(question, [c.text for c in candidates], bigrams))
        vectors = self._embedder.embed_passages([c.text for c in candidates])
        meaning = self._meaning(question, vectors, [language_of(c.text) for c in candidates])
        best = max(p.score for p in passages) or 1.0
        wants_figure = bool(_WANTS_FIGURE.search(fold(question)))
        wants_view = bool(_WANTS_VIEW.search(fold(question)))
        titles = [frozenset(bigrams(p.report.title)) for p in passages]
        theses = [len(c.terms & titles[c.passage]) / (len(titles[c.passage]) or 1) for c in candidates]
        asked = {number.value for number in find_numbers(question)}
        return [
            _LEXICAL * lexical[i]
            + _MEANING * meaning[i]
            + _PLACE * passages[c.passage].score / best
            + (_VIEW * bool(_HAS_VIEW.search(fold(c.text))) + _THESIS * theses[i] if wants_view else 0.0)
            + (_FIGURE if wants_figure and any(n.value not in asked for n in find_numbers(c.text)) else 0.0)
            for i, c in enumerate(candidates)
        ]

    def _meaning(self, question: str, vectors: Vector, languages: Sequence[Language]) -> list[float]:
        """Closeness of each vector to the question, scaled within each language: models rank well within one only."""
        asked = language_of(question)
        close = [0.0] * len(languages)
        for language in sorted(set(languages)):
            places = [i for i, one in enumerate(languages) if one == language]
            embed = self._embedder.embed_query if language == asked else self._embedder.embed_across
            for place, value in zip(places, scaled((vectors[places] @ embed(question)).tolist()), strict=True):
                close[place] = value
        return close


def _candidates(passages: Sequence[Passage]) -> list[_Candidate]:
    found: list[_Candidate] = []
    seen: set[str] = set()
    for index, passage in enumerate(passages):
        for text, own in _lines(passage.chunk):
            if text not in seen and not is_boilerplate(text) and not text.endswith(("？", "?")):  # no question answers
                seen.add(text)
                found.append(_Candidate(text, index, len(found), frozenset(bigrams(own))))
    return found


def _lines(chunk: Chunk) -> Iterator[tuple[str, str]]:
    """What can be quoted of a chunk, in order: its table's rows or its whole sentences, each with the part of it that is
    no one else's (a row's cells without the headings that all rows share)."""
    grid = own_grid(chunk)
    return _text_lines(chunk.text) if grid is None else _table_lines(grid)


def _table_lines(grid: Grid) -> Iterator[tuple[str, str]]:
    for index, cells in enumerate(grid.rows):
        text = row_sentence(grid, index)
        if _is_telling_row(text, cells):
            yield text, " ".join(cells)


def _text_lines(chunk_text: str) -> Iterator[tuple[str, str]]:
    above = ""
    for line in chunk_text.split("\n"):
        cells = tuple(line.split("\t"))
        if has_figure(cells[1:]):  # a row that stands in no table
            yield from _table_lines(Grid("", "", ("",) * len(cells), (cells,)))
            above = ""
            continue
        plain = " ".join(cells)
        for start, end in split_sentences(plain)[1 if runs_on(above) else 0 :]:
            text = plain[start:end].strip("•●■⚫ ")
            if _is_whole_sentence(text):
                yield text, text
        above = plain


def _is_telling_row(text: str, cells: Sequence[str]) -> bool:
    """A row with a figure beside its label, dates not counted, or with a sentence in a cell."""
    if not _SHORTEST <= width(text) <= _LONGEST:
        return False
    return any(find_numbers(_DATE.sub("", cell)) for cell in cells[1:]) or ends_sentence(text)


def _is_whole_sentence(text: str) -> bool:
    """Not a heading, and not the rest of a sentence that began a page earlier."""
    whole = ends_sentence(text) and not text.endswith((":", "：")) and not text[0].islower()
    return whole and _SHORTEST <= width(text) <= _LONGEST


def _say_the_same(one: _Candidate, other: _Candidate) -> bool:
    smaller = min(len(one.terms), len(other.terms))
    return smaller > 0 and len(one.terms & other.terms) / smaller > _SAME


def scaled(values: Sequence[float]) -> list[float]:
    """Values to [0, 1] between their lowest and highest; all 0 where they are equal."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]
