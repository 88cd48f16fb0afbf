"""Staged, published, hidden, removed: what a write connection does to a report and the sources that lead to it.

    stage -> `indexing` -> publish -> `ready` -> hide, or the last source gone -> `deleting` -> remove

Readers see `ready` alone. What stays in another state was left by a process that died (`unfinished`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from sqlalchemy import Connection, delete, func, insert, select, update

from rag.catalog import codec
from rag.catalog.failures import clear_failure
from rag.catalog.reports import no_report, require_ready
from rag.catalog.tables import chunks, digests, pages, reports, sources, versions
from rag.domain import Chunk, ParsedReport, Report
from rag.errors import IngestError, UsageError

_UNSTORABLE = re.compile("[\\0\\ud800-\\udfff]")

ReportState = Literal["indexing", "ready", "deleting"]


@dataclass(frozen=True, slots=True)
class Version:
    """A source led to this report from `since` to `until` (None: it still does)."""

    source: str
    report_id: str
    since: datetime
    until: datetime | None


def state(connection: Connection, report_id: str) -> tuple[ReportState, str] | None:
    """State and pipeline of a report in any state."""
    row = connection.execute(select(reports.c.state, reports.c.pipeline).where(reports.c.id == report_id)).one_or_none()
    return None if row is None else (cast(ReportState, row.state), row.pipeline)


def unfinished(connection: Connection) -> list[str]:
    """Ids of reports that are not ready."""
    return list(connection.scalars(select(reports.c.id).where(reports.c.state != "ready").order_by(reports.c.id)))


def history(connection: Connection, source: str) -> list[Version]:
    """The reports a source led to, oldest first."""
    rows = connection.execute(select(versions).where(versions.c.source == source).order_by(versions.c.id))
    return [Version(row.source, row.report_id, row.since, row.until) for row in rows]


def stage(
    connection: Connection, report: Report, parsed: ParsedReport, content: Sequence[Chunk], pipeline: str
) -> None:
    """Write a report as `indexing` in place of one that is not ready; its sources stay as they are."""
    _require_storable(report, parsed)
    held = state(connection, report.id)
    if held == ("ready", pipeline):
        return  # another process was faster with the same bytes
    if held is not None and held[0] == "ready":
        raise UsageError(f"report {report.id} is ready, made by {held[1]}: hide it before it is staged anew")
    values = {
        "sha256": report.sha256,
        "title": report.title,
        "publisher": report.publisher,
        "published": report.published,
        "language": report.language,
        "page_count": report.page_count,
        "state": "indexing",
        "pipeline": pipeline,
        "pdf_title": parsed.pdf_title,
        "pdf_date": parsed.pdf_date,
        "outline": codec.encode_outline(parsed.outline),
        "warnings": codec.encode_strings(parsed.warnings),
        "added": report.added,
    }
    if held is None:
        connection.execute(insert(reports).values(id=report.id, **values))
    else:
        connection.execute(update(reports).where(reports.c.id == report.id).values(**values))
        for table in (pages, chunks, digests):
            connection.execute(delete(table).where(table.c.report_id == report.id))
    _insert_pages(connection, report.id, parsed)
    _insert_chunks(connection, content)


def publish(connection: Connection, report_id: str, source: str) -> tuple[str, ...]:
    """Show a staged report and lead the source to it. Gives the reports that lost their last source, now hidden."""
    held = state(connection, report_id)
    if held is None or held[0] == "deleting":
        raise no_report(report_id)
    connection.execute(update(reports).where(reports.c.id == report_id).values(state="ready"))
    return _lead(connection, source, report_id)


def attach(connection: Connection, report_id: str, source: str) -> tuple[str, ...]:
    """Lead a source to a report that is ready. Gives what `publish` gives."""
    require_ready(connection, report_id)
    return _lead(connection, source, report_id)


def detach(connection: Connection, source: str) -> str | None:
    """Remove a source. Gives the report that lost its last source by it, now hidden."""
    report_id: str | None = connection.scalar(select(sources.c.report_id).where(sources.c.source == source))
    if report_id is None:
        return None
    connection.execute(delete(sources).where(sources.c.source == source))
    _close(connection, source)
    return _hide_if_left(connection, report_id)


def hide(connection: Connection, report_id: str) -> None:
    """Take a report out of every reader's sight."""
    if connection.execute(update(reports).where(reports.c.id == report_id).values(state="deleting")).rowcount == 0:
        raise no_report(report_id)


def remove(connection: Connection, report_id: str) -> None:
    """Delete all rows of a report; the versions that named it stay, closed. Nothing to delete is no error."""
    still_open = versions.c.until.is_(None)
    connection.execute(
        update(versions).where(versions.c.report_id == report_id, still_open).values(until=datetime.now(UTC))
    )
    connection.execute(delete(reports).where(reports.c.id == report_id))  # the rest by foreign keys


def restage(
    connection: Connection, report_id: str, content: Sequence[Chunk], pipeline: str, parsed: ParsedReport | None
) -> None:
    """Give a ready report other chunks, and other pages where it was read again."""
    require_ready(connection, report_id)
    connection.execute(delete(chunks).where(chunks.c.report_id == report_id))
    if parsed is not None:
        connection.execute(delete(pages).where(pages.c.report_id == report_id))
        _insert_pages(connection, report_id, parsed)
    connection.execute(update(reports).where(reports.c.id == report_id).values(pipeline=pipeline))
    _insert_chunks(connection, content)


def outdated(connection: Connection, pipeline: str) -> list[str]:
    """Ids of ready reports that another pipeline made: they are not, or not rightly, in the index."""
    rows = select(reports.c.id).where(reports.c.state == "ready", reports.c.pipeline != pipeline).order_by(reports.c.id)
    return list(connection.scalars(rows))


def mark_outdated(connection: Connection, why: str) -> None:
    """Put `why` in place of the pipeline of every ready report: all of them await a rebuild of the index."""
    connection.execute(update(reports).where(reports.c.state == "ready").values(pipeline=why))


def _lead(connection: Connection, source: str, report_id: str) -> tuple[str, ...]:
    """Let a source lead to a report, with its history and failure kept right."""
    clear_failure(connection, source)
    before: str | None = connection.scalar(select(sources.c.report_id).where(sources.c.source == source))
    if before == report_id:
        return ()
    now = _close(connection, source)
    connection.execute(insert(versions).values(source=source, report_id=report_id, since=now))
    if before is None:
        connection.execute(insert(sources).values(source=source, report_id=report_id))
        return ()
    connection.execute(update(sources).where(sources.c.source == source).values(report_id=report_id))
    left = _hide_if_left(connection, before)
    return () if left is None else (left,)


def _close(connection: Connection, source: str) -> datetime:
    """End the current version of a source, if it has one. Gives the time it ended."""
    now = datetime.now(UTC)
    connection.execute(
        update(versions).where(versions.c.source == source, versions.c.until.is_(None)).values(until=now)
    )
    return now


def _hide_if_left(connection: Connection, report_id: str) -> str | None:
    """Hide a report without sources. Gives its id if it has none."""
    count = select(func.count()).select_from(sources).where(sources.c.report_id == report_id)
    if connection.scalar(count):
        return None
    hide(connection, report_id)
    return report_id


def _insert_pages(connection: Connection, report_id: str, parsed: ParsedReport) -> None:
    rows = [
        {
            "report_id": report_id,
            "number": page.number,
            "label": page.label,
            "width": page.width,
            "height": page.height,
            "read_by": page.read_by,
            "warning": page.warning,
            "text": page.text,
            "blocks": codec.encode_blocks(page.blocks),
        }
        for page in parsed.pages
    ]
    if rows:
        connection.execute(insert(pages), rows)


def _insert_chunks(connection: Connection, content: Sequence[Chunk]) -> None:
    rows = [
        {
            "id": chunk.id,
            "report_id": chunk.report_id,
            "page": chunk.page,
            "position": chunk.position,
            "text": chunk.text,
            "spans": codec.encode_spans(chunk.spans),
        }
        for chunk in content
    ]
    if rows:
        connection.execute(insert(chunks), rows)


def _require_storable(report: Report, parsed: ParsedReport) -> None:
    """Databases take no lone surrogates, and PostgreSQL no NUL: better to know before half a batch is written."""
    named = [("its metadata", [report.title, report.publisher, parsed.pdf_title])]
    named += [(f"page {page.number}", [page.text, page.label, page.warning]) for page in parsed.pages]
    for place, texts in named:
        if any(_UNSTORABLE.search(text) for text in texts if text):
            raise IngestError(f"report {report.id}: {place} holds NUL or half a character: its text needs repair")
