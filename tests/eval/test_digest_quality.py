"""What is counted of a digest, by hand-worked values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.digest_quality import fault_of, redundant, thirds_of


@given(st.lists(st.integers(0, 500), unique=True))
def test_thirds_hold_every_page_once_and_differ_by_one_page_at_most(numbers: list[int]) -> None:
    thirds = thirds_of(sorted(numbers))
    assert [number for third in thirds for number in third] == sorted(numbers)
    assert all(thirds)
    assert max(map(len, thirds), default=0) - min(map(len, thirds), default=0) <= 1


def test_a_text_that_says_what_one_before_it_says_is_counted() -> None:
    assert redundant(["公司收入增长四成。", "毛利率提高到24.1%。", "公司收入增长四成以上。"]) == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("公司收入增长四成。", ""),
        ("营业收入（百万元）：2023A 4,820，2024E 6,150", ""),
        ("公司收入增长四", "cut"),
        ("公司收入（百万元增长四成。", "unpaired brackets"),
        ("本报告不构成投资建议。", "boilerplate"),
        ("其中 $\\frac{a}{b}$ 为权重。", "LaTeX"),
        ("收入\t4,820。", "markup"),
        ("澄川储能深度报告：收入增长。", "running header"),
    ],
)
def test_debris_is_named(text: str, fault: str) -> None:
    assert fault_of(text, frozenset({"澄川储能深度报告"})) == fault
