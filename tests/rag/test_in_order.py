"""Figures told in the order of what they are of."""

from __future__ import annotations

import pytest

from rag.in_order import in_order
from rag.quantities import claimed


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("云岭茶业的绿茶和红茶收入占比分别为59.0%和41.0%。", {"59.0%": "绿茶", "41.0%": "红茶"}),
        ("绿茶、红茶和白茶收入分别为2.3亿元、1.9亿元和0.8亿元，同比增长3%。", {"2.3亿": "绿茶", "1.9亿": "红茶", "0.8亿": "白茶"}),
        ("Revenue and cost of sales were 12 and 9 million, respectively.", {"12": "revenue", "9 million": "cost"}),
        ("2031-2033年净利润分别为1.2、1.5和1.9亿元。", {}),  # of years
        ("绿茶收入为2.3亿元，红茶为1.9亿元。", {}),
        ("两者分别为3%和4%。", {}),
    ],
)  # fmt: skip
def test_the_words_of_each(sentence: str, expected: dict[str, str]) -> None:
    numbers = claimed(sentence)
    found = in_order(sentence, numbers)
    assert {n.text for n in numbers if n.start in found} == set(expected)
    for number in numbers:
        assert number.start not in found or expected[number.text] in found[number.start]
