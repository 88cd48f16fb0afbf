from __future__ import annotations

import pytest

from rag.definition import UnclearError, parse, words_of
from rag.expression import Line, written

NAMES = {
    words_of(name): Line(name)
    for name in ("revenue", "cost of sales", "inventory", "accounts payable", "total assets", "cash from operations", "存货", "营业成本")
}  # fmt: skip


def told(text: str) -> str:
    return written(parse(text, NAMES), lambda line: f"{line.name}{line.year or ''}{'-' * line.back}")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("cash from operations / total assets", "cash from operations / total assets"),
        ("Revenue divided by total assets", "revenue / total assets"),
        ("revenue less cost of sales", "revenue - cost of sales"),
        ("FY2018 revenue / (average total assets between FY2017 and FY2018)", "revenue2018 / ((total assets2018 + total assets2017) / 2)"),
        ("cost of sales / average inventories", "cost of sales / ((inventory + inventory-) / 2)"),
        ("365 * accounts payable / (FY2018 cost of sales + change in inventory between FY2017 and FY2018)", "365 * accounts payable / (cost of sales2018 + (inventory2018 - inventory2017))"),
        ("accounts payable (AP) from the balance sheet / revenue", "accounts payable / revenue"),
        ("营业成本 ÷ 平均存货", "营业成本 / ((存货 + 存货-) / 2)"),
        ("营业成本除以存货", "营业成本 / 存货"),
    ],
)  # fmt: skip
def test_a_definition_is_read(text: str, formula: str) -> None:
    assert told(text) == formula


@pytest.mark.parametrize(
    "text", ["revenue / headcount", "revenue /", "(revenue", "revenue total assets", "", "average / revenue"]
)
def test_what_names_nothing_is_no_definition(text: str) -> None:
    with pytest.raises(UnclearError):
        parse(text, NAMES)


def test_a_mark_makes_a_line_optional() -> None:
    assert parse("inventory?", NAMES) == Line("inventory", optional=True)
