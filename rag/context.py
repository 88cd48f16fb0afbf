"""A report to the line that names it (publisher, title, date): indexed with its text, never citable."""

from __future__ import annotations

from rag.domain import Report

CONTEXT_VERSION = "2"


def context_line(report: Report) -> str:
    """`中金公司 AH溢价还能收窄多少 2025-07-07`: what is unknown is left out."""
    parts = [report.publisher, report.title, report.published.isoformat() if report.published else None]
    return " ".join(part for part in parts if part)
