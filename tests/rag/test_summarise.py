from ingest.layout import arrange
from ingest.lines import Line
from rag.domain import Box, Page
from rag.summarise import summarise


def page(number: int, rows: list[tuple[str, float]]) -> Page:
    lines = [Line(text, Box(50, 40 * i, 550, 40 * i + size), size, False, i) for i, (text, size) in enumerate(rows)]
    text, blocks = arrange(lines)
    return Page(number, None, 600, 800, text, blocks)


PAGES = [
    page(0, [
        ("澄川储能：海外放量，盈利加速", 18),
        ("我们认为澄川储能海外大储放量，预计2025年收入增长四成。", 10),
        ("其中，北美订单占比一半以上，公司正在扩建当地产能。", 10),
    ]),
    page(1, [
        ("二、风险提示", 14),
        ("海外关税提高可能使公司毛利率低于预期，是主要风险。", 10),
        ("资料来源：公司公告，研究所整理，数据截至去年年底为止。", 10),
    ]),
    page(2, [("本报告不构成投资建议，版权所有，未经书面授权不得转载，分析师声明如下。", 10)]),
]  # fmt: skip


def test_a_brief_has_thesis_and_risk_and_no_boilerplate() -> None:
    ((heading, sentences),) = summarise("brief", "zh", "澄川储能：海外放量，盈利加速", PAGES)
    assert heading == ""
    assert sentences[0].startswith("我们认为")
    assert any("风险" in sentence for sentence in sentences)
    assert not any("资料来源" in s or "不构成" in s for s in sentences)


def test_an_outline_follows_the_reports_headings() -> None:
    outline = summarise("outline", "zh", "澄川储能：海外放量，盈利加速", PAGES)
    assert outline[0][0] == "核心观点"
    told = [sentence for _, sentences in outline for sentence in sentences]
    assert len(told) == len(set(told))


def test_nothing_to_say() -> None:
    assert summarise("brief", "zh", "x", [page(0, [("图", 10)])]) == []
