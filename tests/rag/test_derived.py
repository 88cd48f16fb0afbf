"""Numbers that follow from two figures, and those that only look so."""

from __future__ import annotations

import pytest

from rag.derived import derived
from rag.quantities import claimed, figures_of, missing_numbers

PAGE = "门店由30家增至38家。\n单位：百万元\n项目\t2032\t2031\n营业收入\t1,320\t1,200\n存货\t900\t640\n毛利率（%）\t31.5\t28.1"
EN = "In millions | Net sales | 2032 1,320 | 2031 1,200\nIn millions | Inventories | 2032 900 | 2031 640"


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
    ],
)
def test_what_does_not_follow_is_not(sentence: str, page: str) -> None:
    assert len(unproven(sentence, page)) == 1
