"""What readers keep is what a reader without a memory finds, whoever changed the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from rag.catalog import Catalog, open_catalog
from rag.domain import NO_LIMITS, Fact, Filter

Put = Callable[..., object]
A = "a" * 16


@pytest.fixture
def other(catalog: Catalog, tmp_path: Path) -> Iterator[Catalog]:
    """The same database, opened by somebody else."""
    with open_catalog(catalog.engine.url.render_as_string(hide_password=False), tmp_path) as opened:
        yield opened


def ids(catalog: Catalog, filter: Filter = NO_LIMITS) -> list[str]:
    return [report.id[0] for report in catalog.reports(filter)]


def test_each_change_is_seen_by_all(catalog: Catalog, other: Catalog, put: Put) -> None:
    assert ids(catalog) == ids(other) == []
    put("a")
    assert ids(catalog) == ids(other) == ["a"]
    put("b", published=date(2025, 1, 1))
    assert ids(other) == ids(catalog) == ["b", "a"]
    other.attach(A, "/elsewhere.pdf")
    assert "/elsewhere.pdf" in catalog.reports()[1].sources
    report = other.report(A)
    other.correct(replace(report, publisher="国泰君安"), [Fact("publisher", "国泰君安", 1.0, None, "by hand")])
    assert [one.publisher for one in catalog.reports()] == ["中信证券", "国泰君安"]
    catalog.hide(A)
    assert ids(other) == ids(catalog) == ["b"]
    catalog.remove(A)
    other.detach(f"/reports/{'b' * 16}.pdf")
    assert ids(other) == ids(catalog) == []


def test_each_filter_has_its_own_list(catalog: Catalog, put: Put) -> None:
    put("a", publisher="国泰君安")
    put("b")
    for _ in range(2):
        assert ids(catalog, Filter(publishers=("国泰君安",))) == ["a"]
        assert ids(catalog, Filter(publishers=("中信证券",))) == ["b"]
    assert [ids(catalog, Filter(reports=(f"{n:016x}",))) for n in range(100)] == [[]] * 100
    assert ids(catalog) == ["a", "b"]


def test_a_list_is_the_callers_own(catalog: Catalog, put: Put) -> None:
    put("a")
    catalog.reports().clear()
    assert ids(catalog) == ["a"]


def test_what_has_not_changed_is_not_read_again(catalog: Catalog, put: Put) -> None:
    put("a")
    catalog.reports()
    queries: list[str] = []
    event.listen(catalog.engine, "before_cursor_execute", lambda _c, _cur, statement, *_: queries.append(statement))
    catalog.record_failure("s", None, "no report was changed by it")
    queries.clear()
    assert ids(catalog) == ["a"]
    assert not [query for query in queries if "reports" in query]
