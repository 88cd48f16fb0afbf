"""Catalogs on SQLite in tmp_path, and reports to put in.

With REPORT_RAG_TEST_DATABASE_URL set, the same tests run on that database, whose `public` schema is emptied each time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import create_engine, text

from rag.catalog import Catalog, open_catalog
from rag.domain import Block, Box, Chunk, Fact, Figure, Grid, Page, ParsedReport, Piece, Repair, Report, Span, Table

SERVER = os.environ.get("REPORT_RAG_TEST_DATABASE_URL", "")


@dataclass(frozen=True)
class Made:
    """A report with its pages and chunks, not yet in a catalog."""

    report: Report
    parsed: ParsedReport
    chunks: tuple[Chunk, ...]

    @property
    def id(self) -> str:
        return self.report.id


def make_report(
    digit: str = "a",
    *,
    id: str | None = None,
    title: str = "宁德时代深度报告",
    publisher: str | None = "中信证券",
    published: date | None = date(2024, 3, 1),
    language: str = "zh",
    pages: int = 2,
) -> Made:
    """A report of pages that each have a heading, a table row of two cells and one chunk of both; no field is left out."""
    report_id = id or digit * 16
    box = Box(72.0, 100.5, 300.25, 112.0)
    cells = (Piece(3, 5, Box(72.0, 120.0, 150.0, 131.5)), Piece(6, 11, Box(160.0, 120.0, 210.0, 131.5), 1, 2))
    blocks = (Block("heading", 0, 2, (Piece(0, 2, box),), 14.5, True), Block("row", 3, 11, cells, 9.0))
    read = tuple(
        Page(
            number,
            str(number + 1),
            595.28,
            841.89,
            "盈利\n收入\t12.5%",
            blocks,
            way="layout",
            tables=(Table(box, (0,), (1,), ("", "2024E"), title=0),),
            figures=(Figure(box, (0, 1), source=1),),
            repairs=(Repair(3, 5, "收\ue000入"),),
            hidden=number,
            garbled=0.125,
        )
        for number in range(pages)
    )
    chunks = tuple(
        Chunk(
            id=str(uuid5(NAMESPACE_URL, f"{report_id}/{number}")),
            report_id=report_id,
            page=number,
            position=number,
            text="盈利\n收入\t12.5%",
            spans=(Span(number, 0, 2, (box,), added=True), Span(number, 3, 11, tuple(cell.box for cell in cells))),
            kind="table",
            path=("盈利预测", "收入"),
            grid=Grid("盈利", "亿元", ("", "2024E"), (("收入", "12.5%"),), inherited=True),
        )
        for number in range(pages)
    )
    report = Report(
        id=report_id,
        sha256=report_id * 4,
        title=title,
        publisher=publisher,
        published=published,
        language=language,  # type: ignore[arg-type]  # tests write plain strings
        page_count=pages,
        sources=(),
        added=datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC),
        type="company",
        analysts=("张三", "Li Si"),
        company="宁德时代",
        ticker="300750.SZ",
        rating="买入",
        target_price="260元",
        form="annual report",
        fiscal_period="FY2023",
        facts=(Fact("title", title, 0.95, 0, "page"), Fact("ticker", "300750.SZ", 0.5, None, "file name")),
    )
    outline = ((1, "投资要点", 0), (2, "盈利预测", pages - 1))
    return Made(report, ParsedReport(pages, read, "宁德", date(2024, 2, 29), outline, ("page 1: no text",)), chunks)


@pytest.fixture
def make() -> Callable[..., Made]:
    return make_report


@pytest.fixture
def url(tmp_path: Path) -> str:
    if not SERVER:
        return f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    engine = create_engine(SERVER)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return SERVER


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: ten times quicker than to migrate for every test."""
    folder = tmp_path_factory.mktemp("empty")
    open_catalog(f"sqlite:///{folder / 'catalog.sqlite'}", folder).close()
    return folder / "catalog.sqlite"


@pytest.fixture
def catalog(url: str, tmp_path: Path, empty_file: Path) -> Iterator[Catalog]:
    if not SERVER:
        shutil.copy(empty_file, tmp_path)
    opened = open_catalog(url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def put(catalog: Catalog) -> Callable[..., Made]:
    """Make a report and publish it under sources (default: /reports/<id>.pdf)."""

    def put_report(digit: str = "a", *sources: str, **fields: object) -> Made:
        made = make_report(digit, **fields)  # type: ignore[arg-type]  # passed on as given
        catalog.stage(made.report, made.parsed, made.chunks, pipeline="p1")
        for source in sources or (f"/reports/{made.id}.pdf",):
            catalog.publish(made.id, source)
        return made

    return put_report
