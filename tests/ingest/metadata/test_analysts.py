"""Analysts beside, under and over the word for their part; assistants and contacts behind them; nobody else."""

from __future__ import annotations

import pytest
from hand_made import Put, broker_page, fact, page, read
from mastheads import column, line


def named(*puts: Put) -> tuple[str, ...]:
    return read(broker_page(*puts)).analysts


@pytest.mark.parametrize(
    "text",
    [
        "分析师：莫清河",
        "证券分析师: 莫清河",
        "首席分析师 莫清河",
        "莫清河（分析师）",
        "莫清河 首席食品饮料行业分析师",
        "莫清河 S0980518070011",
        "分析师：莫清河（执业S0980518070011）",
        "莫 清 河（首席分析师）",
        "分析师  莫清河 SAC执业证书编号：S0980518070011",
    ],
)
def test_on_one_line(text: str) -> None:
    assert named(Put(text, 200, 9, 420)) == ("莫清河",)


def test_several_on_one_line() -> None:
    assert named(Put("分析师：莫清河、何以宁", 200, 9, 420)) == ("莫清河", "何以宁")
    assert named(Put("分析师：莫清河  分析师：何以宁  联系人：沈怀瑾", 200, 9, 40)) == ("莫清河", "何以宁")


def test_the_part_in_the_cell_before_or_behind() -> None:
    before = [*line(200, (420, "研究员"), (470, "莫清河")), *line(230, (420, "联系人"), (470, "何以宁"))]
    assert named(*before) == ("莫清河",)
    behind = [*line(200, (420, "莫清河"), (470, "分析师")), *line(230, (420, "何以宁"), (470, "报告联系人"))]
    assert named(*behind) == ("莫清河",)


def test_heads_over_several_names() -> None:
    box = column(420, 200, "证券分析师", "莫清河", "S0980518070011", "何以宁", "S0980520030047", "研究助理", "沈怀瑾")
    assert named(*box) == ("莫清河", "何以宁")


def test_tails_under_each_name() -> None:
    box = column(420, 200, "莫清河", "分析员", "S0980518070011", "何以宁", "联系人", "S0980120030047")
    assert named(*box) == ("莫清河",)


def test_lines_that_the_layout_ran_together() -> None:
    cells = line(
        200, (64, "莫清河何以宁"), (140, "投资咨询资格编号S0980518070011 mo@q.example投资咨询资格编号S0980520030047")
    )
    assert named(Put("证券分析师", 180, 9, 62), *cells) == ("莫清河", "何以宁")


def test_a_general_licence_makes_a_researcher_an_assistant() -> None:
    team = column(40, 200, "莫清河（首席分析师）", "S0980518070011", "何以宁（研究员）", "S0980120030047")
    assert named(*team) == ("莫清河",)
    equals = column(40, 200, "研究员 莫清河", "S0980518070011", "研究员 何以宁", "S0980520030047")
    assert named(*equals) == ("莫清河", "何以宁")


def test_who_is_only_a_contact_counts_where_no_analyst_is_named_but_is_less_sure() -> None:
    contact = read(broker_page(*column(420, 200, "联系人：莫清河", "mo@qinglan.example")))
    analyst = read(broker_page(*column(420, 200, "分析师：莫清河", "mo@qinglan.example")))
    assert contact.analysts == analyst.analysts == ("莫清河",)
    assert fact(contact, "analysts").confidence < fact(analyst, "analysts").confidence


@pytest.mark.parametrize(
    "puts",
    [
        [Put("分析师声明：莫清河", 200, 9)],
        [Put("分析师在此申明，本报告所表述的所有观点准确反映了分析师的看法", 200, 9)],
        line(200, (40, "实际控制人"), (120, "莫清河")),
        line(200, (40, "莫清河"), (120, "12.4%")),
        [Put("公司董事长莫清河接受访问", 200, 9)],
        [Put("SAC NO：S1150516030001", 200, 9)],
    ],
)
def test_nobody(puts: list[Put]) -> None:
    assert named(*puts) == ()


def test_the_last_page_names_them_where_the_first_do_not() -> None:
    last = page(Put("分析师简介", 60, 12), *column(60, 90, "分析师：莫清河", "S0980518070011"), number=2)
    sales = page(Put("机构销售通讯录", 60, 12), *column(60, 90, "北京  何以宁", "he@qinglan.example"), number=3)
    assert read(broker_page(), page(number=1), last, sales).analysts == ("莫清河",)
    assert read(broker_page(), page(number=1), sales).analysts == ()
