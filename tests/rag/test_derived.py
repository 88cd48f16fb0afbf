"""Numbers that follow from two figures, and those that only look so."""

from __future__ import annotations

import pytest

from rag.derived import derived
from rag.quantities import claimed, figures_of, missing_numbers

PAGE = "门店由30家增至38家。\n单位：百万元\n项目\t2032\t2031\n营业收入\t1,320\t1,200\n存货\t900\t640\n毛利率（%）\t31.5\t28.1"
EN = "In millions | Net sales | 2032 1,320 | 2031 1,200\nIn millions | Inventories | 2032 900 | 2031 640"

YEARS = "营业收入（百万元） | 2031A 944 | 2032A 1,301 | 2033E 2,394"
FULL = "应付票据 | 30,504,343,335.45 | 29,397,449,892.95"
SHARES = (
    "In millions | Harbour sales | 2032 4,852 | 2031 4,101\nIn millions | Canal sales | 2032 1,746 | 2031 2,012\n"
    "In millions | Total sales | 2032 6,598 | 2031 6,113"
)
TOTAL = "In millions | Harbour sales | 2032 6,598 | 2031 6,113 | 2030 5,901"


def unproven(sentence: str, page: str) -> list[str]:
    missing = missing_numbers(sentence, figures_of(page))
    follow = derived(sentence, missing, claimed(sentence), page)
    return [number.text for number in missing if number not in follow]


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("门店由30家增至38家，增加8家。", PAGE),
        ("营业收入由12.0亿元增至13.2亿元，增长10%。", PAGE),
        ("营业收入增长10.0%。", PAGE),
        ("毛利率为31.5%，比上年高3.4个百分点。", PAGE),
        ("营业收入为上年的1.1倍。", PAGE),
        ("Net sales rose 10.0% to $1.32 billion.", EN),
        ("Inventories rose by $260 million.", EN),
        ("2033年收入接近24亿元，约为2031年的2.5倍。", YEARS),  # a row that has one figure of the claim
        ("2032年收入约13亿元，同比增长约38%。", YEARS),
        ("应付票据约305亿元，比年初多出11亿元。", FULL),
        ("Harbour sales were about 74% of the total in 2032.", SHARES),
        ("Canal sales fell by about 13% in 2032, to 1,746.", SHARES),
        ("Harbour sales rose by about 8% in 2032, to 6,598.", TOTAL),  # one digit, beside a figure of the row
    ],
)
def test_what_follows_is_allowed(sentence: str, page: str) -> None:
    assert unproven(sentence, page) == []


@pytest.mark.parametrize(
    ("sentence", "page"),
    [
        ("门店由30家增至38家，增加9家。", PAGE),
        ("营业收入为13.2亿元，减少1.2亿元。", PAGE),
        ("存货增长10.0%。", PAGE),  # of another row
        ("毛利率为31.5%，比上年高3.4%。", PAGE),
        ("Net sales rose 12.0% to $1.32 billion.", EN),
        ("Inventories were $260 million.", EN),  # no word of a difference
        ("2033年收入接近24亿元，约为2032年的2.5倍。", YEARS),
        ("2033年收入接近24亿元，约为2.5倍。", YEARS),  # of which year it does not say
        ("营业收入（百万元）2032年较2031年增长86.5%。", YEARS),  # of another year
        ("应付票据约305亿元，比年初多出12亿元。", FULL),
        ("Harbour sales were about 74% of the total in 2031.", SHARES),
        ("Canal sales fell by about 8% in 2032, to 1,746.", SHARES),  # of the total
        ("Harbour sales rose by about 8% in 2032.", TOTAL),  # one digit is no proof without a figure
        ("Harbour sales rose by about 74% in 2032.", SHARES),  # no word of a share
    ],
)
def test_what_does_not_follow_is_not(sentence: str, page: str) -> None:
    assert len(unproven(sentence, page)) == 1


def test_the_row_that_gives_a_number_is_told() -> None:
    sentence = "营业收入由12.0亿元增至13.2亿元，增长10%；存货比上年多2.6亿元。"
    follow = derived(sentence, missing_numbers(sentence, figures_of(PAGE)), claimed(sentence), PAGE)
    rows = {number.text: [PAGE[row.start : row.end] for row in rows] for number, rows in follow.items()}
    assert rows == {"10%": [], "2.6亿": ["存货\t900\t640"]}
