"""A database URL to an engine whose transactions behave alike on SQLite and PostgreSQL, and its faults to our errors.

Reads see one state of the database for as long as they last. Writes of all processes go one at a time: what a write
has read stays true until it commits, so "was that the last source?" has one answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from rag.errors import ConfigurationError, ReportRagError, StoreError, StoreFullError, UsageError

BUSY_S = 30
WIPE_S = 2
# What is deleted is overwritten, and the log is cut once it has been written back: of a report nothing must stay.
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "journal_size_limit = 0",
)
_WRITES = "catalog_writes"  # execution option of the connections of `begin_write`
_WRITE_LOCK = 0x7265706F7274  # "report"; advisory locks of PostgreSQL are numbers, one set per database

# Result codes of SQLite (their names begin so) and SQLSTATEs of PostgreSQL.
_FULL = ("SQLITE_FULL", "53100")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40001", "40P01")
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_SHUT = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR", "25006", "42501")


def make_engine(url: str) -> Engine:
    """An engine for the URL; nothing is opened yet. Raises ConfigurationError for a URL or driver that is not there."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        if parsed.get_backend_name() == "postgresql":
            return _postgresql(parsed)
    except (ArgumentError, NoSuchModuleError, ValueError) as exc:
        raise ConfigurationError(
            f"REPORT_RAG_DATABASE_URL is not a database URL ({_line(exc)}): write sqlite:///file or postgresql://..."
        ) from exc
    except ModuleNotFoundError as exc:
        raise ConfigurationError(
            f"REPORT_RAG_DATABASE_URL needs the Python package {exc.name}: install it beside report-rag"
        ) from exc
    raise ConfigurationError(
        f"REPORT_RAG_DATABASE_URL names {parsed.get_backend_name()}: the catalog runs on sqlite or postgresql"
    )


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise ConfigurationError("REPORT_RAG_DATABASE_URL names no file: write sqlite:///folder/catalog.sqlite")
    # No upper bound of connections: they are cheap here, and each thread needs its own.
    engine = create_engine(url, connect_args={"timeout": BUSY_S}, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # The driver would open transactions by itself, late and without IMMEDIATE; `start` below does it instead.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once, without waiting, if another wrote between.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")

    return engine


@contextmanager
def begin_read(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database."""
    with _plain_errors(engine, opening=False), engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # SQLite does it unasked
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def begin_write(engine: Engine, *, opening: bool = False) -> Iterator[Connection]:
    """A transaction that no other write runs beside. `opening`: any fault means that this database won't do."""
    with _plain_errors(engine, opening=opening), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def wipe(engine: Engine) -> bool:
    """Write SQLite's log back and empty it: it still has the pages of before a delete. Call outside of transactions.

    False where a reader held on to it for 2 seconds: the next call, or SQLite in time, does it. PostgreSQL has VACUUM.
    """
    if engine.dialect.name != "sqlite":
        return True
    with _plain_errors(engine, opening=False):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {round(1000 * WIPE_S)}")
            busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
        finally:
            connection.cursor().execute(f"PRAGMA busy_timeout = {round(1000 * BUSY_S)}")
            connection.close()


@contextmanager
def _plain_errors(engine: Engine, *, opening: bool) -> Iterator[None]:
    """Faults of the database that a person can mend come out as errors of ours; faults of the code as they are."""
    where = f"catalog {engine.url.render_as_string(hide_password=True)}"
    try:
        yield
    except PoolTimeoutError as exc:
        raise StoreError(f"{where} has no free connection: try again") from exc
    except (UnicodeEncodeError, DataError) as exc:
        raise UsageError(f"{where} cannot hold such a text ({_line(exc)}): take NUL and half characters out") from exc
    except DBAPIError as exc:
        error = _explain(exc, where)
        if error is None and opening:
            reason = f"{where} cannot be opened ({_line(exc.orig or exc)})"
            raise ConfigurationError(f"{reason}: set REPORT_RAG_DATABASE_URL to a database for report-rag") from exc
        if error is None and isinstance(exc, OperationalError):
            raise StoreError(f"{where} failed ({_line(exc.orig or exc)}): see to the database and try again") from exc
        if error is None:
            raise
        raise error from exc


def _explain(exc: DBAPIError, where: str) -> ReportRagError | None:
    code = getattr(exc.orig, "sqlite_errorname", None) or getattr(exc.orig, "sqlstate", None) or ""
    reason = _line(exc.orig or exc)
    if code.startswith(_FULL):
        return StoreFullError(f"{where} cannot grow ({reason}): free some disk space")
    if code.startswith(_BUSY):
        return StoreError(f"{where} was kept busy by another process ({reason}): try again")
    if code.startswith(_BROKEN):
        return ConfigurationError(f"{where} is damaged ({reason}): move the file away and ingest again, or restore it")
    if code.startswith(_SHUT):
        return ConfigurationError(
            f"{where} cannot be written ({reason}): make its folder exist and writable, "
            "or set REPORT_RAG_DATA_DIR or REPORT_RAG_DATABASE_URL to another place"
        )
    return None


def _line(exc: BaseException) -> str:
    """The first line of what an exception says."""
    return next(iter(str(exc).splitlines()), type(exc).__name__)
