"""A connection and a source in, why it could not become a report kept, listed and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from rag.catalog.tables import failures as table


@dataclass(frozen=True, slots=True)
class Failure:
    """The last try to ingest a source, which failed. `sha256` is None when its bytes could not be read."""

    source: str
    sha256: str | None
    reason: str
    at: datetime


def record_failure(connection: Connection, source: str, sha256: str | None, reason: str) -> None:
    """Keep the failure of a source, in place of an earlier one."""
    clear_failure(connection, source)
    connection.execute(insert(table).values(source=source, sha256=sha256, reason=reason, at=datetime.now(UTC)))


def clear_failure(connection: Connection, source: str) -> None:
    """Forget the failure of a source, if there is one."""
    connection.execute(delete(table).where(table.c.source == source))


def failures(connection: Connection) -> list[Failure]:
    """All failures by source."""
    rows = [Failure(row.source, row.sha256, row.reason, row.at) for row in connection.execute(select(table))]
    return sorted(rows, key=lambda failure: failure.source)
