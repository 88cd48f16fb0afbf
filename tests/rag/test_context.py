"""The line that names a report."""

from dataclasses import replace

from broker_report import BROKER

from rag.context import context_line


def test_publisher_company_ticker_title_and_date() -> None:
    assert context_line(BROKER) == "青岚研究 电车的春天 2024-03-15"
    covering = replace(BROKER, company="银杉电车", ticker="001777.SZ")
    assert context_line(covering) == "青岚研究 银杉电车 001777.SZ 电车的春天 2024-03-15"


def test_what_the_title_says_is_not_said_again() -> None:
    report = replace(
        BROKER, title="银杉电车（001777.SZ）：春天", company="银杉电车", ticker="001777.SZ", published=None
    )
    assert context_line(report) == "青岚研究 银杉电车（001777.SZ）：春天"


def test_a_filing_names_its_company_once_with_form_and_period() -> None:
    filing = replace(
        BROKER, publisher="ACME CORP", company="Acme Corp", title="Annual Report", form="10-K", fiscal_period="FY2018"
    )
    assert context_line(filing) == "ACME CORP Annual Report 10-K FY2018 2024-03-15"
