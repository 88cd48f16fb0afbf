"""What counts as evidence: the text of a page that a sentence may rest on, and how much of a question passages cover.

The words of the question are weighted by their rarity among the passages found; coverage is the share of that weight
that one page holds. A word that no passage holds weighs most: it is what the corpus is silent about. Across languages
words cannot be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from rag.context import context_line
from rag.domain import NO_EVIDENCE, Block, Page, Passage, Table, Term, Understood
from rag.grid import search_text
from rag.instructions import instruction_ranges, is_instruction
from rag.quantities import BAR
from rag.sparse import Tokenise, latin_words, stem
from rag.stopwords import ASKING
from rag.text import fold, has_words, is_han
from rag.wanted import core, years_of

_PARTIAL = 0.5
_INFLECTED = 0.8
_PLAIN = 0.35
_YEAR = 0.3
_VAGUE = frozenset(
    ["变化", "变动", "趋势", "走势", "情况", "状况", "现状", "表现", "水平", "特点"]
)  # what a page shows and does not say


# --- pages -----------------------------------------------------------------------------------------------------------


def evidence_text(page: Page) -> str:
    """The page's text with blanks in place of what is no evidence, so that every offset is still the page's.

    Blanked are running headers and footers, notices, what speaks to a language model, and the figures on a chart's
    axes: a tick of 20% would bear out any claim of 20%. Words inside a chart stay, with the figures in their line.
    """
    text = list(page.text)
    for start, end in _no_evidence(page):
        text[start:end] = " " * (end - start)
    return "".join(text)


def _no_evidence(page: Page) -> Iterator[tuple[int, int]]:
    yield from instruction_ranges(page.text)
    for block in page.blocks:
        if block.kind in NO_EVIDENCE:
            yield block.start, block.end
        elif block.kind == "figure":
            for piece in block.pieces:
                if not has_words(page.text[piece.start : piece.end]):
                    yield piece.start, piece.end


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sentence about a page is checked against: `evidence_text`, then a line for each table row.

    Such a line has the row beside its title, unit and section line, and each cell after its heading, which may stand far
    above it on the page.
    `rows` are (where the line starts in `text`, start and end of the row on the page), in order.
    """

    text: str
    length: int
    rows: tuple[tuple[int, int, int], ...]

    def on_page(self, start: int, end: int) -> tuple[int, int]:
        """The range of the page that `text[start:end]` stands for: its own, or that of the rows whose lines it takes."""
        if start < self.length:
            return start, min(end, self.length)
        taken = [(a, b) for at, a, b in self.rows if at < end and at >= start]
        return (min(a for a, _ in taken), max(b for _, b in taken)) if taken else (0, 0)


def evidence_of(page: Page) -> Evidence:
    """The evidence of a page. A row's line: `表1：盈利预测 | 单位：百万元 | 营业收入 | 2023A 1,234 | 2024E 1,456`."""
    text = evidence_text(page)
    rows: list[tuple[int, int, int]] = []
    for table in page.tables:
        for block, line in _row_lines(page, table):
            rows.append((len(text) + 1, block.start, block.end))
            text += "\n" + line
    return Evidence(text, len(page.text), tuple(rows))


def _row_lines(page: Page, table: Table) -> Iterator[tuple[Block, str]]:
    """Every row of several cells, with the line it is read as; none with what speaks to a language model."""
    head = [_text(page, i) for i in (table.title, table.unit) if i is not None]
    groups = table.groups or ("",) * len(table.rows)
    barred = instruction_ranges(page.text)
    section = ""
    for index, group in zip(table.rows, groups, strict=True):
        if len(page.blocks[index].pieces) == 1:
            section = _text(page, index)
        else:
            parts = (*head, section, group, *_cells(page, table, page.blocks[index]))
            # Bars keep the figure of one cell and the first word of the next (7, 千味央厨) from reading as one number.
            line = BAR.join(part for part in parts if part)
            if not (barred and is_instruction(line)):
                yield page.blocks[index], line


def _cells(page: Page, table: Table, row: Block) -> Iterator[str]:
    """A row's cells, each after its heading, but for a label: words, or marks alone such as `(+/-)%`."""
    for place, piece in enumerate(row.pieces):
        cell = page.text[piece.start : piece.end]
        heading = table.columns[piece.column] if piece.column < len(table.columns) else ""
        is_label = not place and not piece.column and (has_words(cell) or not any(map(str.isdigit, cell)))
        yield cell if is_label else f"{heading} {cell}".strip()


def _text(page: Page, index: int) -> str:
    return page.text[page.blocks[index].start : page.blocks[index].end]


# --- questions -------------------------------------------------------------------------------------------------------


def coverage(
    question: str,
    pages: Sequence[str],
    tokenise: Tokenise,
    named: Sequence[Term] = (),
    weights: Mapping[str, float] | None = None,
) -> float:
    """The best page's share of the question's weight, in [0, 1]; 0 where there is no word or no page.

    A page that has another name of one of the terms `named` has that term's words. A word counts by its rarity, less where
    its weight in `weights` is below 1.
    """
    terms = {t for t in tokenise(question) if (len(t) > 1 or is_han(t)) and t not in ASKING}
    if not terms or not pages:
        return 0.0
    names = [_Named(term, tokenise) for term in named]
    held = [_held(text, names) for text in pages]
    share = {term: [_share(term, page) for page in held] for term in terms}
    weight = {
        term: min(1.0, (weights or {}).get(term, 1.0))
        * math.log(1 + len(held) / (0.5 + sum(1 for s in share[term] if s == 1)))
        for term in terms
    }
    return max(sum(weight[term] * share[term][i] for term in terms) for i in range(len(held))) / sum(weight.values())


def covered(understood: Understood, passages: Sequence[Passage], tokenise: Tokenise) -> float | None:
    """Coverage over the passages' pages with their reports' titles; None where words cannot be compared."""
    if not can_compare(understood, passages):
        return None
    pages: dict[tuple[str, int], str] = {}
    for passage in passages:
        key = (passage.report.id, passage.chunk.page)
        pages[key] = pages.get(key, context_line(passage.report)) + "\n" + search_text(passage.chunk)
    question = core(understood.topic)
    return coverage(
        question, list(pages.values()), tokenise, understood.terms, _weights(question, understood, tokenise)
    )


def can_compare(understood: Understood, passages: Sequence[Passage]) -> bool:
    """Whether the words of passages can be compared with the question's: half of the best are in its language."""
    best = passages[:5]
    return sum(1 for p in best if p.report.language == understood.language) * 2 >= len(best)


def _weights(question: str, understood: Understood, tokenise: Tokenise) -> dict[str, float]:
    """What words of a question count that pages may well say in another way: plain English ones, 变化, and FY2018 for 2018."""
    terms = {word for term in understood.terms for word in tokenise(term.text)}
    names = {word for written in question.split()[1:] if written[:1].isupper() for word in tokenise(written)}
    words = set(tokenise(question))
    plain = {word: _PLAIN for word in words - terms - names if word.isascii() and word.isalpha()}
    vague = dict.fromkeys(words & _VAGUE, _PLAIN)
    return plain | vague | {word: _YEAR for word in words if years_of(word)}


@dataclass(frozen=True, slots=True)
class _Held:
    """A page's Latin words and those of the terms it has, one a line too, and its folded text, where han words are found."""

    terms: Set[str]
    lines: str
    text: str


class _Named:
    """The words of a term, and of each of its names, with the name as a text has it."""

    def __init__(self, term: Term, tokenise: Tokenise) -> None:
        self.words = tokenise(term.text)
        self._names = [(words, fold(name)) for name in (*term.zh, *term.en) if (words := tokenise(name))]

    def is_on(self, latin: Set[str], text: str) -> bool:
        """Whether a page of these Latin words and this folded text has one of the names."""
        return any(
            all(word in (text if is_han(word[0]) else latin) for word in words) and (len(words) == 1 or name in text)
            for words, name in self._names
        )


def _held(page: str, named: Sequence[_Named]) -> _Held:
    text = fold(page)
    latin = latin_words(text)
    terms = latin.union(*(term.words for term in named if term.is_on(latin, text)))
    return _Held(terms, "\n".join(["", *terms]), text)


def _share(term: str, page: _Held) -> float:
    """1 where the page has the word. Else, for a Chinese word, half the share of its characters (底部 beside 底); for a
    Latin one most of it where the page has another form of the same stem (deliver beside delivered).
    """
    if term in page.terms or (is_han(term[0]) and term in page.text):
        return 1.0
    if is_han(term[0]):
        return _PARTIAL * sum(1 for char in term if char in page.text) / len(term)
    return _INFLECTED if len(term) >= 4 and term.isalpha() and f"\n{stem(term)}" in page.lines else 0.0


def silent_terms(understood: Understood, passages: Sequence[Passage], tokenise: Tokenise) -> list[str]:
    """Words of the question that no passage holds, in the question's order."""
    held = {term for p in passages for term in (*tokenise(search_text(p.chunk)), *tokenise(p.report.title))}
    asked = dict.fromkeys(tokenise(core(understood.topic)))
    return [term for term in asked if term not in held and term not in ASKING and len(term) > 1 and not years_of(term)]
