"""US forms and periodic reports of Chinese companies."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import BODY, Put, page, read

from rag.domain import Metadata, Page


def cover(form: str, period: str, name: str = "ACME TOOLS, INC.") -> Page:
    return page(
        Put("UNITED STATES\nSECURITIES AND EXCHANGE COMMISSION", 30, 14),
        Put(f"FORM {form}", 70, 16),
        Put(period, 90, 9),
        Put("Commission file number 1-2345", 110, 9),
        Put(name, 130, 14),
        Put("(Exact name of registrant as specified in its charter)", 150, 8),
    )


def signed(day: str, number: int = 1) -> Page:
    text = f"SIGNATURES\nPursuant to the requirements of the Act, the registrant has signed.\nDate: {day}"
    return page(Put(text, 300), number=number)


def test_annual_filing() -> None:
    first = cover("10-K", "For the fiscal year ended December 31, 2018")
    words = page(Put("Acme Tools, Inc. sells tools. " * 3, 300), number=1)
    found = read(first, words, signed("February 7, 2019", 2), made=date(2023, 1, 5))
    assert found == Metadata("Acme Tools, Inc. 10-K 2018", "Acme Tools, Inc.", date(2019, 2, 7), "en")


def test_filing_without_a_signature_has_no_date() -> None:
    found = read(cover("10-K", "For the fiscal year ended January 1, 2023"), made=date(2023, 3, 1))
    assert found.title == "ACME TOOLS, Inc. 10-K 2022"  # a year of 52 weeks belongs to the year before
    assert found.published is None


def test_quarterly_and_current_filings() -> None:
    quarter = read(cover("10-Q", "For the quarterly period ended June 30, 2023", "Acme Tools plc"))
    assert quarter.title == "Acme Tools plc 10-Q 2023-06-30"
    current = read(cover("8-K", "Date of Report (Date of earliest event reported): July 1, 2022", "Acme Tools plc"))
    assert (current.title, current.published) == ("Acme Tools plc 8-K 2022-07-01", date(2022, 7, 1))


@pytest.mark.parametrize(
    "lines", ["云岭乳业集团股份有限公司\n2024 年年度报告", "云岭乳业集团股份有限公司\t600999\t2024年年度报告"]
)
def test_periodic_report_of_a_chinese_company(lines: str) -> None:
    first = page(*(Put(line, 150 + 40 * i, 22) for i, line in enumerate(lines.replace("\t", "\n").split("\n"))))
    last = page(Put("特此公告\n云岭乳业集团股份有限公司\n董 事 会\n2025 年4 月28 日", 600), number=1)
    found = read(first, last, made=date(2025, 4, 30))
    assert found.title == "云岭乳业集团股份有限公司2024年年度报告"
    assert found.publisher == "云岭乳业集团股份有限公司"
    assert found.published == date(2025, 4, 28)


def test_a_comment_on_an_annual_report_is_a_broker_report() -> None:
    found = read(page(Put("国信证券", 20, 12), Put("云岭乳业2024年年度报告点评", 90, 20), Put(BODY, 300)))
    assert (found.title, found.publisher) == ("云岭乳业2024年年度报告点评", "国信证券")
