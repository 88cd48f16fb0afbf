"""Questions that are answered from a statement, over a made-up filing and a news release of the same company."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made_corpus import ingested

from rag.config import Settings
from rag.lexicon import Lexicon
from rag.ports import Embedder
from rag.service import Service
from rag.statements import BUNDLED, Statements

lexicon = Lexicon.load()
statements = Statements.load(lexicon)
BALANCE, INCOME, CASH = "balance sheet", "income statement", "cash flow statement"

COVER = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
FORM 10-K
ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934
For the fiscal year ended December 31, {year}
Larkspur Tools, Inc.
(Exact name of registrant as specified in its charter)"""
PAGES = [
    COVER,
    "Inventory turnover is a measure that management follows closely. We believe that inventory turnover shows how well "
    "stores are run. Inventory turnover is not comparable between retailers, and the ratio differs by season.",
    "Larkspur Tools, Inc. Consolidated Balance Sheets\nCash and cash equivalents 410\nAccounts receivable, net 220\n"
    "Inventories 380\nTotal current assets 1,010\nProperty, plant and equipment, net 640\nGoodwill 90\n"
    "Total assets 1,740\nAccounts payable 310\nAccrued liabilities 120\nTotal current liabilities 430\n"
    "Long-term debt 500\nTotal liabilities 930\nRetained earnings 610\nTotal stockholders' equity 810",
    "Larkspur Tools, Inc. Consolidated Statements of Earnings\nNet sales 2,900\nCost of sales 1,870\nGross profit 1,030\n"
    "Selling, general and administrative expenses 610\nOperating income 420\nInterest expense 30\n"
    "Income before income taxes 390\nProvision for income taxes 90\nNet income 300\nEarnings per share, diluted 2.91",
    "Larkspur Tools, Inc. Consolidated Statements of Cash Flows\nNet income 300\nDepreciation and amortization 85\n"
    "Changes in operating assets and liabilities (40)\nNet cash provided by operating activities 345\n"
    "Purchases of property, plant and equipment (140)\nNet cash used in investing activities (140)\n"
    "Repayments of debt (60)\nDividends paid (75)\nNet cash used in financing activities (135)",
]


@pytest.fixture(scope="module")
def filings(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, embedder: Embedder, make_pdf: Callable[..., Path]
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("filings")
    for year in (2021, 2023):
        make_pdf(folder / f"{year}.pdf", [PAGES[0].format(year=year), *PAGES[1:]])
    settings = Settings(data_dir=folder / "data", embed_model=str(model_folder), ocr="never")
    with ingested(settings, [folder], embedder) as service:
        yield service


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What was the inventory turnover ratio of Larkspur in FY2023?", (BALANCE, INCOME)),
        ("Larkspur 2023财年的存货周转率是多少？", (BALANCE, INCOME)),
        ("How much did Larkspur spend on capex?", (CASH,)),
        ("资产负债表中流动负债合计是多少？", (BALANCE,)),
        ("Does its operating margin improve? If that is no useful measure, explain why.", (INCOME,)),
        ("What drove the change in operating margin?", ()),
        ("毛利率下降的原因是什么？", ()),
        ("Which segment had the highest revenue?", ()),
        ("What was its adjusted EBITDA?", ()),
        ("What was its unadjusted EBITDA?", (INCOME, CASH)),
        ("未经调整EBITDA是多少？", (INCOME, CASH)),
        ("Is EPS expected to grow in FY2026?", ()),
        ("Who chairs the audit committee?", ()),
    ],
)
def test_the_statements_a_question_asks_for(question: str, expected: tuple[str, ...]) -> None:
    assert statements.asked(question, lexicon.find(question)) == expected


def test_every_term_of_the_file_is_one_of_the_lexicon() -> None:
    for line in BUNDLED.read_text(encoding="utf-8").splitlines():
        if "\tanswers\t" in line:
            unknown = [name for name in line.split("\t")[2].split("|") if len(lexicon.find(name)) != 1]
            assert unknown == []


@pytest.mark.parametrize(
    ("question", "pages"),
    [
        ("What was Larkspur Tools' inventory turnover in FY2023?", {2, 3}),
        ("Larkspur Tools 2023财年的存货周转率是多少？", {2, 3}),
        ("How much cash did Larkspur Tools' operations bring in FY2023, as its cash flow statement has it?", {4}),
    ],
)
def test_the_pages_of_the_statements_come_first_in_the_filing_for_the_period(
    filings: Service, question: str, pages: set[int]
) -> None:
    found = filings.retriever.retrieve(question).passages
    first = list(dict.fromkeys((p.report.fiscal_period, p.chunk.page) for p in found))[: len(pages)]
    assert set(first) == {("FY2023", page) for page in pages}
    assert "statement" in {leg.leg for leg in found[0].legs}


def test_a_question_about_another_company_gets_no_statement_of_this_one(filings: Service) -> None:
    found = filings.retriever.retrieve("What was Microsoft's inventory turnover in FY2010?").passages
    assert "statement" not in {leg.leg for p in found for leg in p.legs}
