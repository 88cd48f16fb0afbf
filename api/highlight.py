"""A page and what to mark on it (chunks, words, boxes) in, boxes out."""

from __future__ import annotations

from collections.abc import Sequence

from rag.catalog import Catalog
from rag.domain import Box, Chunk, Page
from rag.errors import NotFoundError, UsageError
from rag.text import span_of

_MOST = 200


def marked_boxes(
    catalog: Catalog, report_id: str, page: Page, chunks: Sequence[str], quotes: Sequence[str], boxes: Sequence[str]
) -> tuple[Box, ...]:
    """NotFoundError for a chunk or words that are not on the page, UsageError for a box that is none."""
    marked: list[Box] = []
    if chunks:
        here = {chunk.id: chunk for chunk in chunks_on(catalog, report_id, page.number)}
        for chunk_id in chunks:
            if chunk_id not in here:
                said = f"no chunk {chunk_id[:80]!r} on page {page.number} of report {report_id}"
                raise NotFoundError(f"{said}: search gives chunk, report and page together")
            marked += [box for span in here[chunk_id].spans for box in span.boxes]
    for quote in quotes:
        marked += _boxes_of(page, quote)
    marked += [_box(text) for text in boxes]
    if len(marked) > _MOST:
        raise UsageError(f"more than {_MOST} boxes to mark: ask for fewer")
    return tuple(marked)


def chunks_on(catalog: Catalog, report_id: str, number: int) -> list[Chunk]:
    """The chunks of a page, by position."""
    return [chunk for chunk in catalog.chunks(report_id) if chunk.page == number]


def _boxes_of(page: Page, quote: str) -> tuple[Box, ...]:
    found = find_quote(page.text, quote)
    if found is None:
        raise NotFoundError(f"page {page.number} does not have the words {quote[:80]!r}: give them as they stand there")
    return span_of(page.number, page.text, page.blocks, *found).boxes


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where the words stand first, blanks and line ends aside; None if they don't."""
    bare = "".join(quote.split())
    if not bare:
        return None
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    places = [place for place, char in enumerate(text) if not char.isspace()]
    start = "".join(text[place] for place in places).find(bare)
    return None if start < 0 else (places[start], places[start + len(bare) - 1] + 1)


def _box(text: str) -> Box:
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split(","))
        if not (-1e4 < x0 <= x1 < 1e5 and -1e4 < y0 <= y1 < 1e5):
            raise ValueError
    except ValueError as exc:
        raise UsageError(f"a box is x0,y0,x1,y1 in points with x0 <= x1 and y0 <= y1, not {text[:80]!r}") from exc
    return Box(x0, y0, x1, y1)
