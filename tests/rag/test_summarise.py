import pytest

from rag.domain import Block, BlockKind, Page
from rag.summarise import Told, summarise

TITLE = "澄川储能：海外放量，盈利加速"


def page(number: int, *parts: tuple[BlockKind, str]) -> Page:
    text, blocks = "", []
    for kind, part in parts:
        text += "\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(part), ()))
        text += part
    return Page(number, None, 600, 800, text, tuple(blocks))


PAGES = [
    page(
        0,
        ("heading", TITLE),
        ("text", "我们认为澄川储能海外大储放量，预计2025年收入增长四成。"),
        ("text", "其中，北美订单占比一半以上，公司正在扩建当地产能。"),
    ),
    page(
        1,
        ("heading", "二、风险提示"),
        ("text", "海外关税提高可能使公司毛利率低于预期，是主要风险。"),
        ("source", "资料来源：公司公告，研究所整理，数据截至去年年底为止。"),
    ),
    page(2, ("notice", "本报告不构成投资建议，版权所有，未经书面授权不得转载，分析师声明如下。")),
]


def test_a_brief_has_thesis_and_risk_and_no_boilerplate() -> None:
    ((heading, sentences),) = summarise("brief", "zh", TITLE, PAGES)
    assert heading == ""
    assert sentences[0].text.startswith("我们认为")
    assert sentences[-1] == Told("海外关税提高可能使公司毛利率低于预期，是主要风险。", 1)
    assert not any("资料来源" in s.text or "不构成" in s.text for s in sentences)


def test_an_outline_follows_the_reports_headings() -> None:
    outline = summarise("outline", "zh", TITLE, PAGES)
    assert outline[0][0] == "核心观点"
    assert outline[-1][0] == "风险提示"
    told = [sentence for _, sentences in outline for sentence in sentences]
    assert len(told) == len(set(told))


def test_nothing_to_say() -> None:
    assert summarise("brief", "zh", "x", [page(0, ("text", "图"))]) == []


def test_only_paragraphs_are_told() -> None:
    kinds: list[BlockKind] = ["furniture", "notice", "caption", "source", "unit", "figure", "row", "text"]
    parts = [(kind, f"我们预计澄川储能第{n}项业务收入增长{n}成，维持买入评级。") for n, kind in enumerate(kinds)]
    made = summarise("brief", "zh", "澄川储能", [page(0, *parts)])
    assert made == [("", [Told("我们预计澄川储能第7项业务收入增长7成，维持买入评级。", 0)])]


ABOVE = "澄川储能主营业务为面向海外电网企业的大型储能系统的研发、生产与销售，公司的产品主要包括电池舱和储"
BELOW = "能变流器等多个品类的产品。公司预计明年海外收入增长四成以上。"


def test_a_paragraph_that_goes_on_below_a_figure_is_not_told_from_its_middle() -> None:
    made = summarise("brief", "zh", "澄川储能", [page(0, ("text", ABOVE), ("figure", "0 20 40"), ("text", BELOW))])
    assert made == [("", [Told("公司预计明年海外收入增长四成以上。", 0)])]


def test_nor_is_one_that_goes_on_over_the_page() -> None:
    pages = [page(0, ("text", ABOVE), ("furniture", "1 / 20")), page(1, ("furniture", "澄川储能"), ("text", BELOW))]
    assert summarise("brief", "zh", "澄川储能", pages) == [("", [Told("公司预计明年海外收入增长四成以上。", 1)])]


@pytest.mark.parametrize("first", [("row", "⚫\t" + ABOVE), ("heading", ABOVE)])
def test_one_whose_first_line_was_read_as_a_row_or_a_heading_is_put_together(first: tuple[BlockKind, str]) -> None:
    ((_, sentences),) = summarise("brief", "zh", "澄川储能", [page(0, first, ("text", BELOW))])
    assert {s.text for s in sentences} == {ABOVE + "能变流器等多个品类的产品。", "公司预计明年海外收入增长四成以上。"}


def test_a_heading_ends_what_stands_above_it() -> None:
    parts = [page(0, ("text", ABOVE), ("heading", "二、海外业务"), ("text", "公司预计明年海外收入增长四成以上。"))]
    assert summarise("brief", "zh", "澄川储能", parts) == [("", [Told("公司预计明年海外收入增长四成以上。", 0)])]


def report() -> list[Page]:
    """A cover with two points, contents, three chapters over six pages, risks."""
    cover = page(
        0,
        ("heading", TITLE),
        ("text", "⚫ 海外大储放量，收入增长提速"),
        ("text", "公司2024年海外收入36亿元，同比增长42%，占比升到38%。"),
        ("text", "⚫ 盈利加速，毛利率有望继续提升"),
        ("text", "我们预计2025年归母净利润7.86亿元，同比增长46.1%。我们首次覆盖，给予“买入”评级，目标价42.3元。"),
        ("text", "⚫ 构网产品领先，壁垒有望加深"),
        ("text", "公司构网产品单价高出同业8%，出货0.8吉瓦时。"),
    )
    contents = page(1, *[("notice", f"{n}、第{n}章 ............... {n}") for n in range(1, 5)])
    chapters = [
        ("一、海外市场", ["欧洲订单在手92亿元，为2024年收入的1.5倍。", "沙特项目2025年交付，合同金额18亿元。"]),
        (
            "二、盈利能力",
            ["储能系统毛利率由22.8%提高到24.1%，原因是电芯降价。", "经营现金流7.12亿元，是净利润的1.32倍。"],
        ),
        (
            "三、竞争格局",
            ["前五家集成商的份额由41%升到57%，行业集中度提升。", "认证周期长达18个月，新进入者难以追赶。"],
        ),
    ]
    body = [
        page(2 + 2 * n + k, *([("heading", heading)] if k == 0 else []), ("text", text))
        for n, (heading, texts) in enumerate(chapters)
        for k, text in enumerate(texts)
    ]
    return [
        cover,
        contents,
        *body,
        page(8, ("heading", "四、风险提示"), ("text", "海外贸易政策变化可能影响订单交付。")),
    ]


def test_the_core_view_is_what_the_cover_says_with_what_bears_it_out() -> None:
    outline = summarise("outline", "zh", TITLE, report())
    assert outline[0][0] == "核心观点"
    assert Told("海外大储放量，收入增长提速。公司2024年海外收入36亿元，同比增长42%，占比升到38%。", 0) in outline[0][1]


def test_the_reports_chapters_follow_and_every_third_of_it_is_cited() -> None:
    outline = summarise("outline", "zh", TITLE, report())
    assert [heading for heading, _ in outline[1:]] == ["一、海外市场", "二、盈利能力", "三、竞争格局", "风险提示"]
    assert {told.page // 3 for _, sentences in outline for told in sentences if told.page is not None} == {0, 1, 2}


def test_a_brief_goes_from_thesis_to_numbers_risk_and_view() -> None:
    ((_, sentences),) = summarise("brief", "zh", TITLE, report())
    texts = [told.text for told in sentences]
    assert texts[0] in ("海外大储放量，收入增长提速。", "盈利加速，毛利率有望继续提升。")
    assert texts[-2:] == [
        "风险提示：海外贸易政策变化可能影响订单交付。",
        "我们首次覆盖，给予“买入”评级，目标价42.3元。",
    ]
    assert 120 <= sum(map(len, texts)) <= 300


def test_a_filing_tells_what_its_management_says() -> None:
    pages = [
        page(0, ("heading", "一、管理层讨论与分析"), ("text", "报告期内公司海外收入增长四成，毛利率提升1.3个百分点。")),
        page(1, ("heading", "二、公司治理情况"), ("text", "董事会下设四个委员会，全年召开会议十二次，运作规范有效。")),
        page(2, ("heading", "三、未来发展展望"), ("text", "公司预计明年继续扩大海外产能，提升自有渠道的占比。")),
    ]
    told = [s.text for _, part in summarise("outline", "zh", "年度报告", pages, "filing") for s in part]
    assert any("海外收入增长四成" in text for text in told)
    assert not any("委员会" in text for text in told)
