"""Which days of publication a question means, and whether it asks for reports of them; told from 10 February 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import fold
from rag.windows import find_window

TODAY = date(2026, 2, 10)


def read(question: str, *, house: bool = False) -> tuple[str, str, bool] | None:
    found = find_window(fold(question), TODAY, house_named=house)
    return found and (str(found.since or ""), str(found.until or ""), found.firm)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("reports published in 2024 on capex", "2024-01-01", "2024-12-31"),
        ("reports between February and April 2025 on kelp", "2025-02-01", "2025-04-30"),
        ("reports on kelp since February 2025", "2025-02-01", ""),
        ("What do the last two weeks' research notes say", "2026-01-27", "2026-02-10"),
        ("reports of March 2025", "2025-03-01", "2025-03-31"),
        ("近一周的研报怎么看港股", "2026-02-03", "2026-02-10"),
        ("3月份的报告讲了什么", "2025-03-01", "2025-03-31"),
        ("2025年2月到4月的研报", "2025-02-01", "2025-04-30"),
        ("最近半年发布的报告", "2025-08-10", "2026-02-10"),
        ("上周券商的报告", "2026-02-02", "2026-02-08"),
        ("上个月的首次覆盖报告有哪些", "2026-01-01", "2026-01-31"),
        ("the report from June 2025 on rates", "2025-06-01", "2025-06-30"),
        ("Summarise the weekly from last week", "2026-02-02", "2026-02-08"),
        ("What have brokers said of the Fed in the last 3 months?", "2025-11-10", "2026-02-10"),
    ],
)
def test_days_beside_a_word_for_reports_are_firm(question: str, since: str, until: str) -> None:
    assert read(question) == (since, until, True)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("what has the house said since February 2025", "2025-02-01", ""),
        ("2025年2月以来怎么看AH溢价", "2025-02-01", ""),
        ("What did they say about the premium last month?", "2026-01-01", "2026-01-31"),
        ("上个月怎么看港股", "2026-01-01", "2026-01-31"),
        ("before 2020, what did they think", "", "2019-12-31"),
    ],
)
def test_days_are_firm_where_a_house_is_asked_what_it_says(question: str, since: str, until: str) -> None:
    assert read(question, house=True) == (since, until, True)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("southbound flows in the past two weeks", "2026-01-27", "2026-02-10"),
        ("上个月南向资金净流入多少", "2026-01-01", ""),  # what happened last month is told after it too
        ("今年以来涨幅", "2026-01-01", ""),
        ("revenue since 2020", "2020-01-01", ""),
        ("2020年以来营收如何变化", "2020-01-01", ""),
    ],
)
def test_other_days_are_loose(question: str, since: str, until: str) -> None:
    assert read(question) == (since, until, False)


@pytest.mark.parametrize(
    "question",
    [
        "capex in 2024",
        "In its annual report of 2022, what was capex?",
        "Which company reports lower capex in 2022?",
        "Which reports may differ?",
        "2024年第三季度报告的营收",
        "2024年年报的营收",
        "2017年至2021年营收如何变化",
        "近三年毛利率",
        "以前年度损益调整",
        "last year's revenue",
        "截至2023年末的存货",
        "AH溢价",
    ],
)
def test_periods_of_figures_are_no_days_of_publication(question: str) -> None:
    assert read(question) is None


def test_what_says_about_last_month_asks_of_figures() -> None:
    assert read("What does the house say about last month's flows?", house=True) == ("2026-01-01", "", False)


_PARTS = ["9999", "0001", "2024", "99", "十", "半", "年", "月", "日", "上个", "近", "最近", "以来", "之前", "的报告", "since ", "before ", "between ",
          "and ", "last ", "past ", "month ", "weeks ", "reports ", "from ", "on", "-", "/", "may ", "up to "]  # fmt: skip


@given(st.lists(st.sampled_from(_PARTS), max_size=12), st.booleans())
def test_any_text_can_be_read(parts: list[str], house: bool) -> None:
    found = find_window(fold("".join(parts)), TODAY, house_named=house)
    assert found is None or (0 <= found.start < found.end and (found.since or found.until))
