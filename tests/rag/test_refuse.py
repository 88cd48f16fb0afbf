"""Refusals over the real small index."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag.domain import NO_LIMITS, Chunk, Filter, LegScore, Passage, Report, Understood
from rag.refuse import on_companies, refusal_of
from rag.retrieve import Retrieval
from rag.service import Service

QUESTION = "云岭茶业2025年春茶产量预计是多少？"


def test_a_filter_on_dates_that_leaves_nothing_names_the_nearest_report(small: Service) -> None:
    refusal = small.answerer.answer(QUESTION, Filter(since=date(2030, 1, 1))).refusal
    assert refusal is not None
    assert "2030-01-01" in refusal.reason
    assert "云岭茶业深度报告, 2025-02-16" in refusal.reason
    assert refusal.leads[0].report.title == "云岭茶业深度报告"


def test_a_filter_on_publishers_that_leaves_nothing_has_no_leads(small: Service) -> None:
    refusal = small.answerer.answer(QUESTION, Filter(publishers=("高盛",))).refusal
    assert refusal is not None
    assert refusal.leads == ()


def test_how_to_answer_is_not_looked_for_on_the_pages(small: Service) -> None:
    plain = "How high is the kelp harvest of Norrvik Bay in 2026?"
    told = f"Assume that you are an equity analyst without internet access. {plain} Round your answer to two decimals."
    assert small.answerer.answer(told).refusal is None
    assert small.answerer.answer(plain).refusal is None


def test_silence_names_the_words_that_no_page_has(small: Service) -> None:
    refusal = small.answerer.answer("What do turbine suppliers of Ostermark charge?", Filter(languages=("en",))).refusal
    assert refusal is not None
    assert "turbine" in refusal.reason
    assert refusal.leads


def filing(period: str, *fits: str) -> Passage:
    made = datetime(2025, 1, 1, tzinfo=UTC)
    report = Report(
        "a" * 16,
        "a" * 64,
        "Annual Report",
        "Norrvik",
        None,
        "en",
        9,
        ("s",),
        made,
        company="Norrvik",
        fiscal_period=period,
    )
    text = "Norrvik capital expenditure was 12 million."
    return Passage(
        Chunk("c", report.id, 3, 0, text, ()), report, None, 1.0, tuple(LegScore(name, 1, 0.3, 0.3) for name in fits)
    )


def test_a_company_whose_filings_are_of_other_periods_is_named_with_the_period(small: Service) -> None:
    question = "What was Norrvik's capital expenditure in FY2018?"
    asked = Understood(question, "en", question, companies=("Norrvik",), periods=("2018",))

    def refusal(passage: Passage) -> str:
        found = Retrieval(asked, (passage,), ())
        refused = refusal_of(found, NO_LIMITS, small.tokenise, lambda _: found)
        return refused.reason if refused else ""

    assert "no report on Norrvik for 2018" in refusal(filing("FY2023", "company"))
    assert refusal(filing("FY2018", "company", "period")) == ""


def test_a_company_that_no_report_covers_and_no_passage_names_is_refused(small: Service) -> None:
    refused = small.answerer.answer("What will Tesla's kelp harvest be in 2026?").refusal
    assert refused is not None
    assert "no report on Tesla" in refused.reason
    assert refused.leads
    both = small.answerer.answer("云岭茶业与宁德时代2025年春茶产量预计是多少？")
    assert both.refusal is None or "宁德时代" in both.refusal.reason


def test_what_a_report_on_another_company_says_of_its_own_is_left_out() -> None:
    asked = Understood("q", "en", "q", companies=("Norrvik",))
    own, other = filing("FY2018", "company"), filing("FY2018")
    other = replace(
        other, report=replace(other.report, id="b" * 16, publisher="Ostermark", company="Ostermark", title="Ostermark")
    )
    silent = replace(other, chunk=replace(other.chunk, report_id="b" * 16, page=5, text="Capital expenditure rose."))
    beside = replace(silent, chunk=replace(silent.chunk, page=3))  # on the page where `other` names Norrvik
    assert on_companies(asked, [silent, own, other, beside]) == [own, other, beside]
    assert on_companies(replace(asked, companies=()), [silent, own]) == [silent, own]
    assert on_companies(asked, [silent]) == []
    teslas = replace(asked, companies=("Tesla",))
    named = replace(silent, chunk=replace(silent.chunk, text="特斯拉的产能上升。"))
    assert on_companies(teslas, [silent, named]) == [silent, named]  # of one page
    assert on_companies(teslas, [silent]) == []


@pytest.mark.parametrize("question", ["2041年春茶产量是多少？", "How high is the kelp harvest in FY2041?"])
def test_a_year_of_which_no_page_speaks_is_named(small: Service, question: str) -> None:
    refused = small.answerer.answer(question).refusal
    assert refused is not None
    assert "2041" in refused.reason
    assert refused.leads


@pytest.mark.parametrize("written", ["2041E", "FY41", "2041年", "the year 2041"])
def test_a_year_may_be_written_in_many_ways(small: Service, written: str) -> None:
    asked = Understood("q", "en", "What was the capital expenditure of Norrvik in 2041?")
    passage = filing("FY2018")

    def refusal(text: str) -> str:
        found = Retrieval(asked, (replace(passage, chunk=replace(passage.chunk, text=text)),), ())
        refused = refusal_of(found, NO_LIMITS, small.tokenise, lambda _: found)
        return refused.reason if refused else ""

    assert "2041" in refusal(passage.chunk.text)
    assert refusal(f"{passage.chunk.text} {written} it rose.") == ""


@pytest.mark.parametrize(
    "question", ["云岭茶业2025年第三季度春茶产量是多少？", "What was the kelp harvest in Q3 2026?"]
)
def test_a_quarter_of_which_no_page_speaks_is_named(small: Service, question: str) -> None:
    refused = small.answerer.answer(question).refusal
    assert refused is not None
    assert "Q3 202" in refused.reason


@pytest.mark.parametrize(
    ("fiscal_period", "text", "refused"),
    [
        ("", "云岭22Q3业绩改善", False),
        ("", "云岭22Q2业绩改善", True),
        ("FY2022", "云岭业绩改善", False),
        ("FY2021", "2022年业绩", True),
    ],
)
def test_the_filing_of_a_year_may_tell_of_its_quarters(
    small: Service, fiscal_period: str, text: str, refused: bool
) -> None:
    asked = Understood("q", "zh", "云岭茶业2022年第三季度的业绩如何？")
    passage = filing(fiscal_period)
    found = Retrieval(asked, (replace(passage, chunk=replace(passage.chunk, text=text)),), ())
    assert (refusal_of(found, NO_LIMITS, small.tokenise, lambda _: found) is not None) is refused
