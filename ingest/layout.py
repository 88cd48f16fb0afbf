"""Lines of one page to the page's text and blocks: paragraphs, headings, and table rows by geometry.

Lines that stand side by side on one baseline and follow each other in the stream are the cells of a row. Lines of a
paragraph are joined without a blank between han characters and with one elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.lines import Line
from rag.domain import Block, BlockKind, Box, Piece
from rag.text import ends_sentence, is_wide, joiner

_CELL_GAP = 0.9  # of the font size: a wider gap on one baseline parts two cells
_MARKS = "•●■◆▪►➢◼"  # what begins an item of a list
_BULLETS = frozenset(_MARKS + "□▶·-–—l")


def arrange(lines: Sequence[Line]) -> tuple[str, tuple[Block, ...]]:
    """Text of the page (blocks parted by newlines) and the blocks with their ranges in it."""
    rows = _baselines(lines)
    body = _body_size(lines)
    text = ""
    blocks: list[Block] = []
    for group in _paragraphs(rows):
        if text:
            text += "\n"
        start = len(text)
        pieces: list[Piece] = []
        is_row = len(group) == 1 and len(group[0]) > 1
        cells = group[0] if is_row else [_merged(row) for row in group]
        for cell in cells:
            if pieces:
                text += "\t" if is_row else joiner(text[-1], cell.text[0])
            pieces.append(Piece(len(text), len(text) + len(cell.text), cell.box))
            text += cell.text
        size, bold = _dominant(cells)
        kind: BlockKind = "row" if is_row else _kind(text[start:], size, bold, body, len(group))
        blocks.append(Block(kind, start, len(text), tuple(pieces), size, bold))
    return text, tuple(blocks)


def _baselines(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped to visual rows; each row is a list of its cells from left to right."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if last is None or not _same_baseline(last, line):
            rows.append([line])
        elif line.box.x0 - last.box.x1 < _CELL_GAP * max(line.size, last.size) or set(last.text) <= _BULLETS:
            rows[-1][-1] = _merged([last, line])
        else:
            rows[-1].append(line)
    return rows


def _same_baseline(left: Line, right: Line) -> bool:
    overlap = min(left.box.y1, right.box.y1) - max(left.box.y0, right.box.y0)
    lowest = min(left.box.y1 - left.box.y0, right.box.y1 - right.box.y0)
    return overlap > 0.6 * lowest and right.box.x0 > left.box.x1 - 0.3 * left.size


def _merged(cells: Sequence[Line]) -> Line:
    first = cells[0]
    text = first.text
    for cell in cells[1:]:
        text += joiner(text[-1], cell.text[0]) + cell.text
    return Line(text, union([c.box for c in cells]), first.size, first.bold, first.block)


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def _paragraphs(rows: Sequence[list[Line]]) -> list[list[list[Line]]]:
    """Rows grouped: a row of several cells stands alone, single lines that go on are one paragraph."""
    groups: list[list[list[Line]]] = []
    right_edge = 0.0
    for row in rows:
        previous = groups[-1][-1] if groups else None
        if previous is not None and len(row) == 1 and len(previous) == 1 and _goes_on(previous[0], row[0], right_edge):
            groups[-1].append(row)
            right_edge = max(right_edge, row[0].box.x1)
        else:
            groups.append([row])
            right_edge = row[-1].box.x1
    return groups


def _goes_on(above: Line, below: Line, right_edge: float) -> bool:
    """Whether `below` continues the paragraph of `above`: same size, next line down, and `above` was full.

    A change to or from bold ends a paragraph unless the full line stopped in mid-sentence (a bold run-in heading).
    """
    height = above.box.y1 - above.box.y0
    gap = below.box.y0 - above.box.y1
    if abs(above.size - below.size) >= 0.6 or not -0.5 * height < gap < 0.9 * height or below.text[0] in _MARKS:
        return False
    right = max(right_edge, below.box.x1)
    width = right - min(above.box.x0, below.box.x0)
    han = is_wide(above.text[-1])
    slack = 2.5 * above.size if han else 0.25 * width
    full = above.box.x1 > right - slack
    same_block = above.block == below.block
    if above.bold != below.bold:
        return same_block and full and not ends_sentence(above.text)
    if same_block:
        return full or not (ends_sentence(above.text) or han)
    aligned = abs(above.box.x0 - below.box.x0) < 3.2 * above.size
    return full and aligned and not ends_sentence(above.text)


def _dominant(cells: Sequence[Line]) -> tuple[float, bool]:
    sizes: Counter[float] = Counter()
    bold = 0
    for cell in cells:
        sizes[cell.size] += len(cell.text)
        bold += len(cell.text) if cell.bold else 0
    return sizes.most_common(1)[0][0], bold * 2 > sizes.total()


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _kind(text: str, size: float, bold: bool, body: float, line_count: int) -> BlockKind:
    short = len(text) <= (60 if any(is_wide(c) for c in text) else 110) and line_count <= 2
    stands_out = size > 1.12 * body or (bold and size > 0.95 * body)
    letters = any(c.isalpha() for c in text)
    return "heading" if short and stands_out and letters and not text.endswith(("。", "；", ";", "，")) else "text"
