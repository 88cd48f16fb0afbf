"""Claims' numbers beside what a page states: rounding, magnitudes, table units, currencies and signs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.numbers import is_year
from rag.quantities import claimed, figures_of, is_date, missing_numbers


def missing(claim: str, page: str) -> list[str]:
    return [number.text for number in missing_numbers(claim, figures_of(page))]


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


TABLE = "In millions\t2032\t2031\nRevenues\t18,247\t17,456\nNet income (loss)\t$ (594)\t1,622"
ROW = "In millions | Revenues | 2032 18,247 | 2031 17,456"
YUAN = "单位：元\n存货\t10,201,496,307.30\t12,512,007,211.90"


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("Revenues were about $18.2 billion.", TABLE),
        ("Revenues were $18.2 billion.", ROW),
        ("Revenues were $18,247 million.", ROW),
        ("Revenues (in millions): 18,247", ROW),
        ("The net loss was $594 million.", TABLE),
        ("存货约为102亿元。", YUAN),
        ("存货為102.0億元。", YUAN),
        ("增长7.5%。", "同比增长7.53%。"),
        ("占比约为40%，另有40%左右。", "占比为39.8%。"),
        ("There were above 2,000 farms.", "There were 2,041 farms."),
        ("每股收益为1.47元。", "单位：百万元 | 每股收益 | 2031A 1.47"),
        ("A dividend of $1.60 per share.", "In millions | Dividends per share | 2031 $ 1.60"),
        ("净利润5.6亿元。", "预计归母净利润为2.1/3.4/5.6亿元。"),
        ("民國111年9月。", "一一一年九月三十日"),
        ("The share fell two percent.", "The share fell 2%."),
        ("营收20.4亿元。", "营业收入\t2,037,165"),
    ],
)
def test_a_right_conversion_is_found(claim: str, page: str) -> None:
    assert missing(claim, page) == []


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("Revenues were $18,247 billion.", TABLE),
        ("Revenues were $18,247.", ROW),
        ("Revenues were $18.3 billion.", TABLE),
        ("Revenues were €18.2 billion.", TABLE),
        ("Revenues (in thousands): 18,247", ROW),
        ("The net income was $594 million.", TABLE),
        ("存货约为102亿美元。", YUAN),
        ("存货约为1,020亿元。", YUAN),
        ("增长7.6%。", "同比增长7.53%。"),
        ("增长8%。", "同比增长7.53%。"),
        ("增长至少15%。", "同比增长至少10%，另有15.8%。"),
        ("The price was €41 million.", "The price was $41 million."),
        ("It rose 12.6 percent.", "It rose 12.6 percentage points."),
        ("It rose 12.6 percentage points.", "It rose 12.6 percent."),
        ("It was $2.0 billion.", "In 2031, and in 2019, it fell."),
        ("There were 13 patents.", "There were 12.9 patents a year."),
    ],
)
def test_a_wrong_conversion_is_missing(claim: str, page: str) -> None:
    assert len(missing(claim, page)) == 1


UNITS = {"百万元": ("亿元", 2), "千元": ("亿元", 5), "万元": ("亿元", 4), "元": ("万元", 4)}
UNITS_EN = {"in thousands": ("million", 3), "in millions": ("billion", 3)}


@given(cell=st.integers(1_000_000, 99_999_999), unit=st.sampled_from(sorted(UNITS)), digits=st.integers(0, 3))
def test_a_cell_in_another_magnitude_rounded_is_found_and_ten_thousand_times_it_is_not(
    cell: int, unit: str, digits: int
) -> None:
    written, power = UNITS[unit]
    value = round(Decimal(cell).scaleb(-power), digits)
    if len(str(value).replace(".", "").strip("0")) < 2:
        return
    page = f"单位：{unit}\n营业收入\t{cell:,}"
    assert missing(f"营业收入为{value}{written}。", page) == []
    assert missing(f"营业收入为{value}{written.replace('亿', '万亿').replace('万元', '亿元')}。", page) != []
    assert missing(f"营业收入为{value}{written[:-1]}美元。", page) != []
    assert missing(f"营业收入为-{value}{written}。", page) != []


@given(cell=st.integers(1_000_000, 99_999_999), unit=st.sampled_from(sorted(UNITS_EN)), digits=st.integers(1, 3))
def test_an_english_cell_likewise(cell: int, unit: str, digits: int) -> None:
    written, power = UNITS_EN[unit]
    value = round(Decimal(cell).scaleb(-power), digits)
    other = "billion" if written == "million" else "million"
    page = f"(${unit[2:]}, {unit}) | Revenues | 2031 $ {cell:,}"
    assert missing(f"Revenues were ${value:,} {written}.", page) == []
    assert missing(f"Revenues were ${value:,} {other}.", page) != []
    assert missing(f"Revenues were £{value:,} {written}.", page) != []


def test_a_period_s_code_is_a_date() -> None:
    for text, dates in (
        ("2017-2020年度及21H1营收5.68亿元", "2017 2020 21 1"),
        ("1Q24 sales of 5 tonnes", "1 24"),
        ("GPT-4 has 5 layers", ""),
    ):
        assert " ".join(n.text for n in claimed(text) if is_date(text, n) or is_year(n)) == dates


def test_tenths_are_about_two_points_exact() -> None:
    page = figures_of("毛利率为30.8%。")
    assert missing_numbers("毛利率约三成。", page) == []
    assert len(missing_numbers("毛利率约四成。", page)) == 1
    assert len(missing_numbers("毛利率约三成。", figures_of("毛利率为32.6%。"))) == 1
