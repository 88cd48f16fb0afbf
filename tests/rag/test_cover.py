from __future__ import annotations

import pytest

from rag.cover import Cover, must_cover
from rag.domain import Understood
from rag.text import language_of


@pytest.mark.parametrize(
    ("question", "covers"),
    [
        ("云岭茶业2025年营收预计是多少？", ("figure", "forecast")),
        ("为什么净息差下降？", ("cause",)),
        ("What is the revenue forecast for 2026?", ("figure", "forecast")),
        ("Why did margins fall, and what will they be?", ("forecast", "cause")),
        ("How many employees did the company have in 2024?", ("figure",)),
        ("公司的主要产品有哪些？", ()),
    ],
)
def test_what_a_question_asks_for(question: str, covers: tuple[Cover, ...]) -> None:
    assert must_cover(Understood(question, language_of(question), question)) == covers


def test_a_comparison_and_a_unit_are_asked_for_as_they_were_understood() -> None:
    asked = Understood("甲与乙谁更好", "zh", "甲与乙谁更好", units=("%",), compares=True)
    assert must_cover(asked) == ("figure", "comparison")
