"""Which limit left no report, and what is there instead."""

from datetime import date

from rag.domain import NO_LIMITS, Filter, Window
from rag.emptied import days, why_emptied
from rag.service import Service


def test_a_publisher_without_reports_is_named_with_those_there_are(small: Service) -> None:
    said = why_emptied(small.catalog, "en", Filter(publishers=("UBS",), since=date(2025, 1, 1)))
    assert said == "No report is left: publisher UBS leaves none of 5 reports; their publishers: Harborlight Research."


def test_days_are_named_with_the_days_of_the_reports_that_the_limits_before_left(small: Service) -> None:
    given = Filter(publishers=("Harborlight Research",), since=date(2026, 1, 1))
    assert why_emptied(small.catalog, "en", given) == (
        "No report is left: published since 2026-01-01 leaves none of 2 reports; "
        "their days of publication: 2024-06-03 to 2025-03-12."
    )


def test_a_limit_in_the_words_comes_after_those_of_the_caller(small: Service) -> None:
    said = why_emptied(small.catalog, "zh", Filter(languages=("zh",)), Filter(publishers=("Harborlight Research",)))
    assert said == "没有报告符合限制条件：机构 Harborlight Research 把 3 份报告全部排除；它们没有发布机构。"


def test_kinds_and_reports(small: Service) -> None:
    assert "kind of report weekly leaves none of 5" in (
        why_emptied(small.catalog, "en", Filter(kinds=("weekly",))) or ""
    )
    tea = next(r.id for r in small.catalog.reports() if "云岭" in r.title)
    said = why_emptied(small.catalog, "en", Filter(reports=(tea,), languages=("en",)))
    assert said == "No report is left: language en leaves none of 1 reports; their languages: zh."


def test_limits_that_leave_reports_are_no_fault(small: Service) -> None:
    assert why_emptied(small.catalog, "en", Filter(languages=("zh",)), NO_LIMITS) is None


def test_days_in_words() -> None:
    window = Window(date(2025, 2, 1), date(2025, 2, 28))
    assert (days(window, "en"), days(window, "zh")) == ("from 2025-02-01 to 2025-02-28", "2025-02-01 至 2025-02-28")
    assert days(Window(None, date(2025, 2, 28)), "en") == "until 2025-02-28"
