"""A connection and a digest in, kept; a report and style in, its newest digest out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, literal, select, update

from rag.catalog import codec
from rag.catalog.reports import READY, require_ready
from rag.catalog.tables import digests, reports
from rag.domain import Digest, Language, Style


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


@dataclass(frozen=True, slots=True)
class Maker:
    """What makes a digest: the writer, its model ("": none) and the version of its rules or prompts."""

    writer: str
    model: str
    version: str


@dataclass(frozen=True, slots=True)
class StaleDigest:
    """A digest that no longer fits, and why; no newer one takes its place."""

    report_id: str
    style: Style
    language: Language
    why: str


def mark_digests(connection: Connection, makers: Mapping[tuple[Style, Language], Maker]) -> None:
    """Mark the digests that something else made than what makes them now."""
    for (style, language), maker in makers.items():
        of = (digests.c.style == style, digests.c.language == language, digests.c.stale.is_(None))
        changed = (
            ("writer", digests.c.writer != maker.writer, digests.c.writer),
            ("model", digests.c.model != maker.model, digests.c.model),
            ("version", digests.c.prompt_version != maker.version, digests.c.prompt_version),
        )
        now = {"writer": maker.writer, "model": maker.model, "version": maker.version}
        for name, differs, was in changed:
            why = literal(f"made by another {name} (") + was + literal(f"; now {now[name]})")
            connection.execute(update(digests).where(*of, differs).values(stale=why))


def stale_digests(connection: Connection) -> list[StaleDigest]:
    """Those that no longer fit and have none in their place, by report."""
    newer = digests.alias()
    same = (newer.c[column] == digests.c[column] for column in ("report_id", "style", "language"))
    replaced = select(newer.c.id).where(*same, newer.c.stale.is_(None)).exists()
    query = (
        select(digests.c.report_id, digests.c.style, digests.c.language, func.max(digests.c.stale))
        .join(reports)
        .where(READY, digests.c.stale.is_not(None), ~replaced)
        .group_by(digests.c.report_id, digests.c.style, digests.c.language)
        .order_by(digests.c.report_id, digests.c.style, digests.c.language)
    )
    return [StaleDigest(*row) for row in connection.execute(query)]


def make_stale(connection: Connection, report_id: str, why: str) -> None:
    """Keep the digests of a report, but as ones that no longer fit it."""
    connection.execute(update(digests).where(digests.c.report_id == report_id).values(stale=why))


def newest_digest(
    connection: Connection,
    report_id: str,
    style: Style,
    *,
    writer: str | None,
    model: str | None,
    language: Language | None,
) -> Digest | None:
    """The newest digest of a report in a style that still fits it.

    None: any writer or model, the report's own language; model '': without one.
    """
    wanted = (digests.c.report_id == report_id, digests.c.style == style, digests.c.stale.is_(None))
    spoken = digests.c.language == (reports.c.language if language is None else language)
    query = select(digests).join(reports).where(READY, spoken, *wanted)
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
