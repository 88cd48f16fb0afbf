"""What a question says of a report, to what the report gains: by publisher, company, period, title."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag.boosts import Naming, report_boosts
from rag.companies import companies_of
from rag.domain import Report
from rag.publishers import Publishers
from rag.question import understand

TODAY = date(2023, 3, 20)


def filing(letter: str, company: str, period: str | None, title: str = "Annual Report") -> Report:
    return Report(
        id=letter * 16,
        sha256=letter * 64,
        title=title,
        publisher=None,
        published=date(2023, 2, 8),
        language="en",
        page_count=1,
        sources=(f"{letter}.pdf",),
        added=datetime(2026, 1, 1, tzinfo=UTC),
        type="filing",
        company=company,
        fiscal_period=period,
    )


REPORTS = [
    filing("a", "The Amber Tram Company", "FY2021"),
    replace(filing("b", "AMBER TRAM CO", "FY2022"), form="8-K"),
    filing("c", "Northport Light Rail, Inc.", "FY2022"),
    replace(filing("d", "Northport Light Rail, Inc.", None), publisher="中金公司"),
]


def gains(question: str, title_weight: float = 0.0) -> dict[str, dict[str, float]]:
    """By boost and the first letter of the report."""
    companies = companies_of(REPORTS)
    understood = understand(question, Publishers.load(), TODAY, (), companies)
    boosts = report_boosts(understood, REPORTS, companies, {"en": Naming(question, title_weight)})
    return {boost.name: {i[0]: round(share, 3) for i, share in boost.shares.items()} for boost in boosts}


def test_every_report_on_the_company_gains_however_it_writes_the_name() -> None:
    assert set(gains("What is Amber Tram's margin?")["company"]) == {"a", "b"}


def test_the_filing_for_the_period_gains_most_and_what_has_none_gains_nothing() -> None:
    found = gains("What was the margin in FY2021?")["period"]
    assert found["a"] > found["b"] == found["c"] > 0
    assert "d" not in found


def test_a_company_that_publishes_its_own_filing_gains_once() -> None:
    own = replace(REPORTS[1], publisher="Amber Tram", company="AMBER TRAM")
    companies = companies_of([own])
    understood = understand("What is Amber Tram's margin?", Publishers.load(), TODAY, ["Amber Tram"], companies)
    boosts = {boost.name: boost.shares for boost in report_boosts(understood, [own], companies, {})}
    assert understood.mentioned == ("Amber Tram",)
    assert boosts["publisher"] == {}
    assert set(boosts["company"]) == {own.id}


def test_the_publisher_that_is_named_gains() -> None:
    assert set(gains("what does CICC say")["publisher"]) == {"d"}


def test_reports_of_the_days_and_the_kind_that_are_named_gain() -> None:
    assert set(gains("tram fares since February 2023")["window"]) == {"a", "b", "c", "d"}  # all of 8 February
    assert gains("reports on tram fares since February 2023")["window"]["a"] > gains("fares since 2023")["window"]["a"]
    assert gains("tram fares in the past two weeks")["window"] == {}
    assert gains("tram fares in the 10-K")["kind"] == {}
    assert set(gains("tram fares in the 8-K")["kind"]) == {"b"}


def test_the_title_counts_by_its_weight() -> None:
    assert gains("amber tram annual report")["report"] == {}
    found = gains("amber tram annual report", 0.5)["report"]
    assert max(found.values()) == pytest.approx(0.5)
    assert found["a"] > found["d"]


def test_a_question_that_names_nothing_moves_no_report() -> None:
    assert not any(gains("how many tonnes of kelp").values())


def test_a_year_names_no_report_by_its_title() -> None:
    assert gains("What is in the annual report?", 1.0)["report"]
    assert gains("margin in FY2021 and 2022?", 1.0)["report"] == {}
