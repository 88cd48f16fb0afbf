"""Dates in words, told from one day: Tuesday 10 February 2026."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.days import DATE, calendar_unit, days_of, step_back

TODAY = date(2026, 2, 10)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2025年2月", "2025-02-01", "2025-02-28"),
        ("2025年2月16日", "2025-02-16", "2025-02-16"),
        ("2025-07-07", "2025-07-07", "2025-07-07"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("february 2024", "2024-02-01", "2024-02-29"),
        ("july 7, 2025", "2025-07-07", "2025-07-07"),
        ("7th of july 2025", "2025-07-07", "2025-07-07"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("3月份", "2025-03-01", "2025-03-31"),  # this year's March is to come
        ("january", "2026-01-01", "2026-01-31"),
        ("去年12月", "2025-12-01", "2025-12-31"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("年初", "2026-01-01", "2026-01-31"),
        ("上个月", "2026-01-01", "2026-01-31"),
        ("last week", "2026-02-02", "2026-02-08"),
        ("本周", "2026-02-09", "2026-02-15"),
        ("last quarter", "2025-10-01", "2025-12-31"),
        ("yesterday", "2026-02-09", "2026-02-09"),
        ("前天", "2026-02-08", "2026-02-08"),
    ],
)
def test_a_date_in_words(words: str, first: str, last: str) -> None:
    assert re.fullmatch(DATE, words)
    assert days_of(words, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_bare_month_may_be_given_its_year() -> None:
    assert days_of("3月", TODAY, 2023) == (date(2023, 3, 1), date(2023, 3, 31))
    assert days_of("2024年3月", TODAY, 2023) == (date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize("words", ["2025-02-30", "kelp", "", "2025年13月", "9999年", "0001年"])
def test_what_is_no_date(words: str) -> None:
    assert days_of(words, TODAY) is None


@given(st.dates(date(1960, 1, 1), date(2090, 1, 1)), st.integers(0, 40))
def test_a_month_back_is_never_in_the_same_month(today: date, count: int) -> None:
    back = step_back(today, count, "month")
    assert (today.year - back.year) * 12 + today.month - back.month == count
    assert back.day <= today.day


@given(st.dates(date(1960, 1, 1), date(2090, 1, 1)), st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_units_of_the_calendar_meet_without_a_gap(today: date, unit: str) -> None:
    this, before = calendar_unit(today, 0, unit), calendar_unit(today, 1, unit)  # type: ignore[arg-type]
    assert this[0] <= today <= this[1]
    assert (this[0] - before[1]).days == 1
