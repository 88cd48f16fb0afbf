"""Pages of a report to chunks: stretches of text, parts of tables, figures; never text of two pages.

A chunk's text is `page.text` of its spans, so the spans rebuild it exactly; what a table's later parts repeat (title,
unit, header) are spans too, marked as added. Its id is a UUIDv5 of report id, page, spans and the chunker's version: the
same file gives the same ids, equal texts of two reports do not.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.captions import is_unit
from ingest.outline import Outline
from rag.domain import NO_EVIDENCE, Block, Chunk, ChunkKind, Figure, Grid, Page, Span, Table
from rag.sentences import split_sentences
from rag.text import span_of, width

CHUNKER_VERSION = "2"
_NAMESPACE = uuid.UUID("6f1c0e0a-6e7b-5d43-9f55-2f8b6f6f9a11")
_HEADING_BREAK = 0.4  # a heading starts a new chunk when the present one is at least this full
_Range = tuple[int, int]


def chunk_pages(report_id: str, pages: Sequence[Page], size: int) -> list[Chunk]:
    """Chunks in reading order, each at most `size` width units unless one sentence or row alone is longer.

    The source line of a table or figure comes on top.
    """
    chunks: list[Chunk] = []
    outline = Outline()
    before: _Before | None = None
    for page in map(_evidence, pages):
        for draft in _drafts(page, before, outline, size):
            text = "\n".join(page.text[start:end] for start, end, _ in draft.parts)
            spans = tuple(_span(page, start, end, added) for start, end, added in draft.parts)
            where = ",".join(f"{start}-{end}" for start, end, _ in draft.parts)
            chunk_id = point_id(report_id, page.number, where)
            chunks.append(
                Chunk(chunk_id, report_id, page.number, len(chunks), text, spans, draft.kind, draft.path, draft.grid)
            )
        before = (
            _Before(page, _names(page, page.tables[-1], _above(page, page.tables[-1], before))) if page.tables else None
        )
    return chunks


def _evidence(page: Page) -> Page:
    """The page without the tables, titles and other parts that are no evidence."""
    kept = {i for i, block in enumerate(page.blocks) if block.kind not in NO_EVIDENCE}

    def own(index: int | None) -> int | None:
        return index if index in kept else None

    tables = [
        replace(t, title=own(t.title), unit=own(t.unit), source=own(t.source))
        for t in page.tables
        if kept.issuperset((*t.header, *t.rows))
    ]
    figures = [
        replace(f, title=own(f.title), source=own(f.source), parts=tuple(i for i in f.parts if i in kept))
        for f in page.figures
        if any(i in kept for i in (f.title, f.source, *f.parts))
    ]
    return replace(page, tables=tuple(tables), figures=tuple(figures))


def point_id(report_id: str, page: int, what: str) -> str:
    """The UUID of a chunk (`what` is its ranges) or of a page's own entry in the index (`what` is `page`)."""
    return str(uuid.uuid5(_NAMESPACE, f"{CHUNKER_VERSION}/{report_id}/{page}/{what}"))


@dataclass(slots=True)
class _Draft:
    """A chunk to be: ranges of page text with whether they are added."""

    kind: ChunkKind
    path: tuple[str, ...]
    parts: list[tuple[int, int, bool]] = field(default_factory=list)
    grid: Grid | None = None


def _span(page: Page, start: int, end: int, added: bool) -> Span:
    span = span_of(page.number, page.text, page.blocks, start, end)
    return Span(span.page, span.start, span.end, span.boxes, added)


def _drafts(page: Page, before: _Before | None, outline: Outline, size: int) -> Iterator[_Draft]:
    """Chunks of one page in the order of their first blocks; the outline follows the headings."""
    tables = {(table.header or table.rows)[0]: table for table in page.tables if _is_told(page, table)}
    figures = {_first(figure): figure for figure in page.figures}
    held = _held(page)
    text = _TextDrafts(page, size)
    for index, block in enumerate(page.blocks):
        if index in tables:
            yield from text.cut()
            above = _above(page, tables[index], before)
            yield from _table_drafts(page, tables[index], above, outline.path, size)
        elif index in figures:
            yield from text.cut()
            yield from _figure_drafts(page, figures[index], outline.path, size)
        if index in held or block.kind in NO_EVIDENCE:
            continue
        if block.kind == "heading":
            yield from text.cut(at_least=_HEADING_BREAK)
            outline.add(page.text[block.start : block.end], block.size, block.bold)
        yield from text.add(block, outline.path)
    yield from text.cut()


def _is_told(page: Page, table: Table) -> bool:
    """Whether a table is evidence: lists of contacts and rating definitions are not."""
    return page.blocks[(table.rows or table.header)[0]].kind not in NO_EVIDENCE


def _first(figure: Figure) -> int:
    return min(i for i in (figure.title, figure.source, *figure.parts) if i is not None)


def _held(page: Page) -> set[int]:
    """Blocks that go into the chunks of tables and figures; a heading over a table stays in the text as well."""
    held: set[int] = set()
    for table in page.tables:
        held.update((*table.header, *table.rows))
        held.update(i for i in (table.title, table.unit, table.source) if i is not None)
    for figure in page.figures:
        held.update(i for i in (figure.title, figure.source, *figure.parts) if i is not None)
    return {i for i in held if page.blocks[i].kind != "heading"}


# --- text ------------------------------------------------------------------------------------------------------------


class _TextDrafts:
    """Fills chunks with whole sentences, rows and headings of one page."""

    def __init__(self, page: Page, size: int) -> None:
        self._page = page
        self._size = size
        self._ranges: list[_Range] = []
        self._path: tuple[str, ...] = ()
        self._last = -1  # the block added last

    def add(self, block: Block, path: tuple[str, ...]) -> Iterator[_Draft]:
        """Take a block; gives the chunks that are full before it is."""
        index = self._page.blocks.index(block)
        joins = index == self._last + 1
        self._last = index
        for start, end in _units(self._page.text, block, self._size):
            if self._ranges and self._with(start, end, joins=joins) > self._size:
                yield from self.cut()
            if not self._ranges:
                self._path = path
            if self._ranges and joins:
                self._ranges[-1] = (self._ranges[-1][0], end)
            else:
                self._ranges.append((start, end))
            joins = True

    def cut(self, at_least: float = 0.0) -> Iterator[_Draft]:
        """The chunk begun, when it is filled to this share."""
        if self._ranges and self._filled() >= at_least * self._size:
            yield _Draft("text", self._path, [(start, end, False) for start, end in self._ranges])
            self._ranges = []

    def _with(self, start: int, end: int, *, joins: bool) -> int:
        """The width of the chunk begun and of one more unit; blanks between joined ones count too."""
        apart = self._filled() + width(self._page.text[start:end])
        if not joins:
            return apart
        others = sum(width(self._page.text[a:b]) + 1 for a, b in self._ranges[:-1])
        return max(apart, others + width(self._page.text[self._ranges[-1][0] : end]))

    def _filled(self) -> int:
        return sum(width(self._page.text[start:end]) + 1 for start, end in self._ranges)


def _units(text: str, block: Block, size: int) -> list[_Range]:
    """What a chunk must not cut: a row or heading as a whole, a paragraph's sentences, stretches of an endless one."""
    if width(text[block.start : block.end]) <= size and block.kind != "text":
        return [(block.start, block.end)]
    sentences = [(block.start + a, block.start + b) for a, b in split_sentences(text[block.start : block.end])]
    return [part for a, b in sentences for part in _cut(text, a, b, size)]


def _cut(text: str, start: int, end: int, size: int) -> list[_Range]:
    if width(text[start:end]) <= size:
        return [(start, end)]
    step = max(size // 2, 1)  # a character is at most two width units
    return [(at, min(at + step, end)) for at in range(start, end, step)]


# --- tables and figures ----------------------------------------------------------------------------------------------


def _table_drafts(
    page: Page, table: Table, before: _Before | None, path: tuple[str, ...], size: int
) -> Iterator[_Draft]:
    """The rows of a table in parts; each part but the first repeats title, unit and header as added text."""
    head = [i for i in (table.title, table.unit, *table.header) if i is not None]
    taken = sum(_width(page, i) for i in head)
    columns = _columns(page, table)
    names = _names(page, table, before)
    parts = _split_rows(page, table.rows, max(size - taken, size // 2)) or [[]]
    for number, rows in enumerate(parts):
        added = [(i, number > 0 or page.blocks[i].kind == "heading") for i in head]
        tail = [(table.source, False)] if table.source is not None and number == len(parts) - 1 else []
        draft = _Draft("table", path, _ranges(page, [*added, *((i, False) for i in rows), *tail]))
        draft.grid = Grid(
            names.title,
            names.unit,
            tuple(names.columns[c] for c in columns),
            tuple(_cells(page, table, i, columns) for i in rows),
            names.inherited,
        )
        yield draft


@dataclass(frozen=True, slots=True)
class _Names:
    title: str
    unit: str
    columns: tuple[str, ...]
    inherited: bool


def _names(page: Page, table: Table, before: _Before | None) -> _Names:
    """Title, unit and headings; of the table that ended the page before, where this one goes on from it."""
    unit = _text(page, table.unit) or _unit_in_header(page, table)
    own = _Names(_text(page, table.title), unit, table.columns, False)
    if before is None or own.title:
        return own
    last = before.page.tables[-1]
    rest = before.page.blocks[last.rows[-1] + 1 :] if last.rows else before.page.blocks[-1:]
    if any(b.kind not in NO_EVIDENCE and b.kind != "source" for b in rest):
        return own
    if len(_columns(before.page, last)) != len(_columns(page, table)):
        return own
    above = before.names
    repeated = own.columns[1:] == above.columns[1:]
    if (any(own.columns) and not repeated) or len(above.columns) != len(own.columns):
        return own
    return _Names(above.title, own.unit or above.unit, own.columns if repeated else above.columns, True)


@dataclass(frozen=True, slots=True)
class _Before:
    """The page before and the names of its last table, its own or inherited."""

    page: Page
    names: _Names


def _above(page: Page, table: Table, before: _Before | None) -> _Before | None:
    return before if _is_first(page, table) else None


def _unit_in_header(page: Page, table: Table) -> str:
    cells = [page.text[piece.start : piece.end] for i in table.header for piece in page.blocks[i].pieces]
    return next((cell for cell in cells if is_unit(cell)), "")


def _is_first(page: Page, table: Table) -> bool:
    """Whether nothing of the report's text stands before the table on its page."""
    first = (table.header or table.rows)[0]
    return not any(b.kind not in NO_EVIDENCE for i, b in enumerate(page.blocks[:first]) if i != table.unit)


def _columns(page: Page, table: Table) -> list[int]:
    """The columns that have a heading or a cell."""
    used = {piece.column for i in table.rows for piece in page.blocks[i].pieces}
    return [column for column, name in enumerate(table.columns) if name or column in used]


def _cells(page: Page, table: Table, row: int, columns: Sequence[int]) -> tuple[str, ...]:
    """The cells of a row, with the label of its group where one stands for several rows."""
    cells = {piece.column: page.text[piece.start : piece.end] for piece in page.blocks[row].pieces}
    if table.groups and (label := table.groups[table.rows.index(row)]):
        cells[0] = label
    return tuple(cells.get(column, "") for column in columns)


def _split_rows(page: Page, rows: Sequence[int], room: int) -> list[list[int]]:
    parts: list[list[int]] = []
    filled = 0
    for index in rows:
        wide = _width(page, index)
        if not parts or filled + wide > room:
            parts.append([])
            filled = 0
        parts[-1].append(index)
        filled += wide
    return parts


def _figure_drafts(page: Page, figure: Figure, path: tuple[str, ...], size: int) -> Iterator[_Draft]:
    """Title, labels and source of a figure; what does not fit is left to further parts under the same title."""
    title = [] if figure.title is None else [figure.title]
    told = [i for i in figure.parts if page.blocks[i].kind not in NO_EVIDENCE]
    parts = _split_rows(page, told, max(size - sum(_width(page, i) for i in title), size // 2)) or [[]]
    for number, own in enumerate(parts):
        head = [(i, number > 0) for i in title]
        tail = [(figure.source, False)] if figure.source is not None and number == len(parts) - 1 else []
        ranges = _ranges(page, [*head, *((i, False) for i in own), *tail])
        if ranges:
            yield _Draft("figure", path, ranges)


def _ranges(page: Page, blocks: Sequence[tuple[int, bool]]) -> list[tuple[int, int, bool]]:
    """Ranges of blocks, neighbours of one kind joined."""
    made: list[tuple[int, int, bool]] = []
    last = -2
    for index, added in blocks:
        block = page.blocks[index]
        if made and index == last + 1 and made[-1][2] == added:
            made[-1] = (made[-1][0], block.end, added)
        else:
            made.append((block.start, block.end, added))
        last = index
    return made


def _width(page: Page, index: int) -> int:
    block = page.blocks[index]
    return width(page.text[block.start : block.end]) + 1


def _text(page: Page, index: int | None) -> str:
    return "" if index is None else page.text[page.blocks[index].start : page.blocks[index].end]
