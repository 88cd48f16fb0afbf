from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from made_statements import BALANCE, CASH_FLOW, CHUNKS, INCOME, table

from rag.domain import Chunk, Grid
from rag.lexicon import Lexicon
from rag.lines import Lines, sentence_of
from rag.metrics import Metrics
from rag.statements import Statements

metrics = Metrics.load()
holds = Statements.load(Lexicon.load()).holds
lines = Lines(CHUNKS, holds)


@pytest.mark.parametrize(
    ("name", "year", "value", "page"),
    [
        ("revenue", 2023, 2900, 51),
        ("cost of sales", 2022, 1650, 51),
        ("operating income", 2022, -35, 51),
        ("net income", 2023, 300, 51),
        ("property, plant and equipment, net", 2021, 590, 50),
        ("shareholders' equity", 2022, 750, 50),
        ("net cash from operating activities", 2022, 60, 53),
        ("capital expenditure", 2023, 125, 53),
    ],
)
def test_a_figure_is_of_the_statement_of_the_group(name: str, year: int, value: int, page: int) -> None:
    found = lines.figure(metrics.items[name], year)
    assert found is not None
    assert (found.value, found.chunk.page, found.year) == (Decimal(value), page, year)


def test_what_a_statement_does_not_have() -> None:
    assert lines.figure(metrics.items["revenue"], 2019) is None
    assert lines.figure(metrics.items["goodwill"], 2023) is None
    assert lines.years == (2023, 2022, 2021)
    assert Lines(CHUNKS[:2], holds).figure(metrics.items["revenue"], 2023) is None


def test_a_statement_may_go_on_over_the_page() -> None:
    first = table(50, "Consolidated Balance Sheets", BALANCE[:6])
    rest = table(51, "", BALANCE[6:])
    assert rest.grid is not None
    rest = replace(rest, grid=replace(rest.grid, inherited=True))
    found = Lines([first, rest], holds).figure(metrics.items["total current liabilities"], 2023)
    assert found is not None
    assert found.chunk.page == 51


CAS = (  # as the accounting standards of China have them: orders and marks before the labels, the parent's after the group's
    ("项目", "附注", "2031年度", "2030年度"),
    ("一、营业总收入", "", "5,210.00", "4,880.00"),
    ("其中：营业收入", "六、1", "5,100.00", "4,800.00"),
    ("减：营业成本", "六、1", "3,060.00", "2,976.00"),
    ("销售费用", "", "410.00", "400.00"),
    ("管理费用", "", "120.00", "110.00"),
    ("三、营业利润（亏损以“－”号填列）", "", "900.00", "800.00"),
    ("四、利润总额（亏损总额以“－”号填列）", "", "890.00", "790.00"),
    ("减：所得税费用", "", "190.00", "170.00"),
    ("五、净利润（净亏损以“－”号填列）", "", "700.00", "620.00"),
    ("1．归属于母公司股东的净利润", "", "680.00", "600.00"),
)
CAS_CASH = (
    ("一、经营活动产生的现金流量：", "", "", ""),
    ("销售商品、提供劳务收到的现金", "", "5,900.00", "5,500.00"),
    ("收到的税费返还", "", "60.00", "50.00"),
    ("经营活动现金流入小计", "", "5,960.00", "5,550.00"),
    ("购买商品、接受劳务支付的现金", "", "4,700.00", "4,500.00"),
    ("支付的各项税费", "", "300.00", "290.00"),
    ("经营活动现金流出小计", "", "5,000.00", "4,790.00"),
    ("经营活动产生的现金流量净额", "", "960.00", "760.00"),
    ("收回投资收到的现金", "", "80.00", "70.00"),
    ("购建固定资产、无形资产和其他长期资产支付的现金", "", "210.00", "200.00"),
    ("投资支付的现金", "", "40.00", "30.00"),
    ("投资活动产生的现金流量净额", "", "-170.00", "-160.00"),
    ("筹资活动产生的现金流量净额", "", "-300.00", "-280.00"),
)


def cas_table(page: int, rows: tuple[tuple[str, ...], ...], columns: tuple[str, ...] = CAS[0]) -> Chunk:
    grid = Grid("2031年1—12月", "单位：元 币种：人民币", columns, rows)
    return Chunk(f"g{page}", "c" * 16, page, page, "\n".join(map("\t".join, rows)), (), "table", ("财务报表",), grid)


def cas_title(page: int, text: str) -> Chunk:
    return Chunk(f"h{page}", "c" * 16, page, page, text, ())


def half(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The parent company's: other figures."""
    return tuple((label, note, *(cell and f"1{cell}" for cell in cells)) for label, note, *cells in rows)


CHINESE = (
    cas_title(90, "合并利润表\n2031年1—12月"),
    cas_table(90, CAS[1:]),
    cas_title(91, "母公司利润表\n2031年1—12月"),
    cas_table(91, half((*CAS[2:], ("六、综合收益总额", "", "7.00", "8.00")))),
    cas_title(92, "合并现金流量表\n2031年1—12月"),
    cas_table(92, CAS_CASH[:7]),
    cas_table(93, CAS_CASH[7:11], ("二、投资活动产生的现金流量：", "", "", "")),
    cas_table(93, CAS_CASH[11:], ("二、投资活动产生的现金流量：", "", "", "")),  # the rest of the same table
    cas_title(94, "母公司现金流量表\n2031年1—12月"),
    cas_table(94, half(CAS_CASH)),
)


@pytest.mark.parametrize(
    ("name", "year", "value", "page"),
    [
        ("revenue", 2031, 5100, 90),
        ("cost of sales", 2030, 2976, 90),
        ("pre-tax income", 2031, 890, 90),
        ("income tax expense", 2031, 190, 90),
        ("net income", 2031, 700, 90),
        ("net income attributable to shareholders", 2030, 600, 90),
        ("net cash from operating activities", 2031, 960, 93),  # over the page, where no headings are
        ("capital expenditure", 2030, 200, 93),
        ("net cash from financing activities", 2031, -300, 93),
    ],
)
def test_chinese_statements_are_read_and_the_parents_are_not(name: str, year: int, value: int, page: int) -> None:
    found = Lines(CHINESE, holds).figure(metrics.items[name], year)
    assert found is not None
    assert (found.value, found.chunk.page, found.year) == (Decimal(value), page, year)


@pytest.mark.parametrize(
    ("heading", "is_whole"), [("2031年1-12月", True), ("2031年1—9月", False), ("2031 年前三季度（1-9 月）", False)]
)
def test_january_to_december_is_a_year(heading: str, is_whole: bool) -> None:
    found = Lines([cas_table(90, CAS[1:], ("项目", "附注", heading, "2030年"))], holds)
    assert (found.figure(metrics.items["revenue"], 2031) is not None) is is_whole


def test_columns_of_changes_and_of_parts_of_a_year_are_none() -> None:
    columns = ("", "Three months ended December 31, 2023", "% change 2023", "Year ended December 31, 2023")
    income = table(51, "Consolidated Statements of Earnings", INCOME)
    assert income.grid is not None
    found = Lines([replace(income, grid=replace(income.grid, columns=columns))], holds).figure(
        metrics.items["revenue"], 2023
    )
    assert found is not None
    assert found.text == "2,000"


def test_the_row_is_quoted_with_the_cells_that_are_used() -> None:
    figures = [lines.figure(metrics.items["inventories"], year) for year in (2023, 2021)]
    assert sentence_of([figure for figure in figures if figure]) == "Inventories (in millions): 2023 380, 2021 330"


def test_figures_of_a_table_know_its_magnitude() -> None:
    found = Lines([table(53, "Consolidated Statements of Cash Flows", CASH_FLOW, "(In thousands)")], holds).figure(
        metrics.items["capital expenditure"], 2023
    )
    assert found is not None
    assert found.unit == "thousand"


def test_a_sign_of_currency_is_left_out_where_no_magnitude_is_stated() -> None:
    bare = Lines([table(51, "Consolidated Statements of Earnings", INCOME, "")], holds)
    found = bare.figure(metrics.items["revenue"], 2023)
    assert found is not None
    assert sentence_of([found]) == "Net sales: 2023 2,900"


def test_a_table_under_another_on_its_page_has_its_headings_and_unit() -> None:
    assets = table(50, "Consolidated Balance Sheets", BALANCE[:6])
    rest = table(50, "Liabilities and equity", BALANCE[6:], "")
    assert rest.grid is not None
    rest = replace(rest, grid=replace(rest.grid, columns=("", "", "", "")))
    found = Lines([assets, rest], holds).figure(metrics.items["accounts payable"], 2022)
    assert found is not None
    assert (found.value, found.unit) == (Decimal(290), "million")
    elsewhere = replace(rest, page=52)
    assert Lines([assets, elsewhere], holds).figure(metrics.items["accounts payable"], 2022) is None
    narrow = replace(rest, grid=Grid("", "", ("", ""), (("Accounts payable", "310"),)))
    assert Lines([assets, narrow], holds).figure(metrics.items["accounts payable"], 2023) is None


def test_the_usual_name_of_item_8_names_no_schedule() -> None:
    income = table(46, "Item 8. Financial statements and supplementary data", INCOME)
    assert Lines([income], holds).figure(metrics.items["revenue"], 2023) is not None
    schedule = table(46, "Supplementary schedule of the parent", INCOME)
    assert Lines([schedule], holds).figure(metrics.items["revenue"], 2023) is None
