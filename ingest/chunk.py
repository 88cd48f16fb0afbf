"""Pages of a report to chunks: whole blocks and sentences of one page, never text of two.

A chunk is one stretch `page.text[start:end]`, so its span rebuilds its text exactly. Its id is a UUIDv5 of report id,
page, range and the chunker's version: the same file gives the same ids, equal texts of two reports do not.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from rag.domain import Block, Chunk, Page
from rag.sentences import split_sentences
from rag.text import span_of, width

CHUNKER_VERSION = "1"
_NAMESPACE = uuid.UUID("6f1c0e0a-6e7b-5d43-9f55-2f8b6f6f9a11")
_HEADING_BREAK = 0.4  # a heading starts a new chunk when the present one is at least this full


def chunk_pages(report_id: str, pages: Sequence[Page], size: int) -> list[Chunk]:
    """Chunks in reading order, each at most `size` width units unless one sentence alone is longer."""
    chunks: list[Chunk] = []
    for page in pages:
        for start, end in _ranges(page, size):
            span = span_of(page.number, page.text, page.blocks, start, end)
            chunk_id = point_id(report_id, page.number, f"{start}-{end}")
            text = page.text[start:end]
            chunks.append(Chunk(chunk_id, report_id, page.number, len(chunks), text, (span,)))
    return chunks


def point_id(report_id: str, page: int, what: str) -> str:
    """The UUID of a chunk (`what` is its range) or of a page's own entry in the index (`what` is `page`)."""
    return str(uuid.uuid5(_NAMESPACE, f"{CHUNKER_VERSION}/{report_id}/{page}/{what}"))


def _ranges(page: Page, size: int) -> Iterator[tuple[int, int]]:
    start: int | None = None
    end = 0
    for block in page.blocks:
        for unit_start, unit_end in _units(page.text, block, size):
            if start is not None:
                filled = width(page.text[start:end])
                heading_break = block.kind == "heading" and filled >= _HEADING_BREAK * size
                if heading_break or width(page.text[start:unit_end]) > size:
                    yield start, end
                    start = None
            if start is None:
                start = unit_start
            end = unit_end
    if start is not None:
        yield start, end


def _units(text: str, block: Block, size: int) -> list[tuple[int, int]]:
    """What a chunk must not cut: a row or heading as a whole, a paragraph's sentences, stretches of an endless one."""
    whole = (block.start, block.end)
    if width(text[block.start : block.end]) <= size and block.kind != "text":
        return [whole]
    sentences = [(block.start + a, block.start + b) for a, b in split_sentences(text[block.start : block.end])]
    return [part for a, b in sentences for part in _cut(text, a, b, size)]


def _cut(text: str, start: int, end: int, size: int) -> list[tuple[int, int]]:
    if width(text[start:end]) <= size:
        return [(start, end)]
    step = max(size // 2, 1)  # a character is at most two width units
    return [(at, min(at + step, end)) for at in range(start, end, step)]
