"""The tables of a report to the lines of its digest, where it has no text to quote: a quarterly report is often such."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import Chunk, Style
from rag.grid import has_figure, own_grid, row_sentence
from rag.summarise import Outline, Told
from rag.text import width

_LEAST_ROWS = 3  # of a table that says something
_BRIEF_WIDTH = 600  # width units of a brief
_ROWS_A_SECTION = 5
_MOST_SECTIONS = 8
_BOXES = ("√", "□", "☑", "✓")  # a line of boxes to tick (适用, 不适用) is no heading


def summarise_tables(style: Style, chunks: Sequence[Chunk]) -> Outline:
    """The first rows of the first table for a brief, of each of the first tables for an outline; [] without tables.

    The first tables of a financial report are its key figures.
    """
    tables: dict[str, list[Told]] = {}
    for chunk in chunks:
        rows = _rows(chunk)
        if len(rows) >= _LEAST_ROWS:
            held = tables.setdefault(_heading(chunk), [])
            known = {row.text for row in held}
            held += [Told(row, chunk.page) for row in rows if row not in known]
    if style == "outline":
        return [(heading, rows[:_ROWS_A_SECTION]) for heading, rows in list(tables.items())[:_MOST_SECTIONS]]
    brief: list[Told] = []
    for row in next(iter(tables.values()), []):
        if brief and sum(width(one.text) for one in brief) + width(row.text) > _BRIEF_WIDTH:
            break
        brief.append(row)
    return [("", brief)] if brief else []


def _rows(chunk: Chunk) -> list[str]:
    """The rows that hold figures, as lines to cite."""
    grid = own_grid(chunk)
    if grid is None:
        return []
    lines = [row_sentence(grid, index) for index, cells in enumerate(grid.rows) if has_figure(cells[1:])]
    return [line for line in lines if line]


def _heading(chunk: Chunk) -> str:
    title = chunk.grid.title if chunk.grid else ""
    return title or next((part for part in reversed(chunk.path) if not part.startswith(_BOXES)), "")
