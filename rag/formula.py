"""A sentence to the results it shows the reckoning of, where that is right: `(7.86-5.38)/5.38=46.1%`, `62.1亿元÷120亿元=51.8%`.

The four operations and brackets; a result is right to the digits it is written with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, DivisionByZero, InvalidOperation

from rag.numbers import Number, find_numbers

_UNITS = r"(?:[%％元倍xX万亿百千]|个百分点|million|billion|bn|mn)"
_SHOWN = re.compile(
    rf"(?P<left>(?:[$¥€£]?\d[\d.,]*\s?{_UNITS}{{0,4}}|[()（）+\-−–×*÷/\s])+)[=＝≈]\s*(?P<right>[-−–]?[$¥€£]?\d[\d.,]*\s?{_UNITS}{{0,4}})"
)
_OPERATORS = str.maketrans({"（": "(", "）": ")", "−": "-", "–": "-", "×": "*", "÷": "/"})
_FIGURE = re.compile(r"[)）]")  # a figure ends before it
_TOKEN = re.compile(r"[()+\-*/]|#")
_PERCENT = Decimal(100)


def shown_results(sentence: str) -> list[Number]:
    """The numbers of the sentence that follow from the reckoning in front of them."""
    numbers = find_numbers(sentence)
    found: list[Number] = []
    for match in _SHOWN.finditer(sentence):
        operands = [n for n in numbers if match.start("left") <= n.start < match.end("left")]
        results = [n for n in numbers if match.start("right") <= n.start < match.end("right")]
        if len(operands) >= 2 and len(results) == 1 and _follows(sentence, match.span("left"), operands, results[0]):
            found += results
    return found


def _follows(sentence: str, left: tuple[int, int], operands: list[Number], result: Number) -> bool:
    plain, at = "", left[0]
    for number in operands:  # a # for each number
        plain += sentence[at : number.start] + "#"
        at = number.start + len(_FIGURE.split(sentence[number.start : number.end])[0])
    plain += sentence[at : left[1]]
    tokens = _TOKEN.findall(plain.translate(_OPERATORS))
    try:
        value = _Reckoning(tokens, [_worth(number) for number in operands]).value()
    except (ValueError, DivisionByZero, InvalidOperation):
        return False
    unit = (1 / _PERCENT if result.rate in ("%", "pp") else Decimal(1)) * (result.scale or 1)
    places = max(0, -int(result.value.as_tuple().exponent))
    return abs(abs(value / unit) - abs(result.value)) <= Decimal(5).scaleb(-places - 1)


def _worth(number: Number) -> Decimal:
    value = abs(number.value) * (number.scale or 1)
    return value / _PERCENT if number.rate in ("%", "pp") else value


class _Reckoning:
    """Tokens (# stands for the next number) to a value; ValueError where they make no sum."""

    def __init__(self, tokens: list[str], numbers: list[Decimal]) -> None:
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
        product = self._single()
        while self._next in ("*", "/"):
            product = product * self._single() if self._take() == "*" else product / self._single()
        return product

    def _single(self) -> Decimal:
        sign = self._take()
        if sign == "#":
            return next(self._numbers)
        if sign != "(":
            raise ValueError(sign)
        inside = self._sum()
        if self._take() != ")":
            raise ValueError("no closing bracket")
        return inside
