from decimal import Decimal

import pytest

from rag.numbers import all_numbers, find_numbers


def test_numbers_with_separators_percent_and_magnitude() -> None:
    found = find_numbers("营收1,234.5亿元，同比增长12.3%，提升0.8个百分点")
    assert [(n.value, n.scale, n.rate) for n in found] == [
        (Decimal("1234.5"), Decimal(10) ** 8, None),
        (Decimal("12.3"), None, "%"),
        (Decimal("0.8"), None, "pp"),
    ]


def test_hyphens_between_numbers_are_no_minus() -> None:
    assert [n.value for n in find_numbers("2023-24财年，FY-24，115-120")] == [2023, 24, 24, 115, 120]


@pytest.mark.parametrize(
    ("text", "value", "scale", "rate", "currency"),
    [
        ("約102億元", "102", 10**8, None, "元"),
        ("新台幣3萬元", "3", 10**4, None, "TWD"),
        ("US$1.5bn", "1.5", 10**9, None, "USD"),
        ("€41 million", "41", 10**6, None, "EUR"),
        ("0.8 percentage points", "0.8", None, "pp", None),
        ("25 basis points", "25", None, "bp", None),
        ("slid two percent", "2", None, "%", None),
        ("占三成五", "30", None, "%", None),
        ("a 128K window", "128", 10**3, None, None),
        ("一一一年", "111", None, None, None),
    ],
)
def test_magnitudes_rates_and_currencies(
    text: str, value: str, scale: int | None, rate: str | None, currency: str | None
) -> None:
    number = all_numbers(text)[0]
    assert (number.value, number.scale, number.rate) == (Decimal(value), scale and Decimal(scale), rate)
    assert number.currency == currency


def test_a_form_of_a_filing_is_no_thousand() -> None:
    assert find_numbers("Form 10-K")[0].scale is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("约40%", "about"),
        ("40%左右", "about"),
        ("約為40%", "about"),
        ("roughly $40 million", "about"),
        ("超过40亿元", "over"),
        ("above 2,000", "over"),
        ("不足40%", "under"),
        ("40%", "exact"),
        ("at least 40%", "exact"),
    ],
)
def test_how_exactly_a_number_is_meant(text: str, meant: str) -> None:
    assert all_numbers(text)[0].meant == meant


def test_numbers_that_are_joined_share_their_unit() -> None:
    assert [(n.value, n.scale) for n in all_numbers("分别为2.1/3.4/5.6亿元")] == [
        (Decimal(value), Decimal(10) ** 8) for value in ("2.1", "3.4", "5.6")
    ]
    assert [n.rate for n in all_numbers("15-20%")] == ["%", "%"]
    assert [n.scale for n in all_numbers("2023年3亿元")] == [None, Decimal(10) ** 8]


@pytest.mark.parametrize(
    ("text", "value", "scale", "currency"),
    [
        ("共投一亿元", 1, 10**8, "元"),
        ("十二亿美元", 12, 10**8, "USD"),
        ("三千万元", 3, 10**7, "元"),
        ("两万元", 2, 10**4, "元"),
    ],
)
def test_amounts_in_han_figures(text: str, value: int, scale: int, currency: str) -> None:
    (found,) = all_numbers(text)
    assert (found.value, found.scale, found.currency) == (value, scale, currency)


@pytest.mark.parametrize("text", ["三千五百万元", "万一元气大伤", "数十亿元", "一亿人"])
def test_han_figures_that_are_not_read(text: str) -> None:
    assert all_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "meant"), [("六成多", "over"), ("超六成", "over"), ("不足六成", "under"), ("占六成", "about")]
)
def test_how_tenths_are_meant(text: str, meant: str) -> None:
    assert [number.meant for number in all_numbers(text)] == [meant]
