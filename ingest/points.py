"""A report with its pages and chunks to the points of the index: each chunk (dense, bm25) and each page (page)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.chunk import point_id
from rag.domain import Chunk, Page, Point, Report
from rag.ports import Embedder, SparseEncoder

CONTEXT_VERSION = "1"
BATCH = 64  # chunks embedded and written together


@dataclass(frozen=True, slots=True)
class Encoders:
    """What turns text into the vectors of the three legs."""

    embedder: Embedder
    words: SparseEncoder
    page_terms: SparseEncoder


def context_line(report: Report) -> str:
    """Publisher, title and date: put in front of each chunk for embedding, never citable."""
    parts = [report.publisher, report.title, report.published.isoformat() if report.published else None]
    return " ".join(part for part in parts if part)


def make_points(
    report: Report, pages: Sequence[Page], chunks: Sequence[Chunk], encoders: Encoders
) -> Iterator[list[Point]]:
    """Batches of points, the pages' first (they cost nothing), then the chunks' as they are embedded."""
    yield [
        Point(point_id(report.id, page.number, "page"), report.id, page.number, page_terms=terms)
        for page in pages
        if (terms := encoders.page_terms.encode_document(page.text)).indices
    ]
    context = context_line(report)
    for first in range(0, len(chunks), BATCH):
        batch = chunks[first : first + BATCH]
        vectors = encoders.embedder.embed_passages([f"{context}\n{chunk.text}" for chunk in batch])
        yield [
            Point(chunk.id, report.id, chunk.page, dense=vector, bm25=encoders.words.encode_document(chunk.text))
            for chunk, vector in zip(batch, vectors, strict=True)
        ]
