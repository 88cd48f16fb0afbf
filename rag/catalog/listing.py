"""A read connection and limits in, one leaf of a long list out: reports or digests, in an order that a reader can go on from.

A leaf goes on behind the keys of the last entry of the one before, so what is added or deleted meanwhile shifts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from rag.catalog.digests import digest_of
from rag.catalog.lifecycle import Version
from rag.catalog.reports import READY, limits_of, select_where
from rag.catalog.tables import digests, reports, sources, versions
from rag.domain import NO_LIMITS, Digest, Filter, Report, ReportType, Style

ReportPlace: TypeAlias = tuple[date | None, str]
"""Where a leaf of reports ended: publication date (None: undated) and id."""
DigestPlace: TypeAlias = tuple[datetime, int]
"""Where a leaf of digests ended: when it was made, and its number."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of reports or digests is limited to, beside a filter. `company` is part of a name, or a ticker."""

    filter: Filter = NO_LIMITS
    types: tuple[ReportType, ...] = ()
    company: str | None = None
    words: str | None = None
    """Part of the title."""


def reports_after(connection: Connection, listed: Listed, after: ReportPlace | None, limit: int) -> list[Report]:
    """Newest first, undated last, then by id."""
    where = [] if after is None else [_behind(*after)]
    return select_where(connection, READY, *_limits(listed), *where, limit=limit)


def count_reports(connection: Connection, listed: Listed) -> int:
    """How many reports the list has."""
    return connection.scalar(select(func.count()).select_from(reports).where(READY, *_limits(listed))) or 0


def digests_after(
    connection: Connection,
    listed: Listed,
    style: Style,
    made_since: datetime | None,
    after: DigestPlace | None,
    limit: int,
) -> list[tuple[Digest, Report, DigestPlace]]:
    """The newest fitting digest of each report in one style and its own language, newest first."""
    newer = digests.alias()
    older = (
        select(newer.c.id)
        .where(newer.c.report_id == digests.c.report_id, newer.c.style == style, newer.c.stale.is_(None))
        .where(newer.c.language == digests.c.language)
        .where(or_(newer.c.made > digests.c.made, and_(newer.c.made == digests.c.made, newer.c.id > digests.c.id)))
        .exists()
    )
    query = select(digests).join(reports).where(READY, digests.c.style == style, digests.c.stale.is_(None), ~older)
    query = query.where(digests.c.language == reports.c.language, *_limits(listed))
    if made_since is not None:
        query = query.where(digests.c.made > made_since)
    if after is not None:
        made, number = after
        query = query.where(or_(digests.c.made < made, and_(digests.c.made == made, digests.c.id < number)))
    rows = connection.execute(query.order_by(digests.c.made.desc(), digests.c.id.desc()).limit(limit)).all()
    among = {row.report_id for row in rows}
    of_id = {report.id: report for report in select_where(connection, READY, reports.c.id.in_(among))}
    return [(digest_of(row), of_id[row.report_id], (row.made, row.id)) for row in rows]


def undigested(connection: Connection, style: Style, limit: int) -> list[str]:
    """Ids of reports without a fitting digest in a style, newest arrivals first."""
    has = (
        select(digests.c.id)
        .where(digests.c.report_id == reports.c.id, digests.c.style == style, digests.c.stale.is_(None))
        .where(digests.c.language == reports.c.language)
        .exists()
    )
    query = select(reports.c.id).where(READY, ~has).order_by(reports.c.added.desc(), reports.c.id).limit(limit)
    return list(connection.scalars(query))


def facets(connection: Connection, filter: Filter) -> dict[str, list[tuple[str, int]]]:
    """For each field that lists can be limited by, its values with how many reports have them, most first."""
    columns = {
        "publishers": reports.c.publisher,
        "types": reports.c.type,
        "languages": reports.c.language,
        "companies": reports.c.company,
    }
    found: dict[str, list[tuple[str, int]]] = {}
    for name, column in columns.items():
        query = select(column, func.count()).where(READY, column.is_not(None), *limits_of(filter)).group_by(column)
        found[name] = sorted(
            ((value, count) for value, count in connection.execute(query)), key=lambda v: (-v[1], v[0])
        )
    return found


def versions_of(connection: Connection, report_id: str) -> list[Version]:
    """All versions of the sources that lead or led to a report, by source, oldest first."""
    led = select(versions.c.source).where(versions.c.report_id == report_id)
    rows = connection.execute(
        select(versions).where(versions.c.source.in_(led)).order_by(versions.c.source, versions.c.id)
    )
    return [Version(row.source, row.report_id, row.since, row.until) for row in rows]


def sources_below(connection: Connection, prefix: str) -> dict[str, str]:
    """Report id by source, of the sources that begin so."""
    where = (sources.c.source >= prefix, sources.c.source < prefix + chr(0x10FFFF))
    return {row.source: row.report_id for row in connection.execute(select(sources).where(*where))}


def _limits(listed: Listed) -> list[ColumnElement[bool]]:
    limits = limits_of(listed.filter)
    if listed.types:
        limits.append(reports.c.type.in_(listed.types))
    if listed.company is not None:
        company = listed.company.strip().lower()
        named = func.lower(reports.c.company).contains(company, autoescape=True)
        limits.append(or_(named, func.lower(reports.c.ticker).startswith(company, autoescape=True)))
    if listed.words is not None:
        limits.append(func.lower(reports.c.title).contains(listed.words.strip().lower(), autoescape=True))
    return limits


def _behind(published: date | None, report_id: str) -> ColumnElement[bool]:
    undated = reports.c.published.is_(None)
    if published is None:
        return and_(undated, reports.c.id > report_id)
    later = and_(reports.c.published == published, reports.c.id > report_id)
    return or_(undated, reports.c.published < published, later)
