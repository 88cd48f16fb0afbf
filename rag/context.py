"""A report to the line that names it: indexed with its text, never citable."""

from __future__ import annotations

from rag.domain import Report

CONTEXT_VERSION = "4"


def context_line(report: Report) -> str:
    """`中金公司 AH溢价还能收窄多少 2025-07-07`, `3M COMPANY Annual Report 10-K FY2018 2019-02-07`: what is unknown is left out.

    Publisher, company covered and its ticker, title, form and fiscal period of a filing, date. What the title says already
    is not said again.
    """
    title = report.title
    about = [report.company, report.ticker, report.form, report.fiscal_period]
    company, ticker, form, period = (part if part and part.lower() not in title.lower() else None for part in about)
    if company and report.publisher and company.lower() == report.publisher.lower():
        company = None
    published = report.published.isoformat() if report.published else None
    return " ".join(part for part in (report.publisher, company, ticker, title, form, period, published) if part)
