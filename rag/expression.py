"""What is computed from lines of the statements, as a tree: evaluated with their figures, and written out with them.

A line is of the year that is asked about, `back` years before it, or of a year of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeAlias

Operator = Literal["+", "-", "*", "/"]
_RANK: dict[str, int] = {"+": 1, "-": 1, "*": 2, "/": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement; `optional`: nothing where the report has none."""

    name: str
    year: int | None = None
    back: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Join:
    """Two expressions and what is done with them."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Root:
    """The root of an expression of a degree from 2."""

    of: Expression
    degree: int


Expression: TypeAlias = Line | Constant | Join | Root


def earlier(expression: Expression, years: int = 1) -> Expression:
    """The same of so many years before; lines with a year of their own stay."""
    return _replaced(expression, lambda line: line if line.year else replace(line, back=line.back + years))


def of_year(expression: Expression, year: int) -> Expression:
    """The same with every line's year told."""
    return _replaced(expression, lambda line: replace(line, year=line.year or year - line.back, back=0))


def mean(parts: list[Expression]) -> Expression:
    """The arithmetic mean of one or more."""
    total = parts[0]
    for part in parts[1:]:
        total = Join("+", total, part)
    return Join("/", total, Constant(Decimal(len(parts)))) if len(parts) > 1 else total


def growth(first: Expression, last: Expression) -> Expression:
    """The relative change from one to the other."""
    return Join("/", Join("-", last, first), first)


def lines_of(expression: Expression) -> Iterator[Line]:
    """Its lines in order, doubles kept."""
    match expression:
        case Line():
            yield expression
        case Join(left=left, right=right):
            yield from lines_of(left)
            yield from lines_of(right)
        case Root(of=inner):
            yield from lines_of(inner)


def without(expression: Expression, missing: Set[Line]) -> Expression | None:
    """The expression without those terms of its sums that are optional and missing; None where nothing is left."""
    match expression:
        case Line(optional=True) if expression in missing:
            return None
        case Join(operator=operator, left=left, right=right):
            one, other = without(left, missing), without(right, missing)
            if one is not None and other is not None:
                return Join(operator, one, other)
            return (one or other) if operator == "+" else one if operator == "-" else None
        case Root(of=inner, degree=degree):
            kept = without(inner, missing)
            return None if kept is None else Root(kept, degree)
    return expression


def value_of(expression: Expression, figure: Callable[[Line], Decimal]) -> Decimal:
    """Its value; ArithmeticError where it divides by nought or takes a root of less."""
    match expression:
        case Line():
            return figure(expression)
        case Constant(value=value):
            return value
        case Root(of=inner, degree=degree):
            return value_of(inner, figure) ** (Decimal(1) / degree)
        case Join(operator=operator, left=left, right=right):
            one, other = value_of(left, figure), value_of(right, figure)
            if operator == "+":
                return one + other
            if operator == "-":
                return one - other
            return one * other if operator == "*" else one / other


def written(expression: Expression, told: Callable[[Line], str]) -> str:
    """As a formula, each line as `told` writes it: `cost of sales 24,576 / ((inventories 6,854 + 7,367) / 2)`."""
    match expression:
        case Line():
            return told(expression)
        case Constant(value=value):
            return f"{value:f}"
        case Root(of=inner, degree=degree):
            return f"({written(inner, told)}) ^ (1 / {degree})"
        case Join(operator=operator, left=left, right=right):
            rank = _RANK[operator]
            one = _bracketed(left, written(left, told), rank, last=False)
            return f"{one} {operator} {_bracketed(right, written(right, told), rank, last=True)}"


def _bracketed(part: Expression, text: str, rank: int, *, last: bool) -> str:
    inner = _RANK[part.operator] if isinstance(part, Join) else 3
    return f"({text})" if inner < rank or (inner == rank and last) else text


def _replaced(expression: Expression, new: Callable[[Line], Line]) -> Expression:
    match expression:
        case Line():
            return new(expression)
        case Join(operator=operator, left=left, right=right):
            return Join(operator, _replaced(left, new), _replaced(right, new))
        case Root(of=inner, degree=degree):
            return Root(_replaced(inner, new), degree)
    return expression
