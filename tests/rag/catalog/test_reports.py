from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.catalog import Catalog
from rag.catalog.reports import batches
from rag.domain import Filter
from rag.errors import NotFoundError

A, B, C, D, E = (digit * 16 for digit in "abcde")
Put = Callable[..., object]


@pytest.fixture
def shelf(catalog: Catalog, put: Put) -> Catalog:
    """Five reports: two of one day, one undated of each publisher."""
    put("c", published=date(2024, 3, 1), publisher="中信证券")
    put("b", published=date(2024, 3, 1), publisher="国泰君安")
    put("a", published=date(2023, 12, 31), publisher="中信证券", language="en")
    put("e", published=None, publisher="中信证券")
    put("d", published=None, publisher=None, language="en")
    return catalog


def ids(catalog: Catalog, **limits: object) -> list[str]:
    return [report.id for report in catalog.reports(Filter(**limits))]


def test_newest_first_undated_last_then_by_id(shelf: Catalog) -> None:
    assert [report.id for report in shelf.reports()] == [B, C, A, D, E]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"publishers": ("中信证券",)}, [C, A, E]),
        ({"publishers": ("中信证券", "国泰君安")}, [B, C, A, E]),
        ({"publishers": ("无此券商",)}, []),
        ({"since": date(2024, 3, 1)}, [B, C]),
        ({"until": date(2023, 12, 31)}, [A]),
        ({"since": date(2023, 12, 31), "until": date(2024, 3, 1)}, [B, C, A]),
        ({"since": date(2024, 3, 2)}, []),
        ({"languages": ("en",)}, [A, D]),
        ({"languages": ("en", "zh"), "reports": (E, A, "f" * 16)}, [A, E]),
        ({"publishers": ("中信证券",), "languages": ("zh",), "since": date(2024, 1, 1)}, [C]),
    ],
)
def test_every_limit_excludes(shelf: Catalog, limits: dict[str, object], expected: list[str]) -> None:
    assert ids(shelf, **limits) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, 0),
        ({"publishers": ("中信证券",)}, 0),
        ({"since": date(2024, 1, 1)}, 2),
        ({"until": date(1990, 1, 1)}, 2),
        ({"since": date(2024, 1, 1), "publishers": ("中信证券",)}, 1),
        ({"since": date(2024, 1, 1), "languages": ("en",)}, 1),
        ({"since": date(2024, 1, 1), "languages": ("en",), "publishers": ("中信证券",)}, 0),
        ({"until": date(2024, 1, 1), "reports": (A, D)}, 1),
    ],
)
def test_undated_reports_that_only_the_dates_leave_out(
    shelf: Catalog, limits: dict[str, object], expected: int
) -> None:
    assert shelf.undated(Filter(**limits)) == expected


def test_publishers_are_named_once(shelf: Catalog) -> None:
    assert shelf.publishers() == ["中信证券", "国泰君安"]


def test_report_by_id(shelf: Catalog) -> None:
    assert shelf.report(D).publisher is None
    with pytest.raises(NotFoundError, match=r"no report f{16}"):
        shelf.report("f" * 16)


def test_reports_by_id_gives_those_there_are(shelf: Catalog) -> None:
    found = shelf.reports_by_id([D, A, "f" * 16, A])
    assert set(found) == {A, D}
    assert found[A] == shelf.report(A)
    assert shelf.reports_by_id([]) == {}


def test_more_ids_than_one_query_takes(shelf: Catalog) -> None:
    many = [f"{number:016x}" for number in range(40_000)]
    assert set(shelf.reports_by_id([*many, B])) == {B}


def test_batches_drop_doubles() -> None:
    assert list(batches(["x", "y", "x"])) == [["x", "y"]]
    assert [len(batch) for batch in batches(map(str, range(1001)))] == [500, 500, 1]


def test_counts(shelf: Catalog) -> None:
    assert shelf.counts() == (5, 10, 10)
