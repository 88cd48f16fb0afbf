"""A table region and the lines inside it to rows of cells, its header rows, and one heading a column.

The region's grid lines say which row and column a line of text belongs to; the text itself is the page's own, so no
figure can change. Where grid and text disagree (two figures in one cell, a figure cut off from its currency sign) the
text decides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.captions import is_unit
from ingest.cells import Cell
from ingest.drawings import Rule
from ingest.groups import group_labels
from ingest.headings import compose_headings
from ingest.lines import Line, part_of, union
from ingest.regions import Region, is_figure, is_period
from ingest.table_rows import has_figures, label_column, with_signs, without_unit_rows, wrapped_joined
from rag.domain import Box

_CLOSING = re.compile(r"^[)）%％]+$")
_OPENING = re.compile(r"(?:^|\s)(?:[$¥￥€£]|HK\$|US\$|NT\$)?\s*[(（]?$")
_PERIOD_WORDS = re.compile(
    r"\b(?:months|weeks|quarters?|years?) ended\b|\bas (?:of|at) \w+ \d|^[一二三四]季度$|^(?:FY)?(?:19|20)\d{2}\b\D{0,16}$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?!\d|[,.]\d)")
_MOST_HEADER_ROWS = 6


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of cells from the top, each from the left; the first `header` of them are the column header."""

    box: Box
    rows: tuple[tuple[Cell, ...], ...]
    header: int
    columns: tuple[str, ...]
    unit: tuple[Line, ...] = ()
    """Lines at the top of the region that name units or currency for all cells: no row."""
    groups: tuple[str, ...] = ()
    """For each row below the header the label of the rows around it, where it has none of its own; else empty."""


def build_tables(region: Region, lines: Sequence[Line], rules: Sequence[Rule] = ()) -> list[TableRows]:
    """The table of the region, or several where a new header stands between rows; empty where the lines are no table."""
    edges = (region.box.x0, *region.column_lines, region.box.x1)
    starts = Counter(round(line.box.x0) for line in lines)
    ends = Counter(round(line.box.x1) for line in lines)
    parts = [part for line in lines for part in _split(line, region.column_lines, starts, ends)]
    grid: list[list[Cell]] = [[] for _ in range(len(region.row_lines) + 1)]
    for line in parts:
        column, covers = _columns_of(line, edges)
        row = bisect_right(region.row_lines, (line.box.y0 + line.box.y1) / 2)
        grid[row].append(Cell((line,), column, covers))
    rows = [with_signs(cells) for row in grid for cells in _rows_of(row) if cells]
    rows, unit = without_unit_rows(rows)
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return []
    made: list[TableRows] = []
    for part in _parted_by_headers(rows):
        count = _header_rows(part)
        header, body = part[:count], wrapped_joined(part[count:])
        named = header[1:] if _is_title_row(header) else header
        named_lines = [line for row in named for cell in row for line in cell.lines if not is_unit(line.text)]
        columns = compose_headings(named_lines, edges, rules)
        every = (*header, *body)
        box = region.box if len(part) == len(rows) else union([x.box for row in every for c in row for x in c.lines])
        above = () if made else tuple(unit)
        groups = group_labels(body, edges[1], rules)
        made.append(TableRows(box, tuple(tuple(row) for row in every), count, columns, above, groups))
    return made


# --- lines to cells --------------------------------------------------------------------------------------------------


def _split(line: Line, separators: Sequence[float], starts: Counter[int], ends: Counter[int]) -> list[Line]:
    """A line cut at each column separator that falls in a gap between its words where one cell ends and one begins.

    That is a wide gap, or one between two figures or two headings with a year each, or one after which (or before which)
    cells of other rows line up.
    """
    inside = [x for x in separators if line.box.x0 + 1 < x < line.box.x1 - 1]
    words = _bracketed(line.words)
    if not inside or line.original or len(words) < 2:
        return [line]
    gaps = [right[1] - left[2] for left, right in pairwise(words)]
    usual = median(gaps) if len(gaps) > 2 else 0.0
    parts: list[list[tuple[str, float, float]]] = [[words[0]]]
    for place, ((left, right), gap) in enumerate(zip(pairwise(words), gaps, strict=True), 1):
        if any(left[2] - 0.5 * line.size < x < right[1] + 0.5 * line.size for x in inside):
            aligned = max(starts[round(right[1])], ends[round(left[2])]) > 2
            figures = is_figure(left[0]) and is_figure(right[0])
            dated = _has_year(parts[-1]) and _has_year(words[place:])
            if gap > 0.7 * line.size or ((figures or aligned or dated) and gap > max(0.3 * line.size, 1.4 * usual)):
                parts.append([])
        parts[-1].append(right)
    return [part_of(line, own) for own in parts] if len(parts) > 1 else [line]


def _has_year(words: Iterable[tuple[str, float, float]]) -> bool:
    return any(_YEAR.search(word) for word, _, _ in words)


def _bracketed(words: Sequence[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Words with a lone opening bracket or currency sign joined to what follows, a lone closing one to what precedes."""
    made: list[tuple[str, float, float]] = []
    for word, x0, x1 in words:
        if made and (_OPENING.search(made[-1][0]) or _CLOSING.match(word)):
            last = made[-1]
            made[-1] = (f"{last[0]} {word}", last[1], x1)
        else:
            made.append((word, x0, x1))
    return made


def _columns_of(line: Line, edges: Sequence[float]) -> tuple[int, int]:
    """First column and number of columns: those that hold a third of the line's width, or that it fills by half."""
    x0, x1 = line.box.x0, line.box.x1
    if line.words and is_figure(line.text):
        x0, x1 = line.words[-1][1:]  # a currency sign may stand far to the left of its figure
    wide = max(x1 - x0, 0.1)
    taken = []
    for index, (left, right) in enumerate(pairwise(edges)):
        shared = min(right, x1) - max(left, x0)
        if shared > 0.34 * wide or shared > 0.5 * (right - left):
            taken.append(index)
    if not taken:
        return min(max(bisect_right(edges, (x0 + x1) / 2) - 1, 0), len(edges) - 2), 1
    return taken[0], taken[-1] - taken[0] + 1


def _rows_of(cells: Sequence[Cell]) -> list[list[Cell]]:
    """One row of the grid to rows of text: apart where several figures stand below each other in one column."""
    by_column: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda one: (one.lines[0].box.y0 + one.lines[0].box.y1, one.lines[0].box.x0)):
        by_column.setdefault(cell.column, []).append(cell)
    stacked = [own for own in by_column.values() if sum(1 for cell in own if is_figure(cell.text)) > 1]
    levels = _levels(cell for own in stacked for cell in own if is_figure(cell.text))
    if len(levels) < 2:
        return [[_joined(own) for _, own in sorted(by_column.items())]]
    rows: list[dict[int, list[Cell]]] = [{} for _ in levels]
    for own in by_column.values():
        for cell in own:
            middle = _middle(cell)
            nearest = min(range(len(levels)), key=lambda i: abs(levels[i] - middle))
            rows[nearest].setdefault(cell.column, []).append(cell)
    return [[_joined(own) for _, own in sorted(row.items())] for row in rows]


def _levels(cells: Iterable[Cell]) -> list[float]:
    """The heights at which cells stand, those within half a line taken as one."""
    found: list[float] = []
    for middle, size in sorted((_middle(cell), cell.lines[0].size) for cell in cells):
        if not found or middle - found[-1] > 0.6 * size:
            found.append(middle)
    return found


def _middle(cell: Cell) -> float:
    return (cell.lines[0].box.y0 + cell.lines[-1].box.y1) / 2


def _joined(cells: Sequence[Cell]) -> Cell:
    """Cells of one row and column as one, its lines in reading order."""
    lines = [line for cell in cells for line in cell.lines]
    covers = max(cell.column + cell.covers for cell in cells) - cells[0].column
    return Cell(tuple(_reading_order(lines)), cells[0].column, covers)


def _reading_order(lines: Sequence[Line]) -> list[Line]:
    ordered: list[Line] = []
    for line in sorted(lines, key=lambda one: one.box.y0 + one.box.y1):
        at = len(ordered)
        while at and _beside(ordered[at - 1], line) and ordered[at - 1].box.x0 > line.box.x0:
            at -= 1
        ordered.insert(at, line)
    return ordered


def _beside(one: Line, other: Line) -> bool:
    overlap = min(one.box.y1, other.box.y1) - max(one.box.y0, other.box.y0)
    return overlap > 0.5 * min(one.box.y1 - one.box.y0, other.box.y1 - other.box.y0)


# --- the header ------------------------------------------------------------------------------------------------------


def _is_title_row(header: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first of several header rows is one text over all columns: a title, no heading of any."""
    if len(header) < 2 or len(header[0]) > 1 or header[0][0].column == 0:
        return False
    below = header[1][0]
    return below.column == 0 and len(header[1]) > 2 and not is_unit(below.text)


def _header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top are header: those before the first row with a figure that is no period.

    In a table without such figures the first row is taken, and the rows below it that leave the label column empty.
    """
    for index, row in enumerate(rows[: _MOST_HEADER_ROWS + 1]):
        if _is_body(row):
            while index > 1 and _is_label(rows[index - 1]) and any(c.column > 0 for r in rows[: index - 1] for c in r):
                index -= 1
            return index
    return 1


def _is_label(row: Sequence[Cell]) -> bool:
    return len(row) == 1 and row[0].column == 0 and not is_unit(row[0].text)


def _parted_by_headers(rows: Sequence[list[Cell]]) -> list[list[list[Cell]]]:
    """Rows cut before each row of periods that stands below rows of figures: a second table with a header of its own."""
    labels = label_column([row for row in rows if has_figures(row)])
    parts: list[list[list[Cell]]] = [[]]
    for row in rows:
        values = [cell for cell in row if cell.column > labels]
        periods = sum(1 for cell in values if _names_period(cell.text))
        is_header = periods > 1 or (periods == 1 and len(values) == len(row))
        figures = any(is_figure(cell.text) and not is_period(cell.text) for cell in values)
        if is_header and not figures and sum(1 for one in parts[-1] if _is_body(one)) > 1:
            parts.append([])
        parts[-1].append(row)
    return parts


def _names_period(text: str) -> bool:
    return is_period(text) or _PERIOD_WORDS.search(text) is not None


def _is_body(row: Sequence[Cell]) -> bool:
    values = [cell for cell in row if cell.column > 0]
    figures = [cell for cell in values if is_figure(cell.text) and not is_period(cell.text)]
    periods = [cell for cell in values if is_period(cell.text)]
    return bool(figures) and len(figures) >= len(periods)
