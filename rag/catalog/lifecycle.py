"""Staged, published, hidden, removed: what a write connection does to a report and the sources that lead to it.

    stage -> `indexing` -> publish -> `ready` -> hide, or the last source gone -> `deleting` -> remove
                                      restage, refresh, correct: stays `ready`

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
from rag.catalog.chunks import insert_chunks
from rag.catalog.digests import make_stale
from rag.catalog.facts import Layers
from rag.catalog.failures import clear_failure
from rag.catalog.ledger import forget_answers
from rag.catalog.pages import insert_pages
from rag.catalog.reports import READY, no_report, require_ready
from rag.catalog.requests import forget_requests
from rag.catalog.tables import chunks, digests, pages, reports, sources, versions
from rag.domain import Chunk, Fact, ParsedReport, Report
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
    connection: Connection,
    report: Report,
    parsed: ParsedReport,
    content: Sequence[Chunk],
    pipeline: str,
    layers: Sequence[Fact],
) -> None:
    """Write a report as `indexing` in place of one that is not ready; its sources stay as they are."""
    _require_storable(report, parsed)
    held = state(connection, report.id)
    if held == ("ready", pipeline):
        return  # another process was faster with the same bytes
    if held is not None and held[0] == "ready":
        raise UsageError(f"report {report.id} is ready, made by {held[1]}: hide it before it is staged anew")
    values = {
        **_fields(report, layers),
        **_parsed(parsed),
        "sha256": report.sha256,
        "state": "indexing",
        "pipeline": pipeline,
        "added": report.added,
    }
    if held is None:
        connection.execute(insert(reports).values(id=report.id, **values))
    else:
        connection.execute(update(reports).where(reports.c.id == report.id).values(**values))
        for table in (pages, chunks, digests):
            connection.execute(delete(table).where(table.c.report_id == report.id))
    insert_pages(connection, report.id, parsed.pages)
    insert_chunks(connection, content)


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
    forget_answers(connection, report_id)
    forget_requests(connection, report_id)
    connection.execute(delete(reports).where(reports.c.id == report_id))  # the rest by foreign keys


def restage(connection: Connection, report_id: str, content: Sequence[Chunk], pipeline: str) -> None:
    """Give a ready report other chunks."""
    require_ready(connection, report_id)
    connection.execute(delete(chunks).where(chunks.c.report_id == report_id))
    insert_chunks(connection, content)
    mark(connection, report_id, pipeline)


def refresh(
    connection: Connection,
    report: Report,
    parsed: ParsedReport,
    content: Sequence[Chunk],
    pipeline: str,
    layers: Sequence[Fact],
) -> None:
    """Give a ready report what its file gave when it was read again; its digests no longer fit it."""
    _require_storable(report, parsed)
    restage(connection, report.id, content, pipeline)
    connection.execute(delete(pages).where(pages.c.report_id == report.id))
    insert_pages(connection, report.id, parsed.pages)
    values = {**_fields(report, layers), **_parsed(parsed)}
    connection.execute(update(reports).where(reports.c.id == report.id).values(**values))
    make_stale(connection, report.id, "the report was read again")


def correct(
    connection: Connection, report: Report, layers: Sequence[Fact], *, pipeline: str | None, stale: str | None
) -> None:
    """Write what is known of a ready report, and at once the pipeline and why its digests no longer fit, where given."""
    require_ready(connection, report.id)
    connection.execute(update(reports).where(reports.c.id == report.id).values(**_fields(report, layers)))
    if pipeline is not None:
        mark(connection, report.id, pipeline)
    if stale is not None:
        make_stale(connection, report.id, stale)


def layers(connection: Connection, report_id: str) -> Layers:
    """All facts of a ready report, those that others cover included; NotFoundError."""
    stored: str | None = connection.scalar(select(reports.c.facts).where(READY, reports.c.id == report_id))
    if stored is None:
        raise no_report(report_id)
    return codec.decode_facts(stored)


def outdated(connection: Connection, *pipelines: str) -> list[str]:
    """Ids of ready reports that none of these pipelines made."""
    rows = select(reports.c.id).where(READY, reports.c.pipeline.not_in(pipelines)).order_by(reports.c.id)
    return list(connection.scalars(rows))


def marked(connection: Connection, pipeline: str) -> list[str]:
    """Ids of ready reports with just this pipeline."""
    return list(
        connection.scalars(select(reports.c.id).where(READY, reports.c.pipeline == pipeline).order_by(reports.c.id))
    )


def mark(connection: Connection, report_id: str, pipeline: str) -> None:
    """Write down what made a report, or in its place what must still be done with it."""
    connection.execute(update(reports).where(reports.c.id == report_id).values(pipeline=pipeline))


def mark_outdated(connection: Connection, why: str, keep: str) -> None:
    """Put `why` in place of the pipeline of every ready report, save those that have `keep` there."""
    connection.execute(update(reports).where(READY, reports.c.pipeline != keep).values(pipeline=why))


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


def _fields(report: Report, layers: Sequence[Fact]) -> dict[str, object]:
    """The columns of what is known of a report."""
    return {
        "title": report.title,
        "publisher": report.publisher,
        "published": report.published,
        "language": report.language,
        "type": report.type,
        "analysts": codec.encode_strings(report.analysts),
        "company": report.company,
        "ticker": report.ticker,
        "rating": report.rating,
        "target_price": report.target_price,
        "form": report.form,
        "fiscal_period": report.fiscal_period,
        "facts": codec.encode_facts(layers),
    }


def _parsed(parsed: ParsedReport) -> dict[str, object]:
    """The columns of what the parser gave, pages apart."""
    return {
        "page_count": parsed.page_count,
        "pdf_title": parsed.pdf_title,
        "pdf_date": parsed.pdf_date,
        "outline": codec.encode_outline(parsed.outline),
        "warnings": codec.encode_strings(parsed.warnings),
    }


def _require_storable(report: Report, parsed: ParsedReport) -> None:
    """Databases take no lone surrogates, and PostgreSQL no NUL: better to know before half a batch is written.

    What is kept as JSON may have both: there they are escaped.
    """
    fields = [value for value in _fields(report, ()).values() if isinstance(value, str)]
    named = [("its metadata", [*fields, parsed.pdf_title])]
    named += [(f"page {page.number}", [page.text, page.label, page.warning]) for page in parsed.pages]
    for place, texts in named:
        if any(_UNSTORABLE.search(text) for text in texts if text):
            raise IngestError(f"report {report.id}: {place} holds NUL or half a character: its text needs repair")
