"""Figures a question states and units it asks for."""

import pytest

from rag.measures import asked_units, stated_numbers
from rag.text import fold


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("南向资金净流入多少亿元", ("亿元",)),
        ("有多少家公司，占比是多少", ("家", "%")),
        ("净利润（单位：百万元）", ("百万元",)),
        ("How many tonnes will it reach?", ("tonnes",)),
        ("capex in USD millions", ("usd millions",)),
        ("What percentage of sales", ("%",)),
        ("AH溢价在125%见底吗", ()),
        ("why did it fall", ()),
    ],
)
def test_units(question: str, units: tuple[str, ...]) -> None:
    assert asked_units(fold(question)) == units


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("AH溢价在125%见底吗", ("125%",)),
        ("如何理解1.5倍的估值", ("1.5",)),
        ("3,200 tonnes in 2026 or 40 million", ("3,200", "40 million")),
        ("2024年3月Q3 FY2018 600519.SH 001215 3M", ()),
    ],
)
def test_numbers(question: str, numbers: tuple[str, ...]) -> None:
    assert stated_numbers(question) == numbers
