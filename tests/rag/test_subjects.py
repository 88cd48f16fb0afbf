"""A topic to the subjects that are compared."""

from __future__ import annotations

from datetime import date

import pytest

from rag.companies import Companies
from rag.lexicon import Lexicon
from rag.publishers import Publishers
from rag.question import understand
from rag.subjects import subjects_of

LEXICON = Lexicon.load()


def names(topic: str) -> list[str]:
    asked = understand(topic, Publishers(()), date(2025, 9, 1), (), Companies([("云岭茶业", None)]), LEXICON)
    return [subject.name for subject in subjects_of(asked, topic, LEXICON)]


@pytest.mark.parametrize(
    ("topic", "expected"),
    [("AH溢价", ["ah溢价"]), ("云岭茶业的毛利率", ["毛利率"]), ("冰川融水", ["冰川融水"])],
)
def test_the_terms_of_a_topic_or_all_of_it(topic: str, expected: list[str]) -> None:
    assert names(topic) == expected


@pytest.mark.parametrize("topic", ["云岭茶业", "云岭茶业盈利预测"])
def test_a_company_or_its_forecasts_stand_for_what_forecasts_consist_of(topic: str) -> None:
    assert {"营业收入", "归母净利润", "毛利率", "EPS", "目标价"} <= set(names(topic))
