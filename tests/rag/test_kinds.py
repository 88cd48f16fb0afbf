"""Kinds of report in questions and in the catalog."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag.domain import Report
from rag.kinds import find_kinds, is_any, kinds_of
from rag.text import fold

REPORT = Report(
    id="a" * 16,
    sha256="a" * 64,
    title="Kelp",
    publisher=None,
    published=date(2023, 2, 8),
    language="en",
    page_count=1,
    sources=("a.pdf",),
    added=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("2024年年报的营收", ["annual report"]),
        ("半年报和半年度报告", ["interim report"]),
        ("第三季度报告", ["quarterly report"]),
        ("capex in the 10-K for FY2018", ["annual report"]),
        ("the 10-Qs and 8-Ks", ["quarterly report", "news of a company"]),
        ("上周的策略周报", ["strategy", "weekly"]),
        ("initiation reports on kelp", ["initiation"]),
        ("首次覆盖", ["initiation"]),
        ("公司点评", ["company", "comment"]),
        ("in the weekly, what of rates?", ["weekly"]),
        ("weekly sales of kelp", []),
        ("时变夏普率的择时策略研究", []),
        ("initiated a restructuring", []),
    ],
)
def test_what_a_question_asks_for(question: str, names: list[str]) -> None:
    assert [kind.name for kind in find_kinds(fold(question))] == names


def test_a_report_is_known_by_form_type_or_title() -> None:
    assert is_any(replace(REPORT, form="10-K/A"), ["annual report"])
    assert is_any(replace(REPORT, type="strategy"), ["weekly", "strategy"])
    assert is_any(replace(REPORT, title="港股策略周報"), ["weekly"])
    assert not is_any(REPORT, ["annual report", "weekly", "strategy"])
    assert kinds_of(replace(REPORT, type="strategy", title="港股策略周报")) == ("weekly", "strategy")
