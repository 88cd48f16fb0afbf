"""Words to an expression of lines: `cost of sales / average inventories`, `total current assets less total current liabilities`.

Written in both languages, as questions define what they ask for and as metrics.tsv does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag.expression import Constant, Expression, Join, Line, earlier, mean, of_year
from rag.sparse import singular
from rag.text import fold, is_han

Names = Mapping[tuple[str, ...], Expression]
"""What is named, by the words of its names."""

_TOKEN = re.compile(
    r"(?P<year>(?:fy\s?(?:\d{4}|\d{2})|(?:19|20)\d\d)(?![\d,]|\.\d))|(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"|(?P<word>[a-z][a-z&]*(?:['’][a-z]+)?['’]?|[\u3400-\u9fff])|(?P<mark>[-−–+*×/÷()（）%?])"
)
_HYPHEN = re.compile(r"(?<=[a-z])[-‐–/](?=[a-z])")
_PLACE = re.compile(  # where a line is to be looked up
    r"[(（]?\b(?:as shown )?(?:from|in|on|within|per) (?:the )?(?:consolidated )?(?:statements? of cash flows?|cash flow statements?"
    r"|income statements?|p&l(?: statements?)?|statements? of (?:income|operations|earnings|financial position)|balance sheets?)\b[)）]?"
)
_MARKS = {"−": "-", "–": "-", "×": "*", "÷": "/", "（": "(", "）": ")"}
_OPERATORS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("divided", "by"), "/"),
    (("over",), "/"),
    (("除", "以"), "/"),
    (("multiplied", "by"), "*"),
    (("time",), "*"),
    (("乘", "以"), "*"),
    (("minus",), "-"),
    (("less",), "-"),
    (("减", "去"), "-"),
    (("减",), "-"),
    (("plus",), "+"),
    (("加", "上"), "+"),
    (("加",), "+"),
    (("average",), "average"),
    (("平", "均"), "average"),
    (("change", "in"), "change"),
)
_FILLER = frozenset(
    [
        "the",
        "of",
        "a",
        "an",
        "total",
        "unadjusted",
        "gross",
        "net",
        "year",
        "end",
        "ending",
        "ended",
        "fiscal",
        "its",
        "for",
        "at",
        "by",
        "all",
        "and",
        "sum",
        "年",
        "财",
        "度",
        "的",
        "末",
        "期",
        "初",
        "和",
    ]
)


class UnclearError(ValueError):
    """Words that make no expression."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name, number, year, operator or other word of a text; `words` is how many tokens it took."""

    kind: Literal["name", "number", "year", "mark", "word"]
    text: str
    value: Expression | None = None


def words_of(text: str) -> tuple[str, ...]:
    """The words by which a name is known: folded, without plural endings, hyphens and marks."""
    return tuple(word for kind, word in _tokens(text) if kind == "word")


def symbols_of(text: str, names: Names) -> list[Symbol]:
    """The text's parts in order, names as long as can be."""
    tokens = list(_tokens(text))
    longest = max(map(len, names), default=0)
    found: list[Symbol] = []
    at = 0
    while at < len(tokens):
        kind, word = tokens[at]
        taken, symbol = 1, Symbol(kind, word)
        if kind == "word":
            taken, symbol = _named(tokens, at, names, longest) or _operator(tokens, at) or (1, symbol)
        found.append(symbol)
        at += taken
    return found


def parse(text: str, names: Names) -> Expression:
    """The expression that a definition gives; UnclearError where it has words that name nothing."""
    plain = [s for s in symbols_of(text, names) if not (s.kind == "word" and s.text in _FILLER)]
    return _Parser(plain).whole()


def year_of(written: str) -> int:
    """`fy2018`, `fy18`, `2018`."""
    digits = int(written.removeprefix("fy").strip())
    return digits if digits > 99 else 2000 + digits


def _tokens(text: str) -> Iterator[tuple[Literal["number", "year", "mark", "word"], str]]:
    plain = _HYPHEN.sub(" ", _PLACE.sub(" ", fold(text)))
    for match in _TOKEN.finditer(plain):
        if match["year"]:
            yield "year", match["year"]
        elif match["number"]:
            yield "number", match["number"].rstrip(",")
        elif match["word"]:
            yield "word", match["word"] if is_han(match["word"]) else singular(match["word"])
        else:
            yield "mark", _MARKS.get(match["mark"], match["mark"])


def _named(tokens: Sequence[tuple[str, str]], at: int, names: Names, longest: int) -> tuple[int, Symbol] | None:
    for end in range(min(len(tokens), at + longest), at, -1):
        words = tuple(word for _, word in tokens[at:end])
        is_statement = tokens[end : end + 1] == [("word", "statement")]  # cash flow statement
        if words in names and not is_statement and all(kind == "word" for kind, _ in tokens[at:end]):
            optional = end < len(tokens) and tokens[end] == ("mark", "?")
            value = names[words]
            if optional and isinstance(value, Line):
                value = Line(value.name, value.year, value.back, optional=True)
            return end - at + optional, Symbol("name", " ".join(words), value)
    return None


def _operator(tokens: Sequence[tuple[str, str]], at: int) -> tuple[int, Symbol] | None:
    for words, mark in _OPERATORS:
        if tuple(word for _, word in tokens[at : at + len(words)]) == words:
            return len(words), Symbol("mark", mark)
    return None


class _Parser:
    """Symbols to an expression by recursive descent."""

    def __init__(self, symbols: Sequence[Symbol]) -> None:
        self._symbols = [*symbols, Symbol("mark", "end")]
        self._at = 0

    def whole(self) -> Expression:
        found = self._sum()
        if not self._is("end"):
            raise UnclearError(self._symbols[self._at].text)
        return found

    def _sum(self) -> Expression:
        found = self._product()
        while self._is("+") or self._is("-"):
            operator = self._take().text
            found = Join("+" if operator == "+" else "-", found, self._product())
        return found

    def _product(self) -> Expression:
        found = self._single()
        while self._is("*") or self._is("/"):
            operator = self._take().text
            found = Join("*" if operator == "*" else "/", found, self._single())
        return found

    def _single(self) -> Expression:
        if self._is("("):
            self._take()
            inside = self._sum()
            if not self._is(")"):
                raise UnclearError("no closing bracket")
            self._take()
            self._aside()
            return inside
        if self._symbols[self._at].kind == "number":
            return Constant(Decimal(self._take().text.replace(",", "")))
        year = self._year()
        how = self._take().text if self._is("average") or self._is("change") else None
        year = self._year() or year
        if self._is("(") and how:
            inside = self._single()
        else:
            symbol = self._take()
            if symbol.kind != "name" or symbol.value is None:
                raise UnclearError(symbol.text)
            inside = symbol.value
            self._aside()
        return self._over_years(inside, how, year)

    def _over_years(self, inside: Expression, how: str | None, year: int | None) -> Expression:
        """An average or a change over the two years that follow the name, else over this year and the last."""
        if how is None:
            year = self._year() or year
            return of_year(inside, year) if year else inside
        late, early = (of_year(inside, year), of_year(inside, year - 1)) if year else (inside, earlier(inside))
        if self._word("between") or self._word("from") or self._symbols[self._at].kind == "year":
            one = self._year()
            if not self._word("to") and self._is("-"):
                self._take()
            other = self._year()
            if one is None or other is None:
                raise UnclearError("an average or a change between no two years")
            early, late = of_year(inside, min(one, other)), of_year(inside, max(one, other))
        return mean([late, early]) if how == "average" else Join("-", late, early)

    def _aside(self) -> None:
        """A short name in brackets behind the long one, passed over: `days payable outstanding (DPO)`."""
        if self._is("(") and [symbol.text for symbol in self._symbols[self._at + 2 : self._at + 3]] == [")"]:
            self._at += 3

    def _year(self) -> int | None:
        if self._symbols[self._at].kind == "year":
            return year_of(self._take().text)
        return None

    def _word(self, word: str) -> bool:
        """Whether the next symbol is a word, which is then taken."""
        found = self._symbols[self._at].kind == "word" and self._symbols[self._at].text == word
        self._at += found
        return found

    def _is(self, mark: str) -> bool:
        symbol = self._symbols[self._at]
        return symbol.kind == "mark" and symbol.text == mark

    def _take(self) -> Symbol:
        symbol = self._symbols[self._at]
        self._at += self._at < len(self._symbols) - 1
        return symbol
