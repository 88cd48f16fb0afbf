from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.catalog import Catalog
from rag.catalog.pages import key_batches
from rag.domain import Page
from rag.errors import NotFoundError

A, B = "a" * 16, "b" * 16
Put = Callable[..., object]


def test_what_the_parser_gave_comes_back_whole(catalog: Catalog, put: Put) -> None:
    made = put("a")
    assert catalog.stored(A) == made.parsed
    assert catalog.pages(A) == made.parsed.pages
    assert catalog.page(A, 1) == made.parsed.pages[1]


def test_a_page_that_could_not_be_read_keeps_its_warning(catalog: Catalog, make: Put) -> None:
    made = make("a", pages=1)
    failed = Page(0, None, 595.28, 841.89, "", (), "failed", "damaged image")
    catalog.stage(made.report, replace(made.parsed, pages=(failed,)), (), pipeline="p1")
    catalog.publish(A, "/r/a.pdf")
    assert catalog.page(A, 0) == failed
    assert catalog.page_facts([(A, 0)]) == {(A, 0): (None, "failed")}


@pytest.mark.parametrize("number", [2, -1])
def test_a_page_that_is_not_there_says_which_are(catalog: Catalog, put: Put, number: int) -> None:
    put("a")
    with pytest.raises(NotFoundError, match=rf"has pages 0 to 1, not {number}: pages are counted from 0"):
        catalog.page(A, number)


def test_a_page_of_a_report_without_pages(catalog: Catalog, put: Put) -> None:
    put("a", pages=0)
    with pytest.raises(NotFoundError, match="has no pages, not 0"):
        catalog.page(A, 0)


def test_pages_of_an_unknown_report(catalog: Catalog) -> None:
    for call in (lambda: catalog.page(A, 0), lambda: catalog.pages(A), lambda: catalog.stored(A)):
        with pytest.raises(NotFoundError, match=f"no report {A}"):
            call()


def test_facts_of_pages_of_several_reports(catalog: Catalog, put: Put) -> None:
    put("a")
    put("b")
    facts = catalog.page_facts([(A, 0), (B, 1), (B, 7), ("c" * 16, 0), (A, 0)])
    assert facts == {(A, 0): ("1", "text"), (B, 1): ("2", "text")}
    assert catalog.page_facts([]) == {}


def test_batches_drop_doubles() -> None:
    assert key_batches([(A, 0), (A, 1), (A, 0)]) == [[(A, 0), (A, 1)]]
    assert [len(batch) for batch in key_batches([(A, number) for number in range(501)])] == [250, 250, 1]
