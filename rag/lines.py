"""The chunks of one report to its primary statements: figures by line and year, each with the table row it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from rag.definition import words_of
from rag.domain import Chunk, Grid, Statement
from rag.grid import own_grid, row_sentence
from rag.metrics import Item
from rag.numbers import find_numbers
from rag.wanted import years_of

_FEWEST = 4  # lines of a statement that its page has
_TITLED = 6  # lines that a statement's name above a table is worth
_OTHERS = 8  # what a table of a part of the group loses
_NEAR, _REACH = 4, 8  # what a page wins so many pages from the middle one of the statements
_NOT_THE_GROUP = re.compile(
    r"parent|consolidating|guarant|segment|pro forma|quarter|three months|supplement(?!ary data)|\bnotes? \d|schedule|discontinued|母公司|分部|附注",
    re.IGNORECASE,
)
_PART_OF_YEAR = re.compile(
    r"three months|six months|nine months|quarter|(?:thirteen|twenty-six) weeks|季度|半年|[1-3]\s?[-–—~～至]\s?(?!12)\d+\s?月",
    re.IGNORECASE,
)
_OTHER_FIGURE = re.compile(r"%|％|percent|change|variance|同比|增减|增长", re.IGNORECASE)
_FORECAST = re.compile(r"\d\s?[EF](?![a-z])|预测|预计|预期|\b(?:estimate|forecast|projected|guidance)", re.IGNORECASE)
_UNIT = re.compile(r"thousand|million|billion|百万|千|万|亿", re.IGNORECASE)
_SIGN = re.compile(r"(?:US|HK|NT)?[$€£¥]\s?(?=[\d(.])")
_ORDER = (
    re.compile(  # before a Chinese label: 三、营业利润, 1．归属于母公司股东的净利润, 减：营业成本, 流动负债：短期借款
        r"^\s*(?:(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.．])?\s*(?:[一-鿿]{1,6}[:：])?\s*(?=[一-鿿])"
    )
)
_LONGEST_TITLE = 120  # characters of a text above a table that names it
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_TITLES: dict[Statement, re.Pattern[str]] = {
    "balance sheet": re.compile(
        r"balance sheet|financial position|financial condition|资产负债表|财务状况表", re.IGNORECASE
    ),
    "income statement": re.compile(
        r"statements? of (?:consolidated )?(?:income|operations|earnings)|income statement|(?<!综合)利润表|损益表",
        re.IGNORECASE,
    ),
    "cash flow statement": re.compile(
        r"statements? of (?:consolidated )?cash flows?|cash flow statement|现金流量表", re.IGNORECASE
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a statement: its value without sign where the line is a cost, and as it is written, without currency."""

    value: Decimal
    text: str
    year: int
    chunk: Chunk
    row: int
    column: int

    @property
    def is_forecast(self) -> bool:
        """Whether its column is headed so: `2026E`."""
        return self.chunk.grid is not None and _is_forecast(self.chunk.grid.columns[self.column])

    @property
    def unit(self) -> str:
        """The magnitude that its table states, "" where it states none."""
        grid = self.chunk.grid
        found = _UNIT.search(f"{grid.unit} {grid.title}") if grid else None
        return found[0].lower() if found else ""


@dataclass(frozen=True, slots=True)
class _Row:
    chunk: Chunk
    index: int
    label: tuple[str, ...]
    years: tuple[int | None, ...]


class Lines:
    """The statements of a report; `holds` are the lines by which each is known (rag/statements.py)."""

    def __init__(self, chunks: Sequence[Chunk], holds: Mapping[Statement, Sequence[str]]) -> None:
        tables = _headed(_titled(chunks))
        self._rows = [row for chunk in tables for row in _rows_of(chunk)]
        self._pages = _pages_of(self._rows, holds)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that the statements found tell of, the newest first; none that is a forecast."""
        held: set[int] = set()
        for row in self._rows:
            if row.chunk.page in self._of_statements() and row.chunk.grid is not None:
                headed = zip(row.years, row.chunk.grid.columns, strict=True)
                held |= {year for year, heading in headed if year and not _is_forecast(heading)}
        return tuple(sorted(held, reverse=True))

    def figure(self, item: Item, year: int) -> Figure | None:
        """A line's figure for a year, as its statement has it; None where it has none."""
        page = self._pages.get(item.statement)
        if page is None:
            return None
        rows = [
            row for row in self._rows if row.chunk.page == page or (row.chunk.page == page + 1 and _goes_on(row.chunk))
        ]
        for label in item.labels:
            for row in (row for row in rows if _fits(label, row.label)):
                found = _cell(row, year, item)
                if found is not None:
                    return found
        return None

    def _of_statements(self) -> set[int]:
        return {page for page in self._pages.values() if page is not None}


def sentence_of(figures: Sequence[Figure]) -> str:
    """The row that figures of one row stand in, with their cells alone.

    Where the line tells no magnitude a sign of currency is left out: `$ 39,403` would be read as so many dollars.
    """
    grid = own_grid(figures[0].chunk)
    if grid is None:
        return ""
    if not _UNIT.search(grid.unit):
        grid = replace(grid, rows=tuple(tuple(_SIGN.sub("", cell) for cell in cells) for cells in grid.rows))
    return row_sentence(grid, figures[0].row, {figure.column for figure in figures})


def _titled(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The tables; one that stands right below a short text on its page has that for its heading (母公司利润表, 2024年1-12月)."""
    tables = [chunk for chunk in chunks[:1] if chunk.grid is not None]
    for above, chunk in pairwise(chunks):
        if chunk.grid is not None:
            named = above.grid is None and above.page == chunk.page and len(above.text) <= _LONGEST_TITLE
            tables.append(replace(chunk, path=(*chunk.path, above.text)) if named else chunk)
    return tables


def _headed(tables: Sequence[Chunk]) -> list[Chunk]:
    """Tables without a word of headings under those of the table above, where they have as many columns.

    Statements are set so: the liabilities after the assets, under a line of their own, or on the next page.
    """
    told: list[Chunk] = []
    for chunk in tables:
        grid, above = chunk.grid, told[-1] if told and chunk.page - told[-1].page <= 1 else None
        assert grid is not None
        if above is not None and above.grid is not None and _is_bare(grid, above.grid):
            columns, unit = above.grid.columns, grid.unit or above.grid.unit
            inherited = grid.inherited or above.page != chunk.page or above.grid.inherited
            chunk = replace(chunk, grid=replace(grid, columns=columns, unit=unit, inherited=inherited))
        told.append(chunk)
    return told


def _is_bare(grid: Grid, above: Grid) -> bool:
    """Whether a table has no headings, at most the name of a section in place of a label's, and columns as the one above."""
    bare = not any(grid.columns[1:]) and (not grid.columns[0] or any(map(_year, above.columns)))
    return bare and len(grid.columns) == len(above.columns)


def _rows_of(chunk: Chunk) -> Iterator[_Row]:
    grid = chunk.grid
    assert grid is not None
    years = tuple(_year(heading) for heading in grid.columns)
    for index, cells in enumerate(grid.rows):
        if not any(years[1:]) and not any(map(find_numbers, cells[:1])):
            told = tuple(_year(cell) for cell in cells)
            if sum(year is not None for year in told) > 1:  # headings that were read as a row
                years = told
                continue
        label = next((cell for cell in cells if cell), "")
        yield _Row(chunk, index, _words(label), years)


def _year(heading: str) -> int | None:
    """The year of a column of whole years."""
    if _PART_OF_YEAR.search(heading) or _OTHER_FIGURE.search(heading.replace("Increase/(Decrease)", "")):
        return None
    years = years_of(heading)
    return next(iter(years)) if len(years) == 1 else None


def _is_forecast(heading: str) -> bool:
    return _FORECAST.search(heading) is not None


def _words(label: str) -> tuple[str, ...]:
    """A label without notes in brackets, and a Chinese one without what orders it; its words may be none."""
    return words_of(_ORDER.sub("", _ASIDE.sub(" ", label))) or words_of(label)


def _fits(label: str, words: tuple[str, ...]) -> bool:
    before, star, after = label.partition("*")
    wanted, ends = _words(before), words_of(after)
    if not star:
        return words == wanted
    return words[: len(wanted)] == wanted and (not ends or words[-len(ends) :] == ends)


def _pages_of(rows: Sequence[_Row], holds: Mapping[Statement, Sequence[str]]) -> dict[Statement, int]:
    """The page of each statement: the one whose tables have most of its lines.

    One that names the statement has a lead, one of a part of the group falls back; and a report's statements stand together.
    """
    held: dict[int, set[tuple[str, ...]]] = {}
    titles: dict[int, str] = {}
    for row in rows:
        page, grid = row.chunk.page, row.chunk.grid
        held.setdefault(page, set()).add(row.label)
        if _goes_on(row.chunk):
            held.setdefault(page - 1, set()).add(row.label)
        if any(row.years) and grid is not None:
            titles[page] = " ".join((titles.get(page, ""), grid.title, *row.chunk.path[-1:]))
    known = {statement: {words_of(name) for name in names if "*" not in name} for statement, names in holds.items()}
    going_on = {row.chunk.page for row in rows if _goes_on(row.chunk)}
    scores = {
        statement: _of_first_pages(
            {page: _score(statement, held[page] & lines, titles[page]) for page in titles}, going_on
        )
        for statement, lines in known.items()
    }
    best = {statement: max(of, key=lambda page: (of[page], -page)) for statement, of in scores.items() if of}
    centre = sorted(best.values())[len(best) // 2] if best else 0
    near = {
        statement: max(of, key=lambda page: (of[page] + (_NEAR if abs(page - centre) <= _REACH else 0), -page))
        for statement, of in scores.items()
        if of
    }
    return {statement: page for statement, page in near.items() if scores[statement][page] >= _FEWEST}


def _of_first_pages(scores: Mapping[int, int], going_on: Set[int]) -> dict[int, int]:
    """The scores without those of pages on which the statement of the page before goes on."""
    return {p: score for p, score in scores.items() if p not in going_on or scores.get(p - 1, 0) < _FEWEST}


def _score(statement: Statement, lines: Set[tuple[str, ...]], title: str) -> int:
    if len(lines) < _FEWEST:
        return 0
    lead = _TITLED if _TITLES[statement].search(title) else 0
    return len(lines) + lead - (_OTHERS if _NOT_THE_GROUP.search(title) else 0)


def _goes_on(chunk: Chunk) -> bool:
    return chunk.grid is not None and chunk.grid.inherited


def _cell(row: _Row, year: int, item: Item) -> Figure | None:
    grid = row.chunk.grid
    assert grid is not None
    for column, held in enumerate(row.years):
        cell = grid.rows[row.index][column]
        if held != year or column == 0 or _OTHER_FIGURE.search(cell):
            continue
        numbers = find_numbers(cell)
        if len(numbers) != 1:
            continue
        number = numbers[0]
        negative = number.bracketed or number.value < 0 or cell.strip().startswith(("(", "（"))
        value = -abs(number.value) if negative and not item.is_cost else abs(number.value)
        digits = number.text
        return Figure(value, f"-{digits}" if value < 0 else digits, year, row.chunk, row.index, column)
    return None
