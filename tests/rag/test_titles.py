"""Titles of reports that a question names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rag.companies import companies_of
from rag.domain import Report
from rag.service import Service
from rag.titles import missing_titles


def report(title: str, publisher: str, company: str) -> Report:
    made = datetime(2025, 1, 1, tzinfo=UTC)
    return Report("a" * 16, "a" * 64, title, publisher, None, "zh", 9, ("s",), made, company=company)


REPORTS = [
    report("云岭深处有好茶，春芽待发", "海桐证券", "云岭茶业"),
    report("Kelp at the crossroads", "Fjord Bank", "Norrvik"),
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("根据海桐证券发布的报告《云岭深处有好茶 春芽待发》，产量如何？", ()),
        ("根据云岭茶业的公司深度报告《山高水长风正起》，产量如何？", ("山高水长风正起",)),
        ("《山高水长风正起》这份报告怎么看产量？", ("山高水长风正起",)),
        ("根据《云岭茶业-公司深度报告》中的内容，产量如何？", ()),  # company and kind: any of its reports may be meant
        ("报告《山高水长风正起》与《云岭深处有好茶，春芽待发》的报告有何不同？", ()),
        ("《茶叶法》对产量有何影响？", ()),  # not said to be a report
        ("What does the report “Kelp at the crossroads” say of prices?", ()),
        ('What does the report by Fjord Bank titled "Seaweed reborn" say?', ("Seaweed reborn",)),
        ('The "Seaweed reborn" report: what of prices?', ("Seaweed reborn",)),
        ("What does the report say of prices?", ()),
    ],
)
def test_titles_that_no_report_has(question: str, expected: tuple[str, ...]) -> None:
    assert missing_titles(question, REPORTS, companies_of(REPORTS)) == expected


def test_a_report_that_is_not_there_is_named_in_the_refusal(small: Service) -> None:
    refused = small.answerer.answer("根据云岭茶业的深度报告《山高水长风正起》，2025年春茶产量预计是多少？").refusal
    assert refused is not None
    assert "《山高水长风正起》" in refused.reason
    assert refused.leads
