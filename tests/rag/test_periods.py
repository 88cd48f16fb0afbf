"""Periods as questions and filings write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.periods import Period, answers_to, find_periods


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FY2018 capex", ["2018"]),
        ("FY 18, FY'19 and fiscal year 2020", ["2018", "2019", "2020"]),
        ("from 2022, 2021 and 2020", ["2022", "2021", "2020"]),
        ("Q2 of FY2023 against Q2 2022", ["Q2 2023", "Q2 2022"]),
        ("2Q24, 2023Q1 and the third quarter of 2022", ["Q2 2024", "Q1 2023", "Q3 2022"]),
        ("1H2023 and second half of 2022", ["H1 2023", "H2 2022"]),
        ("2024年第三季度和2023年上半年", ["Q3 2024", "H1 2023"]),
        ("2024年一季报，2025年", ["Q1 2024", "2025"]),
        ("2024财年第二季度比2023财年上半年", ["Q2 2024", "H1 2023"]),
        ("2023年第1季、2022年三季与2021年前三季度", ["Q1 2023", "Q3 2022", "2021"]),
        ("Q4 FY2022", ["Q4 2022"]),
        ("二季度", ["Q2"]),
        ("2023年一季度和二季度", ["Q1 2023", "Q2 2023"]),
        ("Q1 and Q2 2023", ["Q1 2023", "Q2 2023"]),
        ("first half", ["H1"]),
        ("去年", []),
        ("1,234 of 2000.5 and 600887, 120210", []),
        ("call 2023-5551234", []),
        ("", []),
    ],
)
def test_periods_are_found_in_order(text: str, found: list[str]) -> None:
    assert list(map(str, find_periods(text))) == found


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(period.year is None or 1950 < period.year < 2100 for period in find_periods(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("去年和前年", ["2025", "2024"]),
        ("去年二季度", ["Q2 2025"]),
        ("last year's revenue", ["2025"]),
        ("last quarter", ["Q4 2025"]),
        ("本季度", ["Q1 2026"]),
        ("以前年度", []),
    ],
)
def test_periods_told_from_today(text: str, found: list[str]) -> None:
    assert list(map(str, find_periods(text, date(2026, 2, 10)))) == found


@given(st.builds(Period, st.none() | st.integers(1951, 2099), st.sampled_from(["Q1", "Q2", "Q3", "Q4", "H1", "H2"])))
def test_a_period_is_read_as_it_is_written(period: Period) -> None:
    assert find_periods(str(period)) == (period,)


def test_a_filing_answers_best_for_its_own_period() -> None:
    year, quarter = [Period(2022)], [Period(2022, "Q2")]
    assert answers_to("FY2022", year) == answers_to("Q2 2022", quarter) == 1.0
    order = [answers_to(own, year) for own in ("FY2022", "Q4 2022", "Q3 2022", "FY2023", "FY2021", None)]
    assert order == sorted(order, reverse=True)
    assert order[-2:] == [0.0, 0.0]
    assert answers_to("FY2022", quarter) > answers_to("Q3 2022", quarter) > 0
    assert answers_to("FY2022", []) == 0.0
    assert answers_to("Q2 2022", [Period(None, "Q2")]) > answers_to("Q3 2022", [Period(None, "Q2")]) == 0.0


def test_of_several_years_the_last_counts_most() -> None:
    asked = [Period(2020), Period(2022)]
    assert answers_to("FY2022", asked) > answers_to("FY2020", asked) > 0


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("22Q3业绩", ["Q3 2022"]),
        ("2022Q3业绩", ["Q3 2022"]),
        ("22Q1/22Q2", ["Q1 2022", "Q2 2022"]),
        ("22H1同比", ["H1 2022"]),
        ("22年三季度", ["Q3 2022"]),
        ("22年上半年", ["H1 2022"]),
        ("the 22 quarters, 1.22Q3, 600519Q1", []),
    ],
)
def test_years_of_two_digits_before_their_parts(text: str, periods: list[str]) -> None:
    assert list(map(str, find_periods(text))) == periods
