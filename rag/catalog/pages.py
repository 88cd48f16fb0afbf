"""A connection and page numbers in, pages of ready reports out; and pages in, kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, func, insert, or_, select

from rag.catalog import codec
from rag.catalog.reports import READY, no_report, require_ready
from rag.catalog.tables import pages, reports
from rag.domain import Page, ParsedReport, ReadBy
from rag.errors import NotFoundError

PageKey = tuple[str, int]  # report id, page number
_BATCH = 250


def page(connection: Connection, report_id: str, number: int) -> Page:
    """One page; NotFoundError."""
    where = (READY, pages.c.report_id == report_id, pages.c.number == number)
    row = connection.execute(select(pages).join(reports).where(*where)).one_or_none()
    if row is not None:
        return _page(row)
    require_ready(connection, report_id)
    last = connection.scalar(select(func.max(pages.c.number)).where(pages.c.report_id == report_id))
    held = "no pages" if last is None else f"pages 0 to {last}"
    raise NotFoundError(f"report {report_id} has {held}, not {number}: pages are counted from 0")


def pages_of(connection: Connection, report_id: str) -> tuple[Page, ...]:
    """All pages of a report in order; NotFoundError."""
    require_ready(connection, report_id)
    rows = connection.execute(select(pages).where(pages.c.report_id == report_id).order_by(pages.c.number))
    return tuple(_page(row) for row in rows)


def page_facts(connection: Connection, keys: Sequence[PageKey]) -> dict[PageKey, tuple[str | None, ReadBy]]:
    """Printed label and way of reading of each page that is there."""
    facts: dict[PageKey, tuple[str | None, ReadBy]] = {}
    for batch in key_batches(keys):
        columns = (pages.c.report_id, pages.c.number, pages.c.label, pages.c.read_by)
        among = any_of(batch, pages.c.report_id, pages.c.number)
        for row in connection.execute(select(*columns).join(reports).where(READY, among)):
            facts[row.report_id, row.number] = (row.label, row.read_by)
    return facts


def stored(connection: Connection, report_id: str) -> ParsedReport:
    """What the parser gave of a report, boxes to 1/100 point; NotFoundError."""
    row = connection.execute(select(reports).where(READY, reports.c.id == report_id)).one_or_none()
    if row is None:
        raise no_report(report_id)
    return ParsedReport(
        page_count=row.page_count,
        pages=pages_of(connection, report_id),
        pdf_title=row.pdf_title,
        pdf_date=row.pdf_date,
        outline=codec.decode_outline(row.outline),
        warnings=codec.decode_strings(row.warnings),
    )


def key_batches(keys: Sequence[PageKey]) -> list[list[PageKey]]:
    """Distinct pages, in lists short enough for one query."""
    distinct = list(dict.fromkeys(keys))
    return [distinct[at : at + _BATCH] for at in range(0, len(distinct), _BATCH)]


def any_of(keys: Sequence[PageKey], report_id: Column[str], page: Column[int]) -> ColumnElement[bool]:
    """Rows of these pages. Not `(report_id, page) IN (...)`: for that SQLite walks through all reports."""
    of_report: dict[str, list[int]] = {}
    for report, number in keys:
        of_report.setdefault(report, []).append(number)
    return or_(*(and_(report_id == report, page.in_(numbers)) for report, numbers in of_report.items()))


def insert_pages(connection: Connection, report_id: str, content: Sequence[Page]) -> None:
    """Write the pages of a report that has none."""
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
            "way": page.way,
            "hidden": page.hidden,
            "garbled": page.garbled,
            "tables": codec.encode_tables(page.tables),
            "figures": codec.encode_figures(page.figures),
            "repairs": codec.encode_repairs(page.repairs),
        }
        for page in content
    ]
    if rows:
        connection.execute(insert(pages), rows)


def _page(row: Row[*tuple[object, ...]]) -> Page:
    return Page(
        number=row.number,
        label=row.label,
        width=row.width,
        height=row.height,
        text=row.text,
        blocks=codec.decode_blocks(row.blocks),
        read_by=row.read_by,
        warning=row.warning,
        way=row.way,
        tables=codec.decode_tables(row.tables),
        figures=codec.decode_figures(row.figures),
        repairs=codec.decode_repairs(row.repairs),
        hidden=row.hidden,
        garbled=row.garbled,
    )
