"""Reports of one side, oldest first, to how their ratings and target prices changed from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.comparison import Change, RecordedField
from rag.domain import Report
from rag.text import fold

_FIELDS: tuple[RecordedField, ...] = ("rating", "target_price")


def changes_of(reports: Iterable[Report]) -> tuple[Change, ...]:
    """In order of date; of reports of one publisher on one company alone, and past those that have no such field."""
    last: dict[tuple[str | None, str, RecordedField], Report] = {}
    return tuple(change for report in reports for change in _changes(report, last))


def _changes(report: Report, last: dict[tuple[str | None, str, RecordedField], Report]) -> Iterator[Change]:
    for field in _FIELDS:
        now = getattr(report, field)
        if now and report.company and report.published:
            key = (report.publisher, fold(report.company), field)
            before = last.get(key)
            was = getattr(before, field) if before else None
            if before is not None and was and fold(was) != fold(now):
                yield Change(field, report.company, was, now, before, report)
            last[key] = report
