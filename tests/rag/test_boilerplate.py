import pytest

from rag.boilerplate import is_boilerplate


@pytest.mark.parametrize(
    "line",
    [
        "请务必阅读正文之后的免责条款部分",
        "本报告不构成任何投资建议。",
        "资料来源：Wind，研究所整理",
        "电话：021-12345678 邮箱：someone@example.com",
        "一、投资要点 ........................ 3",
        "本報告不構成任何投資建議。",
        "All rights reserved.",
        "编写者不对其准确性和完整性作任何保证。",
    ],
)
def test_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "公司2024年营业收入增长12%。",
        "We expect margins to widen.",
        "风险提示：原料价格上涨。",
        "企业的信用评级标准并不规范。",
        "证监会核准公司发行新股，央行声明维持利率不变。",
    ],
)
def test_substance(line: str) -> None:
    assert not is_boilerplate(line)
