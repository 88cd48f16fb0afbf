"""Titles, unit lines and source lines, and the sentences that look like them."""

import pytest

from ingest.captions import is_caption, is_figure_title, is_source, is_unit


@pytest.mark.parametrize(
    "text",
    [
        "图表3：松河电机收入",
        "图表 3 松河电机收入",
        "图1: 电车交付量",
        "图 1-2 电车交付量",
        "图 3．电车交付量",
        "图表3：中国电车交付量",
        "【图3】电车交付量",
        "• 图表3：电车交付量",
        "圖表3：營收",
        "附图2：线路",
        "Figure 4. Trams delivered",
        "Figure 4",
        "FIGURE 4: TRAMS",
        "Fig. 5: Trams",
        "Exhibit 12: Trams delivered",
        "Exhibit A1: Trams",
        "Chart 2 – Rates",
        "图表3 中国电车交付量",
    ],
)
def test_a_title_of_a_figure(text: str) -> None:
    assert is_caption(text)
    assert is_figure_title(text)


@pytest.mark.parametrize(
    "text",
    ["表 2 盈利预测", "表2盈利预测", "表3.1 盈利预测", "附表1：财务报表", "Table 3: Trams", "Table 3 Trams delivered"],
)
def test_a_title_of_a_table_is_none_of_a_figure(text: str) -> None:
    assert is_caption(text)
    assert not is_figure_title(text)


@pytest.mark.parametrize(
    "text",
    [
        "如图3所示",
        "图3所示",
        "图12显示收入上升",
        "图 12 显示收入上升",
        "图表3反映了收入的变化",
        "图3中可以看到收入上升",
        "表3为收入明细",
        "见表2",
        "图3：收入上升。",
        "表2列出了各线路的收入，",
        "表格如下",
        "图书馆",
        "Table 3 shows trams delivered",
        "Figure 4 illustrates how trams are built",
        "Figure 4 and Figure 5",
        "Figure 4 below",
        "Table of contents",
        "Tables 3 and 4",
        "Trams are in Figure 4",
        "图表3：" + "很长的题目" * 15,
        "Table 3 compares the yields of both lines",
    ],
)
def test_no_title(text: str) -> None:
    assert not is_caption(text)


@pytest.mark.parametrize(
    "text",
    [
        "单位：百万元",
        "（单位：亿元，%）",
        "单位: 人民币万元",
        "金额单位：万元",
        "单位：元 币种：人民币",
        "币种：人民币",
        "（亿元）",
        "（人民币百万元）",
        "百万元",
        "(in millions, except per share data)",
        "In millions, except per share amounts and percentages",
        "($ in millions)",
        "(dollars in thousands)",
        "(RMB in millions)",
        "Amounts in thousands",
        "US$ million",
        "($mm)",
        "$000s",
        "(Unaudited)",
        "未经审计",
    ],
)
def test_a_unit_line(text: str) -> None:
    assert is_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        "单位",
        "营业收入（百万元）",
        "单位产品成本下降",
        "We invested in millions of trams",
        "In 2023",
        "Revenue (in millions)",
        "1,234 million",
        "",
    ],
)
def test_no_unit_line(text: str) -> None:
    assert not is_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        "资料来源：松河电机，青岚研究",
        "资料来源 松河电机",
        "数据来源：青岚研究",
        "资料來源：青嵐研究",
        "来源：青岚研究",
        "（资料来源：青岚研究）",
        "注：2024年为预测",
        "注1：2024年为预测",
        "备注：含税",
        "Source: Harbour Trams",
        "Sources: Harbour Trams, Lark Research",
        "(Source: Lark Research)",
        "Data source: Lark Research",
        "Note: 2024 is a forecast",
        "*Notes: 2024 is a forecast",
    ],
)
def test_a_source_line(text: str) -> None:
    assert is_source(text)


@pytest.mark.parametrize(
    "text",
    ["来源于境外的收入", "注意风险", "注册资本", "Notes payable", "Notes to the statements", "Sourcing: steel", ""],
)
def test_no_source_line(text: str) -> None:
    assert not is_source(text)
