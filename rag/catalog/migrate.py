"""An engine in, its database at the newest revision out, however many processes start at once.

A new revision: add a file to migrations/versions by hand, change tables.py alike and HEAD here. A test holds the three
together.
"""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, column, inspect, select, table

from rag.catalog.engine import begin_write
from rag.errors import ConfigurationError, StoreError

HEAD = "0005"
LOCK_S = 120


def migrate(engine: Engine, data_dir: Path) -> None:
    """Make the data directory and bring the database to HEAD. Raises ConfigurationError where one of them won't do."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock_file = data_dir / "catalog.lock"
        lock_file.touch()  # FileLock takes some kinds of read-only folder for a lock that is held, and waits
        # The lock is for the first switch to WAL, which SQLite refuses at once instead of waiting.
        with FileLock(lock_file, timeout=LOCK_S), begin_write(engine, opening=True) as connection:
            _to_head(connection)
    except Timeout as exc:
        raise StoreError(
            f"another report-rag has been preparing the catalog in {data_dir} for {LOCK_S} s: wait for it, or stop it"
        ) from exc
    except OSError as exc:
        raise ConfigurationError(
            f"data directory {data_dir} cannot be written ({exc.strerror or exc}): "
            "make it a writable folder, or set REPORT_RAG_DATA_DIR to another one"
        ) from exc


def _to_head(connection: Connection) -> None:
    current = _revision(connection)
    if current == HEAD:
        return  # the usual start; it does without importing Alembic
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "rag.catalog:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise ConfigurationError(
            f"the catalog is of a newer report-rag (revision {current}, this one knows up to {HEAD}): "
            "upgrade report-rag, or set REPORT_RAG_DATA_DIR to another folder"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
    return revision
