"""Figures that two rows of a table give together, and those that only look so; pages written for these tests."""

from __future__ import annotations

import pytest

from rag.quantities import claimed
from rag.two_rows import given_by_two_rows
from rag.verify import RuleVerifier

EN = (
    "In millions | Current assets | Cash and equivalents | MAY 31, 2032 $ 7,412 | MAY 31, 2031 $ 8,574\n"
    "In millions | Current assets | Short-term deposits | MAY 31, 2032 3,224 | MAY 31, 2031 4,423\n"
    "In millions | Current assets | Stocks of fish | MAY 31, 2032 8,454 | MAY 31, 2031 8,120\n"
    "In millions | Current assets | Total current assets | MAY 31, 2032 25,202 | MAY 31, 2031 28,213\n"
    "In millions | Liabilities | Total current liabilities | MAY 31, 2032 9,256 | MAY 31, 2031 10,630"
)
ZH = (
    "单位：百万元\n表1：分渠道 | 直销模式总收入 | 2031 515.7 | 2032 605.5 | 2033E 801.9\n"
    "分销模式总收入 | 285.2 | 336.8 | 448.8\n表1：分渠道 | 毛利率 | 2031 20.1% | 2032 21.5% | 2033E 22.0%"
)
PARTS = (
    "Net sales by contract | Fixed price | 2032 Boats 194 | 2032 Ropes 802 | 2032 Total 996\n"
    "Net sales by contract | Cost plus | 2032 Boats 756 | 2032 Ropes 333 | 2032 Total 1,089\n"
    "Net sales by contract | Total net sales | 2032 Boats 950 | 2032 Ropes 1,135 | 2032 Total 2,085"
)


def given(sentence: str, page: str) -> list[str]:
    return [number.text for number in given_by_two_rows(sentence, claimed(sentence), page)]


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("Cash and short-term deposits came to about $10.6 billion in May 2032.", EN),
        ("Current assets were 2.7 times current liabilities in May 2032.", EN),
        ("Current assets less current liabilities came to $15.9 billion in May 2032.", EN),
        ("Stocks of fish made up 33.5% of current assets in 2032.", EN),
        ("Stocks of fish exceeded short-term deposits by some $5.2 billion in 2032.", EN),
        ("2032年直销和分销模式的收入合起来约9.4亿元。", ZH),
        ("2032年直销模式收入比分销模式高出2.69亿元。", ZH),
        ("Fixed price work accounted for 48% of net sales in 2032.", PARTS),
    ],
)
def test_two_rows_that_are_named_give_a_figure(sentence: str, page: str) -> None:
    assert len(given(sentence, page)) == 1
    assert RuleVerifier().verify(sentence, page).verdict.label == "supported"


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("Cash and short-term deposits came to about $10.6 billion in May 2031.", EN),  # the other year
        ("Current liabilities less current assets came to $15.1 billion in May 2032.", EN),
        ("Short-term deposits exceeded stocks of fish by some $5.2 billion in 2032.", EN),  # the other way round
        ("Cash stood at about $10.6 billion in May 2032.", EN),  # one row is named
        ("2032年分销模式收入比直销模式高出2.69亿元。", ZH),
        ("Fixed price work accounted for 80% of net sales in 2032.", PARTS),
        ("Fixed price work accounted for 71% of net sales in 2032.", PARTS),  # of the ropes
    ],
)
def test_no_other_two_figures_do(sentence: str, page: str) -> None:
    assert given(sentence, page) == []
    assert RuleVerifier().verify(sentence, page).verdict.label != "supported"


def test_a_figure_that_two_rows_give_may_stand_elsewhere_by_chance() -> None:
    page = EN + "\nIn millions | Liabilities | Owed to boatyards | MAY 31, 2032 10,636 | MAY 31, 2031 9,000"
    sentence = "Cash and short-term deposits came to about $10.6 billion in May 2032."
    assert RuleVerifier().verify(sentence, page).verdict.label == "supported"


def test_the_same_row_of_two_tables_of_a_year_each() -> None:
    page = (
        "In millions | Sales by customer | Abroad (a) | 2032 Boats 811 | 2032 Ropes 496 | 2032 Total 1,307\n"
        "In millions | Sales by customer | At home | 2032 Boats 120 | 2032 Ropes 380 | 2032 Total 500\n"
        "Sales by customer | Abroad (a) | 2031 Boats 903 | 2031 Ropes 534 | 2031 Total 1,437"
    )
    assert given("Sales abroad slipped by some $130 million in 2032.", page) == ["130 million"]
    assert given("Sales of boats abroad fell by 10.2% in 2032.", page) == ["10.2%"]
    assert given("Sales abroad rose by some $130 million in 2032.", page) == []
    assert given("Sales abroad slipped by some $150 million in 2032.", page) == []
    assert given("Sales abroad slipped by some $130 million in 2031.", page) == []
