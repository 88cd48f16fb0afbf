"""A connection and ids or pages in, chunks of ready reports or their texts out; and chunks in, kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Row, insert, select

from rag.catalog import codec
from rag.catalog.pages import PageKey, any_of, key_batches
from rag.catalog.reports import READY, batches, require_ready
from rag.catalog.tables import chunks, reports
from rag.domain import Chunk, ChunkText
from rag.grid import search_text_of


def chunks_of(connection: Connection, report_id: str) -> tuple[Chunk, ...]:
    """All chunks of a report by position; NotFoundError."""
    require_ready(connection, report_id)
    rows = connection.execute(select(chunks).where(chunks.c.report_id == report_id).order_by(chunks.c.position))
    return tuple(_chunk(row) for row in rows)


def chunks_by_id(connection: Connection, ids: Iterable[str]) -> dict[str, Chunk]:
    """The chunks among the ids that are there; a hit of the index may have outlived its report."""
    return {
        row.id: _chunk(row)
        for batch in batches(ids)
        for row in connection.execute(select(chunks).join(reports).where(READY, chunks.c.id.in_(batch)))
    }


def texts_of_pages(connection: Connection, keys: Sequence[PageKey]) -> dict[PageKey, tuple[ChunkText, ...]]:
    """What is searched of each page's chunks, by position; a page without chunks has no entry."""
    of_page: dict[PageKey, list[ChunkText]] = {}
    columns = (*(chunks.c[name] for name in ("id", "report_id", "page", "position", "path", "text", "grid")),)
    for batch in key_batches(keys):
        among = any_of(batch, chunks.c.report_id, chunks.c.page)
        query = select(*columns).join(reports).where(READY, among).order_by(chunks.c.report_id, chunks.c.position)
        for row in connection.execute(query):
            text = search_text_of(codec.decode_strings(row.path), row.text, codec.decode_grid(row.grid))
            of_page.setdefault((row.report_id, row.page), []).append(ChunkText(row.id, row.position, text))
    return {key: tuple(texts) for key, texts in of_page.items()}


def insert_chunks(connection: Connection, content: Sequence[Chunk]) -> None:
    """Write chunks of a report."""
    rows = [
        {
            "id": chunk.id,
            "report_id": chunk.report_id,
            "page": chunk.page,
            "position": chunk.position,
            "text": chunk.text,
            "spans": codec.encode_spans(chunk.spans),
            "kind": chunk.kind,
            "path": codec.encode_strings(chunk.path),
            "grid": codec.encode_grid(chunk.grid),
        }
        for chunk in content
    ]
    if rows:
        connection.execute(insert(chunks), rows)


def _chunk(row: Row[*tuple[object, ...]]) -> Chunk:
    return Chunk(
        id=row.id,
        report_id=row.report_id,
        page=row.page,
        position=row.position,
        text=row.text,
        spans=codec.decode_spans(row.spans),
        kind=row.kind,
        path=codec.decode_strings(row.path),
        grid=codec.decode_grid(row.grid),
    )
