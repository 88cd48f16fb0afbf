"""A page in; its lines and cells with their places and sizes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layout import union
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


def spots_of(page: Page) -> list[Spot]:
    """Cells of rows, and lines of blocks: consecutive lines of a short block that are no dates or codes go together."""
    spots: list[Spot] = []
    for block in page.blocks:
        pieces = block.pieces
        if block.kind == "row" or len(pieces) > 4 or is_upright(block):
            groups = [[piece] for piece in pieces] if not is_upright(block) else [list(pieces)]
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


def _spot(page: Page, block: Block, pieces: Sequence[Piece]) -> Spot:
    text = ""
    for piece in pieces:
        part = page.text[piece.start : piece.end].strip()
        text += (joiner(text[-1], part[0]) if text and part else "") + part
    box = union([piece.box for piece in pieces])
    top = box.y0 / page.height if page.height else 0.0
    return Spot(text, box.x0, box.y0, box.x1, box.y1, top, block.size, is_upright(block))


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
