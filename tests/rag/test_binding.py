"""Claims whose numbers all stand on the page, for another thing, column or row."""

from __future__ import annotations

import pytest

from rag.binding import crossed, of_one_row, other_column, other_row, unnamed
from rag.quantities import claimed, figures_of
from rag.segments import segments_of

PAGE = (
    "公司拥有85项专利和12项商标。门店数量从2030 年的85家减少至2031 年的13家。"
    "In 2031, we recorded a charge of $2.0 billion. In 2030 there was none."
)
EN = "The group holds 85 patents and 12 trademarks. Sales of kelp were 61%, those of mussels 39%."
HEADED = "In thousands | Members at the end | Domestic 44,738 | Foreign 30,024"
ROWS = (
    "表1 | 毛利率（%） | 甲海食品 15.8 | 乙山食品 10.3\n表1 | 周转率 | 甲海食品 1.2 | 乙山食品 1.1\n"
    "表2 | 净利润 | 937.0 | 805.3\n表2 | 归属于母公司股东的净利润 | 938.1 | 806.1"
)


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("公司有12项专利，85项商标。", PAGE),
        ("It has 12 patents and 85 trademarks.", EN),
        ("Kelp made up 39%, and mussels 61%.", EN),
        ("It has 30.0 million domestic members and 44.7 million foreign ones.", HEADED),
        ("Domestic members were 30.0 million, foreign ones 44.7 million.", HEADED),
    ],
)
def test_crossed_figures(sentence: str, page: str) -> None:
    assert crossed(sentence, claimed(sentence), page) is not None


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("公司有85项专利，12项商标。", PAGE),
        ("公司有12项商标，85项专利。", PAGE),
        ("It has 12 trademarks and 85 patents.", EN),
        ("It has 44.7 million domestic members and 30.0 million foreign ones.", HEADED),
        ("Domestic members were 44.7 million, foreign ones 30.0 million.", HEADED),
        ("Members abroad were 30.0 million, and 44.7 million in all else.", HEADED),
        ("PMI fell from 50.1% to 49.1% in May.", "The PMI fell to 49.1% in May from 50.1% in April."),
    ],
)
def test_figures_beside_their_own_words(sentence: str, page: str) -> None:
    assert crossed(sentence, claimed(sentence), page) is None


def test_a_figure_of_another_column() -> None:
    wrong, right = "乙山食品的毛利率为15.8%。", "甲海食品的毛利率为15.8%，高于乙山食品。"
    assert other_column(wrong, claimed(wrong), segments_of(ROWS)) is not None
    assert other_column(right, claimed(right), segments_of(ROWS)) is None


def test_a_heading_with_figures() -> None:
    page = "Margins | Gross margin | 13 Weeks Ended May 2, 2031 35.1% | 52 Weeks Ended May 2, 2031 33.4%"
    wrong = "The gross margin was 35.1% in the 52 weeks ended May 2, 2031."
    right = wrong.replace("52", "13")
    assert other_column(wrong, claimed(wrong), segments_of(page)) is not None
    assert other_column(right, claimed(right), segments_of(page)) is None


def test_a_figure_of_another_row() -> None:
    wrong, right = "归属于母公司股东的净利润为937.0。", "归属于母公司股东的净利润为938.1。"
    assert other_row(wrong, claimed(wrong), ROWS) is not None
    assert other_row(right, claimed(right), ROWS) is None


def test_a_heading_or_a_legend_is_no_other_row() -> None:
    page = "甲海食品\t沪深300\n项目\t2031 年前三季度（1-9 月）\n一、营业收入\t937.0"
    sentence = "甲海食品2031年前三季度这个项目的收入为937.0。"
    assert other_row(sentence, claimed(sentence), page) is None


def test_years_are_no_figures() -> None:
    assert other_column("2031年如何", figures_of("2031年如何"), segments_of(ROWS)) is None


@pytest.mark.parametrize(
    ("sentence", "is_unnamed"),
    [
        ("公司市占率分别为30%、20%和15%。", True),
        ("海带、贻贝和海胆的市占率分别为30%、20%和15%。", False),
        ("海带市占率30%，其余为20%和15%。", False),
        ("公司的市占率为30%。", False),
    ],
)
def test_figures_of_several_things_that_are_not_named(sentence: str, is_unnamed: bool) -> None:
    page = "公司的结构稳定。海带市占率30%，贻贝市占率20%，海胆市占率15%。"
    assert (unnamed(sentence, claimed(sentence), page) is not None) is is_unnamed


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("2022-2024年利润分别为1.2亿元、1.5亿元和1.9亿元。", "2022年利润1.2亿元，2023年1.5亿元，2024年1.9亿元。"),
        ("The margin rose from 12.5% to 14.1%.", "The margin went up to 14.1% in the year from 12.5% a year before."),
        ("公司收入12亿元，增长8%。", "全年实现收入12亿元，较上年增长8%。"),
    ],
)
def test_years_and_measures_name_their_figures(sentence: str, page: str) -> None:
    assert unnamed(sentence, claimed(sentence), page) is None


@pytest.mark.parametrize(
    ("sentence", "is_part"),
    [
        ("公司在建工程的投资总额为3,768万元。", True),
        ("公司在建工程的投资总额合计为4,366万元。", False),
        ("北湾加工厂（三期）的投资总额为3,768万元。", False),
        ("各项目的投资总额分别为3,768万元和598万元，共4,366万元。", False),
    ],
)
def test_a_figure_of_one_row_is_not_the_total(sentence: str, is_part: bool) -> None:
    head = "表2、公司在建工程 | 单位：万元 | "
    rows = (
        "序号 1 | 项目名称 北湾加工厂（三期） | 投资总额 3,768",
        "序号 2 | 项目名称 研发中心 | 投资总额 598",
        "合计 | 投资总额 4,366",
    )
    page = "公司扩产。\n" + "\n".join(head + row for row in rows)
    assert (of_one_row(sentence, claimed(sentence), segments_of(page), page) is not None) is is_part


def test_the_figures_of_all_rows_are_not_those_of_the_total() -> None:
    head = "表2：五大客户销售额 | "
    rows = ("序号 1 | 五大客户 甲 | 销售额 273", "序号 2 | 五大客户 乙 | 销售额 25", "五大客户 合计 | 销售额 298")
    page = "公司扩产。\n" + "\n".join(head + row for row in rows)
    sentence = "五大客户销售额分别为273和25。"
    numbers, segments = claimed(sentence), segments_of(page)
    assert of_one_row(sentence, numbers, segments, page) is None
    assert other_row(sentence, numbers, page) is None
