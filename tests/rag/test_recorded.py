"""Changes of ratings and target prices between reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from broker_report import BROKER

from rag.recorded import changes_of


def test_changes_are_of_one_publisher_on_one_company() -> None:
    first = replace(BROKER, company="云岭", rating="增持", target_price="12元", published=date(2024, 1, 1))
    silent = replace(first, rating=None, target_price=None, published=date(2024, 2, 1))
    other = replace(first, company="海湾", rating="卖出")
    house = replace(first, publisher="海岳", rating="中性")
    last = replace(first, rating="买入", published=date(2024, 3, 1))
    (change,) = changes_of([first, silent, other, house, last])
    assert (change.field, change.was, change.now, change.before, change.after) == (
        "rating",
        "增持",
        "买入",
        first,
        last,
    )
