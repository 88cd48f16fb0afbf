"""Questions in both languages about a made-up company, and what of the statements they ask for."""

from __future__ import annotations

import pytest

from rag.companies import Companies
from rag.domain import Understood
from rag.expression import written
from rag.metric_question import Wanted, asked_metric
from rag.metrics import Metrics
from rag.text import language_of

metrics = Metrics.load()
NAMED = ("Larkspur Tools",)
companies = Companies([(NAMED[0], None)])


def wanted(question: str) -> Wanted | None:
    asked = Understood(
        question, language_of(question), question, companies=NAMED, unnamed=companies.without_names(question)
    )
    return asked_metric(asked, metrics)


@pytest.mark.parametrize(
    ("question", "formula", "years", "how"),
    [
        ("What was Larkspur's inventory turnover in FY2023?", "cost of sales / ((inventories + inventories-) / 2)", (2023,), None),
        ("Larkspur 2023年的存货周转率是多少？", "cost of sales / ((inventories + inventories-) / 2)", (2023,), None),
        ("How much were total current liabilities at the end of 2022?", "total current liabilities", (2022,), None),
        ("What is the revenue growth of Larkspur from FY2021 to FY2023?", "revenue", (2021, 2023), "growth"),
        ("What was revenue growth in 2023?", "revenue", (2022, 2023), "growth"),
        ("What is its 2 year revenue CAGR from 2021 to 2023?", "revenue", (2021, 2023), "cagr"),
        ("2021-2023年营业收入的复合增速是多少？", "revenue", (2021, 2023), "cagr"),
        ("What is the FY2021 - FY2023 3 year average net profit margin?", "net income / revenue", (2021, 2022, 2023), "mean"),
        ("What was D&A as a % of revenue in 2023?", "depreciation and amortization / revenue", (2023,), None),
        ("What is the FY2023 depreciation and amortization (D&A from cash flow statement) % margin?", "depreciation and amortization / revenue", (2023,), None),
        ("What is the sales to working capital ratio in 2023?", "revenue / (total current assets - total current liabilities)", (2023,), None),
        ("What is interest to average total assets for 2023?", "interest expense / ((total assets + total assets-) / 2)", (2023,), None),
        ("Has the quick ratio improved between FY2022 and FY2023?", "(cash and cash equivalents + short-term investments + accounts receivable) / total current liabilities", (2022, 2023), None),
        ("Does Larkspur have an improving operating margin profile as of FY2023?", "operating income / revenue", (2022, 2023), None),
        ("What is the coverage? Coverage is defined as: cash from operations / total assets.", "net cash from operating activities / total assets", (), None),
        ("What is the FY2023 CCC? CCC is defined as: DIO - DPO. DIO is defined as: 365 * inventory / COGS. DPO is defined as: 365 * accounts payable / COGS.", "365 * inventories / cost of sales - 365 * accounts payable / cost of sales", (2023,), None),
        ("What is the FY2023 unadjusted EBITDA % margin? Define unadjusted EBITDA as unadjusted operating income + depreciation and amortization from the cash flow statement.", "(operating income + depreciation and amortization) / revenue", (2023,), None),
        ("Larkspur Tools gross margin 2023", "gross profit / revenue", (2023,), None),
        ("Larkspur Tools revenue 2023", "revenue", (2023,), None),
        ("Larkspur Tools 2023年的毛利率", "gross profit / revenue", (2023,), None),
        ("Larkspur Tools 2023年营业收入", "revenue", (2023,), None),
        ("Larkspur Tools 2023年营业总收入", "total operating revenue", (2023,), None),
        ("截至2023年12月31日，Larkspur Tools公司的资产负债率是多少？", "total liabilities / total assets", (2023,), None),
        ("请问根据2023年年报，Larkspur Tools公司整体毛利率达到了多少？", "gross profit / revenue", (2023,), None),
        ("Could you tell me the consolidated gross margin of Larkspur Tools for the fiscal year ended May 31, 2023?", "gross profit / revenue", (2023,), None),
        ("What is the revenue of Larkspur Tools (formerly known as Brightwell) in US dollars in FY2023?", "revenue", (2023,), None),
        ("Larkspur Tools 2023年归母净利润", "net income attributable to shareholders", (2023,), None),
        ("Larkspur Tools净资产收益率近三年变化如何？", "net income / ((shareholders' equity + shareholders' equity-) / 2)", (), None),
        ("现金比率2023年是多少？现金比率定义为：货币资金÷流动负债合计", "cash and cash equivalents / total current liabilities", (2023,), None),
    ],
)  # fmt: skip
def test_what_a_question_asks_for(question: str, formula: str, years: tuple[int, ...], how: str | None) -> None:
    found = wanted(question)
    assert found is not None
    assert written(found.metric.expression, lambda line: line.name + "-" * line.back) == formula
    assert (found.years, found.how) == (years, how)


@pytest.mark.parametrize(
    "question",
    [
        "What drove the change in operating margin in 2023?",
        "Larkspur Tools工具业务2023年毛利率是多少",
        "Larkspur Tools海外毛利率",
        "Larkspur Tools电钻2023年毛利率",
        "Larkspur Tools 2023年在华东的营业收入是多少？",
        "Larkspur Tools 2023年的营业收入目标是多少？",
        "Larkspur Tools如何提高净资产收益率",
        "Larkspur Tools毛利率下降的原因",
        "电钻公司2023年净利润是多少？",
        "行业平均毛利率",
        "Larkspur Tools North America gross margin 2023",
        "What was Larkspur's cordless gross margin in FY2023?",
        "What is the gross margin of Larkspur's drills in FY2023?",
        "What was Larkspur's gross margin in Canada in 2023?",
        "How much of Larkspur's revenue comes from Europe?",
        "What was Larkspur's revenue from subscriptions in 2023?",
        "What was the net income of Brightwell Drills in 2023?",
        "What was adjusted EBITDA in 2023?",
        "What was organic revenue growth in 2023?",
        "How did US sales grow in 2023?",
        "What was the largest liability in 2023?",
        "Did wages as a percent of net sales increase in 2023?",
        "What is the revenue of the segment in 2023?",
        "What was revenue in Q2 2023?",
        "What was revenue in the first nine months of 2023?",
        "2023年前三季度净利润同比增长多少？",
        "2023年1-9月营业收入是多少？",
        "Which activity brought in the most (or lost the least) cash flow in 2023?",
        "营业收入的结构如何变化？",
        "2025年营业收入预计是多少？",
        "Who chairs the audit committee?",
        "What is revenue from 2010 to 2012, 2013, 2014, 2015, 2016 and 2017?",
    ],
)
def test_questions_that_no_statement_answers(question: str) -> None:
    assert wanted(question) is None


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("What is the current ratio in 2023? Round your answer to two decimal places.", 2),
        ("2023年流动比率是多少？保留三位小数", 3),
        ("What is the current ratio in 2023?", None),
    ],
)
def test_digits_that_are_asked_for(question: str, places: int | None) -> None:
    found = wanted(question)
    assert found is not None
    assert found.places == places
