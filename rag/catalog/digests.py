"""A connection and a digest in, kept; a report and style in, its newest digest out."""

from __future__ import annotations

from sqlalchemy import Connection, Row, delete, insert, select, update

from rag.catalog import codec
from rag.catalog.reports import READY, require_ready
from rag.catalog.tables import digests, reports
from rag.domain import Digest, Style


def save_digest(connection: Connection, digest: Digest) -> None:
    """Keep a digest in place of one by the same writer and model, in the same style and language; NotFoundError."""
    require_ready(connection, digest.report_id)
    key = {
        "report_id": digest.report_id,
        "style": digest.style,
        "writer": digest.writer,
        "model": digest.model or "",
        "language": digest.language,
    }
    connection.execute(delete(digests).where(*(digests.c[column] == value for column, value in key.items())))
    connection.execute(
        insert(digests).values(
            **key,
            prompt_version=digest.prompt_version,
            made=digest.made,
            sections=codec.encode_sections(digest.sections),
            notices=codec.encode_strings(digest.notices),
        )
    )


def make_stale(connection: Connection, report_id: str, why: str) -> None:
    """Keep the digests of a report, but as ones that no longer fit it."""
    connection.execute(update(digests).where(digests.c.report_id == report_id).values(stale=why))


def newest_digest(
    connection: Connection, report_id: str, style: Style, *, writer: str | None, model: str | None
) -> Digest | None:
    """The newest digest of a report in a style that still fits it. None: any writer or model; model '': without one."""
    wanted = (digests.c.report_id == report_id, digests.c.style == style, digests.c.stale.is_(None))
    query = select(digests).join(reports).where(READY, *wanted)
    if writer is not None:
        query = query.where(digests.c.writer == writer)
    if model is not None:
        query = query.where(digests.c.model == model)
    row = connection.execute(query.order_by(digests.c.made.desc(), digests.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else digest_of(row)


def digest_of(row: Row[*tuple[object, ...]]) -> Digest:
    """A row of the table as a digest."""
    return Digest(
        report_id=row.report_id,
        style=row.style,
        language=row.language,
        sections=codec.decode_sections(row.sections),
        writer=row.writer,
        model=row.model or None,
        prompt_version=row.prompt_version,
        made=row.made,
        notices=codec.decode_strings(row.notices),
    )
