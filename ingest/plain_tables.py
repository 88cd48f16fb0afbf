"""Lines of a page to the boxes of its tables, where the page is so plain that they are certain without the layout model.

Plain is a page on which rows are a label and figures, nothing stands beside them, and nothing else looks like a table or
a chart: most pages of a filing with statements. There the model for the grid of a table is enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.captions import is_caption, is_figure_title, is_source, is_unit
from ingest.drawings import Drawings
from ingest.lines import Line, union
from ingest.regions import has_table_signs, is_figure, is_inside, is_period, visual_rows
from rag.domain import Box

_LEAST_ROWS = 3  # of figures, in a table
_WIDEST_GAP = 2.6  # of the size, between rows of a table
_HEADER_GAP = 2.0
_MOST_HEADER_ROWS = 6
_LABELLED = 0.7  # of the rows of figures, that begin with words
_MOST_TABLES = 12
_MARGIN = 2.0  # points around the text of a table
_SIGN = re.compile(
    r"^(?:HK|US|NT)?[\d\s.,，%％$¥￥€£()（）—–－-]+$|^[(（]?(?:RMB|USD|EUR|GBP)$|^(?:[(（\[]\w{1,2}[)）\]]|[*†‡#]{1,3})$"
)

_Row = list[Line]


def plain_tables(lines: Sequence[Line], drawings: Drawings) -> list[Box] | None:
    """The boxes of the tables from the top; None where the page is not plain: the model has to look at it."""
    level = [line for line in lines if line.level and line.drawn]
    if (
        len(level) < len(lines)
        or drawings.pictures
        or any(is_figure_title(line.text) and is_caption(line.text) for line in level)
    ):
        return None
    rows = [sorted(row, key=lambda line: line.box.x0) for row in visual_rows(level)]
    boxes: list[Box] = []
    start = 0
    while start < len(rows):
        if not _is_body(rows[start]):
            start += 1
            continue
        end = _end(rows, start)
        body = [row for row in rows[start:end] if _is_body(row)]
        if len(body) > 1:
            box = _box(rows, start, end, body) if len(body) >= _LEAST_ROWS else None
            if box is None:
                return None
            boxes.append(box)
        start = end
    return boxes if boxes and _explain_page(level, boxes, drawings) else None


def _is_body(row: _Row) -> bool:
    return any(is_figure(line.text) for line in row[1:])


def _is_value(line: Line) -> bool:
    return is_figure(line.text) or is_period(line.text) or _SIGN.match(line.text) is not None


def _gap(above: _Row, below: _Row) -> float:
    """Between two rows, in sizes of their text."""
    distance = min(line.box.y0 for line in below) - max(line.box.y1 for line in above)
    return distance / max(line.size for line in (*above, *below))


def _end(rows: Sequence[_Row], start: int) -> int:
    """The row after the last of figures that goes with the one it starts from."""
    last, left = start, _left(rows[start])
    below_heading = not _is_heading(rows[start], left)
    for index in range(start + 1, len(rows)):
        row = rows[index]
        if _gap(rows[index - 1], row) > _WIDEST_GAP or is_caption(row[0].text) or is_source(row[0].text):
            break
        if not _is_body(row) and any(line.box.x0 < left < line.box.x1 - line.size for line in row):
            break  # a line of text over label and figures
        is_heading = _is_heading(row, left)
        if is_heading and below_heading:
            break  # another table, with a header of its own
        below_heading |= not is_heading
        if _is_body(row):
            last, left = index, min(left, _left(row))
    return last + 1


def _is_heading(row: _Row, left: float) -> bool:
    """Whether all over the columns of figures are words or periods; a lone one beside a label may be a value (80a)."""
    over = [line.text for line in row if line.box.x1 > left]
    if len(over) < min(2, len(row)):
        return False
    return all(is_period(text) if is_figure(text) else any(c.isalpha() for c in text) for text in over)


def _left(row: _Row) -> float:
    """Where the figures of a row begin, with their signs."""
    return next(line.box.x0 for line in row[1:] if _is_value(line))


def _box(rows: Sequence[_Row], start: int, end: int, body: Sequence[_Row]) -> Box | None:
    """The box of rows from `start` with the header above them; None where one of them is not plain."""
    left = min(map(_left, body))
    labelled = sum(1 for row in body if any(c.isalpha() for c in row[0].text) and row[0].box.x1 < left + row[0].size)
    if labelled < _LABELLED * len(body):
        return None
    header = next((i for i in range(start, end) if _is_body(rows[i]) and not _names_periods(rows[i])), end)
    for row in rows[header:end]:
        words = [line for line in row[1:] if not _is_value(line)]
        if any(line.box.x0 < left for line in words) or (words and _is_body(row)):
            return None  # two columns of words
    first = _first_header_row(rows, start, left, body)
    if first == header and first and len(rows[first - 1]) > 1 and _gap(rows[first - 1], rows[first]) < 2 * _HEADER_GAP:
        return None
    box = union([line.box for row in rows[first:end] for line in row])
    return Box(box.x0 - _MARGIN, box.y0 - _MARGIN, box.x1 + _MARGIN, box.y1 + _MARGIN)


def _names_periods(row: _Row) -> bool:
    """Whether a row is the heading over columns of years or quarters: 2018 looks like a figure too."""
    return all(is_period(line.text) for line in row if is_figure(line.text))


def _first_header_row(rows: Sequence[_Row], start: int, left: float, body: Sequence[_Row]) -> int:
    """The topmost row directly above with a heading over the columns of figures; `start` where there is none.

    A line that stands alone is a title if it is set to the middle of the table, not of its columns.
    """
    behind = min(left, max(row[0].box.x1 for row in body))
    right = max(row[-1].box.x1 for row in body)
    over, whole = (left + right) / 2, (min(row[0].box.x0 for row in body) + right) / 2
    first = start
    for index in range(start - 1, max(-1, start - 1 - _MOST_HEADER_ROWS), -1):
        row = rows[index]
        if _gap(row, rows[index + 1]) > _HEADER_GAP or is_caption(row[0].text):
            break
        if _is_body(row) and not _names_periods(row):
            break
        if any(line.box.x0 < behind - line.size and line.box.x1 > left + 2 * line.size for line in row):
            break  # a title, or the end of a paragraph
        middle = (row[0].box.x0 + row[0].box.x1) / 2
        if len(row) == 1 and row[0].box.x0 >= behind - row[0].size and abs(middle - whole) < abs(middle - over):
            break
        if any(line.box.x0 >= behind - line.size and not is_unit(line.text) for line in row):
            first = index
    return first


def _explain_page(lines: Sequence[Line], boxes: Sequence[Box], drawings: Drawings) -> bool:
    """Whether the boxes hold all that looks like a table, and stand apart."""
    if len(boxes) > _MOST_TABLES or any(one.y1 > other.y0 + 2 * _MARGIN for one, other in pairwise(boxes)):
        return False
    rest = [line for line in lines if not any(is_inside(line.box, box) for box in boxes)]
    rules = [rule for rule in drawings.rules if not any(box.y0 - 8 <= rule.y <= box.y1 + 8 for box in boxes)]
    return not has_table_signs(rest, rules)
