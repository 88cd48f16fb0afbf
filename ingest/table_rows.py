"""Rows of cells as the grid gave them to rows as a reader sees them.

Signs and footnote marks go to their figures, lines that name units are taken off the top, and what the grid cut in two
(a label that began above its figures, text that went on below) is put together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.cells import Cell
from ingest.lines import Line
from ingest.regions import is_figure
from rag.text import is_wide

_CURRENCY = re.compile(r"^[(（]?\s*(?:[$¥￥€£]|HK\$|US\$|NT\$|RMB|USD|EUR|GBP)\s*[(（]?$")
_CLOSING = re.compile(r"^[)）%％]+$")
_MARK = re.compile(r"^(?:[(（\[]\w{1,2}[)）\]]|[*†‡#]{1,3}|[①-⑳])$")
_UNIT = re.compile(
    r"单位|單位|币种|幣別|币別|人民币元|百万元|千元|万元|亿元|仟元|新台幣|in (?:millions|thousands|billions)|\$ ?(?:millions?|thousands?|billions?|mm|000)|unaudited|未经审计|未經審計"
    r"|except (?:per|share|for|where)|(?:millions?|thousands?|billions?) of (?:dollars|us|u\.s)|dollars in|amounts? in|expressed in|rmb|us\$m",
    re.IGNORECASE,
)
_LONGEST_UNIT = 90  # characters of a row that names units


def with_signs(cells: Sequence[Cell]) -> list[Cell]:
    """Currency signs joined to the figure on their right; brackets, percent signs and footnote marks to their left."""
    row: list[Cell] = []
    for cell in cells:
        before = row[-1] if row else None
        if before is not None and _CURRENCY.match(before.text) and len(before.lines) == 1 and is_figure(cell.text):
            row[-1] = Cell((before.lines[0], *cell.lines), cell.column, cell.covers)
        elif before is not None and before.column > 0 and _belongs_left(before, cell):
            row[-1] = Cell((*before.lines, *cell.lines), before.column, before.covers)
        else:
            row.append(cell)
    return row


def _belongs_left(before: Cell, cell: Cell) -> bool:
    if not is_figure(before.text):
        return False
    if _CLOSING.match(cell.text):
        return True
    left, right = before.lines[-1], cell.lines[0]
    gap = right.box.x0 - left.box.x1
    raised = right.size < 0.75 * left.size and gap < 1.5 * left.size
    return (raised or gap < 0.75 * right.size) and _MARK.match(cell.text) is not None


def without_unit_rows(rows: Sequence[list[Cell]]) -> tuple[list[list[Cell]], list[Line]]:
    """The rows without those at the top that only name units or currency, and the lines of these."""
    above: list[Line] = []
    first = 0
    for row in rows[:3]:
        if not all(_UNIT.search(cell.text) for cell in row) or sum(map(len, (c.text for c in row))) > _LONGEST_UNIT:
            break
        above += [line for cell in row for line in cell.lines]
        first += 1
    return list(rows[first:]), above


def wrapped_joined(rows: Sequence[list[Cell]]) -> list[list[Cell]]:
    """Rows that the grid cut in two put together: a label that began above its figures, text that went on below."""
    gaps = [b[0].lines[0].box.y0 - a[0].lines[-1].box.y1 for a, b in pairwise(rows)]
    usual = median(gaps) if gaps else 0.0
    with_figures = [row for row in rows if has_figures(row)]
    labels = label_column(with_figures)
    coded = sum(1 for row in with_figures if row[0].column == 0) * 5 >= 4 * len(with_figures) > 0
    made: list[list[Cell]] = []
    for index, row in enumerate(rows):
        above = made[-1] if made else None
        if above is None or not above:
            made.append(row)
        elif (
            _label_goes_on(above, row, gaps[index - 1], usual)
            or (coded and _label_began_above(above, row))
            or _text_goes_on(above, row, labels)
        ):
            made[-1] = _stacked(above, row)
        else:
            made.append(row)
    return made


def has_figures(row: Sequence[Cell]) -> bool:
    return any(is_figure(cell.text) for cell in row if cell.column > 0)


def _label_goes_on(above: Sequence[Cell], row: Sequence[Cell], gap: float, usual: float) -> bool:
    """One cell of text above, no wider apart than rows are, and a label that goes on in mid-sentence."""
    if len(above) != 1 or len(row) < 2 or above[0].column != 0 or row[0].column != 0 or is_figure(above[0].text):
        return False
    start = row[0].text[0]
    text = above[0].text
    in_sentence = start.islower() or start in ")）,，;；" or (is_wide(start) and text[-1] in "（(、，,及和")
    return in_sentence and not text.endswith((":", "：")) and gap <= usual + 1.0


def _label_began_above(above: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Figures without what rows have in the first column, below a row that has it and no figures."""
    return (
        row[0].column > 0 and above[0].column == 0 and len(above) > 1
        and has_figures(row) and not has_figures(above) and not is_figure(row[0].text)
    )  # fmt: skip


def _text_goes_on(above: Sequence[Cell], row: Sequence[Cell], labels: int) -> bool:
    """Text without label and figures, below cells of the same columns."""
    texts = {cell.column for cell in above if not is_figure(cell.text)}
    return row[0].column > labels and not has_figures(row) and all(cell.column in texts for cell in row)


def label_column(rows: Sequence[Sequence[Cell]]) -> int:
    """The last column, before the figures, that most rows have text in (a code may stand before the label)."""
    texts = Counter(cell.column for row in rows for cell in row if not is_figure(cell.text))
    figures = Counter(cell.column for row in rows for cell in row if is_figure(cell.text))
    first = min((column for column, count in figures.items() if column > 0 and count > texts[column]), default=1)
    usual = [column for column, count in texts.items() if count * 2 > len(rows) and column < first]
    return max(usual, default=0)


def _stacked(above: Sequence[Cell], row: Sequence[Cell]) -> list[Cell]:
    """Two rows as one: cells of one column one below the other."""
    joined = {cell.column: cell for cell in above}
    for cell in row:
        upper = joined.get(cell.column)
        joined[cell.column] = (
            cell if upper is None else Cell(upper.lines + cell.lines, cell.column, max(upper.covers, cell.covers))
        )
    return [joined[column] for column in sorted(joined)]
