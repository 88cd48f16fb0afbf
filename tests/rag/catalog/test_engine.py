from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError

from rag.catalog import Catalog, engine
from rag.errors import ConfigurationError, ReportRagError, StoreError, StoreFullError, UsageError

on_sqlite = pytest.mark.skipif("__import__('os').environ.get('REPORT_RAG_TEST_DATABASE_URL')", reason="SQLite only")


@on_sqlite
def test_every_connection_has_the_pragmas(catalog: Catalog) -> None:
    with catalog.engine.connect() as one, catalog.engine.connect() as two:
        for connection in (one, two):
            pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
            values = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
            assert values == ["wal", 2, 1, 30_000, 1]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("catalog.sqlite", "not a database URL"),
        ("oracle11://x", "names oracle11"),
        ("mysql://user:secret@host/db", "names mysql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql+nosuchdriver://host/db", "not a database URL"),
    ],
)
def test_a_url_that_wont_do_says_so(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        Catalog(url)
    assert "REPORT_RAG_DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_fault_undoes_the_whole_write(catalog: Catalog) -> None:
    def fail_halfway() -> None:
        with engine.begin_write(catalog.engine) as connection:
            connection.execute(text("CREATE TABLE extra (id INTEGER)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert not inspect(catalog.engine).has_table("extra")


def test_a_read_sees_one_state_while_others_write(catalog: Catalog) -> None:
    count = text("SELECT count(*) FROM failures")
    with engine.begin_read(catalog.engine) as reading:
        assert reading.scalar(count) == 0
        catalog.record_failure("s", None, "r")
        assert reading.scalar(count) == 0
    assert len(catalog.failures()) == 1


@on_sqlite
def test_a_busy_database_can_be_tried_again(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_S", 0.05)
    other = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite'}")
    with engine.begin_write(catalog.engine), pytest.raises(StoreError, match="busy") as caught:
        other.record_failure("s", None, "r")
    other.close()
    assert caught.value.retryable


@on_sqlite
def test_a_full_disk_is_named(catalog: Catalog) -> None:
    with catalog.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreFullError, match="free some disk space"):
        catalog.record_failure("s", None, "r" * 1_000_000)


def test_text_that_no_database_can_hold_is_a_wrong_use(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match="cannot hold"):
        catalog.record_failure("/r/\udcb2.pdf", None, "r")
    assert catalog.failures() == []


def raised(code: str, kind: type[OperationalError] | type[IntegrityError] = OperationalError) -> Callable[[], None]:
    def fault() -> None:
        origin = sqlite3.OperationalError("first line\nsecond line")
        origin.sqlite_errorname = code
        raise kind("SELECT 1", {}, origin)

    return fault


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SQLITE_FULL", StoreFullError),
        ("SQLITE_BUSY_SNAPSHOT", StoreError),
        ("SQLITE_CORRUPT_VTAB", ConfigurationError),
        ("SQLITE_NOTADB", ConfigurationError),
        ("SQLITE_READONLY_DIRECTORY", ConfigurationError),
        ("SQLITE_ERROR", StoreError),
        ("40001", StoreError),
        ("53100", StoreFullError),
    ],
)
def test_faults_of_the_database_become_ours(catalog: Catalog, code: str, expected: type[ReportRagError]) -> None:
    with pytest.raises(ReportRagError) as caught, engine.begin_read(catalog.engine):
        raised(code)()
    assert type(caught.value) is expected
    assert "first line" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_faults_of_the_code_stay_what_they_are(catalog: Catalog) -> None:
    with pytest.raises(IntegrityError), engine.begin_read(catalog.engine):
        raised("SQLITE_CONSTRAINT", IntegrityError)()
