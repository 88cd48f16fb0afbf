"""Questions that compare, and rankings spread over reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.breadth import spread, wants_breadth
from rag.domain import Chunk, Passage, Report
from rag.text import fold

REPORT = Report(
    id="a" * 16,
    sha256="a" * 64,
    title="Kelp",
    publisher=None,
    published=date(2025, 3, 12),
    language="en",
    page_count=9,
    sources=("a.pdf",),
    added=datetime(2026, 1, 1, tzinfo=UTC),
)


def passage(report: str, page: int, score: float, chunk: int = 0) -> Passage:
    one = replace(REPORT, id=report * 16)
    return Passage(Chunk(f"{report}-{page}-{chunk}", one.id, page, chunk, "text", ()), one, None, score)


@pytest.mark.parametrize(
    "question",
    [
        "How do the houses differ on the premium?",
        "Which brokers expect a rise?",
        "Compare the margins of kelp farms",
        "哪些机构看好港股",
        "各家券商对利率的分歧",
        "毛利率对比",
    ],
)
def test_questions_that_compare(question: str) -> None:
    assert wants_breadth(fold(question), 0, 0)


def test_two_names_compare_and_a_comparison_within_one_company_does_not() -> None:
    assert wants_breadth("margins", 2, 0)
    assert wants_breadth("margins", 0, 2)
    assert not wants_breadth("margins", 1, 1)
    assert not wants_breadth("compare capex of 2018 and 2019", 0, 1)


@pytest.mark.parametrize(
    "question",
    [
        "What is the margin?",
        "毛利率是多少",
        "为什么利润比较高",
        "which analyst wrote it",
        "sales compared to Q2 of FY2022",
        "与日本相比",
    ],
)
def test_questions_for_one_page(question: str) -> None:
    assert not wants_breadth(fold(question), 0, 0)


def test_further_pages_of_a_report_come_after_the_first_of_others() -> None:
    found = [
        passage("a", 0, 2.0),
        passage("a", 0, 1.7, 1),
        passage("a", 1, 1.6),
        passage("b", 5, 1.5),
        passage("a", 2, 1.4),
    ]
    order = [(p.report.id[0], p.chunk.page, p.score) for p in spread(found)]
    assert order == [("a", 0, 2.0), ("a", 0, 1.7), ("b", 5, 1.5), ("a", 1, 1.2), ("a", 2, 0.7875)]
    lowered = spread(found)[3].legs[-1]
    assert (lowered.leg, lowered.rank, lowered.score, lowered.share) == ("breadth", 2, 0.75, -0.4)


def test_beside_reports_that_are_named_others_count_as_a_second_page() -> None:
    found = [passage("a", 0, 2.0), passage("c", 3, 1.9), passage("a", 1, 1.8), passage("b", 5, 1.5)]
    order = [(p.report.id[0], p.chunk.page) for p in spread(found, {"a" * 16, "b" * 16})]
    assert order == [("a", 0), ("b", 5), ("c", 3), ("a", 1)]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.floats(0.01, 3)), max_size=12))
def test_the_best_passage_and_the_order_within_a_report_stay(drawn: list[tuple[str, int, float]]) -> None:
    drawn.sort(key=lambda one: -one[2])
    found = [passage(report, page, round(score, 4), i) for i, (report, page, score) in enumerate(drawn)]
    order = spread(found)
    assert sorted(p.chunk.id for p in order) == sorted(p.chunk.id for p in found)
    if found:
        assert order[0].score == found[0].score
    for report in "abc":
        first_pages = list(dict.fromkeys(p.chunk.page for p in order if p.report.id[0] == report))
        assert first_pages[:1] == list(dict.fromkeys(p.chunk.page for p in found if p.report.id[0] == report))[:1]
    assert spread(found) == order
