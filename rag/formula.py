"""A sentence to the results it shows the reckoning of, where that is right: `(7.86-5.38)/5.38=46.1%`, `62.1亿元÷120亿元=51.8%`,
`0.83 = net cash from operating activities 2,912,853 / total current liabilities 3,527,457`.

The four operations, powers and brackets; words between them name the figures. A result, before or behind its reckoning, is
right to the digits it is written with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Literal

from rag.numbers import Number, find_numbers

_OPERATORS = str.maketrans({"（": "(", "）": ")", "−": "-", "–": "-", "×": "*", "÷": "/", "＝": "=", "≈": "="})
_CURRENCY_OR_BLANK = re.compile(r"[\s$¥€£元倍xX]*")
_NAME = re.compile(r"[^\W\d_]+(?:[&'’-][^\W\d_]+)*['’]?")
_CONSTANTS = frozenset(map(Decimal, (*range(1, 11), 360, 365)))  # years, days of a year, terms of an average
_JOINING = frozenset("+-*/^")
_MOST_POWER = 100
_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Shown:
    """A right reckoning of a sentence: its result and the figures that it is made of."""

    result: Number
    operands: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["number", "mark", "name", "other"]
    text: str
    number: Number | None = None


def shown_reckonings(sentence: str) -> list[Shown]:
    """The reckonings of a sentence that are right, in order."""
    if not any(mark in sentence for mark in "=＝≈"):
        return []
    tokens = list(_tokens(sentence))
    shown: list[Shown] = []
    for at in (at for at, token in enumerate(tokens) if token.text == "="):
        before, after = _run(tokens[:at][::-1])[::-1], _run(tokens[at + 1 :])
        tails = [before[start:] for start in range(len(before)) if not _joins(before[:start][::-1])]
        heads = [after[:end] for end in range(len(after), 0, -1) if not _joins(after[end:])]
        for result, parts in ((_single(after), tails), (_single(before[::-1]), heads)):
            right = next((part for part in parts if result is not None and _gives(part, result)), None)
            if right is not None and result is not None:
                shown.append(Shown(result, tuple(token.number for token in right if token.number is not None)))
    return shown


def is_constant(number: Number) -> bool:
    """Whether a figure of a reckoning is of the formula, not of a page: 365 days, the 2 of an average."""
    return number.value in _CONSTANTS and number.scale is None and number.rate is None and number.currency is None


def _tokens(sentence: str) -> Iterator[_Token]:
    numbers = {number.start: number for number in find_numbers(sentence)}
    at = 0
    while at < len(sentence):
        if at in numbers:
            number = numbers[at]
            yield _Token("number", "#", number)
            end = number.start + len(re.split(r"[)）]", sentence[number.start : number.end])[0])
            at = max(end, at + 1)
            at += len(_CURRENCY_OR_BLANK.match(sentence, at)[0])  # type: ignore[index]  # it matches nothing too
            continue
        char = sentence[at].translate(_OPERATORS)
        name = _NAME.match(sentence, at)
        if name is not None:
            yield _Token("name", name[0])
            at = name.end()
            continue
        if not char.isspace() and char not in "$¥€£":
            yield _Token("mark" if char in "()+-*/^=" else "other", char)
        at += 1


def _run(tokens: Sequence[_Token]) -> list[_Token]:
    """The tokens up to the first that belongs to no reckoning."""
    end = next((i for i, token in enumerate(tokens) if token.kind == "other" or token.text == "="), len(tokens))
    return list(tokens[:end])


def _joins(rest: Sequence[_Token]) -> bool:
    """Whether what stands beside a stretch goes on with it."""
    return next((token.text in _JOINING for token in rest if token.kind != "name"), False)


def _single(run: Sequence[_Token]) -> Number | None:
    """The number beside the mark of equality, a sign before it and a word behind it passed over."""
    return next((token.number for token in run if token.kind != "name" and token.text != "-"), None)


def _gives(part: Sequence[_Token], result: Number) -> bool:
    """Whether a stretch is a reckoning of two figures or more that comes to the result."""
    signs = [token for token in part if token.kind != "name"]
    numbers = [token.number for token in signs if token.number is not None]
    if len(numbers) < 2 or any(one.number is not None and other.number is not None for one, other in pairwise(signs)):
        return False
    try:
        value = _Reckoning([token.text for token in signs], [_worth(number) for number in numbers]).value()
    except (ValueError, ArithmeticError, InvalidOperation):
        return False
    unit = (1 / _PERCENT if result.rate in ("%", "pp") else Decimal(1)) * (result.scale or 1)
    close = Decimal(5).scaleb(-result.places - 1)
    return any(abs(abs(value / one) - abs(result.value)) <= close for one in (unit, unit / (result.scale or 1)))


def _worth(number: Number) -> Decimal:
    value = abs(number.value) * (number.scale or 1)
    return value / _PERCENT if number.rate in ("%", "pp") else value


class _Reckoning:
    """Tokens (# stands for the next number) to a value; ValueError where they make no sum."""

    def __init__(self, tokens: Sequence[str], numbers: Sequence[Decimal]) -> None:
        self._tokens: Iterator[str] = iter([*tokens, ""])
        self._numbers = iter(numbers)
        self._next = next(self._tokens)

    def value(self) -> Decimal:
        total = self._sum()
        if self._next:
            raise ValueError(self._next)
        return total

    def _take(self) -> str:
        taken, self._next = self._next, next(self._tokens, "")
        return taken

    def _sum(self) -> Decimal:
        total = self._product()
        while self._next in ("+", "-"):
            total += self._product() if self._take() == "+" else -self._product()
        return total

    def _product(self) -> Decimal:
        product = self._power()
        while self._next in ("*", "/"):
            product = product * self._power() if self._take() == "*" else product / self._power()
        return product

    def _power(self) -> Decimal:
        base = self._single()
        if self._next != "^":
            return base
        self._take()
        exponent = self._single()
        if abs(exponent) > _MOST_POWER:
            raise ValueError("a power too high")
        return base**exponent

    def _single(self) -> Decimal:
        sign = self._take()
        if sign == "-":
            return -self._single()
        if sign == "#":
            return next(self._numbers)
        if sign != "(":
            raise ValueError(sign)
        inside = self._sum()
        if self._take() != ")":
            raise ValueError("no closing bracket")
        return inside
