from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rag.catalog import Catalog, Listed
from rag.domain import Citation, Digest, Filter, Section, Sentence, Verdict

Put = Callable[..., Any]
DAYS = [date(2024, 3, 1), None, date(2024, 3, 1), date(2025, 1, 1), None, date(2023, 12, 31)]


def fill(put: Put) -> None:
    for digit, day in zip("abcdef", DAYS, strict=True):
        put(digit, published=day, title=f"Title {digit}_100%", publisher="中金公司" if digit in "ab" else "中信证券")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7])
def test_leaves_are_the_whole_list(catalog: Catalog, put: Put, size: int) -> None:
    fill(put)
    listed, after, seen = Listed(), None, []
    while leaf := catalog.reports_after(listed, after, size):
        seen += leaf
        after = (leaf[-1].published, leaf[-1].id)
    assert seen == catalog.reports()
    assert len(seen) == catalog.count_reports(listed) == 6


def test_what_is_added_between_two_leaves_shifts_nothing(catalog: Catalog, put: Put) -> None:
    fill(put)
    first = catalog.reports_after(Listed(), None, 2)
    put("9", published=date(2026, 1, 1))
    second = catalog.reports_after(Listed(), (first[-1].published, first[-1].id), 2)
    assert [r.id[0] for r in (*first, *second)] == ["d", "a", "c", "f"]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (Listed(filter=Filter(publishers=("中金公司",))), "ab"),
        (Listed(filter=Filter(without=("中金公司",))), "dcfe"),
        (Listed(filter=Filter(since=date(2024, 1, 1))), "dac"),
        (Listed(types=("company",)), "dacfbe"),
        (Listed(types=("macro",)), ""),
        (Listed(company="宁德"), "dacfbe"),
        (Listed(company="300750"), "dacfbe"),
        (Listed(company="300750.sz"), "dacfbe"),
        (Listed(company="50.SZ"), ""),
        (Listed(company="%"), ""),
        (Listed(words="TITLE B_1"), "b"),
        (Listed(words="_100%"), "dacfbe"),
        (Listed(words="Title%"), ""),
    ],
)
def test_lists_are_limited(catalog: Catalog, put: Put, listed: Listed, expected: str) -> None:
    fill(put)
    found = catalog.reports_after(listed, None, 10)
    assert "".join(report.id[0] for report in found) == expected if len(expected) < 6 else len(found) == 6
    assert catalog.count_reports(listed) == len(expected)


def test_facets_count(catalog: Catalog, put: Put) -> None:
    fill(put)
    facets = catalog.facets()
    assert facets["publishers"] == [("中信证券", 4), ("中金公司", 2)]
    assert facets["languages"] == [("zh", 6)]
    assert catalog.facets(Filter(publishers=("中金公司",)))["publishers"] == [("中金公司", 2)]


def digest(digit: str, minutes: int, **fields: Any) -> Digest:
    cited = Citation(digit * 16, 0, "1", None, "t", None, "q", (), Verdict("supported", "s"))
    made = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    whole = Digest(digit * 16, "brief", "zh", (Section("", (Sentence("s", (cited,)),)),), "extractive", None, "1", made)
    return replace(whole, **fields)


def test_the_feed_has_the_newest_digest_of_each_report(catalog: Catalog, put: Put) -> None:
    fill(put)
    for one in (digest("a", 5), digest("a", 9, writer="llm", model="m"), digest("b", 7), digest("c", 7)):
        catalog.save_digest(one)
    catalog.save_digest(digest("d", 99, style="outline"))
    whole = catalog.digests_after(Listed(), "brief", made_since=None, after=None, limit=10)
    assert [(d.report_id[0], d.writer, r.id[0]) for d, r, _ in whole] == [
        ("a", "llm", "a"),
        ("c", "extractive", "c"),
        ("b", "extractive", "b"),
    ]
    first = catalog.digests_after(Listed(), "brief", made_since=None, after=None, limit=2)
    rest = catalog.digests_after(Listed(), "brief", made_since=None, after=first[-1][2], limit=2)
    assert [d.report_id for d, _, _ in (*first, *rest)] == [d.report_id for d, _, _ in whole]
    newer = catalog.digests_after(Listed(), "brief", made_since=digest("b", 7).made, after=None, limit=9)
    assert [d.report_id[0] for d, _, _ in newer] == ["a"]


def test_reports_that_await_a_digest(catalog: Catalog, put: Put) -> None:
    fill(put)
    catalog.save_digest(digest("a", 1))
    assert {report_id[0] for report_id in catalog.undigested("brief")} == set("bcdef")
    assert len(catalog.undigested("outline", limit=2)) == 2


def test_versions_and_sources(catalog: Catalog, put: Put) -> None:
    put("a", "/r/x/1.pdf", "/r/2.pdf")
    put("b", "/r/x/1.pdf")
    assert [(v.source, v.report_id[0], v.until is None) for v in catalog.versions_of("a" * 16)] == [
        ("/r/2.pdf", "a", True),
        ("/r/x/1.pdf", "a", False),
        ("/r/x/1.pdf", "b", True),
    ]
    assert catalog.sources_below("/r/x/") == {"/r/x/1.pdf": "b" * 16}
    assert set(catalog.sources_below("/r/")) == {"/r/x/1.pdf", "/r/2.pdf"}
    assert catalog.sources_below("/s/") == {}
