"""Fiscal periods as companies name them."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.metadata.periods import chinese_period, fiscal_year, quarter, released, taiwanese_period


def test_a_year_that_ends_in_december_needs_no_text() -> None:
    assert fiscal_year(date(2018, 12, 31), "")[0] == 2018
    assert fiscal_year(date(2023, 1, 1), "fiscal 2023 fiscal 2023 fiscal 2023")[0] == 2022


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Sales rose in fiscal 2023. " * 9 + "fiscal 2022 " * 7, 2023),
        ("Sales rose in fiscal 2022. " * 9 + "fiscal 2021 " * 7 + "We expect fiscal 2023 to be better.", 2022),
        ("the year ended January 28, 2023 (“fiscal 2022”). " + "fiscal 2023 " * 5, 2022),
        ("fiscal 2023 (the 52 weeks ended January 28, 2023)", 2023),
        ("", 2023),
    ],
)
def test_a_year_that_ends_in_january_has_the_name_its_company_gives(text: str, year: int) -> None:
    assert fiscal_year(date(2023, 1, 28), text)[0] == year


def test_a_defined_year_is_surer_than_a_counted_one_and_that_than_none() -> None:
    ended = date(2023, 1, 28)
    defined = fiscal_year(ended, "fiscal 2023 (the year ended January 28, 2023) " * 2 + "fiscal 2022 " * 2)[1]
    counted = fiscal_year(ended, "fiscal 2023 " * 9 + "fiscal 2022 " * 2)[1]
    assert defined >= counted > fiscal_year(ended, "")[1]


@pytest.mark.parametrize(
    ("ended", "text", "period"),
    [
        (date(2023, 6, 30), "three and six months ended June 30, 2023", "Q2 2023"),
        (date(2023, 9, 30), "nine months ended September 30, 2023", "Q3 2023"),
        (date(2022, 12, 31), "six months ended December 31, 2022; second quarter of fiscal year 2023", "Q2 FY2023"),
        (date(2022, 12, 31), "six months ended December 31, 2022", "Q2 FY2023"),
        (date(2023, 7, 29), "26 weeks ended July 29, 2023. In the second quarter of fiscal 2024 ...", "Q2 FY2024"),
        (date(2023, 7, 29), "thirteen weeks ended; first quarter of fiscal 2024", "Q1 FY2024"),
        (date(2024, 3, 31), "", "Q1 2024"),
    ],
)
def test_quarters(ended: date, text: str, period: str) -> None:
    found = quarter(ended, text)
    assert found is not None
    assert found[0] == period


@pytest.mark.parametrize(
    ("headline", "period"),
    [
        ("Acme Announces Fourth Quarter Fiscal 2022 Results", "Q4 FY2022"),
        ("Acme Reports Q2 2023 Results", "Q2 2023"),
        ("Acme 2Q23 results", "Q2 2023"),
        ("Acme Reports Fourth-Quarter and Full-Year 2022 Results", "Q4 2022"),
        ("Acme reports fiscal 2023 results and provides outlook for fiscal 2024", "FY2023"),
        ("Acme first half 2024 results", "H1 2024"),
        ("2022 Second-Quarter sales", "Q2 2022"),
        ("Acme Reports Full Year 2023 Results", "FY2023"),
        ("Acme opens a plant", None),
    ],
)
def test_releases(headline: str, period: str | None) -> None:
    found = released(headline)
    assert (found[0] if found else None) == period


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2024 年年度报告", "FY2024"),
        ("2024年半年度报告摘要", "H1 2024"),
        ("2025年第一季度报告", "Q1 2025"),
        ("2023年第三季度报告", "Q3 2023"),
        ("2023年三季度报告", "Q3 2023"),
        ("公司章程", None),
    ],
)
def test_chinese_periods(title: str, period: str | None) -> None:
    assert chinese_period(title) == period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("民國112 年及1 11 年7 月1 日至9 月30 日", "Q3 2023"),
        ("民國111 及110 年1 月1 日至9 月30 日", "Q3 2022"),
        ("民國112年12月31日", "FY2023"),
        ("民國111 年及110 年1 月1 日至6 月30 日", "H1 2022"),
        ("民國一一二年", None),
    ],
)
def test_years_of_the_republic(text: str, period: str | None) -> None:
    assert taiwanese_period(text) == period
