"""The tables of a report to lines for its digest: the forecasts of a broker's report, the key figures of a filing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import Chunk, Grid, Language
from rag.grid import has_figure, own_grid, row_sentence
from rag.summarise import Outline, Told
from rag.text import width
from rag.wanted import is_period

FORECASTS: dict[Language, str] = {"zh": "盈利预测", "en": "Forecasts"}
KEY_FIGURES: dict[Language, str] = {"zh": "主要财务数据", "en": "Key figures"}
_LEAST_ROWS = 3  # of a table that says something
_ROWS = 5
_MOST_TABLES = 5
_LONGEST = 200  # width units of a line; a longer one is a table that was read badly
_FEWEST_PERIODS, _MOST_PERIODS = 2, 6
_TICKED = re.compile("[√□☑✓]")
_BOXES = ("√", "□", "☑", "✓")  # a line of boxes to tick (适用, 不适用) is no heading
_EXPECTED = re.compile(
    r"(?:19|20)?\d\d\s*年?\s*(?:[EF]\b|[（(]?[EF][）)]|预测|预计)|\b(?:FY)?\d\d(?:\d\d)?[EF]\b", re.IGNORECASE
)
_FORECAST_ROWS = tuple(  # a table has several rows of one kind, and the first is the company's
    re.compile(rf"^\W*(?:{words})", re.IGNORECASE)
    for words in (
        "主?营业?(?:总)?收入|营收|销售收入|收入|(?:total |net )?(?:revenues?|sales)",
        "归属?(?:于|母).{0,12}净?利润?|净利润|归母净利|net (?:income|profit)|ebitda",
        "每股收益|(?:摊薄|最新|基本)?\\s*EPS|(?:adjusted |diluted )?(?:eps|earnings per share)",
        "毛利率|gross margin",
        "市盈率|P/?E\\b",
        "ROE|净资产收益率|return on equity",
    )
)
_KEY_ROW = re.compile(
    r"^\W*(?:[一二三四五六]、)?(?:其中[:：])?(?:营业总?收入|归属于(?:上市|母)公司\S{0,6}的?(?:净利润|所有者权益|净资产)|归属于上市公司股东的扣除非经常性损益的净利润|净利润|经营活动(?:产生的)?现金流量净额|(?:基本)?每股收益|加权平均净资产收益率|资产总[计额]|总资产|负债合计|所有者权益.{0,12}合计"
    r"|(?:total )?(?:net )?(?:revenues?|sales)(?:, net)?\b|net (?:income|earnings|loss)\b|gross (?:profit|margin)|operating (?:income|profit)|(?:basic|diluted).{0,40}per .{0,10}share"
    r"|net cash.{0,30}operating activities|total (?:assets|liabilities|(?:stockholders|shareholders)\S* equity))",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^\W*[一二三四五六七八九]、|^\W*(?:其中|including)\W|[（(].*$", re.IGNORECASE)
_NOT_THE_COMPANY = re.compile(
    r"母公司|联营|合营|子公司|关联方|股东(?:总数|名称|持股)|前十名|附注|补充资料|parent company|pro forma",
    re.IGNORECASE,
)


def forecast_lines(language: Language, chunks: Sequence[Chunk]) -> Outline:
    """The rows of the first table that forecasts revenue, profit and the like; [] without one."""
    for chunk in chunks:
        grid = own_grid(chunk)
        if grid is None or not any(map(_EXPECTED.search, grid.columns)):
            continue
        periods = [i for i, column in enumerate(grid.columns) if is_period(column) or _EXPECTED.search(column)]
        if not _FEWEST_PERIODS <= len(periods) <= _MOST_PERIODS:
            continue
        told = [Told(line, chunk.page) for line in _forecast_rows(grid, periods)]
        if len(told) >= _LEAST_ROWS:
            return [(FORECASTS[language], told[:_ROWS])]
    return []


def _forecast_rows(grid: Grid, periods: Sequence[int]) -> list[str]:
    """The first row of each kind."""
    lines: list[str] = []
    for kind in _FORECAST_ROWS:
        rows = (i for i, cells in enumerate(grid.rows) if kind.match(cells[0]) and has_figure(cells[1:]))
        line = row_sentence(grid, row, periods) if (row := next(rows, None)) is not None else ""
        if 0 < width(line) <= _LONGEST:
            lines.append(line)
    return lines


def key_figure_lines(language: Language, chunks: Sequence[Chunk]) -> Outline:
    """The lines of a filing's key tables, those that a reader looks for, each table under its heading; [] without tables."""
    tables: dict[str, list[Told]] = {}
    known: set[str] = set()
    for chunk in chunks:
        grid = own_grid(chunk)
        heading = _heading(chunk) or KEY_FIGURES[language]
        if grid is None or _NOT_THE_COMPANY.search(heading):
            continue
        for label, line in _key_lines(grid):
            if label not in known:
                known.add(label)
                tables.setdefault(heading, []).append(Told(line, chunk.page))
    best = [(heading, lines[:_ROWS]) for heading, lines in tables.items()][:_MOST_TABLES]
    return best or _first_rows(language, chunks)


def _key_lines(grid: Grid) -> list[tuple[str, str]]:
    """(label, line) of the rows that a reader looks for."""
    lines = [
        (_NUMBERING.sub("", cells[0]).strip(), row_sentence(grid, index))
        for index, cells in enumerate(grid.rows)
        if _KEY_ROW.match(cells[0]) and has_figure(cells[1:])
    ]
    return [(label, line) for label, line in lines if 0 < width(line) <= _LONGEST and not _TICKED.search(line)]


def _first_rows(language: Language, chunks: Sequence[Chunk]) -> Outline:
    """The first rows of the first tables that have some."""
    made: Outline = []
    for chunk in chunks:
        grid = own_grid(chunk)
        if grid is None or len(made) >= _MOST_TABLES:
            continue
        lines = [row_sentence(grid, index) for index, cells in enumerate(grid.rows) if has_figure(cells[1:])]
        told = [Told(line, chunk.page) for line in dict.fromkeys(lines) if 0 < width(line) <= _LONGEST]
        if len(told) >= _LEAST_ROWS:
            made.append((_heading(chunk) or KEY_FIGURES[language], told[:_ROWS]))
    return made


def _heading(chunk: Chunk) -> str:
    title = chunk.grid.title if chunk.grid else ""
    return title or next((part for part in reversed(chunk.path) if not part.startswith(_BOXES)), "")
