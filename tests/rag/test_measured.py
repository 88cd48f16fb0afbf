"""Figures of a page told of something else that is measured, and a market told of a company."""

from __future__ import annotations

import pytest

from rag.measured import market_of_one, other_measure, unmoved
from rag.quantities import claimed
from rag.verify import RuleVerifier

PAGE = (
    "三期为募投项目，公司整体2033年将达成17.2万吨自建总产能。\n2033年营业收入稳步增长，达到12.4亿元，同比增长8%。\n"
    "2030年我国袋泡茶市场规模约为993亿元，预计未来五年仍将保持近9%的增速。"
)


@pytest.mark.parametrize(
    ("sentence", "is_of_it"),
    [
        ("三期项目的投资估算金额为17.2万吨。", False),
        ("2033年自建总产能为17.2万吨。", True),
        ("2033年营收为12.4亿元。", True),  # in other words
        ("2033年营业收入达到12.4亿元。", True),
        ("2033年库存商品为12.4亿元。", False),
        ("公司2033年达成17.2万吨总产能。", True),
        ("2033年门店净开店数由17.2万吨提升。", False),
        ("2033年自建总产能由2032年的17.2万吨提升。", True),
        ("公司有三期项目，分别为17.2万吨。", True),  # names no measure
    ],
)
def test_a_figure_of_what_is_measured(sentence: str, is_of_it: bool) -> None:
    assert (other_measure(sentence, claimed(sentence), PAGE) is None) is is_of_it


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("产能利用率从2032年的6.4万吨上升至14.2万吨。", False),
        ("产能从2032年的6.4万吨上升至14.2万吨。", True),
        ("产能利用率从70.05%回升至70.05%。", False),
        ("产能利用率从68.10%回升至70.05%。", True),
    ],
)
def test_a_rate_is_no_amount_and_nothing_moves_to_where_it_was(sentence: str, stands: bool) -> None:
    page = "产能从2032年的6.4万吨上升至14.2万吨，产能利用率从68.10%回升至70.05%。"
    told = claimed(sentence)
    assert (other_measure(sentence, told, page) is None and unmoved(sentence, told, page) is None) is stands


def test_a_market_is_no_companys() -> None:
    around = "预计未来五年仍将保持近9%的增速。2030年我国袋泡茶市场规模约为993亿元"
    assert market_of_one("云岭茶业的袋泡茶市场规模预计增长。", "云岭茶业：首次覆盖", around) == "云岭茶业"
    assert market_of_one("云岭茶业公司的袋泡茶市场规模预计增长。", "云岭茶业：首次覆盖", around) == "云岭茶业"
    assert market_of_one("我国的袋泡茶市场规模预计增长。", "云岭茶业：首次覆盖", around) is None
    assert market_of_one("云岭茶业的袋泡茶市场规模预计增长。", "云岭茶业：首次覆盖", "云岭茶业测算的市场规模") is None
    assert market_of_one("云岭茶业的收入预计增长。", "云岭茶业：首次覆盖", around) is None


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("绿茶和红茶收入占比分别为59.0%和41.0%。", "unsupported"),
        ("红茶和绿茶收入占比分别为59.0%和41.0%。", "supported"),
        ("2031年红茶收入占比59.0%。", "supported"),
        ("2032年红茶收入占比59.0%。", "unsupported"),
    ],
)
def test_shares_in_the_order_of_their_things_and_of_their_year(claim: str, label: str) -> None:
    page = "公司主要销售绿茶和红茶。2031 公司绿茶收入占比41.0%，红茶收入占比59.0%，近年绿茶占比小幅增长。"
    assert RuleVerifier().verify(claim, page).verdict.label == label
