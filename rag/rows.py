"""A chunk's text to its lines as a reader should see them: a table row beside its column headings, anything else as is.

Cells of a row are parted by tabs (see ingest/layout.py). A row above whose cells are mostly periods (2024E, FY23, Q2,
一季度) heads the columns of the rows below; cells are matched from the right, because the label's heading is often blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.text import is_han

_PERIOD = re.compile(
    r"^\W*(?:(?:FY|CY)?\s?'?(?:19|20)?\d{2}\s?[AEFH]?|(?:19|20)\d{2}\s?年?.{0,8}|[1-4]Q\s?\d{0,4}[AEF]?|Q[1-4]\s?\d{0,4}|[1-4]H\d{2,4}|[一二三四]季度"
    r"|(?:\w+ \d{1,2},? )?(?:19|20)\d{2}|(?:january|february|march|april|may|june|july|august|september|october|november|december)\b.{0,12})\W*$",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\W*(?:约|近|超|逾|c\.|about)?\s*\W{0,2}\d", re.IGNORECASE)
_CURRENCY = frozenset("$¥€£")


def readable_lines(text: str) -> Iterator[tuple[str, bool]]:
    """(line, whether it is a table row), in order."""
    header: list[str] = []
    for line in text.split("\n"):
        cells = _cells(line)
        if len(cells) < 2:
            yield line, False
        elif _is_header(cells):
            header = cells
        elif is_table_row(line):
            yield _beside(header, cells), True
        else:
            yield " ".join(cells), False  # a legend, a masthead: side by side, but no table row


def is_table_row(line: str) -> bool:
    """Whether a line has several cells and a figure in one of them: justified text can look like cells without."""
    return any(_VALUE.match(cell) for cell in _cells(line)[1:])


def _cells(line: str) -> list[str]:
    """Cells of a row; a lone currency sign belongs to the cell after it."""
    cells: list[str] = []
    for cell in line.split("\t"):
        if cells and cells[-1].strip() in _CURRENCY:
            cells[-1] = cells[-1].strip() + cell
        else:
            cells.append(cell)
    return cells


def _is_header(cells: Sequence[str]) -> bool:
    periods = sum(1 for cell in cells if _PERIOD.match(cell))
    return periods >= 2 and periods >= len(cells) - 1


def _beside(header: Sequence[str], cells: Sequence[str]) -> str:
    values = list(cells[1:])
    wide = any(is_han(char) for char in cells[0])
    colon, comma = ("：", "，") if wide else (": ", ", ")
    names = list(header[-len(values) :]) if len(header) >= len(values) else []
    shown = [f"{name} {value}" for name, value in zip(names, values, strict=True)] if names else values
    return cells[0] + colon + comma.join(shown)
