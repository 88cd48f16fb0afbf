from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.schema import CreateTable

from rag.catalog import Catalog
from rag.catalog.engine import begin_write
from rag.catalog.tables import UtcDateTime, failures, metadata, sources


def test_times_come_back_in_utc(catalog: Catalog) -> None:
    noon_in_shanghai = datetime(2024, 5, 6, 12, 0, 0, 7, tzinfo=timezone(timedelta(hours=8)))
    with begin_write(catalog.engine) as connection:
        connection.execute(insert(failures).values(source="s", reason="r", at=noon_in_shanghai))
        stored = connection.scalar(select(failures.c.at))
    assert stored == datetime(2024, 5, 6, 4, 0, 0, 7, tzinfo=UTC)
    assert stored.tzinfo is UTC


def test_times_without_a_zone_are_refused(catalog: Catalog) -> None:
    query = insert(failures).values(source="s", reason="r", at=datetime(2024, 5, 6))
    with pytest.raises(StatementError, match="time zone"), begin_write(catalog.engine) as connection:
        connection.execute(query)


def test_no_time_stays_none() -> None:
    kind = UtcDateTime()
    assert kind.process_bind_param(None, sqlite.dialect()) is None
    assert kind.process_result_value(None, sqlite.dialect()) is None


def test_foreign_keys_hold(catalog: Catalog) -> None:
    with pytest.raises(IntegrityError), begin_write(catalog.engine) as connection:
        connection.execute(insert(sources).values(source="s", report_id="f" * 16))


def test_postgresql_can_make_every_table() -> None:
    dialect = postgresql.dialect()
    made = {table.name: str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables}
    assert set(made) == {
        *("reports", "sources", "versions", "pages", "chunks", "failures", "digests", "jobs"),
        *("api_keys", "audit", "answers", "answer_reports", "changes", "requests", "request_reports"),
    }
    assert "added TIMESTAMP WITH TIME ZONE" in made["reports"]
