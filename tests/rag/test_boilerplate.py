import pytest

from rag.boilerplate import is_boilerplate, is_boilerplate_page


@pytest.mark.parametrize(
    "line",
    [
        "请务必阅读正文之后的免责条款部分",
        "本报告不构成任何投资建议。",
        "资料来源：Wind，研究所整理",
        "电话：021-12345678 邮箱：someone@example.com",
        "一、投资要点 ........................ 3",
        "12 / 30",
        "All rights reserved.",
        "编写者不对其准确性和完整性作任何保证。",
    ],
)
def test_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line", ["公司2024年营业收入增长12%。", "We expect margins to widen.", "风险提示：原料价格上涨。"]
)
def test_substance(line: str) -> None:
    assert not is_boilerplate(line)


def test_a_page_is_boilerplate_when_most_of_it_is() -> None:
    assert is_boilerplate_page("免责声明\n本报告不构成投资建议，版权所有。\n第3页")
    assert not is_boilerplate_page("需求回升，公司上调全年指引，预计收入增长一成。\n请务必阅读免责条款")
