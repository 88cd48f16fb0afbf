"""Forms of the US regulator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hand_made import Put, fact, page, page_of, read

from rag.domain import Page


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
    assert found.title == "Annual Report on Form 10-K for the fiscal year ended December 31, 2018"
    assert (found.publisher, found.company, found.published) == (
        "Acme Tools, Inc.",
        "Acme Tools, Inc.",
        date(2019, 2, 7),
    )
    assert (found.type, found.form, found.fiscal_period, found.analysts) == ("filing", "10-K", "FY2018", ())
    assert fact(found, "published").page == 2


def test_filing_without_a_signature_has_no_date() -> None:
    found = read(cover("10-K", "For the fiscal year ended January 1, 2023"), made=date(2023, 3, 1))
    assert found.company == "ACME TOOLS, Inc."
    assert found.fiscal_period == "FY2022"  # a year of 52 weeks belongs to the year before
    assert found.published is None


def test_quarterly_and_current_filings() -> None:
    quarter = read(cover("10-Q", "For the quarterly period ended June 30, 2023", "Acme Tools plc"))
    assert quarter.title == "Quarterly Report on Form 10-Q for the quarterly period ended June 30, 2023"
    assert (quarter.form, quarter.fiscal_period) == ("10-Q", "Q2 2023")
    current = read(cover("8-K", "Date of Report (Date of earliest event reported): July 1, 2022", "Acme Tools plc"))
    assert (current.title, current.published) == ("Current Report on Form 8-K dated July 1, 2022", date(2022, 7, 1))
    assert (current.form, current.fiscal_period) == ("8-K", None)


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ("20-F", "Annual Report on Form 20-F for the fiscal year ended June 30, 2023"),
        ("10-K/A", "Annual Report on Form 10-K/A for the fiscal year ended June 30, 2023"),
        ("10\u2011K", "Annual Report on Form 10-K for the fiscal year ended June 30, 2023"),
    ],
)
def test_other_forms(form: str, title: str) -> None:
    assert read(cover(form, "For the fiscal year ended June 30, 2023", "Acme Tools plc")).title == title


def test_the_cover_may_follow_a_picture_and_its_blocks_may_come_in_any_order() -> None:
    first = cover("10-K", "For the fiscal year ended December 31, 2018")
    backwards = page_of(first, first.blocks[::-1])
    found = read(page(Put("2018 Annual Report", 300, 40)), replace(backwards, number=1))
    assert (found.company, found.form, fact(found, "form").page) == ("ACME TOOLS, Inc.", "10-K", 1)


def test_a_file_name_that_says_the_form_makes_it_surer() -> None:
    first = cover("10-K", "For the fiscal year ended December 31, 2018")
    plain, named = read(first, name="x.pdf"), read(first, name="acme_10k_2018.pdf")
    assert fact(plain, "company").confidence < fact(named, "company").confidence
    assert fact(named, "form").confidence >= fact(plain, "form").confidence > 0.9
