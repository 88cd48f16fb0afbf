"""A report with its pages and chunks to the points of the index: each chunk (dense, bm25) and each page (page)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.chunk import point_id
from rag.context import context_line
from rag.domain import Chunk, Page, Point, Report
from rag.evidence import evidence_text
from rag.grid import search_text
from rag.ports import Embedder, SparseEncoder

BATCH = 64  # chunks embedded and written together


@dataclass(frozen=True, slots=True)
class Encoders:
    """What turns text into the vectors of the three legs."""

    embedder: Embedder
    words: SparseEncoder
    page_terms: SparseEncoder


def make_points(
    report: Report, pages: Sequence[Page], chunks: Sequence[Chunk], encoders: Encoders
) -> Iterator[list[Point]]:
    """Batches of points, the pages' first (they cost nothing), then the chunks' as they are embedded.

    The report's context line stands in front of every text, so that a page is found by what its report is about. What is
    no evidence (running headers, notices) is not searched.
    """
    context = context_line(report)
    yield [
        Point(point_id(report.id, page.number, "page"), report.id, page.number, page_terms=terms)
        for page in pages
        if (text := evidence_text(page).strip())
        and (terms := encoders.page_terms.encode_document(f"{context}\n{text}")).indices
    ]
    for first in range(0, len(chunks), BATCH):
        batch = chunks[first : first + BATCH]
        texts = [f"{context}\n{search_text(chunk)}" for chunk in batch]
        vectors = encoders.embedder.embed_passages(texts)
        yield [
            Point(chunk.id, report.id, chunk.page, dense=vector, bm25=encoders.words.encode_document(text))
            for chunk, text, vector in zip(batch, texts, vectors, strict=True)
        ]
