"""A read connection and limits in, reports out. Only those that are ready exist here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, func, or_, select

from rag.catalog import codec
from rag.catalog.facts import counting
from rag.catalog.tables import chunks, pages, reports, sources
from rag.domain import Filter, Report
from rag.errors import NotFoundError
from rag.kinds import is_any

READY = reports.c.state == "ready"
_BATCH = 500  # values in one IN: far below what either database takes


def select_reports(connection: Connection, filter: Filter) -> list[Report]:
    """Reports within the filter, newest first, undated last."""
    return _of_kind(select_where(connection, READY, *limits_of(filter)), filter)


def count_undated(connection: Connection, filter: Filter) -> int:
    """How many reports only the dates of the filter leave out, for having none."""
    if not _dates(filter):
        return 0
    return len(_of_kind(select_where(connection, READY, reports.c.published.is_(None), *_limits(filter)), filter))


def report(connection: Connection, report_id: str) -> Report:
    """One report; NotFoundError."""
    found = select_where(connection, READY, reports.c.id == report_id)
    if not found:
        raise no_report(report_id)
    return found[0]


def reports_by_id(connection: Connection, ids: Iterable[str]) -> dict[str, Report]:
    """The reports among the ids that are ready."""
    return {
        found.id: found for batch in batches(ids) for found in select_where(connection, READY, reports.c.id.in_(batch))
    }


def publishers(connection: Connection) -> list[str]:
    """Their names, each once."""
    rows = connection.scalars(select(reports.c.publisher).where(READY, reports.c.publisher.is_not(None)).distinct())
    return sorted(name for name in rows if name is not None)


def counts(connection: Connection) -> tuple[int, int, int]:
    """Reports, pages, chunks."""
    of_report = select(func.count()).select_from(reports).where(READY)
    of_pages = select(func.count()).select_from(pages.join(reports)).where(READY)
    of_chunks = select(func.count()).select_from(chunks.join(reports)).where(READY)
    return connection.scalar(of_report) or 0, connection.scalar(of_pages) or 0, connection.scalar(of_chunks) or 0


def require_ready(connection: Connection, report_id: str) -> None:
    """NotFoundError for a report that readers do not see."""
    if connection.scalar(select(reports.c.id).where(READY, reports.c.id == report_id)) is None:
        raise no_report(report_id)


def no_report(report_id: str) -> NotFoundError:
    """The error for an id that is not there."""
    return NotFoundError(f"no report {report_id} in the catalog: it was deleted or never ingested; list the reports")


def batches(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    """Distinct ids, in lists short enough for one query."""
    distinct = list(dict.fromkeys(ids))
    for at in range(0, len(distinct), _BATCH):
        yield distinct[at : at + _BATCH]


def limits_of(filter: Filter) -> list[ColumnElement[bool]]:
    """The filter as conditions on reports."""
    return [*_limits(filter), *_dates(filter)]


def _of_kind(found: list[Report], filter: Filter) -> list[Report]:
    """Those of a kind of the filter: some kinds only a title tells."""
    return [report for report in found if is_any(report, filter.kinds)] if filter.kinds else found


def _limits(filter: Filter) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if filter.publishers:
        limits.append(reports.c.publisher.in_(filter.publishers))
    if filter.without:
        limits.append(or_(reports.c.publisher.is_(None), reports.c.publisher.not_in(filter.without)))
    if filter.languages:
        limits.append(reports.c.language.in_(filter.languages))
    if filter.reports:
        limits.append(reports.c.id.in_(filter.reports))
    return limits


def _dates(filter: Filter) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if filter.since is not None:
        limits.append(reports.c.published >= filter.since)
    if filter.until is not None:
        limits.append(reports.c.published <= filter.until)
    return limits


def select_where(connection: Connection, *where: ColumnElement[bool], limit: int | None = None) -> list[Report]:
    """Reports that meet all conditions, newest first, undated last."""
    newest_first = (reports.c.published.is_(None), reports.c.published.desc(), reports.c.id)
    among = select(reports.c.id).where(*where).order_by(*newest_first).limit(limit)
    leading: dict[str, list[str]] = {}
    for row in connection.execute(select(sources).where(sources.c.report_id.in_(among))):
        leading.setdefault(row.report_id, []).append(row.source)
    return [
        Report(
            id=row.id,
            sha256=row.sha256,
            title=row.title,
            publisher=row.publisher,
            published=row.published,
            language=row.language,
            page_count=row.page_count,
            sources=tuple(sorted(leading.get(row.id, ()))),
            added=row.added,
            type=row.type,
            analysts=codec.decode_strings(row.analysts),
            company=row.company,
            ticker=row.ticker,
            rating=row.rating,
            target_price=row.target_price,
            form=row.form,
            fiscal_period=row.fiscal_period,
            facts=counting(codec.decode_facts(row.facts)),
        )
        for row in connection.execute(select(reports).where(*where).order_by(*newest_first).limit(limit))
    ]
