from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Chunk, Grid
from rag.grid import has_figure, markdown, own_grid, row_sentence, search_text


def grid(*rows: tuple[str, ...], columns: tuple[str, ...] = (), title: str = "", unit: str = "") -> Grid:
    return Grid(title, unit, columns or ("",) * len(rows[0]), rows)


def sentences(made: Grid) -> list[str]:
    return [row_sentence(made, index) for index in range(len(made.rows))]


FORECAST = grid(
    ("营业收入", "1,234", "1,456"),
    ("同比增速", "12.0%", "18.0%"),
    ("市盈率", "15.2", "12.9"),
    columns=("", "2023A", "2024E"),
    title="表1：盈利预测",
    unit="单位：百万元",
)


def test_a_row_stands_beside_its_headings_and_its_unit() -> None:
    assert row_sentence(FORECAST, 0) == "营业收入（百万元）：2023A 1,234，2024E 1,456"


def test_a_ratio_does_not_get_the_unit_of_the_amounts() -> None:
    assert sentences(FORECAST)[1:] == ["同比增速：2023A 12.0%，2024E 18.0%", "市盈率：2023A 15.2，2024E 12.9"]


def test_an_english_row() -> None:
    made = grid(("Net sales", "32,765", "31,657"), columns=("", "2018", "2017"), unit="(in millions)")
    assert row_sentence(made, 0) == "Net sales (in millions): 2018 32,765, 2017 31,657"


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("单位：元 币种：人民币", "营业收入（元）：1"),
        ("（亿元）", "营业收入（亿元）：1"),
        ("单位：百万元，%", "营业收入：1"),
        ("", "营业收入：1"),
    ],
)
def test_units_as_they_are_printed(unit: str, shown: str) -> None:
    assert row_sentence(grid(("营业收入", "1"), unit=unit), 0) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("图表 1：盈利预测（单位：百万元）", "营业收入（百万元）：2"),
        ("Figure 1: Forecasts (£m, year to December)", "营业收入（£m, year to December）：2"),
        ("图表 2：宏观指标（单位：%，同比）", "营业收入（%，同比）：2"),
        ("图表 3：可比公司（均为虚构）", "营业收入：2"),
    ],
)
def test_a_unit_that_stands_in_the_title(title: str, shown: str) -> None:
    assert row_sentence(grid(("营业收入", "2"), title=title), 0) == shown


def test_headings_that_tell_their_units_get_no_other() -> None:
    columns = ("公司", "收入（亿元）", "毛利率")
    assert (
        row_sentence(grid(("澄川", "61", "24"), columns=columns, unit="百万元"), 0)
        == "澄川：收入（亿元） 61，毛利率 24"
    )


def test_a_label_that_tells_its_unit_gets_no_second_one() -> None:
    made = grid(("每股收益（元）", "1.2"), ("Diluted EPS", "1.3"), unit="百万元")
    assert sentences(made) == ["每股收益（元）：1.2", "Diluted EPS: 1.3"]


def test_empty_cells_are_left_out_with_their_headings() -> None:
    made = grid(("商誉", "", "5"), columns=("项目", "2023", "2024"))
    assert row_sentence(made, 0) == "商誉：2024 5"


def test_a_row_without_label_or_without_value_is_no_sentence() -> None:
    assert sentences(grid(("", "5", "6"), ("商誉", "", ""), ("", "", ""))) == ["", "", ""]


def test_a_label_under_a_merged_cell_stands_in_the_second_column() -> None:
    made = grid(("速冻", "饺子", "7"), ("", "馒头", "8"), columns=("品类", "品名", "收入"))
    assert sentences(made) == ["速冻：品名 饺子，收入 7", "馒头：收入 8"]


def test_a_label_that_is_a_number_is_told_with_its_heading() -> None:
    made = grid(("2024-07-01", "12.3"), columns=("日期", "收盘价"))
    assert row_sentence(made, 0) == "日期 2024-07-01：收盘价 12.3"


def test_a_label_that_begins_with_a_number_stands_alone() -> None:
    assert row_sentence(grid(("52周最高（元）", "37.85"), columns=("股票数据", "")), 0) == "52周最高（元）：37.85"


@pytest.mark.parametrize("part", [". ", "…:", "（", "(元", "单位：", "1 ", "A", "合 计"])
def test_no_label_title_or_unit_takes_long(part: str) -> None:
    """A pattern that tries every way to split a row of dots never ends."""
    long = part * 5000 + "x"
    started = time.monotonic()
    for made in (grid((long, "1")), grid(("甲", "1"), title=long, unit=long), grid((long, ""), ("甲", long))):
        sentences(made)
    assert time.monotonic() - started < 5


def test_what_all_headings_begin_with_is_told_once() -> None:
    columns = ("", "Year ended December 31, 2018", "Year ended December 31, 2017")
    made = grid(("Net sales ......", "32,765", "31,657"), columns=columns)
    assert row_sentence(made, 0) == "Net sales, Year ended December 31: 2018 32,765, 2017 31,657"


def test_headings_of_the_page_before_are_left_out() -> None:
    made = Grid("表1", "百万元", ("", "2023A", "2024E"), (("营业收入", "1,234", "1,456"),), inherited=True)
    assert row_sentence(made, 0) == "营业收入：1,234，1,456"


def test_of_an_inherited_grid_stays_what_stands_on_the_page() -> None:
    """The page repeats the header but not the title: a table chunk's text is its page's own."""
    made = Grid(
        "表1：盈利预测", "单位：百万元", ("", "2023 A", "2024E"), (("营业收入", "1,234", "1,456"),), inherited=True
    )
    chunk = Chunk("c", "r", 1, 0, "2023\tA\n营业收入\t1,234\t1,456", (), "table", grid=made)
    own = own_grid(chunk)
    assert own == Grid("", "", ("", "2023 A", ""), (("营业收入", "1,234", "1,456"),))
    assert row_sentence(own, 0) == "营业收入：2023 A 1,234，1,456"
    assert own_grid(replace(chunk, grid=FORECAST)) is FORECAST
    assert own_grid(replace(chunk, grid=None)) is None


# --- section lines ---------------------------------------------------------------------------------------------------


def test_a_section_line_is_told_before_its_rows_until_its_total() -> None:
    made = grid(
        ("Current assets:", ""),
        ("Inventories", "4,366"),
        ("Total", "13,709"),
        ("Goodwill", "10,051"),
    )
    assert sentences(made) == [
        "",
        "Current assets — Inventories: 4,366",
        "Current assets — Total: 13,709",
        "Goodwill: 10,051",
    ]


def test_a_total_that_names_what_it_sums_needs_no_section() -> None:
    made = grid(("流动资产：", ""), ("存货", "5"), ("流动资产合计", "9"), ("固定资产", "7"))
    assert sentences(made)[1:] == ["流动资产—存货：5", "流动资产合计：9", "固定资产：7"]


def test_a_bare_total_stands_under_the_title() -> None:
    made = grid(("大型储能", "5"), ("合计", "9"), columns=("业务", "2024"), title="表2：分业务收入（单位：亿元）")
    assert row_sentence(made, 1) == "表2：分业务收入—合计（亿元）：2024 9"


def test_the_next_section_line_takes_over() -> None:
    made = grid(("成长能力", ""), ("营业收入", "12%"), ("偿债能力", ""), ("流动比率", "1.5"))
    assert sentences(made) == ["", "成长能力—营业收入：12%", "", "偿债能力—流动比率：1.5"]


@pytest.mark.parametrize("line", ["拆出资金", "其中：", "减：", "Property, plant and equipment"])
def test_a_label_whose_cells_are_empty_is_no_section_and_ends_one(line: str) -> None:
    made = grid(("流动资产：", ""), (line, ""), ("存货", "5"))
    assert row_sentence(made, 2) == "存货：5"


# --- Markdown and the index ------------------------------------------------------------------------------------------


def test_markdown() -> None:
    made = grid(("A|B", "1\n2"), columns=("", "2023A"), title="表1：盈利预测", unit="百万元")
    assert markdown(made) == "表1：盈利预测\n百万元\n\n|  | 2023A |\n| --- | --- |\n| A\\|B | 1 2 |"
    assert markdown(grid(("甲", "1"), columns=("", "x"))) == "|  | x |\n| --- | --- |\n| 甲 | 1 |"


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=5))
def test_no_cell_breaks_out_of_its_column(rows: list[tuple[str, str]]) -> None:
    lines = markdown(grid(*rows)).split("\n")
    assert len(lines) == len(rows) + 2
    for line in lines:
        assert line.replace("\\\\", "").replace("\\|", "").count("|") == 3


@given(
    st.lists(st.tuples(*[st.sampled_from(["", "合计", "甲：", "1,234", "5%", "-", "x"])] * 3), min_size=1, max_size=6)
)
def test_a_row_says_nothing_that_is_not_in_its_table(rows: list[tuple[str, str, str]]) -> None:
    made = grid(*rows, columns=("项", "二〇", "Q3 2024"), unit="百万元")
    held = "".join([*made.columns, made.unit, *(cell for row in rows for cell in row)])
    for sentence in sentences(made):
        assert set(sentence) <= set(held) | set("（）：，— ")
        assert "\n" not in sentence


def test_what_is_indexed_for_a_chunk() -> None:
    table = Chunk("c", "r", 0, 0, "not this", (), "table", ("盈利预测", "利润表"), FORECAST)
    assert search_text(table) == (
        "盈利预测 > 利润表\n表1：盈利预测\n单位：百万元\n营业收入 2023A 1,234 2024E 1,456\n"
        "同比增速 2023A 12.0% 2024E 18.0%\n市盈率 2023A 15.2 2024E 12.9"
    )
    assert search_text(Chunk("c", "r", 0, 0, "正文。", (), path=("一、观点",))) == "一、观点\n正文。"
    assert search_text(Chunk("c", "r", 0, 0, "正文。", ())) == "正文。"


@pytest.mark.parametrize("cell", ["1,234", "(5.1%)", "$ 12", "US$12", "约128", "-3", "2024-07-01", "¥1"])
def test_a_cell_that_begins_as_a_figure(cell: str) -> None:
    assert has_figure((cell,))


@pytest.mark.parametrize("cell", ["", "-", "AH溢价", "Q3", "隐形底125"])
def test_a_cell_of_words(cell: str) -> None:
    assert not has_figure((cell,))
