"""A page in; its lines and cells with their places and sizes out, and what stands beside, above and below one.

Blocks of every kind are read: a masthead may be a row, a box of its own or furniture, as the layout has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.metadata.dates import begins_with_date
from ingest.metadata.wording import NEVER, RATING, SUBJECT
from rag.domain import Block, Page, Piece
from rag.text import joiner


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell, or lines that belong together, with its place in points; `top` is its share of the page's height."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    top: float
    size: float
    upright: bool
    page: int

    @property
    def height(self) -> float:
        return max(self.y1 - self.y0, 1.0)


def spots_of(page: Page) -> list[Spot]:
    """Cells of rows, and lines of blocks: consecutive lines of a short block that are no dates or codes go together."""
    spots: list[Spot] = []
    for block in page.blocks:
        pieces = block.pieces
        if is_upright(block):
            groups = [list(pieces)]
        elif block.kind == "row" or len(pieces) > 4:
            groups = [[piece] for piece in pieces]
        else:
            groups = []
            for piece in pieces:
                apart = _stands_alone(page, piece)
                if groups and not apart and not _stands_alone(page, groups[-1][0]):
                    groups[-1].append(piece)
                else:
                    groups.append([piece])
        spots.extend(_spot(page, block, group) for group in groups if group)
    return [spot for spot in spots if spot.text]


def cells_of(page: Page) -> list[Spot]:
    """Every line and cell by itself, in the order of the page text; a text written from top to bottom is one."""
    groups = (
        (block, [list(block.pieces)] if is_upright(block) else [[piece] for piece in block.pieces])
        for block in page.blocks
    )
    spots = (_spot(page, block, pieces) for block, group in groups for pieces in group)
    return [spot for spot in spots if spot.text]


def _spot(page: Page, block: Block, pieces: Sequence[Piece]) -> Spot:
    text = ""
    for piece in pieces:
        part = page.text[piece.start : piece.end].strip()
        text += (joiner(text[-1], part[0]) if text and part else "") + part
    upright = is_upright(block)
    x0, y0 = min(p.box.x0 for p in pieces), min(p.box.y0 for p in pieces)
    x1, y1 = max(p.box.x1 for p in pieces), max(p.box.y1 for p in pieces)
    top = y0 / page.height if page.height else 0.0
    return Spot(text, x0, y0, x1, y1, top, block.size, upright, page.number)


def is_upright(block: Block) -> bool:
    """Whether the block is written from top to bottom: a side banner, one or two characters a line."""
    return len(block.pieces) >= 3 and block.end - block.start <= 2 * len(block.pieces)


def _stands_alone(page: Page, piece: Piece) -> bool:
    text = page.text[piece.start : piece.end].strip()
    return bool(SUBJECT.match(text) or RATING.fullmatch(text) or begins_with_date(text) or NEVER.search(text))


def body_size(page: Page) -> float:
    """The font size of most of a page's characters; 0.0 where the page has too few to tell."""
    sizes: Counter[float] = Counter()
    for block in page.blocks:
        sizes[round(block.size)] += block.end - block.start
    common = sizes.most_common(1)[0][0] if sizes else 0.0
    return common if sizes.total() > 300 or (len(sizes) == 1 and len(page.blocks) > 3) else 0.0


def in_reading_order(cells: Iterable[Spot]) -> list[Spot]:
    """Cells from top to bottom, those of a line from left to right, whatever order the layout found them in."""
    return sorted(cells, key=lambda cell: (round(cell.y0 / 5), cell.x0))


def on_a_line(one: Spot, other: Spot) -> bool:
    """Whether two cells stand on one line: they share at least half the height of the lower one."""
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return one is not other and shared >= 0.5 * min(one.height, other.height)


def right_of(cell: Spot, cells: Iterable[Spot], reach: float = 1e9) -> Spot | None:
    """The nearest cell to the right on the same line, at most `reach` points away."""
    after = [c for c in cells if on_a_line(cell, c) and not c.upright and c.x0 >= cell.x1 - 0.5 * cell.height]
    nearest = min(after, key=lambda c: c.x0, default=None)
    return nearest if nearest is not None and nearest.x0 - cell.x1 <= reach else None


def left_of(cell: Spot, cells: Iterable[Spot], reach: float = 1e9) -> Spot | None:
    """The nearest cell to the left on the same line, at most `reach` points away."""
    before = [c for c in cells if on_a_line(cell, c) and not c.upright and c.x1 <= cell.x0 + 0.5 * cell.height]
    nearest = max(before, key=lambda c: c.x1, default=None)
    return nearest if nearest is not None and cell.x0 - nearest.x1 <= reach else None


def below(cell: Spot, cells: Iterable[Spot], lines: float = 1.6) -> Spot | None:
    """The nearest cell that begins within `lines` line heights under it and shares some of its width."""
    under = [
        c
        for c in cells
        if c is not cell
        and not c.upright
        and 0 <= c.y0 - cell.y0 - 0.6 * cell.height <= lines * cell.height
        and shares_width(cell, c)
    ]
    return min(under, key=lambda c: (c.y0, abs(c.x0 - cell.x0)), default=None)


def shares_width(one: Spot, other: Spot) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1
