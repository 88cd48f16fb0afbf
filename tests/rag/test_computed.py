"""A question for a ratio over a drawn filing, through the real read way and the independent checker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from made_corpus import ingested
from made_statements import BALANCE, CASH_FLOW, INCOME, YEARS

from eval.answers import stored_pages
from eval.check import check_answers
from rag.cite import Marker, render_sentence
from rag.config import Settings
from rag.domain import Answer, Sentence
from rag.ports import Embedder
from rag.service import Service

COVER = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
FORM 10-K
ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934
For the fiscal year ended December 31, 2023
Larkspur Tools, Inc.
(Exact name of registrant as specified in its charter)"""
STATEMENTS = (
    ("Larkspur Tools, Inc. Consolidated Balance Sheets", BALANCE),
    ("Larkspur Tools, Inc. Consolidated Statements of Earnings", INCOME),
    ("Larkspur Tools, Inc. Consolidated Statements of Cash Flows", CASH_FLOW),
)


def _draw(path: Path) -> Path:
    """A cover and one statement a page, its figures in columns."""
    with pymupdf.open() as document:
        document.new_page().insert_textbox((72, 72, 520, 700), COVER, fontsize=12)
        for title, rows in STATEMENTS:
            page = document.new_page()
            page.insert_text((72, 90), f"{title} (in millions)", fontsize=13)
            for line, cells in enumerate((YEARS, *rows)):
                y = 120 + 18 * line
                for x, cell in zip((72, 360, 430, 500), cells, strict=True):
                    page.insert_text((x, y), cell, fontsize=10)
                page.draw_line((72, y + 4), (550, y + 4), width=0.3)
        document.save(path, no_new_id=True)
    return path


@pytest.fixture(scope="module")
def filing(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, embedder: Embedder) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("filing")
    _draw(folder / "larkspur.pdf")
    with ingested(
        Settings(data_dir=folder / "data", embed_model=str(model_folder), ocr="never"), [folder], embedder
    ) as service:
        yield service


@pytest.mark.parametrize(
    ("question", "line", "pages"),
    [
        ("What was Larkspur's inventory turnover in FY2023?", "Inventory turnover, 2023: 5.05 = ", {1, 2}),
        ("Larkspur 2023年的存货周转率是多少？", "2023年存货周转率：5.05 = ", {1, 2}),
        ("What is the FY2023 cash margin of Larkspur? Cash margin is defined as: cash from operations / revenue.", "Cash margin, 2023: 0.12 = ", {2, 3}),
        ("How much were Larkspur's total assets at the end of FY2022?", "Total assets (in millions): 2022 1,650", {1}),
    ],
)  # fmt: skip
def test_the_figure_comes_first_and_every_number_recomputes(
    filing: Service, question: str, line: str, pages: set[int]
) -> None:
    *steps, answer = filing.answerer.steps(question)
    assert isinstance(answer, Answer)
    assert tuple(step for step in steps if isinstance(step, Sentence)) == answer.sentences
    first = answer.sentences[0]
    assert first.text.startswith(line)
    assert {citation.page for citation in first.citations} == pages
    assert all(
        citation.verdict.label == "supported" for sentence in answer.sentences for citation in sentence.citations
    )
    marked = [
        render_sentence(sentence.text, [Marker(citation.page, citation.report_id) for citation in sentence.citations])
        for sentence in answer.sentences
    ]
    checked = check_answers([marked], stored_pages(filing))
    assert checked.faults == ()
    assert checked.reckoned >= ("=" in line)


def test_a_ratio_whose_lines_no_filing_has_is_refused_by_them(filing: Service) -> None:
    refused = filing.answerer.answer("What was Larkspur's days payable outstanding in 2026?").refusal
    assert refused is not None
    assert "2026" in refused.reason
    refused = filing.answerer.answer("What was Larkspur's interest coverage ratio in 2023?").refusal
    assert refused is not None
    assert "lack interest expense (2023)" in refused.reason
    assert refused.leads


def test_what_can_be_computed_is_however_little_the_page_says_of_the_question(filing: Service) -> None:
    asked = "Has Larkspur's gross margin of 2023 been historically consistent, steady and stable, or rather volatile, fluctuating and deteriorating?"
    answer = filing.answerer.answer(asked)
    assert answer.refusal is None
    assert any("35.5%" in sentence.text for sentence in answer.sentences[:2])
