"""Passages to what can be quoted of them: whole sentences, table rows beside their headings, figure titles that say something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.boilerplate import is_boilerplate
from rag.context import context_line
from rag.domain import Chunk, Grid, Language, Passage
from rag.grid import has_figure, is_panel, own_grid, row_sentence
from rag.instructions import is_instruction, without_instructions
from rag.numbers import find_numbers
from rag.sentences import split_sentences
from rag.sparse import bigrams
from rag.text import ends_sentence, has_words, language_of, runs_on, width
from rag.wanted import is_period, without_dates

_SHORTEST, _LONGEST = 12, 700
_FIGURE_TITLE = re.compile(r"^(?:图表?|exhibit|figure|chart)\s*\d+[:：.\s]*", re.IGNORECASE)
_INDEX = re.compile(
    r"(?:沪深|中证|上证|国证|深证|巨潮|标普|纳斯达克|罗素|S&P|Russell|Nasdaq|MSCI|HS|CSI)\s?\d+", re.IGNORECASE
)
_UNIT_ONLY = re.compile(r"[(（][^()（）]*[)）]")
# figures of several rows that were read as one cell
_MERGED = re.compile(r"\d\s*[约近超逾]\s*\d|(?:\d[\d.,]*[%％]?\s+){2}\d")
# the rest of a sentence that began elsewhere
_CUT_OFF = re.compile(r"^[\d.,%％]+[；;。，,）)]|^[）)」』】，。；、%％]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `grid.rows[index]`."""

    grid: Grid
    index: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that can be quoted. `own` is what is no one else's of it: a row without the headings that all rows share.

    `passage` and `position` tell where it stands: the place of its passage among those given, its own in all lines.
    """

    text: str
    own: frozenset[str]
    passage: int
    position: int
    headings: str
    report: str
    language: Language
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    own: str
    row: Row | None = None


def find_candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """In the order of the passages; each text once, no boilerplate, no questions."""
    found: list[Candidate] = []
    seen: set[str] = set()
    for index, passage in enumerate(passages):
        chunk = passage.chunk
        title = chunk.grid.title if chunk.grid is not None else ""
        headings = " ".join((*chunk.path, title))
        report = context_line(passage.report)
        for line in _lines(chunk, is_scan=passage.read_by == "ocr"):
            if line.text not in seen and not is_boilerplate(line.text) and not line.text.endswith(("？", "?")):
                seen.add(line.text)
                terms, language = frozenset(bigrams(line.own)), language_of(line.text)
                found.append(Candidate(line.text, terms, index, len(found), headings, report, language, line.row))
    return found


def _lines(chunk: Chunk, *, is_scan: bool) -> Iterator[_Line]:
    """What speaks to a language model is no line of the report."""
    grid, text = own_grid(chunk), without_instructions(chunk.text)
    if grid is not None:
        lines = _table_lines(grid)
        yield from lines if text == chunk.text else (line for line in lines if not is_instruction(line.text))
    else:
        if chunk.kind == "figure":
            yield from _figure_title(text)
        yield from _text_lines(text, is_scan=is_scan)


def _table_lines(grid: Grid) -> Iterator[_Line]:
    if is_panel(grid):  # its first row was taken for headings
        grid = Grid(grid.title, grid.unit, ("", ""), (grid.columns, *grid.rows), grid.inherited)
    for index, cells in enumerate(grid.rows):
        text = row_sentence(grid, index)
        unnamed = not any(grid.columns) and not has_words(cells[0])
        if not unnamed and _is_telling_row(text, cells):
            yield _Line(text, " ".join(cells), Row(grid, index))


def _text_lines(chunk_text: str, *, is_scan: bool) -> Iterator[_Line]:
    """Whole sentences, and rows that stand in no table; of a scan none, where words beside a picture look like one."""
    above = ""
    for line in chunk_text.split("\n"):
        cells = tuple(line.split("\t"))
        if has_figure(cells[1:]):  # a row that stands in no table
            if not is_scan:
                yield from _table_lines(Grid("", "", ("",) * len(cells), (cells,)))
            above = ""
            continue
        plain = " ".join(cells)
        for start, end in split_sentences(plain)[1 if runs_on(above) else 0 :]:
            text = plain[start:end].strip("•●■⚫ ")
            if _is_whole_sentence(text):
                yield _Line(text, text)
        above = plain


def _figure_title(chunk_text: str) -> Iterator[_Line]:
    """The title of a figure that states a figure: `图3：2024年渗透率升至12%`, not `图3：渗透率（2019-2024）`."""
    title = chunk_text.split("\n", 1)[0]
    bare = _UNIT_ONLY.sub("", _FIGURE_TITLE.sub("", title))
    if bare != title and find_numbers(without_dates(_INDEX.sub("", bare))) and _SHORTEST <= width(title) <= _LONGEST:
        yield _Line(title, title)


def _is_telling_row(text: str, cells: Sequence[str]) -> bool:
    """A row with a figure beside its label, or with a sentence in a cell; not one of headings, which are all periods."""
    values = [cell for cell in cells[1:] if cell.strip()]
    if not _SHORTEST <= width(text) <= _LONGEST or all(map(is_period, values)) or any(map(_MERGED.search, values)):
        return False
    return any(find_numbers(without_dates(cell)) for cell in values) or ends_sentence(text)


def _is_whole_sentence(text: str) -> bool:
    """Not a heading, and not the rest of a sentence that began a page earlier."""
    whole = (
        ends_sentence(text) and not text.endswith((":", "：")) and not text[0].islower() and not _CUT_OFF.match(text)
    )
    return whole and _SHORTEST <= width(text) <= _LONGEST
