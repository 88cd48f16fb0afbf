"""Pages set by hand, and the kinds of their blocks after running headers, footers and notices are marked."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.furniture import mark_furniture
from ingest.layout import arrange
from ingest.lines import Line
from ingest.regions import Region
from rag.domain import Box, Page
from rag.text import width

WIDTH, HEIGHT = 600.0, 800.0
PROSE = (
    "松河电机全年收入增长，毛利率保持稳定，单车利润也有所提升",
    "电车交付量在下半年加快，北线与南线的需求都好于预期",
    "管理层预计明年新增两条线路，资本开支将会略有上升",
)


def page_of(number: int, lines: Sequence[tuple[str, float]], regions: Sequence[Region] = ()) -> Page:
    """A page of (text, y) lines, each in a block of its own; a tab parts cells a hundred points apart."""
    made = [
        Line(text, Box(50 + 100 * i, y, 50 + 100 * i + 5 * width(text), y + 12), 10.0, False, len(lines), place=place)
        for place, (row, y) in enumerate(lines)
        for i, text in enumerate(row.split("\t"))
    ]
    laid_out = arrange([replace(line, block=place) for place, line in enumerate(made)], regions)
    return Page(
        number, None, WIDTH, HEIGHT, laid_out.text, laid_out.blocks, tables=laid_out.tables, figures=laid_out.figures
    )


def body(*seeds: str, top: float = 200) -> list[tuple[str, float]]:
    """Paragraphs of prose that differ by their first words."""
    return [(f"{seed}{PROSE[i % 3]}。", top + 40 * i) for i, seed in enumerate(seeds)]


def kinds(page: Page) -> list[tuple[str, str]]:
    return [(page.text[block.start : block.end], block.kind) for block in page.blocks]


def of_kind(page: Page, *wanted: str) -> list[str]:
    return [text for text, kind in kinds(page) if kind in wanted]


def marked(*pages: Sequence[tuple[str, float]]) -> tuple[Page, ...]:
    return mark_furniture([page_of(number, lines) for number, lines in enumerate(pages)])


# --- furniture -------------------------------------------------------------------------------------------------------


def test_running_headers_footers_and_page_numbers_are_furniture() -> None:
    pages = marked(
        *(
            [
                ("青岚研究 行业周报", 30),
                *body(f"第{name}周，", f"{name}线，"),
                (f"松河电机深度 {i}", 750),
                (f"- {i} -", 775),
            ]
            for i, name in enumerate("甲乙丙丁", 1)
        )
    )
    for i, page in enumerate(pages, 1):
        assert of_kind(page, "furniture") == ["青岚研究 行业周报", f"松河电机深度 {i}", f"- {i} -"]
        assert len(of_kind(page, "text")) == 2


def test_a_header_of_two_pages_of_four_stays() -> None:
    pages = marked(
        [("电车交付回顾", 30), *body("甲线，")],
        [("电车交付回顾", 30), *body("乙线，")],
        [("来年展望", 30), *body("丙线，")],
        [("风险提示", 30), *body("丁线，")],
    )
    assert [of_kind(page, "furniture") for page in pages] == [[], [], [], []]


def test_what_stands_on_both_pages_of_two_is_furniture() -> None:
    pages = marked(*([("青岚研究", 30), *body(f"{name}线，")] for name in "甲乙"))
    assert [of_kind(page, "furniture") for page in pages] == [["青岚研究"], ["青岚研究"]]


def test_page_numbers_that_count_up_are_furniture_wherever_the_page_ends() -> None:
    prose = [body(first, second, top=100) for first, second in ("甲乙", "丙丁", "戊己", "庚辛")]
    short = marked(*([*text, (str(at + 7), 240 + 20 * at)] for at, text in enumerate(prose)))
    assert [of_kind(page, "furniture") for page in short] == [[str(at + 7)] for at in range(4)]
    odd = marked(*([*text, (figure, 240)] for text, figure in zip(prose, ("38", "12", "95", "41"), strict=True)))
    assert not any(of_kind(page, "furniture") for page in odd)


def test_a_page_number_beside_a_footer_of_two_lines_is_furniture() -> None:
    prose = [body(first, second, top=100) for first, second in ("甲乙", "丙丁", "戊己", "庚辛")]
    pages = marked(*([*text, ("阅读声明", 752), (str(at), 758), ("与附注", 764)] for at, text in enumerate(prose)))
    assert [of_kind(page, "furniture") for page in pages] == [["阅读声明", str(at), "与附注"] for at in range(4)]


def test_a_single_page_has_no_running_header() -> None:
    (page,) = marked([("青岚研究", 30), *body("甲线，"), ("3", 775)])
    assert of_kind(page, "furniture") == ["3"]


def test_a_heading_that_recurs_at_other_heights_is_kept() -> None:
    pages = marked(
        *([*body(f"{name}线，", top=150), ("投资建议", 240 + 60 * i)] for i, name in enumerate("甲乙丙丁戊己"))
    )
    assert all("投资建议" in of_kind(page, "text", "heading") for page in pages)


def test_a_heading_at_one_height_in_the_body_of_some_pages_is_kept() -> None:
    pages = marked(
        *(
            [*body(f"{name}线，", top=150), *([("投资建议", 400)] if i < 3 else [])]
            for i, name in enumerate("甲乙丙丁戊己庚")
        )
    )
    assert ["投资建议" in of_kind(page, "text") for page in pages] == [True] * 3 + [False] * 4


def test_words_at_one_place_of_most_pages_are_furniture_in_the_body_too() -> None:
    pages = marked(*([*body(f"{name}线，", top=150), ("请看末页", 420)] for name in "甲乙丙丁"))
    assert all("请看末页" in of_kind(page, "furniture") for page in pages)


def test_a_table_header_at_the_top_of_each_page_is_kept() -> None:
    grid = Region("table", Box(46, 28, 400, 80), (44, 60), (140, 240))
    pages = mark_furniture(
        [
            page_of(
                i,
                [("项目\t2022A\t2023A", 30), (f"{name}线\t1,{i}34\t1,{i}56", 46), (f"{name}站\t{i}2\t{i}3", 62)],
                [grid],
            )
            for i, name in enumerate("甲乙丙丁", 1)
        ]
    )
    for page in pages:
        assert page.tables[0].header == (0,)
        assert of_kind(page, "furniture") == []
        assert kinds(page)[0] == ("项目\t2022A\t2023A", "row")


@pytest.mark.parametrize("number", ["3", "- 3 -", "iv", "F-3", "Page 3 of 12", "3 / 12", "第 3 页", "第3页 共12页"])
def test_a_page_number_at_the_edge_is_furniture(number: str) -> None:
    (page,) = marked([*body("甲线，", "乙线，"), (number, 775)])
    assert of_kind(page, "furniture") == [number]


def test_a_number_inside_the_page_or_above_the_last_line_is_none() -> None:
    (page,) = marked([*body("甲线，"), ("1,234", 400), ("56", 740), ("松河电机。", 775)])
    assert of_kind(page, "furniture") == []


# --- notices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "请务必仔细阅读末页的重要声明",
        "本报告仅供青岚研究的客户使用。",
        "未经本公司书面授权，任何人不得转载。",
        "本报告不构成任何投资建议。",
        "分析师声明：观点独立、客观。",
        "Past performance is no guide to the future.",
        "All rights reserved by Lark Research.",
        "This is not an offer or solicitation.",
        "买入：预计未来6个月内跑赢沧浪指数15%以上。",
        "电话：021-55550000",
        "lark@example.com",
        "一、电车交付 ........................ 3",
    ],
)
def test_a_line_of_legal_text_contacts_or_contents_is_a_notice(text: str) -> None:
    (page,) = marked([*body("甲线，", "乙线，"), (text, 320)])
    assert of_kind(page, "notice") == [text]


def test_a_cover_with_a_contact_keeps_its_title() -> None:
    (page,) = marked(
        [
            ("松河电机深度报告：电车的春天", 120),
            ("分析师 李青岚", 150),
            ("邮箱：qinglan@example.com", 166),
            *body("甲线，", "乙线，"),
        ]
    )
    assert of_kind(page, "notice") == ["邮箱：qinglan@example.com"]
    assert "松河电机深度报告：电车的春天" in of_kind(page, "text", "heading")


CONTACTS = ("李青岚\tqinglan@example.com\t021-55550001", "何松\thesong@example.com\t021-55550002")
FACTS = ("公司\t松河电机\t--", "员工\t1,234\t1,456", "电车\t567\t678", "站点\t89\t91")


def three_columns(rows: int, top: float) -> Region:
    return Region(
        "table", Box(46, top - 2, 400, top + 16 * rows), tuple(top + 14 + 16 * i for i in range(rows - 1)), (140, 240)
    )


def test_a_table_of_contacts_is_a_notice_with_its_header() -> None:
    rows = [("姓名\t邮箱\t电话", 300), *((row, 316 + 16 * i) for i, row in enumerate(CONTACTS))]
    (page,) = mark_furniture([page_of(0, [*body("甲线，", "乙线，"), *rows], [three_columns(3, 300)])])
    assert of_kind(page, "notice") == [text for text, _ in rows]


def test_a_contact_in_a_table_of_facts_is_a_fact() -> None:
    rows = [(row, 300 + 16 * i) for i, row in enumerate((*FACTS, CONTACTS[0]))]
    (page,) = mark_furniture([page_of(0, [*body("甲线，", "乙线，"), *rows], [three_columns(5, 300)])])
    assert len(page.tables) == 1
    assert of_kind(page, "notice") == []


def test_a_long_list_of_contacts_in_one_paragraph_is_a_notice() -> None:
    contacts = "；".join(f"第{i}站 021-5555000{i} 沧浪路{i}号沧浪大厦东座" for i in range(1, 8))
    (page,) = marked([*body("甲线，", "乙线，"), (contacts, 320)])
    assert of_kind(page, "notice") == [contacts]


LEGAL = [
    "本报告仅供青岚研究有限公司的客户使用，本公司不会因接收人收到本报告而视其为客户。",
    "本报告的信息来源于公开资料，本公司不对其准确性和完整性作出任何保证，也不承担更新的义务。",
    "本报告不构成任何投资建议，投资者应当自行判断并承担风险，本公司不承担任何责任。",
    "未经本公司书面授权，任何机构和个人不得以任何形式复制、转载或者引用本报告的内容。",
]


def test_a_page_of_legal_text_is_a_notice_as_a_whole() -> None:
    pages = marked(
        body("甲线，", "乙线，"),
        [("免责声明", 100), *((text, 140 + 40 * i) for i, text in enumerate(LEGAL)), ("青岚研究总部，沧浪路一号", 600)],
    )
    assert of_kind(pages[0], "notice") == []
    assert {kind for _, kind in kinds(pages[1])} == {"notice"}


def test_a_legal_page_goes_on_over_the_next_at_the_end_of_a_report() -> None:
    more = [("公司总部及各地办事处的联络方式如下，", 100), (LEGAL[2], 140), ("沧浪路一号，" * 25, 180)]
    pages = marked(
        *(body(f"{name}线，", f"{name}站，") for name in "甲乙丙丁"),
        [("免责声明", 100), *((text, 140 + 40 * i) for i, text in enumerate(LEGAL))],
        more,
    )
    assert {kind for _, kind in kinds(pages[5])} == {"notice"}


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("评级说明", "增持：优于同业。"),
        ("投资评级标准", "增持：优于同业。"),
        ("Ratings definitions", "Add: better than its peers."),
        ("Important disclosures", "The firm has offices in Northport."),
        ("分析师简介", "李青岚，沧浪大学硕士。"),
    ],
)
def test_what_stands_under_a_legal_heading_is_a_notice(heading: str, text: str) -> None:
    (page,) = marked([*body("甲线，", "乙线，"), (heading, 320), (text, 350)])
    assert of_kind(page, "notice") == [heading, text]


def test_the_next_heading_ends_what_stands_under_a_legal_one() -> None:
    (page,) = marked(
        [
            *body("甲线，", "乙线，"),
            ("评级说明", 320),
            ("增持：优于同业。", 350),
            ("二、盈利预测", 380),
            ("收入增长。", 410),
        ]
    )
    assert of_kind(page, "notice") == ["评级说明", "增持：优于同业。"]
    assert of_kind(page, "heading") == ["二、盈利预测"]


def test_a_contents_page_is_a_notice() -> None:
    (page,) = marked(
        [(f"{name}、{name}线的电车交付{'.' * 30} {i}", 100 + 30 * i) for i, name in enumerate("一二三四", 1)]
    )
    assert {kind for _, kind in kinds(page)} == {"notice"}


def test_titles_of_figures_are_no_notices() -> None:
    (page,) = marked([*body("甲线，"), ("图表1：跑赢沧浪指数5%以上的线路", 300)])
    assert of_kind(page, "notice") == []


def test_prose_and_figures_are_no_notices() -> None:
    (page,) = marked(
        [
            *body("甲线，", "乙线，"),
            ("预计2024年收入增长14.2%，跑赢行业。", 330),
            ("收入\t1,234\t14.2%", 360),
            ("风险提示：需求不足。", 390),
        ]
    )
    assert of_kind(page, "notice", "furniture") == []


# --- laws ------------------------------------------------------------------------------------------------------------

texts = st.sampled_from(
    [*PROSE, *LEGAL, "免责声明", "3", "青岚研究", "表1：收入", "收入\t1,234", "a@b.cn", "目录......... 3"]
)
drawn_pages = st.lists(st.lists(st.tuples(texts, st.integers(0, 780)), max_size=8), max_size=5)


@given(drawn_pages)
def test_texts_are_unchanged_and_only_kinds_differ(drawn: list[list[tuple[str, int]]]) -> None:
    pages = [page_of(number, lines) for number, lines in enumerate(drawn)]
    after = mark_furniture(pages)
    assert len(after) == len(pages)
    for page, marked_page in zip(pages, after, strict=True):
        blocks = tuple(
            replace(b, kind=a.kind) if b.kind in ("furniture", "notice") else b
            for b, a in zip(marked_page.blocks, page.blocks, strict=True)
        )
        assert replace(marked_page, blocks=blocks) == page


# --- what was found by reading reports through -----------------------------------------------------------------------


def test_figures_of_charts_at_the_top_of_pages_are_no_page_furniture() -> None:
    every = zip((31, 42, 53, 64), "甲乙丙丁", strict=True)
    pages = marked(*([(f"{value}%", 60), *body(f"第{name}周，")] for value, name in every))
    assert not any(of_kind(page, "furniture") for page in pages)


def test_a_source_at_the_foot_of_several_pages_is_kept() -> None:
    every = [[*body(f"第{name}周，"), ("资料来源：青岚研究整理", 740)] for name in "甲乙丙"]
    pages = marked(*every, *(body(f"附{name}，") for name in "一二三四"))
    assert all(of_kind(page, "source") == ["资料来源：青岚研究整理"] for page in pages[:3])


def test_a_header_that_stands_higher_on_one_page_is_still_the_header() -> None:
    every = [[("松河电机·首次覆盖", 60), *body(f"第{name}周，")] for name in "甲乙丙丁"]
    pages = marked(*every, [("松河电机·首次覆盖", 44), *body("末周，")])
    assert of_kind(pages[-1], "furniture") == ["松河电机·首次覆盖"]


@pytest.mark.parametrize("heading", ["目 录", "图表目录", "正文目录", "Table of Contents", "List of Figures"])
def test_the_heading_of_a_contents_page_is_a_notice(heading: str) -> None:
    (page,) = marked([(heading, 100), ("一、盈利预测 ........ 3", 130), ("二、风险提示 ........ 9", 150)])
    assert {kind for _, kind in kinds(page)} == {"notice"}


def test_text_above_the_first_notice_of_a_page_stays() -> None:
    last = [("因此我们维持全年判断，预计北线需求继续好于南线。", 80), ("免责声明", 140)]
    legal = [("本报告仅供青岚研究客户使用，不构成投资建议，未经书面许可不得转载。" * 2, 180 + 40 * i) for i in range(3)]
    pages = marked(body("甲，", "乙，"), [*last, *legal])
    assert of_kind(pages[1], "text") == [last[0][0]]


def test_one_legal_phrase_does_not_take_a_long_paragraph() -> None:
    long = (
        "综合本报告第二节的结论，线路之间的差别不承担解释全部波动的责任，"
        + "电车交付量在下半年加快，两条线路的需求都好于预期，" * 6
    )
    (page,) = marked([(long, 100)])
    assert of_kind(page, "notice") == []


def test_the_rating_on_a_cover_stands_above_the_contacts_and_stays() -> None:
    rows = [
        "投资评级:\t买入",
        "目标价:\t79.53",
        "研究员\t林远",
        "电话: 021-55550000\tlin@qinglan.example",
        "传真: 021-55550001\tA",
    ]
    lines = [(row, 100 + 20 * i) for i, row in enumerate(rows)]
    region = Region("table", Box(40, 95, 400, 200), tuple(118.0 + 20 * i for i in range(4)), (140.0,))
    cover = page_of(0, lines, [region])
    kept = of_kind(mark_furniture([cover, page_of(1, body("甲，"))])[0], "row")
    assert kept == ["投资评级:\t买入", "目标价:\t79.53"]


@pytest.mark.parametrize(
    ("late", "heading", "kind"),
    [
        (True, "青岚证券研究所投资评级：", "notice"),
        (True, "盈利预测与投资评级", "heading"),
        (False, "股票投资评级:", "heading"),
    ],
)
def test_rating_definitions_are_known_on_the_last_pages(late: bool, heading: str, kind: str) -> None:
    own = [("第一章 盈利", 60), ("线路增长。", 90), (heading, 140), ("买入与增持的含义见下。", 170)]
    own_page = page_of(0, own)
    blocks = tuple(replace(b, kind="heading") if i == 2 else b for i, b in enumerate(own_page.blocks))
    own_page = replace(own_page, blocks=blocks)
    others = [page_of(i, body(f"第{i}，")) for i in range(1, 5)]
    pages = mark_furniture([*others, own_page] if late else [own_page, *others])
    assert dict(kinds(pages[-1] if late else pages[0]))[heading] == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("预计6个月内，股价表现强于市场表现20%以上", "notice"),
        ("联系人： 林远", "notice"),
        ("地址：北港市船坞路8号", "notice"),
        ("18900001111", "notice"),
        ("公司注册地址：北港市船坞路8号，法定代表人为林远。", "text"),
        ("公司负责人：林远 主管会计工作负责人：周行 会计机构负责人：何一", "notice"),
        ("公司董事会保证季度报告内容的真实、准确、完整。", "notice"),
        ("未来12个月内市场规模预计将达到100亿元以上。", "text"),
    ],
)
def test_lines_met_in_reports(text: str, kind: str) -> None:
    (page,) = marked([(text, 300)])
    assert [found for _, found in kinds(page)] == [kind]
