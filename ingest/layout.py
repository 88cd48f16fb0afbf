"""Lines, regions and drawings of one page to its text, blocks, tables and figures.

Lines of a table region become its rows. What is left is put together in stream order: lines on one baseline are one line
where they belong to one sentence, else side by side; lines that go on become a paragraph. Titles of figures and tables
are known by how they begin (图表 3, Figure 2), whatever a model says of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.captions import is_caption, is_source, is_unit
from ingest.cells import Cell
from ingest.drawings import NOTHING_DRAWN, Drawings
from ingest.figures import find_figures
from ingest.lines import Line, union
from ingest.paragraphs import Paragraph, body_size, paragraphs
from ingest.regions import Region, is_inside
from ingest.tables import TableRows, build_tables
from rag.domain import Block, BlockKind, Figure, Piece, Repair, Table
from rag.text import is_wide, joiner, width

_TITLE_REACH = 46.0  # points between a title and the table below it
_SOURCE_REACH = 30.0
_LONGEST_HEADING = 64  # width units
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十\d]{1,3}[章节部]|\d{1,2}(?:\.\d{1,2}){1,3}[.．、\s]\s*[^\d\s%]"
    r"|(?:item|part|note)\s+\d{1,2}[AB]?[.:\s—–-]|part\s+[IV]+\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a page says and how it is laid out; positions are those of `blocks`."""

    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    repairs: tuple[Repair, ...] = ()


def arrange(
    lines: Sequence[Line],
    regions: Sequence[Region] = (),
    drawings: Drawings = NOTHING_DRAWN,
) -> Layout:
    """The page in reading order; blocks are parted by newlines, cells of a row by tabs, in the page's text."""
    tables, rest = _tables(lines, regions, drawings)
    page = _Composer(body_size(lines))
    for paragraph in paragraphs(rest):
        while tables and tables[0][0] < paragraph.place:
            page.add_table(tables.pop(0)[1])
        page.add_paragraph(paragraph)
    for _, table in tables:
        page.add_table(table)
    return page.finish(drawings, regions)


def _tables(
    lines: Sequence[Line], regions: Sequence[Region], drawings: Drawings
) -> tuple[list[tuple[int, TableRows]], list[Line]]:
    """Tables with the place of their first line in the stream, and the lines that are in none."""
    rest = list(range(len(lines)))
    found: list[tuple[int, TableRows]] = []
    for region in regions:
        if region.kind != "table":
            continue
        own = [i for i in rest if lines[i].level and is_inside(lines[i].box, region.box)]
        made = build_tables(region, [lines[i] for i in own], drawings.rules)
        if made:
            found += [(min(lines[i].place for i in own), table) for table in made]
            taken = set(own)
            rest = [i for i in rest if i not in taken]
    return sorted(found, key=lambda one: one[0]), [lines[i] for i in rest]


class _Composer:
    """Collects blocks and the page text; then joins titles, units and sources with their tables and figures."""

    def __init__(self, body: float) -> None:
        self._body = body
        self._text = ""
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._repairs: list[Repair] = []

    def add_paragraph(self, paragraph: Paragraph) -> None:
        """A paragraph as a block of text or heading, side-by-side lines as a row, by how it begins."""
        lines = paragraph.lines
        side_by_side = len(lines) == 1 and len(lines[0]) > 1
        pieces = lines[0] if side_by_side else [line for row in lines for line in row]
        cells = [Cell((line,), index) for index, line in enumerate(pieces)]
        start = len(self._text) + bool(self._text)
        self._append("row" if side_by_side else "text", cells, side_by_side)
        if not side_by_side:
            block = self._blocks[-1]
            kind = _kind(self._text[start:], block.size, block.bold, self._body, len(lines))
            self._blocks[-1] = replace(block, kind=kind)

    def add_table(self, table: TableRows) -> None:
        """Its unit lines as one block, then a block for each row."""
        unit = None
        if table.unit:
            unit = len(self._blocks)
            self._append("unit", [Cell((line,), 0) for line in table.unit], False)
        first = len(self._blocks)
        for row in table.rows:
            self._append("row", row, True)
        header = tuple(range(first, first + table.header))
        rows = tuple(range(first + table.header, len(self._blocks)))
        self._tables.append(Table(table.box, header, rows, table.columns, unit=unit, groups=table.groups))

    def _append(self, kind: BlockKind, cells: Sequence[Cell], tabs: bool) -> None:
        if self._text:
            self._text += "\n"
        start = len(self._text)
        pieces: list[Piece] = []
        for cell in cells:
            if pieces:
                self._text += "\t" if tabs else joiner(self._text[-1], cell.lines[0].text[0])
            at = len(self._text)
            for line in cell.lines:
                if len(self._text) > at:
                    self._text += joiner(self._text[-1], line.text[0])
                if line.original:
                    self._repairs.append(Repair(len(self._text), len(self._text) + len(line.text), line.original))
                self._text += line.text
            pieces.append(Piece(at, len(self._text), union([x.box for x in cell.lines]), cell.column, cell.covers))
        size, bold = _dominant([line for cell in cells for line in cell.lines])
        self._blocks.append(Block(kind, start, len(self._text), tuple(pieces), size, bold))

    def finish(self, drawings: Drawings, regions: Sequence[Region]) -> Layout:
        """The page with its tables and figures tied to their titles and sources."""
        tables = self._with_titles()
        held = {i for table in tables for i in (*table.header, *table.rows)}
        figures = find_figures(self._text, self._blocks, held, tables, drawings, regions)
        for figure in figures:
            for index in figure.parts:
                self._blocks[index] = replace(self._blocks[index], kind="figure")
        return Layout(self._text, tuple(self._blocks), tables, tuple(figures), tuple(self._repairs))

    def _with_titles(self) -> tuple[Table, ...]:
        used: set[int] = {table.unit for table in self._tables if table.unit is not None}
        made: list[Table] = []
        for table in self._tables:
            unit = table.unit if table.unit is not None else self._above(table, "unit", used)
            title = self._above(table, "caption", used)
            if title is None:
                title = self._above(table, "heading", used)
            source = self._below(table, used)
            used.update(index for index in (unit, title, source) if index is not None)
            made.append(replace(table, unit=unit, title=title, source=source))
        return tuple(made)

    def _above(self, table: Table, kind: BlockKind, used: set[int]) -> int | None:
        """The nearest block of the kind that stands directly above the table and over it."""
        best: tuple[float, int] | None = None
        for index, block in enumerate(self._blocks):
            if block.kind != kind or index in used:
                continue
            box = union([piece.box for piece in block.pieces])
            gap = table.box.y0 - box.y1
            over = min(box.x1, table.box.x1) - max(box.x0, table.box.x0) > 0 or abs(box.x0 - table.box.x0) < 40
            if over and -4 <= gap <= _TITLE_REACH and (best is None or gap < best[0]):
                best = (gap, index)
        return best[1] if best else None

    def _below(self, table: Table, used: set[int]) -> int | None:
        for index, block in enumerate(self._blocks):
            if block.kind == "source" and index not in used:
                box = union([piece.box for piece in block.pieces])
                over = min(box.x1, table.box.x1) - max(box.x0, table.box.x0) > 0 or abs(box.x0 - table.box.x0) < 40
                if over and -4 <= box.y0 - table.box.y1 <= _SOURCE_REACH:
                    return index
        return None


def _dominant(lines: Sequence[Line]) -> tuple[float, bool]:
    sizes: Counter[float] = Counter()
    bold = 0
    for line in lines:
        sizes[line.size] += len(line.text)
        bold += len(line.text) if line.bold else 0
    return sizes.most_common(1)[0][0], bold * 2 > sizes.total()


def _kind(text: str, size: float, bold: bool, body: float, line_count: int) -> BlockKind:
    if is_caption(text):
        return "caption"
    if is_source(text):
        return "source"
    if is_unit(text):
        return "unit"
    if line_count == 1 and _NUMBERED.match(text) and width(text) <= _LONGEST_HEADING and text[-1] not in "。；;，,.：:":
        return "heading"
    short = len(text) <= (60 if any(is_wide(c) for c in text) else 110) and line_count <= 2
    stands_out = size > 1.12 * body or (bold and size > 0.95 * body)
    letters = any(c.isalpha() for c in text)
    return "heading" if short and stands_out and letters and not text.endswith(("。", "；", ";", "，")) else "text"
