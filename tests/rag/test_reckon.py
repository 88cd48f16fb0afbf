"""Questions over the statements of a made-up filing, to the line that is computed and the rows it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from made_statements import BALANCE, CHUNKS, FILING, INCOME, table

from rag.companies import Companies
from rag.domain import Chunk, LegScore, Passage, Understood
from rag.lexicon import Lexicon
from rag.metrics import Metrics
from rag.reckon import Lacking, Reckoned, Reckoner
from rag.statements import Statements
from rag.text import language_of

metrics = Metrics.load()
holds = Statements.load(Lexicon.load()).holds


class OneReport:
    """A catalog of one report."""

    def __init__(self, chunks: tuple[Chunk, ...]) -> None:
        self._chunks = chunks

    def chunks(self, report_id: str) -> tuple[Chunk, ...]:
        assert report_id == FILING.id
        return self._chunks


LARKSPUR = Companies([("Larkspur Tools", None)])


def asked_of(
    question: str, chunks: tuple[Chunk, ...], legs: tuple[LegScore, ...] = (), said: Chunk = CHUNKS[0]
) -> Reckoned | Lacking | None:
    catalog: Any = OneReport(chunks)
    asked = Understood(
        question,
        language_of(question),
        question,
        companies=("Larkspur Tools",) if legs else (),
        unnamed=LARKSPUR.without_names(question),
    )
    return Reckoner(catalog, metrics, holds).reckon(asked, [Passage(said, FILING, None, 1.0, legs)])


def reckon(question: str, chunks: tuple[Chunk, ...] = CHUNKS, *, legs: tuple[LegScore, ...] = ()) -> Reckoned | None:
    found = asked_of(question, chunks, legs)
    return None if isinstance(found, Lacking) else found


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("What was inventory turnover in 2023? Round your answer to two decimal places.", "Inventory turnover, 2023: 5.05 = cost of sales 1,870 / ((inventories 380 + 360) / 2)"),
        ("2023年的流动比率是多少？", "2023年流动比率：2.35 = 流动资产合计 1,010 / 流动负债合计 430"),
        ("What is the revenue CAGR from 2021 to 2023?", "Revenue CAGR, 2021–2023: 20.4% = (revenue 2,900 / 2,000) ^ (1 / 2) - 1"),
        ("By how much did revenue grow in 2023? What is the growth rate?", "Revenue growth, 2022–2023: 16.0% = (revenue 2,900 - 2,500) / 2,500"),
        ("What was the 2021 - 2023 average operating margin?", "Operating margin average, 2021–2023: 7.9% = (operating income 210 / revenue 2,000 + -35 / 2,500 + 420 / 2,900) / 3"),
        ("How much did the net profit margin change between 2021 and 2023?", "Net profit margin change, 2021–2023: 2.84 percentage points = net income 300 / revenue 2,900 - 150 / 2,000"),
        ("What is net working capital in 2023? Define net working capital as total current assets less total current liabilities.", "Net working capital, 2023: 580 million = total current assets 1,010 - total current liabilities 430"),
        ("What was the effective tax rate of 2023?", "Effective tax rate, 2023: 23.1% = income tax expense 90 / pre tax income 390"),
        ("What was gross margin in 2023?", "Gross margin, 2023: 35.5% = (revenue 2,900 - cost of sales 1,870) / 2,900"),
    ],
)  # fmt: skip
def test_the_line_that_is_computed(question: str, line: str) -> None:
    found = reckon(question)
    assert found is not None
    assert found.lines == (line,)


def test_rows_stand_once_with_all_their_cells() -> None:
    found = reckon("What was inventory turnover in 2023?")
    assert found is not None
    assert [(text, passage.chunk.page) for text, passage in found.rows] == [
        ("Cost of sales (in millions): 2023 (1,870)", 51),
        ("Inventories (in millions): 2023 380, 2022 360", 50),
    ]


def test_a_line_alone_is_read_and_not_computed() -> None:
    found = reckon("How much were total assets at the end of 2022?")
    assert found is not None
    assert found.lines == ()
    assert [text for text, _ in found.rows] == ["Total assets (in millions): 2022 1,650"]


@pytest.mark.parametrize(
    ("question", "chunks"),
    [
        ("What was inventory turnover in 2019?", CHUNKS),
        ("What was inventory turnover in 2023?", CHUNKS[:3]),
        ("What was goodwill in 2023?", CHUNKS),
        ("What is the current ratio in 2023?", (table(50, "Consolidated Balance Sheets", (*BALANCE[:7], ("Total current liabilities", "—", "—", "—"))),)),
        ("What is the asset turnover in 2023?", (table(50, "Consolidated Balance Sheets", BALANCE, "(in thousands)"), *CHUNKS[3:4])),
        ("Who chairs the audit committee?", CHUNKS),
    ],
)  # fmt: skip
def test_nothing_is_computed_where_a_figure_is_missing(question: str, chunks: tuple[Chunk, ...]) -> None:
    assert reckon(question, chunks) is None


def test_a_company_that_is_asked_for_must_be_the_reports() -> None:
    question = "What was Larkspur's inventory turnover in 2023?"
    assert reckon(question, legs=(LegScore("company", 1, 1.0, 0.2),)) is not None
    assert reckon(question, legs=(LegScore("dense", 1, 1.0, 0.2),)) is None


@pytest.mark.parametrize(
    ("question", "chunks", "lines"),
    [
        ("What was inventory turnover in 2019?", CHUNKS, ("cost of sales (2019)", "inventories (2019)", "inventories (2018)")),
        ("2023年的流动比率是多少？", CHUNKS[3:5], ("流动资产合计 (2023)", "流动负债合计 (2023)")),
        ("What is the revenue CAGR from 2021 to 2024?", CHUNKS, ("revenue (2024)",)),
    ],
)  # fmt: skip
def test_the_lines_that_a_metric_lacks_are_named(
    question: str, chunks: tuple[Chunk, ...], lines: tuple[str, ...]
) -> None:
    found = asked_of(question, chunks)
    assert isinstance(found, Lacking)
    assert found.lines == lines


@pytest.mark.parametrize(
    ("question", "said", "is_told"),
    [
        ("What was inventory turnover in 2019?", "In 2019 inventory turnover was 4.1.", True),
        ("What was inventory turnover in 2019?", "In 2019 management followed inventory turnover.", False),
        ("What is the revenue CAGR from 2021 to 2024?", "Revenue grew 12% a year to 2024.", True),
        ("What is the revenue CAGR from 2021 to 2024?", "Revenue of 2024 was 3,100 million.", False),
        ("2019年的毛利率是多少？", "毛利率为35.2%，高于同行。", True),
    ],
)
def test_what_a_page_may_tell_in_words_is_not_lacking(question: str, said: str, is_told: bool) -> None:
    found = asked_of(question, CHUNKS, said=replace(CHUNKS[0], text=said))
    assert isinstance(found, Lacking) is not is_told


def test_a_table_without_a_unit_has_that_of_the_other_statements() -> None:
    plain = table(50, "Consolidated Balance Sheets", BALANCE, "")
    found = reckon("What is the asset turnover in 2023?", (plain, *CHUNKS[3:4]))
    assert found is not None
    assert found.lines[0].startswith("Asset turnover, 2023: 1.71 = revenue 2,900 / ")


def headed(*columns: str) -> tuple[Chunk, ...]:
    """The statements of the filing under other headings."""
    return tuple(
        replace(chunk, grid=replace(chunk.grid, columns=("", *columns))) if chunk.grid is not None else chunk
        for chunk in CHUNKS
    )


def test_without_a_year_the_newest_one_that_is_no_forecast() -> None:
    found = reckon("What is the gross margin?", headed("2025E", "2024A", "2023A"))
    assert found is not None
    assert found.lines == ("Gross margin, 2024: 34.0% = (revenue 2,500 - cost of sales 1,650) / 2,500",)


def test_a_forecast_is_told_as_one() -> None:
    found = reckon("What is the gross margin in 2025?", headed("2025E", "2024A", "2023A"))
    assert found is not None
    assert found.lines[0].startswith("Gross margin, 2025E: 35.5% = ")
    found = reckon("2025年的毛利率是多少？", headed("2025E", "2024A", "2023A"))
    assert found is not None
    assert found.lines[0].startswith("2025E年毛利率：35.5% = ")


def test_a_trend_without_years_is_of_the_newest_three() -> None:
    found = reckon("Is the gross margin consistent historically?")
    assert found is not None
    assert [line[:18] for line in found.lines] == ["Gross margin, 2021", "Gross margin, 2022", "Gross margin, 2023"]


def test_without_a_year_the_newest_report_comes_first() -> None:
    older = replace(FILING, id="d" * 16, published=date(2020, 2, 20))
    asked = Understood("What is the gross margin?", "en", "What is the gross margin?", companies=("Larkspur Tools",))
    legs = (LegScore("company", 1, 1.0, 0.2),)
    passages = [Passage(CHUNKS[0], report, None, 1.0, legs) for report in (older, FILING)]
    catalog: Any = OneReport(CHUNKS)  # knows the newer one alone
    found = Reckoner(catalog, metrics, holds).reckon(asked, passages)
    assert isinstance(found, Reckoned)


def test_no_sign_of_currency_where_the_line_tells_no_magnitude() -> None:
    titled = table(51, "Consolidated Statements of Earnings $ in millions", INCOME, "")
    found = reckon("What was revenue in 2023?", (titled,))
    assert found is not None
    assert found.rows[0][0] == "Net sales: 2023 2,900"


class TwoReports:
    """A catalog of an annual report, and of an interim one with other figures under the same year."""

    def chunks(self, report_id: str) -> tuple[Chunk, ...]:
        return CHUNKS if report_id == FILING.id else (table(50, "Consolidated Balance Sheets", INTERIM),)


INTERIM = tuple((label, *(f"1{cell.lstrip('$ ')}" for cell in cells)) for label, *cells in BALANCE)


def test_a_whole_year_is_of_the_annual_report_though_an_interim_one_ranks_higher() -> None:
    interim = replace(FILING, id="d" * 16, fiscal_period="Q3 2023")
    legs = (LegScore("company", 1, 1.0, 0.2),)
    passages = [Passage(CHUNKS[0], report, None, 1.0, legs) for report in (interim, FILING)]
    catalog: Any = TwoReports()
    question = "What were inventories at the end of 2023?"
    asked = Understood(question, "en", question, companies=("Larkspur Tools",))
    found = Reckoner(catalog, metrics, holds).reckon(asked, passages)
    assert isinstance(found, Reckoned)
    assert [(text, passage.report.id) for text, passage in found.rows] == [
        ("Inventories (in millions): 2023 380", FILING.id)
    ]
