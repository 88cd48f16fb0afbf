"""Periodic reports and notices of companies: Chinese, Hong Kong's, English, Taiwanese."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import BODY, Put, page, read

from rag.domain import Page

COMPANY = "云岭乳业集团股份有限公司"


def board(day: str) -> Page:
    return page(Put(f"特此公告\n{COMPANY}\n董 事 会\n{day}", 600), number=1)


@pytest.mark.parametrize(
    "lines", [[COMPANY, "2024 年年度报告"], [COMPANY, "600999", "2024年年度报告"], [f"{COMPANY}2024年年度报告"]]
)
def test_annual_report(lines: list[str]) -> None:
    head = Put("公司代码：600999 公司简称：云岭乳业", 70, 10)
    first = page(head, *(Put(line, 150 + 40 * i, 22) for i, line in enumerate(lines)), Put("重要提示", 400, 10))
    found = read(first, board("2025 年4 月28 日"), made=date(2025, 4, 30))
    assert found.title == "云岭乳业集团股份有限公司2024年年度报告"
    assert (found.publisher, found.company, found.ticker) == (COMPANY, "云岭乳业", "600999.SH")
    assert (found.type, found.form, found.fiscal_period) == ("filing", "annual report", "FY2024")
    assert (found.published, found.analysts) == (date(2025, 4, 28), ())


@pytest.mark.parametrize(
    ("title", "form", "period"),
    [
        ("2024年半年度报告摘要", "interim report", "H1 2024"),
        ("2025 年第一季度报告", "quarterly report", "Q1 2025"),
        ("2023年第三季度报告（更正版）", "quarterly report", "Q3 2023"),
        ("2024 中期報告", "interim report", "H1 2024"),
        ("2023 年報", "annual report", "FY2023"),
    ],
)
def test_forms(title: str, form: str, period: str) -> None:
    found = read(page(Put(COMPANY, 150, 22), Put(title, 190, 22), Put("本公司董事会保证" * 20, 400)))
    assert (found.form, found.fiscal_period, found.company) == (form, period, COMPANY)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Acme Tools Holdings Limited", "Interim Report 2024"], ("interim report", "H1 2024")),
        (["Acme Tools plc", "Annual Report and Accounts 2023"], ("annual report", "FY2023")),
        (["2023 ANNUAL REPORT", "Acme Tools Inc."], ("annual report", "FY2023")),
    ],
)
def test_english_covers(lines: list[str], expected: tuple[str, str]) -> None:
    puts = [Put(line, 150 + 60 * i, 28) for i, line in enumerate(lines)]
    found = read(page(Put("(Stock Code: 2999)", 60, 9), *puts, Put("acme.example " * 30, 700, 9)))
    assert (found.form, found.fiscal_period, found.ticker, found.type) == (*expected, "2999.HK", "filing")
    assert found.company is not None
    assert found.company.startswith("Acme Tools")


def test_a_comment_on_an_annual_report_is_a_broker_report() -> None:
    found = read(page(Put("国信证券", 20, 12), Put("云岭乳业2024年年度报告点评", 90, 20), Put(BODY, 300)))
    assert (found.title, found.publisher, found.form) == ("云岭乳业2024年年度报告点评", "国信证券", None)


def test_a_notice() -> None:
    first = page(
        Put("证券代码：600999    证券简称：云岭乳业    公告编号：临2024-017", 60, 10),
        Put(COMPANY, 100, 16),
        Put("关于回购公司股份的进展公告", 130, 16),
        Put("本公司董事会保证本公告内容不存在任何虚假记载。" * 12, 300),
    )
    found = read(first, board("2024 年2 月1 日"))
    assert (found.type, found.title) == ("event notice", "关于回购公司股份的进展公告")
    assert (found.company, found.ticker, found.publisher) == ("云岭乳业", "600999.SH", COMPANY)
    assert found.published == date(2024, 2, 1)


def test_statements_of_a_taiwanese_company() -> None:
    first = page(
        Put("云嶺電子股份有限公司及子公司", 60, 12),
        Put("合併資產負債表", 76, 12),
        Put("民國112 年9 月30 日暨民國111 年12 月31 日", 92, 12),
        Put("1100 現金及約當現金 141,568,596 22 183,704,594 28 " * 12, 200, 12),
    )
    found = read(first)
    assert (found.type, found.form, found.fiscal_period) == ("filing", "financial statements", "Q3 2023")
    assert found.company == "云嶺電子股份有限公司"
