"""Lines of a level picture to regions of tables: columns where nothing stands between them, rows by their baselines.

A digital page has a layout model for this; here what was recognised has to say it. Rows with a figure beside another
text are a table's body; what stands over its columns directly above is its header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.captions import is_caption, is_source, is_unit
from ingest.lines import Line, union
from ingest.regions import Region, is_figure

_LEAST_ROWS = 3  # with a figure, in a column that two of them share
_WIDEST_GAP = 4.0  # of the size, between rows of one table
_HEADER_GAP = 2.2
_MOST_HEADER_ROWS = 7
_STRAY = 0.2  # of the rows
_LEAST_GAP = 0.35  # of the size, between two columns

_CODE = re.compile(r"^[A-Z]{0,4}\d{0,6}[A-Z]{0,3}$")

_Row = list[Line]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: where the longest begins and where they end, signs and brackets left out."""

    left: float
    right: float


def table_regions(lines: Sequence[Line]) -> list[Region]:
    """Tables among lines in reading order whose rows are level, with what parts their rows and columns."""
    rows = _rows(lines)
    found: list[Region] = []
    start = 0
    while start < len(rows):
        end = _end(rows, start)
        body = [row for row in rows[start:end] if _is_body(row)]
        columns = _figure_columns(body)
        if len(body) < _LEAST_ROWS or not columns:
            start += 1
            continue
        beside = [row for row in rows[start:end] if len(row) == 1 and row[0].box.x1 < columns[0].left]
        gaps = _gaps([*body, *beside], columns)
        labels = max((x0 for x0, x1 in gaps if x1 < columns[0].left + 1), default=columns[0].left)
        first = _first_header_row(rows, start, labels)
        found.append(_region(rows[first:end], _separators(gaps, rows[first:start])))
        start = end
    return found


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """Lines that follow each other on one baseline, from the left."""
    rows: list[_Row] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if last is not None and _beside(last, line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _beside(left: Line, right: Line) -> bool:
    overlap = min(left.box.y1, right.box.y1) - max(left.box.y0, right.box.y0)
    lowest = min(left.box.y1 - left.box.y0, right.box.y1 - right.box.y0)
    return right.level and left.level and overlap > 0.5 * lowest and right.box.x0 > left.box.x1 - 0.3 * left.size


def _is_body(row: _Row) -> bool:
    return any(is_figure(line.text) for line in row[1:])


def _middle(row: _Row) -> float:
    return median((line.box.y0 + line.box.y1) / 2 for line in row)


def _end(rows: Sequence[_Row], start: int) -> int:
    """The row after the last of the body that begins at a row; that row itself where none begins."""
    if not _is_body(rows[start]):
        return start
    last = start
    for index in range(start + 1, len(rows)):
        row = rows[index]
        gap = _middle(row) - _middle(rows[index - 1])
        if not 0 < gap < _WIDEST_GAP * max(row[0].size, rows[index - 1][0].size) or _ends_table(
            row, rows[start : last + 1]
        ):
            break
        if _is_body(row):
            last = index
    return last + 1


def _ends_table(row: _Row, body: Sequence[_Row]) -> bool:
    """Whether a row is none of a table: a title, a source, or one line of text over its columns of figures."""
    text = row[0].text
    if is_caption(text) or is_source(text):
        return True
    figures = [line.box.x1 for own in body for line in own[1:] if is_figure(line.text)]
    return len(row) == 1 and not is_figure(text) and bool(figures) and row[0].box.x1 > min(figures) + 2 * row[0].size


def _figure_columns(body: Sequence[_Row]) -> list[_Column]:
    """Columns of figures that end at one x, or (set to the left or the middle) one below the other."""
    figures = [line for row in body for line in row[1:] if is_figure(line.text) and any(c.isdigit() for c in line.text)]
    groups: list[list[Line]] = []
    for line in sorted(figures, key=_right):
        if groups and _right(line) - _right(groups[-1][-1]) < 0.8 * line.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    columns: list[list[Line]] = []
    for group in groups:
        if columns and _overlap(columns[-1], group) > 0.5:
            columns[-1] += group
        else:
            columns.append(group)
    return [_Column(min(map(_left, own)), median(map(_right, own))) for own in columns if len(own) > 1]


def _left(figure: Line) -> float:
    """Where the digits of a figure begin; brackets and currency signs may stand far to their left."""
    return next((x0 for word, x0, _ in figure.words if any(c.isdigit() for c in word)), figure.box.x0)


def _right(figure: Line) -> float:
    """Where the digits of a figure end; a closing bracket hangs over."""
    return figure.box.x1 - (0.35 * figure.size if figure.text.endswith((")", "）")) else 0.0)


def _overlap(one: Sequence[Line], other: Sequence[Line]) -> float:
    (a, b), (c, d) = ((median(x.box.x0 for x in own), median(x.box.x1 for x in own)) for own in (one, other))
    return (min(b, d) - max(a, c)) / max(min(b - a, d - c), 0.1)


def _gaps(body: Sequence[_Row], columns: Sequence[_Column]) -> list[tuple[float, float]]:
    """Left and right of what parts each two columns: each gap that no row reaches over.

    Few lines may run over a gap if they have one between their words there. Between two columns of figures without a
    gap it is the stretch over which fewest rows reach.
    """
    size = median(line.size for row in body for line in row)
    whole = _coverage([(line.box.x0, line.box.x1) for row in body for line in row])
    words = _coverage([piece for row in body for line in row for piece in _pieces(line)])
    few = int(_STRAY * len(body))
    free = [
        (x0, x1)
        for x0, x1, depth in words
        if depth == 0 and x1 - x0 > _LEAST_GAP * size and max(d for a, b, d in whole if a < x1 and b > x0) <= few
    ]
    for one, other in pairwise(columns):
        if any(one.right - size < x0 and x1 < other.right for x0, x1 in free):
            continue
        between = [
            (max(x0, one.right), min(x1, other.left), depth)
            for x0, x1, depth in whole
            if x0 < other.left and x1 > one.right
        ]
        least = min((depth for _, _, depth in between), default=0)
        stretches = [(x0, x1) for x0, x1, depth in between if depth == least]
        free += sorted(stretches, key=lambda stretch: stretch[0] - stretch[1])[:1]
    return free


def _separators(gaps: Sequence[tuple[float, float]], header: Sequence[_Row]) -> list[float]:
    """The middle of each gap, or of the widest part of it that the header leaves free."""
    words = _coverage([piece for row in header for line in row for piece in _pieces(line)])
    made: list[float] = []
    for x0, x1 in gaps:
        edges = [x0, *(min(max(x, x0), x1) for a, b, depth in words if depth for x in (a, b)), x1]
        left, right = max(zip(edges[::2], edges[1::2], strict=True), key=lambda one: one[1] - one[0])
        if right <= left:
            left, right = x0, x1
        made.append(round((left + right) / 2, 2))
    return sorted(made)


def _pieces(line: Line) -> list[tuple[float, float]]:
    """Left and right of a line, of a text in parts at its wide gaps; a figure and its sign are one."""
    if is_figure(line.text) or line.original or not line.words:
        return [(line.box.x0, line.box.x1)]
    made: list[tuple[float, float]] = []
    for _, x0, x1 in line.words:
        if made and x0 - made[-1][1] < _LEAST_GAP * line.size:
            made[-1] = (made[-1][0], x1)
        else:
            made.append((x0, x1))
    return made


def _coverage(pieces: Sequence[tuple[float, float]]) -> list[tuple[float, float, int]]:
    """Left, right, and how many pieces stand there, of each stretch between two edges of pieces."""
    edges = sorted([(x0, 1) for x0, _ in pieces] + [(x1, -1) for _, x1 in pieces])
    found: list[tuple[float, float, int]] = []
    depth = 0
    for (x, step), (following, _) in pairwise(edges):
        depth += step
        if following > x:
            found.append((x, following, depth))
    return found


def _first_header_row(rows: Sequence[_Row], start: int, labels: float) -> int:
    """The topmost of the rows above the body that stand over its columns of figures (behind the labels, which end there).

    A line or two of text that begin before them and reach into them are a title, not a header.
    """
    first = start
    for index in range(start - 1, max(-1, start - 1 - _MOST_HEADER_ROWS), -1):
        row = rows[index]
        gap = _middle(rows[index + 1]) - _middle(row)
        size = max(row[0].size, rows[index + 1][0].size)
        if not 0 < gap < _HEADER_GAP * size or is_caption(row[0].text) or is_unit(row[0].text) or _is_body(row):
            break
        if len(row) < 3 and any(line.box.x0 < labels - size and line.box.x1 > labels + size for line in row):
            break
        if any(line.box.x0 > labels - size for line in row):
            first = index
    return first


def _region(rows: Sequence[_Row], separators: Sequence[float]) -> Region:
    box = union([line.box for row in rows for line in row])
    together = _wrapped(rows, separators[0]) if separators else set()
    bottoms = [max(line.box.y1 for line in row) for row in rows]
    tops = [min(line.box.y0 for line in row) for row in rows]
    between = [
        round((bottoms[index - 1] + tops[index]) / 2, 2) for index in range(1, len(rows)) if index not in together
    ]
    return Region("table", box, tuple(between), tuple(separators))


def _wrapped(rows: Sequence[_Row], codes: float) -> set[int]:
    """Rows that go on with the row above: it has a code and a label without figures, they a label that is not set to
    its left and no code. Only in a table whose first column, left of `codes`, holds codes."""
    own = [row[0] for row in rows if _is_body(row) and row[0].box.x1 < codes]
    if sum(1 for line in own if _CODE.match(line.text)) < max(3, 0.8 * len(own)):
        return set()
    found: set[int] = set()
    label: Line | None = None
    for index, row in enumerate(rows):
        if row[0].box.x1 < codes:
            label = row[1] if len(row) == 2 and not is_figure(row[1].text) else None
        elif label is not None and not is_figure(row[0].text) and row[0].box.x0 > label.box.x0 - 0.5 * label.size:
            found.add(index)
            label = None if _is_body(row) else label
        else:
            label = None
    return found
