"""Lines of another company, another year or another quarter than is asked for; the companies and figures are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag.candidates import find_candidates
from rag.domain import Chunk, LegScore, Passage, Report, Understood
from rag.fitting import fitting
from rag.text import language_of

LARKSPUR = Report(
    "a" * 16, "a" * 64, "Deep dive", None, date(2024, 3, 1), "en", 9, ("s",), datetime(2024, 3, 1, tzinfo=UTC), company="Larkspur Tools"
)  # fmt: skip
OF_COMPANY = (LegScore("company", 1, 1.0, 0.3),)


def fits(
    line: str,
    question: str,
    *periods: str,
    report: Report = LARKSPUR,
    company: str | None = "Larkspur Tools",
    legs: tuple[LegScore, ...] = OF_COMPANY,
    page: str = "",
) -> bool:
    """Whether the first line of a chunk may answer; `page` is what else stands in it."""
    asked = Understood(
        question, language_of(question), question, companies=(company,) if company else (), periods=periods
    )
    passage = Passage(Chunk("c", report.id, 3, 0, f"{line} {page}".strip(), ()), report, None, 1.0, legs)
    found = find_candidates([passage])
    assert found[0].text == line
    return 0 in fitting(asked, [passage], found)


@pytest.mark.parametrize(
    ("line", "periods", "is_fit"),
    [
        ("Sales of the drills rose to 12 million in 2023.", ("2023",), True),
        ("Sales of the drills rose to 12 million in 2021.", ("2023",), False),
        ("Sales of the drills rose to 12 million.", ("2023",), True),
        ("Sales grew by 17% a year in 2019-2023.", ("2021",), True),
        ("Sales grew by 17% a year in 2017-2020.", ("2023",), False),
        ("Sales of the drills rose to 12 million in 2022.", ("2021", "2023"), True),
        ("Sales of Q1 2023 were 3 million in all.", ("Q1 2023",), True),
        ("Sales of Q3 2023 were 3 million in all.", ("Q1 2023",), False),
        ("Sales of the drills rose to 12 million in 2023.", ("Q1 2023",), False),
    ],
)
def test_a_line_of_another_period_is_no_answer(line: str, periods: tuple[str, ...], is_fit: bool) -> None:
    assert fits(line, f"How much were sales in {', '.join(periods)}?", *periods) is is_fit


def test_what_is_no_figure_need_not_name_the_quarter() -> None:
    line = "Sales of the drills rose in 2023 on new shops."
    assert fits(line, "Why did sales rise in Q1 2023?", "Q1 2023")
    assert not fits(line, "How much did sales rise in Q1 2023?", "Q1 2023")


@pytest.mark.parametrize(
    ("question", "year", "is_fit"),
    [
        ("Larkspur Tools2020年以来的销售收入是多少？", 2023, True),
        ("Larkspur Tools2020年以来的销售收入是多少？", 2019, False),
        ("Larkspur Tools2020年前的销售收入是多少？", 2018, True),
        ("Larkspur Tools2020年前三季度的销售收入是多少？", 2018, False),
        ("Larkspur Tools2020年销售收入的提升由什么引起？", 2023, False),
        ("How much were sales before 2020?", 2018, True),
        ("How much were sales in 2020 from the cash flow statement?", 2023, False),
        ("How much were sales since 2020?", 2018, False),
    ],
)
def test_since_and_before_are_open(question: str, year: int, is_fit: bool) -> None:
    assert fits(f"Sales of the drills were 12 million in {year}.", question, "2020") is is_fit


def test_a_view_may_be_of_later_years() -> None:
    line = "We expect sales of 15 million in 2025."
    assert fits(line, "What do analysts think of Larkspur's sales in 2023?", "2023")


def test_of_a_filing_for_the_period_every_line_may_answer() -> None:
    filing = replace(LARKSPUR, fiscal_period="Q2 2023")
    line = "Net sales of the three months ended December 31, 2022 were 3 million."
    assert fits(line, "How much were sales in Q2 2023?", "Q2 2023", report=filing)
    assert not fits(line, "How much were sales in Q2 2023?", "Q2 2023", report=replace(filing, fiscal_period="Q2 2024"))


def test_what_a_filing_tells_without_a_year_is_of_its_own() -> None:
    filing = replace(LARKSPUR, fiscal_period="FY2021")
    line = "Sales of the drills rose to 12 million."
    assert not fits(line, "How much were sales in 2018?", "2018", report=filing)
    assert fits(line, "How much were sales in 2021 and 2018?", "2018", "2021", report=filing)


def test_a_report_on_another_company_must_name_the_one_that_is_asked_for() -> None:
    other = replace(LARKSPUR, company="Brightwell")
    question = "How much were Larkspur's sales?"
    about_it = "Larkspur Tools sold 12 million of drills."
    its_own = "The company sold 14 million of drills."
    assert fits(about_it, question, report=other, legs=())
    assert not fits(its_own, question, report=other, legs=(), page=about_it)
    assert fits(its_own, question, report=other, legs=(), company=None)
    of_none = replace(LARKSPUR, company=None)
    assert fits(its_own, question, report=of_none, legs=(), page=about_it)
    assert not fits(its_own, question, report=of_none, legs=())
