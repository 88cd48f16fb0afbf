"""The lines of a table's header and its column edges to one heading a column.

Lines are taken level by level from the top. A line counts for the columns it stands over. An upper line that stands for
several columns (a period over two years) is known by its width, by the rule drawn below it, or by standing in the middle
over columns that each have a heading of their own below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.drawings import Rule
from ingest.lines import Line
from rag.text import joiner

_TIGHT = 0.45  # of the font size: lines of one heading stand no further apart


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: tuple[Line, ...]
    columns: range

    @property
    def middle(self) -> float:
        return (min(line.box.x0 for line in self.lines) + max(line.box.x1 for line in self.lines)) / 2


def compose_headings(lines: Sequence[Line], edges: Sequence[float], rules: Sequence[Rule]) -> tuple[str, ...]:
    """One heading a column, its parts from the top joined by a blank; "" for a column without one."""
    levels = _levels(lines)
    cells = [_cells(level, edges) for level in levels]
    parts: list[list[str]] = [[] for _ in range(len(edges) - 1)]
    for depth, row in enumerate(cells):
        below = [cell for lower in cells[depth + 1 :] for cell in lower]
        for cell, columns in _reaches(row, below, edges, rules):
            for column in columns:
                parts[column].append(" ".join(line.text for line in cell.lines))
    return tuple(_joined(part) for part in parts)


def _joined(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        text += (joiner(text[-1], part[0]) if text else "") + part
    return text


def _levels(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped by baseline, from the top, each group from the left."""
    levels: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box.y0 + one.box.y1):
        last = levels[-1][0] if levels else None
        if last is not None and abs((last.box.y0 + last.box.y1) - (line.box.y0 + line.box.y1)) < line.size:
            levels[-1].append(line)
        else:
            levels.append([line])
    return [sorted(level, key=lambda one: one.box.x0) for level in levels]


def _cells(level: Sequence[Line], edges: Sequence[float]) -> list[_Cell]:
    cells: list[_Cell] = []
    for line in level:
        columns = _columns_under(line.box.x0, line.box.x1, edges)
        if cells and cells[-1].columns == columns:
            cells[-1] = _Cell((*cells[-1].lines, line), columns)
        else:
            cells.append(_Cell((line,), columns))
    return cells


def _columns_under(x0: float, x1: float, edges: Sequence[float]) -> range:
    """Columns of which a stretch covers half, or that hold a good third of it; at least the one at its middle."""
    wide = max(x1 - x0, 0.1)
    taken = [
        index
        for index, (left, right) in enumerate(pairwise(edges))
        if (shared := min(right, x1) - max(left, x0)) > 0.5 * (right - left) or shared > 0.4 * wide
    ]
    if not taken:
        middle = (x0 + x1) / 2
        nearest = min(range(len(edges) - 1), key=lambda i: abs((edges[i] + edges[i + 1]) / 2 - middle))
        taken = [nearest]
    return range(taken[0], taken[-1] + 1)


def _reaches(
    row: Sequence[_Cell], below: Sequence[_Cell], edges: Sequence[float], rules: Sequence[Rule]
) -> list[tuple[_Cell, range]]:
    """Each cell of a level with the columns it stands for."""
    taken = {column for cell in row for column in cell.columns}
    headed = {column for cell in below for column in cell.columns}
    found = []
    for cell in row:
        columns = _over_rule(cell, below, edges, rules)
        if columns is None or any(column in taken and column not in cell.columns for column in columns):
            columns = _centred(cell, taken, headed, below, edges)
        found.append((cell, columns))
    return found


def _over_rule(cell: _Cell, below: Sequence[_Cell], edges: Sequence[float], rules: Sequence[Rule]) -> range | None:
    """Columns above the rule drawn directly below the cell, where headings stand below that rule; else None."""
    bottom = max(line.box.y1 for line in cell.lines)
    size = cell.lines[0].size
    lower = [min(line.box.y0 for line in one.lines) for one in below]
    floor = min((y for y in lower if y > bottom - 0.5 * size), default=None)
    if floor is None:
        return None
    for rule in rules:
        if bottom - 0.35 * size <= rule.y <= floor + 0.35 * size and rule.x0 - 2 <= cell.middle <= rule.x1 + 2:
            columns = [
                i for i in range(len(edges) - 1)
                if min(edges[i + 1], rule.x1) - max(edges[i], rule.x0) > 0.5 * (edges[i + 1] - edges[i])
            ]  # fmt: skip
            if columns and len(columns) < len(edges) - 1:
                return range(min(columns[0], cell.columns[0]), max(columns[-1], cell.columns[-1]) + 1)
    return None


def _centred(cell: _Cell, taken: set[int], headed: set[int], below: Sequence[_Cell], edges: Sequence[float]) -> range:
    """The widest run of columns, free on this level and headed below, in whose middle the cell stands."""
    best = cell.columns
    if _own(cell, below):
        return best
    first, last = cell.columns[0], cell.columns[-1]
    tolerance = 0.8 * cell.lines[0].size
    count = len(edges) - 1

    def is_free(column: int) -> bool:
        return 0 < column < count and column in headed and column not in taken

    left = first
    while left - 1 >= 0 and is_free(left - 1):
        left -= 1
    right = last
    while right + 1 < count and is_free(right + 1):
        right += 1
    for start in range(left, first + 1):
        for end in range(right, last - 1, -1):
            if end - start <= best[-1] - best[0] or (
                (end - start) % 2 == 0 and len(cell.columns) == 1 and _own(cell, below)
            ):
                continue
            own = [one for one in below if one.columns[0] >= start and one.columns[-1] <= end]
            if not all(any(column in one.columns for one in own) for column in range(start, end + 1)):
                continue
            x0 = min(line.box.x0 for one in own for line in one.lines)
            x1 = max(line.box.x1 for one in own for line in one.lines)
            if abs((x0 + x1) / 2 - cell.middle) <= tolerance:
                best = range(start, end + 1)
    return best


def _own(cell: _Cell, below: Sequence[_Cell]) -> bool:
    """Whether the text goes on in the same column just below: lines of one heading, not a heading over others."""
    bottom = max(line.box.y1 for line in cell.lines)
    size = cell.lines[0].size
    left = cell.lines[0].box.x0
    return any(
        set(one.columns) & set(cell.columns)
        and min(line.box.y0 for line in one.lines) - bottom < _TIGHT * size
        and min(abs(one.middle - cell.middle), abs(one.lines[0].box.x0 - left)) < 0.5 * size
        for one in below
    )
