"""Whole first pages as houses lay them out: every field of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import mastheads
import pytest
from hand_made import page_of, read

from rag.domain import Metadata, Page

DAY = date(2023, 8, 30)
DAIRY = {"company": "云岭乳业", "ticker": "600999.SH", "type": "company", "published": DAY, "publisher": "青岚证券"}
ACME = {"company": "Acme Tools Inc.", "ticker": "ACT", "type": "company", "published": DAY}
BOTH, FIRST = ("莫清河", "何以宁"), ("莫清河",)
CASES: tuple[tuple[Callable[[], Page], Mapping[str, object]], ...] = (
    (
        mastheads.part_under_name,
        DAIRY
        | {"published": date(2023, 8, 29), "analysts": FIRST, "rating": "跑赢行业", "target_price": "人民币40.00"},
    ),
    (mastheads.labels_over_values, DAIRY | {"analysts": BOTH, "rating": "买入", "target_price": "40.00元"}),
    (mastheads.parts_in_brackets, DAIRY | {"analysts": FIRST, "rating": "增持", "target_price": "35.00"}),
    (mastheads.reasonable_value, DAIRY | {"analysts": BOTH, "rating": "买入", "target_price": "40.00元"}),
    (mastheads.box_of_authors, DAIRY | {"analysts": FIRST, "rating": "买入", "target_price": None}),
    (mastheads.two_columns_of_authors, DAIRY | {"analysts": BOTH, "rating": "买入", "target_price": "40.00-45.00元"}),
    (mastheads.analysts_and_contacts, DAIRY | {"analysts": BOTH, "rating": "买入"}),
    (
        mastheads.hong_kong,
        DAIRY
        | {
            "publisher": "青岚国际证券",
            "ticker": "2999.HK",
            "analysts": BOTH,
            "rating": "买入",
            "target_price": "40.00港元",
        },
    ),
    (
        mastheads.industry_weekly,
        {
            "type": "industry",
            "company": None,
            "ticker": None,
            "analysts": FIRST,
            "rating": "强于大市",
            "published": DAY,
        },
    ),
    (
        mastheads.morgan_like,
        ACME
        | {
            "title": "Tides are turning; upgrade to Overweight",
            "analysts": ("Jane Q. Doe", "Peter van Horn"),
            "rating": "Overweight",
            "target_price": "$120.00",
        },
    ),
    (
        mastheads.goldman_like,
        ACME
        | {
            "title": "2Q23 first take: margins beat on mix; Buy",
            "analysts": ("Jane Doe", "Sam Lee"),
            "rating": "Buy",
            "target_price": "$120.00",
        },
    ),
)


def differences(found: Metadata, expected: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    pairs = {name: (getattr(found, name), value) for name, value in expected.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.parametrize(("masthead", "expected"), CASES, ids=[case[0].__name__ for case in CASES])
def test_masthead(masthead: Callable[[], Page], expected: Mapping[str, object]) -> None:
    assert differences(read(masthead()), expected) == {}


@pytest.mark.parametrize(("masthead", "expected"), CASES, ids=[case[0].__name__ for case in CASES])
def test_the_order_and_kinds_of_blocks_do_not_matter(
    masthead: Callable[[], Page], expected: Mapping[str, object]
) -> None:
    first = masthead()
    as_furniture = replace(first, blocks=tuple(replace(block, kind="furniture") for block in first.blocks))
    assert differences(read(as_furniture), expected) == {}
    backwards = page_of(first, sorted(first.blocks, key=lambda block: -block.pieces[0].box.y0))
    assert differences(read(backwards), expected) == {}
