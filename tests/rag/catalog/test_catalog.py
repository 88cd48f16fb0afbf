from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from rag.catalog import Catalog, open_catalog
from rag.domain import Filter
from rag.errors import StoreError


def test_a_report_comes_back_with_every_field(catalog: Catalog, put: Callable[..., Any]) -> None:
    made = put("a", "/r/a.pdf")
    left_at_default = {
        f"{type(value).__name__}.{field.name}"
        for value in (made.report, made.parsed.pages[1], *made.parsed.pages[1].tables, made.chunks[0])
        for field in fields(value)
        if getattr(value, field.name) == field.default
    }
    # These are read or kept otherwise, or tested with the codec. Whatever else is here would not be seen if it got lost.
    assert left_at_default == {"Page.read_by", "Page.warning", "Table.unit", "Table.source", "Table.groups"}
    assert catalog.report(made.id) == replace(made.report, sources=("/r/a.pdf",))
    assert catalog.pages(made.id) == made.parsed.pages
    assert catalog.chunks(made.id) == made.chunks


def test_a_closed_catalog_keeps_no_file_open(tmp_path: Path) -> None:
    with open_catalog(f"sqlite:///{tmp_path / 'catalog.sqlite'}", tmp_path) as catalog:
        assert catalog.reports(Filter()) == catalog.reports() == []
    # SQLite takes its side files away with the last connection.
    assert sorted(path.name for path in tmp_path.iterdir() if "-" in path.name) == []


def test_an_unprepared_database_says_so(tmp_path: Path) -> None:
    with (
        Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite'}") as catalog,
        pytest.raises(StoreError, match="no such table"),
    ):
        catalog.reports()


def test_threads_share_a_catalog(catalog: Catalog, put: object) -> None:
    put("a")
    faults: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(10):
                catalog.record_failure(f"{name}/{number}", None, "r")
                assert catalog.counts() == (1, 2, 2)
        except BaseException as exc:
            faults.append(exc)

    threads = [Thread(target=work, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(catalog.failures()) == 200
