from __future__ import annotations

import logging
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import text

from rag.catalog import Catalog, migrate, open_catalog
from rag.catalog.engine import begin_write
from rag.catalog.facts import put_on, with_facts, without
from rag.catalog.tables import metadata
from rag.domain import Block, Box, Chunk, Fact, Page, Piece, Span
from rag.errors import ConfigurationError, StoreError

on_sqlite = pytest.mark.skipif("__import__('os').environ.get('REPORT_RAG_TEST_DATABASE_URL')", reason="SQLite only")

ROWS = Path(__file__).with_name("r0001.sql")
A, B = "a" * 16, "b" * 16


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'catalog.sqlite'}"


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "rag.catalog:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_the_revisions_make_the_tables(catalog: Catalog) -> None:
    with catalog.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_data_directory_is_made_with_its_parents(tmp_path: Path) -> None:
    folder = tmp_path / "数据 100%" / "deep"
    open_catalog(sqlite(folder), folder).close()
    assert (folder / "catalog.sqlite").is_file()


def test_what_was_written_is_there_again(url: str, tmp_path: Path) -> None:
    with open_catalog(url, tmp_path) as first:
        first.record_failure("s", None, "r")
    with open_catalog(url, tmp_path) as second:
        assert [failure.source for failure in second.failures()] == ["s"]


def test_logging_is_left_alone(url: str, tmp_path: Path) -> None:
    mine = logging.getLogger("mine")
    root = logging.getLogger()
    before = (list(root.handlers), root.level, mine.disabled)
    open_catalog(url, tmp_path).close()
    assert (list(root.handlers), root.level, mine.disabled) == before


def test_nothing_is_printed(url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_catalog(url, tmp_path).close()
    assert capfd.readouterr() == ("", "")


def test_a_newer_revision_names_both_and_tells_to_upgrade(url: str, tmp_path: Path) -> None:
    with open_catalog(url, tmp_path) as catalog, begin_write(catalog.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(ConfigurationError, match=rf"0099.*{migrate.HEAD}.*upgrade report-rag"):
        open_catalog(url, tmp_path)


def of_revision_1(url: str) -> None:
    """A database as revision 0001 made and filled it: its tables, and rows that its code wrote (r0001.sql)."""
    config = Config()
    config.set_main_option("script_location", "rag.catalog:migrations")
    with Catalog(url) as catalog, begin_write(catalog.engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        for statement in ROWS.read_text(encoding="utf-8").split(";\n"):
            if "INSERT" in statement:
                connection.connection.cursor().execute(statement)  # as it stands: it has % and : in its texts


def test_a_catalog_of_revision_1_is_upgraded_without_loss(url: str, tmp_path: Path) -> None:
    of_revision_1(url)
    with open_catalog(url, tmp_path) as catalog:
        dated, undated = catalog.reports()
        assert (dated.id, dated.title, dated.publisher) == (A, "宁德时代's 深度报告", "中信证券")
        assert (dated.published, dated.language, dated.page_count) == (date(2024, 3, 1), "zh", 2)
        assert dated.sources == ("/r/a.pdf", "/r/copy.pdf")
        assert dated.added == datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
        assert (undated.id, undated.publisher, undated.published) == (B, None, None)
        for report in (dated, undated):
            assert (report.type, report.analysts, report.company, report.facts) == (None, (), None, ())
        assert catalog.state(A) == ("ready", "chunker: 1; text repair: 2")
        assert [failure.source for failure in catalog.failures()] == ["/r/bad.pdf"]
        assert [job.state for job in catalog.unfinished_jobs("upload")] == ["queued"]
        assert catalog.digest(A, "brief").sections[0].sentences[0].text == "收入增长 12.5%。"


def test_pages_and_chunks_of_revision_1_read_with_defaults(url: str, tmp_path: Path) -> None:
    of_revision_1(url)
    box = Box(72.0, 100.5, 300.25, 112.0)
    cells = (Piece(3, 5, Box(72.0, 120.0, 150.0, 131.5)), Piece(6, 11, Box(160.0, 120.0, 210.0, 131.5)))
    blocks = (Block("heading", 0, 2, (Piece(0, 2, box),), 14.5, True), Block("row", 3, 11, cells, 9.0))
    words = "盈利\n收入\t12.5%"
    with open_catalog(url, tmp_path) as catalog:
        assert catalog.pages(A) == (
            Page(0, "i", 595.28, 841.89, words, blocks),
            Page(1, None, 595.28, 841.89, "", (), "failed", "damaged image"),
        )
        spans = (Span(0, 0, 2, (box,)), Span(0, 3, 11, tuple(cell.box for cell in cells)))
        assert catalog.chunks(A) == (Chunk("6f1c0e0a-6e7b-5d43-9f55-2f8b6f6f9a12", A, 0, 0, words, spans),)
        assert catalog.stored(A).outline == ((1, "投资要点", 0),)


def test_a_report_of_revision_1_is_corrected_and_remembers_what_it_had(url: str, tmp_path: Path) -> None:
    of_revision_1(url)
    with open_catalog(url, tmp_path) as catalog:
        said = Fact("publisher", "中金公司", 1.0, None, "sidecar")
        before = catalog.report(A)
        layers = put_on(before, catalog.layers(A), [said])
        catalog.correct(with_facts(before, layers), layers)
        covered = catalog.report(A)
        assert (covered.publisher, covered.title, covered.facts) == ("中金公司", before.title, (said,))
        bare = without(catalog.layers(A), "sidecar")
        assert with_facts(covered, bare).publisher == "中信证券"


@on_sqlite
def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with Catalog(sqlite(tmp_path)) as catalog:
        with begin_write(catalog.engine) as connection:
            connection.execute(text("CREATE TABLE jobs (mine INTEGER)"))
        with pytest.raises(ConfigurationError, match="jobs already exists"):
            open_catalog(sqlite(tmp_path), tmp_path)
        with catalog.engine.connect() as connection:
            tables = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    assert tables == ["jobs"]


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"catalog\.sqlite is damaged"):
        open_catalog(sqlite(tmp_path), tmp_path)
    assert (tmp_path / "catalog.sqlite").read_bytes() == content


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ConfigurationError, match=r"cannot be written \(.*REPORT_RAG_DATA_DIR"):
            open_catalog(sqlite(folder), folder)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root can write")
@pytest.mark.parametrize("folder", ["/proc", "/proc/report-rag"])
def test_a_read_only_data_directory(folder: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"data directory {folder} cannot be written"):
        open_catalog(sqlite(Path(folder)), Path(folder))


def test_a_database_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be written \(unable to open database file\)"):
        open_catalog(sqlite(tmp_path / "nowhere"), tmp_path)


@on_sqlite
def test_a_starter_that_waits_too_long_says_for_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LOCK_S", 0.1)
    with FileLock(tmp_path / "catalog.lock"), pytest.raises(StoreError, match="another report-rag"):
        open_catalog(sqlite(tmp_path), tmp_path)


STARTER = """
import sys, time
from pathlib import Path
from rag.catalog import open_catalog
while time.time() < float(sys.argv[3]):
    pass
with open_catalog(sys.argv[1], Path(sys.argv[2])) as catalog:
    catalog.record_failure(sys.argv[4], None, "r")
"""


def test_processes_that_open_a_fresh_database_at_once(url: str, tmp_path: Path) -> None:
    import time

    start = str(time.time() + 2)
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", STARTER, url, str(tmp_path), start, str(number)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    assert [process.communicate(timeout=60)[1] for process in running] == [""] * 4
    with open_catalog(url, tmp_path) as catalog:
        assert [failure.source for failure in catalog.failures()] == ["0", "1", "2", "3"]
