"""Lists of reports, kept for as long as no process changes a report.

Every question is asked of all reports within its limits: reading some hundred of them takes longer than finding the
passages. Each change to a report counts one up in the database, so that readers of all processes see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select, update

from rag.catalog.engine import begin_write
from rag.catalog.reports import select_reports
from rag.catalog.tables import changes
from rag.domain import Filter, Report

_MOST = 32  # lists that are kept


@contextmanager
def begin_change(engine: Engine) -> Iterator[Connection]:
    """A write transaction that changes reports."""
    with begin_write(engine) as connection:
        yield connection
        connection.execute(update(changes).values(count=changes.c.count + 1))


class KeptReports:
    """`select_reports`, by what it gave before where nothing has changed since; threads may share it."""

    def __init__(self) -> None:
        self._kept: dict[Filter, tuple[int, tuple[Report, ...]]] = {}

    def select(self, connection: Connection, filter: Filter) -> list[Report]:
        """Reports within the filter as the connection's transaction sees them, newest first, undated last."""
        count = connection.scalar(select(changes.c.count)) or 0
        kept = self._kept.get(filter)
        if kept is None or kept[0] != count:
            if len(self._kept) >= _MOST:
                self._kept = {}
            kept = self._kept[filter] = (count, tuple(select_reports(connection, filter)))
        return list(kept[1])
