from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rag.catalog import Catalog


def test_the_last_failure_of_a_source_is_kept(catalog: Catalog) -> None:
    catalog.record_failure("/r/b.pdf", None, "cannot be opened")
    catalog.record_failure("/r/a.pdf", "c" * 64, "needs a password")
    catalog.record_failure("/r/b.pdf", "d" * 64, "no pages")

    first, second = catalog.failures()
    assert (first.source, first.sha256, first.reason) == ("/r/a.pdf", "c" * 64, "needs a password")
    assert (second.source, second.sha256, second.reason) == ("/r/b.pdf", "d" * 64, "no pages")
    assert timedelta(0) <= datetime.now(UTC) - first.at < timedelta(minutes=1)


def test_a_failure_can_be_forgotten(catalog: Catalog) -> None:
    catalog.record_failure("/r/a.pdf", None, "cannot be opened")
    catalog.clear_failure("/r/a.pdf")
    catalog.clear_failure("/r/never.pdf")
    assert catalog.failures() == []


def test_a_failure_leaves_the_report_that_was_there(catalog: Catalog, put: object) -> None:
    made = put("a", "/r/a.pdf")
    catalog.record_failure("/r/a.pdf", "c" * 64, "the new file is damaged")
    assert catalog.report(made.id).sources == ("/r/a.pdf",)
