from rag.domain import Block, BlockKind, Page
from rag.summarise import summarise

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
    assert sentences[0].startswith("我们认为")
    assert any("风险" in sentence for sentence in sentences)
    assert not any("资料来源" in s or "不构成" in s for s in sentences)


def test_an_outline_follows_the_reports_headings() -> None:
    outline = summarise("outline", "zh", TITLE, PAGES)
    assert outline[0][0] == "核心观点"
    told = [sentence for _, sentences in outline for sentence in sentences]
    assert len(told) == len(set(told))


def test_nothing_to_say() -> None:
    assert summarise("brief", "zh", "x", [page(0, ("text", "图"))]) == []


def test_only_paragraphs_are_told() -> None:
    kinds: list[BlockKind] = ["furniture", "notice", "caption", "source", "unit", "figure", "row", "text"]
    parts = [(kind, f"我们预计澄川储能第{n}项业务收入增长{n}成，维持买入评级。") for n, kind in enumerate(kinds)]
    made = summarise("brief", "zh", "澄川储能", [page(0, *parts)])
    assert made == [("", ["我们预计澄川储能第7项业务收入增长7成，维持买入评级。"])]


ABOVE = "澄川储能主营业务为面向海外电网企业的大型储能系统的研发、生产与销售，公司的产品主要包括电池舱和储"
BELOW = "能变流器等多个品类的产品。公司预计明年海外收入增长四成以上。"


def test_a_paragraph_that_goes_on_below_a_figure_is_not_told_from_its_middle() -> None:
    made = summarise("brief", "zh", "澄川储能", [page(0, ("text", ABOVE), ("figure", "0 20 40"), ("text", BELOW))])
    assert made == [("", ["公司预计明年海外收入增长四成以上。"])]


def test_nor_is_one_that_goes_on_over_the_page() -> None:
    pages = [page(0, ("text", ABOVE), ("furniture", "1 / 20")), page(1, ("furniture", "澄川储能"), ("text", BELOW))]
    assert summarise("brief", "zh", "澄川储能", pages) == [("", ["公司预计明年海外收入增长四成以上。"])]


def test_nor_is_one_whose_first_line_was_read_as_a_row_or_a_heading() -> None:
    for first in [("row", "⚫\t" + ABOVE), ("heading", ABOVE)]:
        made = summarise("brief", "zh", "澄川储能", [page(0, first, ("text", BELOW))])  # type: ignore[arg-type]
        assert made == [("", ["公司预计明年海外收入增长四成以上。"])]
    under_a_heading = [
        page(0, ("text", ABOVE), ("heading", "二、海外业务"), ("text", "公司预计明年海外收入增长四成以上。"))
    ]
    assert summarise("brief", "zh", "澄川储能", under_a_heading) == made
