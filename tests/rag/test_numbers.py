from decimal import Decimal

import pytest

from rag.numbers import find_numbers
from rag.quantities import missing_numbers


def missing(claim: str, page: str) -> list[str]:
    return [number.text for number in missing_numbers(claim, find_numbers(page))]


def test_numbers_with_separators_percent_and_magnitude() -> None:
    found = find_numbers("营收1,234.5亿元，同比增长12.3%，提升0.8个百分点")
    assert [(n.value, n.scale, n.rate) for n in found] == [
        (Decimal("1234.5"), Decimal(10) ** 8, None),
        (Decimal("12.3"), None, "%"),
        (Decimal("0.8"), None, "pp"),
    ]


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("利润6710亿元", "利润 6,710 亿"),
        ("about 200 thousand", "some 200,000 units"),
        ("revenue of $1.5bn", "revenue of $1,500 million"),
        ("下降5.1%", "同比 -5.1%"),
        ("净利润为1,577", "Purchases of PP&E (1,577)"),
        ("增长１２％", "增长12%"),
        ("2024年营收", "2024E"),
    ],
)
def test_the_same_number_in_another_writing_is_found(claim: str, page: str) -> None:
    assert missing(claim, page) == []


@pytest.mark.parametrize(
    ("claim", "page", "lacking"),
    [
        ("增长15%", "2015年增长12%", ["15%"]),
        ("增长5%", "增长5个百分点", ["5%"]),
        ("1.5亿元", "1.5万元", ["1.5亿"]),
        ("1.5 billion", "1.5 million", ["1.5 billion"]),
        ("增长5.1%", "同比 -5.1%", ["5.1%"]),
        ("12", "1.2 and 120", ["12"]),
    ],
)
def test_another_number_is_not_the_same(claim: str, page: str, lacking: list[str]) -> None:
    assert missing(claim, page) == lacking


def test_hyphens_between_numbers_are_no_minus() -> None:
    assert [n.value for n in find_numbers("2023-24财年，FY-24，115-120")] == [2023, 24, 24, 115, 120]
