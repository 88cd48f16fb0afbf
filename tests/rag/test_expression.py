from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.expression import (
    Constant,
    Expression,
    Join,
    Line,
    Root,
    earlier,
    growth,
    lines_of,
    mean,
    of_year,
    value_of,
    without,
    written,
)
from rag.formula import shown_reckonings

LINES = [Line(name) for name in "abcde"]
VALUES = {line: Decimal(value) for line, value in zip(LINES, (137, 211, 353, 479, 523), strict=True)}
trees: st.SearchStrategy[Expression] = st.recursive(
    st.sampled_from(LINES),
    lambda inner: st.builds(Join, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
    max_leaves=6,
)


@given(trees)
def test_what_is_written_out_recomputes_to_the_value(expression: Expression) -> None:
    try:
        value = value_of(expression, VALUES.__getitem__)
    except ArithmeticError:
        return
    formula = written(expression, lambda line: f"{line.name} {VALUES[line]}")
    result = abs(value).quantize(Decimal("0.0001"))
    shown = shown_reckonings(f"Ratio: {result:f} = {formula}")
    assert not isinstance(expression, Join) or [one.result.value for one in shown] == [result]
    assert not shown_reckonings(f"Ratio: {result + 1:f} = {formula}")


def test_a_year_reaches_every_line_but_those_with_one_of_their_own() -> None:
    average = mean([LINES[0], earlier(LINES[0])])
    asked = Join("/", Line("b", 2020), average)
    assert [(line.name, line.year) for line in lines_of(of_year(asked, 2023))] == [
        ("b", 2020),
        ("a", 2023),
        ("a", 2022),
    ]
    assert earlier(Line("b", 2020)) == Line("b", 2020)


def test_growth_mean_and_root() -> None:
    a, b = LINES[:2]
    assert value_of(growth(a, b), VALUES.__getitem__) == Decimal(211 - 137) / 137
    assert value_of(mean([a, b]), VALUES.__getitem__) == Decimal(174)
    assert mean([a]) == a
    assert value_of(Root(Constant(Decimal(81)), 4), VALUES.__getitem__).quantize(Decimal(1)) == 3
    assert written(Root(Join("/", a, b), 2), lambda line: line.name) == "(a / b) ^ (1 / 2)"


def test_terms_that_a_report_lacks_are_left_out_where_they_may() -> None:
    a, b = Line("a", optional=True), Line("b")
    assert without(Join("+", a, b), {a}) == b
    assert without(Join("/", Join("+", b, a), b), {a}) == Join("/", b, b)
    assert without(a, {a}) is None
    assert without(Join("/", b, a), {a}) is None
    assert without(Join("+", a, b), {b}) == Join("+", a, b)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Join("-", LINES[0], Join("-", LINES[1], LINES[2])), "a - (b - c)"),
        (Join("-", Join("-", LINES[0], LINES[1]), LINES[2]), "a - b - c"),
        (Join("/", LINES[0], Join("*", LINES[1], LINES[2])), "a / (b * c)"),
        (Join("*", Join("+", LINES[0], LINES[1]), LINES[2]), "(a + b) * c"),
    ],
)
def test_brackets_stand_where_they_are_needed(expression: Expression, text: str) -> None:
    assert written(expression, lambda line: line.name) == text
