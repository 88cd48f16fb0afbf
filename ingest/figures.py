"""Blocks, drawings and pictures of a page to its figures: box, title, source line, and the text inside."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.captions import is_figure_title
from ingest.drawings import Drawings
from ingest.lines import union
from ingest.regions import Region, is_figure, is_inside, is_period
from rag.domain import Block, Box, Figure, Table
from rag.text import width

_LEAST_SIDE = 40.0  # points: what is smaller is a logo, a rule or a bullet
_LEAST_PATHS = 3
_LABEL = 12.0  # points: labels of an axis may stand this far outside of what is drawn
_LONG = 44  # width units: a longer line inside a figure is a sentence


def find_figures(
    text: str,
    blocks: Sequence[Block],
    in_tables: set[int],
    tables: Sequence[Table],
    drawings: Drawings,
    regions: Sequence[Region],
) -> list[Figure]:
    """Figures below their titles; then pictures with labels that have no title."""
    boxes = [union([piece.box for piece in block.pieces]) for block in blocks]
    titled = {table.title for table in tables}
    found: list[Figure] = []
    taken: set[int] = set(in_tables)
    for index, block in enumerate(blocks):
        if block.kind != "caption" or index in titled or not is_figure_title(text[block.start : block.end]):
            continue
        source = _source_of(index, blocks, boxes)
        box = _drawn_below(index, source, blocks, boxes, drawings)
        if box is None or any(_overlap(box, table.box) > 0.5 for table in tables):
            continue
        parts = _parts(box, blocks, boxes, text, taken | {index, -1 if source is None else source})
        taken.update(parts)
        found.append(Figure(box, parts, index, source))
    for region in regions:
        if region.kind == "picture" and not any(_overlap(region.box, figure.box) > 0.3 for figure in found):
            parts = _parts(region.box, blocks, boxes, text, taken)
            if _are_labels([text[blocks[i].start : blocks[i].end] for i in parts]):
                taken.update(parts)
                found.append(Figure(region.box, parts))
    return found


def _source_of(title: int, blocks: Sequence[Block], boxes: Sequence[Box]) -> int | None:
    """The nearest source line below the title that begins near its left edge or runs below it."""
    box = boxes[title]
    floor = min(
        (
            boxes[i].y0
            for i, b in enumerate(blocks)
            if b.kind == "caption" and boxes[i].y0 > box.y1 and boxes[i].x0 < box.x1 and boxes[i].x1 > box.x0
        ),
        default=float("inf"),
    )
    below = [
        (boxes[i].y0, i)
        for i, block in enumerate(blocks)
        if block.kind == "source"
        and box.y1 < boxes[i].y0 < floor
        and boxes[i].x0 < box.x1
        and boxes[i].x1 > box.x0 - 20
    ]
    return min(below)[1] if below else None


def _drawn_below(
    title: int, source: int | None, blocks: Sequence[Block], boxes: Sequence[Box], drawings: Drawings
) -> Box | None:
    """The box around what is drawn between a title and its source line (or the next title or paragraph)."""
    top = boxes[title]
    left, right = _column(title, blocks, boxes)
    floor = boxes[source].y0 if source is not None else None
    for index, block in enumerate(blocks):
        ends = block.kind in ("caption", "heading") or (
            block.kind == "text" and boxes[index].x1 - boxes[index].x0 > 150
        )
        over = boxes[index].x0 < right and boxes[index].x1 > left
        if not ends or index == title or not over or boxes[index].y0 <= top.y1:
            continue
        if floor is None or (boxes[index].y0 < floor and block.kind == "caption"):
            floor = boxes[index].y0
    limit = floor if floor is not None else top.y1 + 320
    drawn = [
        box
        for box in (*drawings.pictures, *drawings.paths)
        if box.y0 > top.y0 - 2 and box.y1 < limit + 6 and (box.x0 + box.x1) / 2 > left and (box.x0 + box.x1) / 2 < right
    ]
    pictures = [box for box in drawings.pictures if box in drawn]
    if not pictures and len(drawn) < _LEAST_PATHS:
        return None
    around = union(drawn)
    if around.x1 - around.x0 < _LEAST_SIDE or around.y1 - around.y0 < _LEAST_SIDE:
        return None
    return Box(
        min(top.x0, around.x0) - 2,
        max(top.y1, around.y0 - _LABEL),
        max(around.x1, min(right, top.x1)),
        min(around.y1 + _LABEL, limit - 1),
    )


def _column(title: int, blocks: Sequence[Block], boxes: Sequence[Box]) -> tuple[float, float]:
    """Left and right limit of a figure: other titles on the same height stand beside it."""
    own = boxes[title]
    beside = [
        boxes[i]
        for i, block in enumerate(blocks)
        if i != title and block.kind == "caption" and abs(boxes[i].y0 - own.y0) < 20
    ]
    right = min((box.x0 - 4 for box in beside if box.x0 > own.x0 + 40), default=own.x0 + 560)
    return own.x0 - 12, right


def _parts(box: Box, blocks: Sequence[Block], boxes: Sequence[Box], text: str, taken: set[int]) -> tuple[int, ...]:
    """Blocks inside the box that are labels, not sentences."""
    return tuple(
        index
        for index, block in enumerate(blocks)
        if index not in taken
        and block.kind in ("text", "heading", "row", "unit")
        and is_inside(boxes[index], box)
        and not (width(text[block.start : block.end]) > _LONG and text[block.end - 1] in "。.；;")
    )


def _are_labels(texts: Sequence[str]) -> bool:
    """Whether texts inside a picture are an axis and a legend: many, short, half of them figures or periods."""
    cells = [cell for text in texts for cell in text.split("\t")]
    if len(cells) < 6 or any(width(cell) > _LONG for cell in cells):
        return False
    return sum(1 for cell in cells if is_figure(cell) or is_period(cell)) * 2 >= len(cells)


def _overlap(one: Box, other: Box) -> float:
    """Shared area as a share of the smaller box."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    if wide <= 0 or high <= 0:
        return 0.0
    smaller = min((one.x1 - one.x0) * (one.y1 - one.y0), (other.x1 - other.x0) * (other.y1 - other.y0))
    return wide * high / max(smaller, 1.0)
