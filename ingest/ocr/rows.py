"""Marks of a level picture to text lines in reading order: rows from the top, columns of text one after the other.

All lines of a row get the same top and bottom, so that a row of a table is one whatever stands in it. Lines of running
text share a block; each row of a table is a block of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

import numpy as np

from ingest.lines import Line
from ingest.ocr.marks import Mark
from ingest.ocr.mending import DASH, dash_mended, digits_mended, figure_mended, one_script
from ingest.regions import is_figure
from rag.domain import Box
from rag.text import is_wide

Row = list[Mark]

_SAME_ROW = 0.45  # of the lower height: how far middles may be apart
_DRIFT_WIDTH, _DRIFT_MARKS = 40.0, 9  # points to the left and right; marks
_LEAST_GUTTER = 0.9  # of the height
_LEAST_LINES = 4  # of text on each side of a gutter
_SIZE_STEP, _SIZE_GAP = 1.22, 1.1  # sizes nearer than this are one size: heights of ink differ from text to text
_SLACK = 1.5  # points
_LONE_DASHES = ("-", "–", "—", "一", "ー")
_RIM = 0.12  # of the size: what a line's box has above and below its ink, where there is room
_HIGH, _HANGING = frozenset("()（）$「」[]|"), frozenset(",;gjpqyQ")  # what makes ink higher: shares of the size


class Drift:
    """How far a row of a picture that is not quite flat has moved down from where it begins, anywhere on it."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        """Learnt from rows of several marks."""
        self._known = np.array(
            [
                ((mark.box.x0 + mark.box.x1) / 2, mark.middle, mark.middle - row[0].middle)
                for row in rows
                if len(row) > 2
                for mark in row
            ]
        ).reshape(-1, 3)

    def at(self, x: float, y: float) -> float:
        """Points down; the median of the nearest marks at about that x, those of other columns left out."""
        near = self._known[np.abs(self._known[:, 0] - x) < _DRIFT_WIDTH]
        if len(near) < _DRIFT_MARKS // 2:
            return 0.0
        nearest = np.argsort(np.abs(near[:, 1] - y), kind="stable")[:_DRIFT_MARKS]
        return float(np.median(near[nearest, 2]))

    def level(self, mark: Mark) -> float:
        """The middle of a mark as it would be where its row begins."""
        return mark.middle - self.at((mark.box.x0 + mark.box.x1) / 2, mark.middle)


def rows_of(marks: Sequence[Mark]) -> tuple[list[Row], Drift]:
    """Marks of one baseline together, from the left; rows from the top; and how they drift."""
    drift = Drift(_grouped(marks, Drift()))
    return _grouped(marks, drift), drift


def _grouped(marks: Sequence[Mark], drift: Drift) -> list[Row]:
    level = {id(mark): drift.level(mark) for mark in marks}
    rows: list[Row] = []
    for mark in sorted(marks, key=lambda one: one.box.x0):
        best: tuple[float, Row] | None = None
        for row in rows:
            last = row[-1]
            low, high = sorted((last.height, mark.height))
            off = abs(level[id(last)] - level[id(mark)])
            if mark.box.x0 < last.box.x1 - 0.5 * low:
                continue
            if off < _SAME_ROW * max(low, 0.6 * high) and (best is None or off < best[0]):
                best = (off, row)
        if best is None:
            rows.append([mark])
        else:
            best[1].append(mark)
    return sorted(rows, key=lambda row: mean(level[id(mark)] for mark in row))


def mended(rows: Sequence[Row]) -> list[Row]:
    """The rows with their texts put right by what the rest of the page says: script, marks of thousands, dashes."""
    marks = [mark for row in rows for mark in row]
    texts = one_script([mark.text for mark in marks])
    figures = [mark for mark in marks if is_figure(mark.text)]
    made: list[Row] = [[] for _ in rows]
    places = [index for index, row in enumerate(rows) for _ in row]
    for place, mark, text in zip(places, marks, texts, strict=True):
        column = [
            one.text
            for one in figures
            if one is not mark and abs(one.box.x1 - mark.box.x1) < max(one.height, mark.height)  # a dash is not high
        ]
        if len(column) > 2:
            text = digits_mended(text)
        if is_figure(text) or is_figure(text.replace("S", "$", 1)):
            text = DASH if text in _LONE_DASHES else figure_mended(text, column)
        elif text in _LONE_DASHES and column:
            text = DASH
        else:
            text = dash_mended(text)
        made[place].append(mark if text == mark.text else mark.retold(text))
    return made


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The rows as lines: columns of text one after the other, else row by row from the left."""
    sizes = _sizes(rows)
    made: list[Line] = []
    block = 0
    for part in _in_order(rows):
        above: Row | None = None
        for row, (top, bottom) in zip(part.rows, _extents(part.rows, sizes), strict=True):
            if above is None or not _is_text_below(above, row, part.width, sizes):
                block += 1
            above = row
            for mark in row:
                slack = max(0.5 * mark.height, _SLACK)  # what is much lower than its row (a dash) keeps near its ink
                box = Box(
                    mark.box.x0,
                    round(max(top, mark.box.y0 - slack), 2),
                    mark.box.x1,
                    round(min(bottom, mark.box.y1 + slack), 2),
                )
                made.append(Line(mark.text, box, sizes[id(mark)], False, block, place=len(made), words=mark.words))
    return made


# --- columns of text -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows that are read one after the other, and the width of the column they stand in, in points."""

    rows: list[Row]
    width: float


def _in_order(rows: Sequence[Row]) -> Iterator[_Part]:
    """The rows in parts: where two columns of text stand side by side, the left one before the right one."""
    split = _columns(rows)
    if split is None:
        if rows:
            yield _Part(list(rows), max(row[-1].box.x1 for row in rows) - min(row[0].box.x0 for row in rows))
        return
    first, last, gutter = split
    yield from _in_order(rows[:first])
    for side in (0, 1):
        own = [[mark for mark in row if (mark.box.x0 > gutter) == bool(side)] for row in rows[first:last]]
        yield from _in_order([row for row in own if row])
    yield from _in_order(rows[last:])


def _columns(rows: Sequence[Row]) -> tuple[int, int, float] | None:
    """First row, last row + 1 and gutter of the longest run of rows that a gutter between two columns of text parts."""
    gutters = {round((a.box.x1 + b.box.x0) / 2, 1) for row in rows for a, b in pairwise(row) if _is_gutter(a, b)}
    best: tuple[int, int, float] | None = None
    for x in sorted(gutters):
        first = 0
        for index in range(len(rows) + 1):
            crossed = index == len(rows) or any(m.box.x0 < x - 2 and m.box.x1 > x + 2 for m in rows[index])
            if not crossed:
                continue
            run = rows[first:index]
            if (best is None or index - first > best[1] - best[0]) and _are_columns(run, x):
                best = (first, index, x)
            first = index + 1
    return best


def _is_gutter(left: Mark, right: Mark) -> bool:
    return right.box.x0 - left.box.x1 > _LEAST_GUTTER * max(left.height, right.height)


def _are_columns(rows: Sequence[Row], x: float) -> bool:
    """Whether lines of text, most of them full, stand on both sides of x; figures and short cells make a table."""
    widths: list[float] = []
    for own in (
        [m for row in rows for m in row if m.box.x1 <= x + 2],
        [m for row in rows for m in row if m.box.x0 >= x - 2],
    ):
        if len(own) < _LEAST_LINES:
            return False
        wide = max(m.box.x1 for m in own) - min(m.box.x0 for m in own)
        lengths = sorted(m.box.x1 - m.box.x0 for m in own)
        figures = sum(1 for m in own if is_figure(m.text))
        if lengths[len(lengths) // 3] < 0.55 * wide or figures * 5 > len(own) or wide < 8 * own[0].height:
            return False
        widths.append(wide)
    return min(widths) > 0.45 * max(widths)


def _is_text_below(above: Row, row: Row, width: float, sizes: dict[int, float]) -> bool:
    """Whether a row goes on with the running text of the row above: of one size, near below, that one full."""
    size = sizes[id(above[0])]
    if not (_is_text(above, size) and _is_text(row, size)) or abs(sizes[id(row[0])] - size) > 0.1:
        return False
    gap = min(m.box.y0 for m in row) - max(m.box.y1 for m in above)
    return gap < 1.8 * size and above[-1].box.x1 - above[0].box.x0 > 0.6 * width


def _is_text(row: Row, size: float) -> bool:
    return all(b.box.x0 - a.box.x1 < 3 * size for a, b in pairwise(row)) and not any(is_figure(m.text) for m in row)


# --- sizes and boxes -------------------------------------------------------------------------------------------------


def _sizes(rows: Sequence[Row]) -> dict[int, float]:
    """The font size of each mark by its id: that of its row's ink, rows of nearly one size taken as one."""
    raw = sorted((_raw_size(row), index) for index, row in enumerate(rows))
    groups: list[list[tuple[float, int]]] = []
    for size, index in raw:
        if groups and size < _SIZE_STEP * groups[-1][0][0] and size < _SIZE_GAP * groups[-1][-1][0]:
            groups[-1].append((size, index))
        else:
            groups.append([(size, index)])
    made: dict[int, float] = {}
    for group in groups:
        size = round(median(size for size, _ in group), 1)
        for _, index in group:
            made.update((id(mark), size) for mark in rows[index])
    return made


def _raw_size(row: Row) -> float:
    """The font size that the heights of most of a row's texts say; one of a character alone says little."""
    long = [mark for mark in row if len(mark.text) > 2] or row
    return median(_mark_size(mark) for mark in long)


def _mark_size(mark: Mark) -> float:
    text = mark.text
    if any(char in _HIGH for char in text):
        share = 1.06
    elif any(is_wide(char) and char.isalpha() for char in text):
        share = 0.92
    elif any(char in _HANGING for char in text):
        share = 0.86
    else:
        share = 0.7
    return mark.height / share


def _extents(rows: Sequence[Row], sizes: dict[int, float]) -> list[tuple[float, float]]:
    """Top and bottom that the marks of each row share: those of its ink and a rim, where the next row leaves room."""
    inks = [(min(mark.box.y0 for mark in row), max(mark.box.y1 for mark in row)) for row in rows]
    made: list[tuple[float, float]] = []
    for index, (top, bottom) in enumerate(inks):
        rim = _RIM * sizes[id(rows[index][0])]
        above = (top - inks[index - 1][1]) / 2 if index else rim
        below = (inks[index + 1][0] - bottom) / 2 if index + 1 < len(rows) else rim
        made.append((top - max(0.0, min(rim, above)), bottom + max(0.0, min(rim, below))))
    return made
