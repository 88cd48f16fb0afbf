"""Clauses of a page with one word replaced; the company and what it says are made up."""

import pytest

from rag.replaced import replaced

PAGE = (
    "定价方式不同，经销模式下云岭按出厂价确定销售价格，直营模式则通过招标的方式定价。"
    "公司有专门的营销中心负责市场开拓、销售业务，营销中心下设多个细分部门分管各类业务。"
    "公司已凭借高产能利用率保持成本优势。"
)


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("经销模式下云岭按出厂价确定销售价格。", True),
        ("直营模式下云岭按出厂价确定销售价格。", False),
        ("营销中心下设多个细分部门分管各类业务。", True),
        ("销售中心下设多个细分部门分管各类业务。", False),
        ("公司通过高产能利用率保持成本优势。", True),  # says the same
        ("云岭茶业已凭借高产能利用率保持成本优势。", True),  # its name for 公司
        ("仓储中心下设多个细分部门分管各类业务。", True),  # no word of the page: for the share of words to tell
        ("销售业务多。", True),  # too short to be a copy
        ("Sales are priced at cost.", True),
    ],
)
def test_a_copied_clause_keeps_its_words(sentence: str, stands: bool) -> None:
    assert (replaced(sentence, PAGE, "云岭茶业：首次覆盖") is None) is stands
