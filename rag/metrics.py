"""A question to what it asks to be read or computed from the primary statements: `inventory turnover of FY2021`.

The lines and metrics are those of metrics.tsv; where a question defines what it means, its own definition counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from rag.definition import Symbol, UnclearError, parse, symbols_of, words_of
from rag.domain import Language, Statement, Understood
from rag.expression import Constant, Expression, Join, Line, Root, earlier, growth, mean, of_year
from rag.periods import find_periods
from rag.statements import is_told
from rag.text import fold, language_of
from rag.wanted import core

BUNDLED = Path(__file__).with_name("metrics.tsv")
Unit = Literal["%", "x", "days", "amount", "pp"]
Change = Literal["growth", "cagr", "mean"]
_COST = "(cost)"
_MOST_YEARS = 6
_ASKED = re.compile(r"[?？]")
_ASKS = re.compile(r"\b(?:what|how much|how many|which|calculate|compute)\b", re.IGNORECASE)
_CALCULATE = re.compile(r"\bcalculate ([^.?!]+)", re.IGNORECASE)
_PART = re.compile(r"[.:。：]\s*(?=\S)")
_DEFINED = (
    re.compile(
        r"(?P<name>[^.?!。？！:：]{2,80}?)\s+(?:is|are|be)\s+(?:defined|calculated|computed)\s+as\s*:?(?P<formula>[^.?!。？！]+)",
        re.IGNORECASE,
    ),
    re.compile(r"\bdefine\s+(?P<name>[^.?!:]{2,80}?)\s+as\s*:?(?P<formula>[^.?!。？！]+)", re.IGNORECASE),
    re.compile(
        r"(?P<name>[^.?!。？！，,:：=]{2,80}?)\s*(?:的?定义为|的?计算(?:方式|公式|方法)为|[=＝])\s*[:：]?(?P<formula>[^.?!。？！]+)",
        re.IGNORECASE,
    ),
)
_SHORT_NAME = re.compile(r"[(（]([^()（）]+)[)）]")
_CAGR = re.compile(r"\bcagr\b|compound(?:ed)? annual|复合", re.IGNORECASE)
_MEAN = re.compile(r"\baverage\b|平均", re.IGNORECASE)
_GROWTH = re.compile(
    r"\bgrowth\b|\bgr[eo]wn?\b|year[- ]over[- ]year|\byoy\b|\bchanged?\b|\bincreased?\b|\bdecreased?\b"
    r"|同比|增速|增长率|变动率|增长了?多少|变化",
    re.IGNORECASE,
)
_ASKS_FIGURE = re.compile(
    r"\b(?:what(?:'s| is| was| are| were)|how (?:much|many|large|high|big|fast)|calculate|compute|(?:in|de)creased?|gr[eo]wn?|changed?)\b",
    re.IGNORECASE,
)
_ASKS_FIGURE_ZH = re.compile(
    r"多少|几[个倍天成]|多[大高低长快]|计算|什么水平|是否(?:改善|恶化|提高|提升|下降|上升|增长)"
)
_TREND = re.compile(
    r"improv|declin|deteriorat|worsen|trend|histor|consistent|stable|改善|恶化|趋势|历年|稳定", re.IGNORECASE
)
_NOT_PLAIN = re.compile(  # figures that no statement has
    r"\b(?:exclud\w*|organic\w*|constant[- ]currency|like[- ]for[- ]like|same[- ]store|comparable|pro forma)\b|剔除|扣除|扣非|同店|内生",
    re.IGNORECASE,
)
_SHARE = re.compile(r"as (?:a )?(?:%|percent|percentage) of(?: total)?|占")
_TO = re.compile(r"to(?: average)?")
_MAY_STAND_BEHIND = frozenset("ratio for in of by at during as".split())
_MAY_STAND_BEFORE = frozenset(
    "the of a an total unadjusted gross net year end ending ended fiscal its their for at by is was were are in much many"
    " average annual consolidated generate report reported reporting have had what did do show shown 年 财 度 的 末 期 是 司 底 均".split()
)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a statement: its names for showing, the statement, and its labels, the surest first."""

    name: str
    zh: str
    statement: Statement
    labels: tuple[str, ...]
    is_cost: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for: `expression`, of the years that it names; without a year, of the newest that there is.

    `name` by language. `places`: digits after the point that were asked for. `how`: the growth over the years, or their
    mean, instead of each. `defined`: by the question itself. `others`: formulas that come to the same.
    """

    name: dict[Language, str]
    expression: Expression
    unit: Unit
    years: tuple[int, ...]
    places: int | None = None
    how: Change | None = None
    defined: bool = False
    others: tuple[Expression, ...] = ()

    def ways(self) -> Iterator[Wanted]:
        """Itself, and itself by the metric's other formulas, for a report that has no line of the first."""
        yield self
        for other in self.others:
            yield replace(self, expression=other, others=())

    @property
    def is_line(self) -> bool:
        """Whether nothing has to be computed."""
        return isinstance(self.expression, Line) and self.how is None

    def dated(self, years: tuple[int, ...]) -> list[tuple[tuple[int, ...], Expression]]:
        """What to compute, each with the years it is told of; `years` in order."""
        if self.how is None or len(years) < 2:
            return [((year,), of_year(self.expression, year)) for year in years]
        told = [of_year(self.expression, year) for year in years]
        ends = (years[0], years[-1])
        if self.how == "mean":
            return [(ends, mean(told))]
        if self.unit == "%":  # a change of a rate is one in percentage points
            return [(ends, Join("-", told[-1], told[0]))]
        if self.how == "growth":
            return [(ends, growth(told[0], told[-1]))]
        span = years[-1] - years[0]
        ratio = Join("/", told[-1], told[0])
        return [(ends, Join("-", Root(ratio, span) if span > 1 else ratio, Constant(Decimal(1))))]

    @property
    def result(self) -> Unit:
        """The unit of what is computed."""
        if self.how in ("growth", "cagr"):
            return "pp" if self.unit == "%" else "%"
        return self.unit


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    zh: str
    unit: Unit
    expression: Expression
    defined: bool = False
    others: tuple[Expression, ...] = ()


class Metrics:
    """The lines and metrics of metrics.tsv by all their names."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self.items: dict[str, Item] = {}
        self._names: dict[tuple[str, ...], Expression] = {}
        self._named: dict[Expression, _Named] = {}
        for kind, *parts in rows:
            self._add_line(*parts) if kind == "line" else self._add_metric(*parts)

    @classmethod
    def load(cls) -> Metrics:
        return cls(_read(BUNDLED))

    def _add_line(self, name: str, zh: str, statement: str, called: str, labels: str) -> None:
        is_cost = labels.startswith(_COST)
        of = next(one for one in get_args(Statement) if one == statement)
        self.items[name] = Item(name, zh, of, tuple(labels.removeprefix(_COST).split("|")), is_cost)
        self._add(Line(name), _Named(name, zh, "amount", Line(name)), [name, *called.split("|")])

    def _add_metric(self, name: str, zh: str, unit: str, called: str, formula: str) -> None:
        of = next(one for one in get_args(Unit) if one == unit)
        expression, *others = (parse(one, self._names) for one in formula.split(";"))
        self._add(expression, _Named(name, zh, of, expression, others=tuple(others)), [name, *called.split("|")])

    def _add(self, expression: Expression, named: _Named, names: Iterable[str]) -> None:
        self._named.setdefault(expression, named)
        for name in names:
            self._names.setdefault(words_of(name), expression)

    def asked(self, understood: Understood) -> Wanted | None:
        """What the question wants from the statements; None where it asks for no line or metric of whole years."""
        question = understood.question
        if not is_told(question) or _NOT_PLAIN.search(question):
            return None
        sentence = _sentence(question)
        own = self._defined(question)
        names = {**self._names, **{words: named.expression for words, named in own.items()}}
        company = {word for name in understood.companies for word in words_of(name)}
        told = [
            self._target(symbols_of(part, names), own, company) for part in (sentence, *_CALCULATE.findall(question))
        ]
        target = max(filter(None, told), key=lambda one: not isinstance(one.expression, Line), default=None)
        periods = find_periods(sentence) or find_periods(core(question))
        if target is None or any(period.part for period in periods) or not _asks_figure(sentence, target):
            return None
        years = tuple(sorted({period.year for period in periods if period.year}))
        how = _how(sentence, years)
        if len(years) == 1 and (how == "growth" or _TREND.search(sentence)):
            years = (years[0] - 1, years[0])
        elif how and len(years) == 2 and how == "mean":
            years = tuple(range(years[0], years[1] + 1))
        if len(years) > _MOST_YEARS:
            return None
        return Wanted(
            {"en": target.name, "zh": target.zh},
            target.expression,
            target.unit,
            years,
            _places(question),
            how if len(years) > 1 else None,
            target.defined,
            target.others,
        )

    def _defined(self, question: str) -> dict[tuple[str, ...], _Named]:
        """What the question defines itself, by its names; a definition may use the ones after it."""
        found = [match for pattern in _DEFINED for match in pattern.finditer(question)]
        own: dict[tuple[str, ...], _Named] = {}
        for match in reversed(found):
            names = {**self._names, **{words: named.expression for words, named in own.items()}}
            try:
                expression = parse(match["formula"], names)
            except UnclearError:
                continue
            short = _SHORT_NAME.findall(match["name"])
            name = _bare(_SHORT_NAME.sub("", match["name"]))
            known = self._named_by(words_of(name))
            unit = known.unit if known else _unit(expression)
            named = _Named(name, known.zh if known else name, unit, expression, defined=True)
            own |= {words_of(one): named for one in (name, *short) if words_of(one)}
        return own

    def _named_by(self, words: tuple[str, ...]) -> _Named | None:
        expression = self._names.get(words)
        return None if expression is None else self._named.get(expression)

    def _target(
        self, symbols: Sequence[Symbol], own: Mapping[tuple[str, ...], _Named], company: Set[str]
    ) -> _Named | None:
        """What is asked for among the symbols of the question's sentence: a share of two names, else the one told best."""
        known = {**self._named, **{named.expression: named for named in own.values()}}
        places = [(i, known[symbol.value]) for i, symbol in enumerate(symbols) if symbol.value in known]
        for (left, one), (right, other) in pairwise(places):
            between = " ".join(symbol.text for symbol in symbols[left + 1 : right])
            if _TO.fullmatch(between):
                other = self._named_by(words_of(symbols[right].text.removesuffix(" ratio"))) or other
            behind = [symbol for symbol in symbols[right + 1 : right + 2] if symbol.text not in _MAY_STAND_BEHIND]
            if _SHARE.fullmatch(between) or (_TO.fullmatch(between) and not any(s.kind == "word" for s in behind)):
                return _share(one, other, "%" if _SHARE.fullmatch(between) else "x", averaged="average" in between)
        plain = [(i, named) for i, named in places if _is_bare(symbols[:i], named, company)]
        if not plain:
            return None
        place, named = max(
            plain, key=lambda found: (found[1].defined, not isinstance(found[1].expression, Line), -found[0])
        )
        behind = [s.text for s in symbols[place + 1 : place + 6] if s.text not in "()" and s.value != named.expression]
        if named.unit == "amount" and (behind[:1] == ["margin"] or behind[:2] == ["%", "margin"]):
            margin = f"{named.name} margin", f"{named.zh}占营业收入比例"
            return _Named(*margin, "%", Join("/", named.expression, self._names[("revenue",)]), named.defined)
        return named


def _share(one: _Named, other: _Named, unit: Unit, *, averaged: bool) -> _Named:
    right = mean([other.expression, earlier(other.expression)]) if averaged else other.expression
    name = f"{one.name} as % of {other.name}" if unit == "%" else f"{one.name} to {other.name}"
    return _Named(name, f"{one.zh}/{other.zh}", unit, Join("/", one.expression, right))


def _is_bare(before: Sequence[Symbol], named: _Named, company: Set[str]) -> bool:
    """Whether no other word makes a line mean another one: US sales, largest liability, wages as a percent of sales."""
    if not isinstance(named.expression, Line) or not before:
        return True
    last = next((symbol for symbol in reversed(before) if symbol.text not in "()"), before[-1])
    if any(symbol.text in ("percent", "percentage", "%", "占") for symbol in before[-3:]):
        return False
    return last.kind != "word" or last.text in _MAY_STAND_BEFORE or last.text in company


def _sentence(question: str) -> str:
    """The part of a question that asks, without what it tells of the one who asks and of the way to answer."""
    asking = _ASKED.split(core(question))[0]
    words = list(_ASKS.finditer(asking))
    return asking[words[-1].start() :] if words else _PART.split(asking)[-1]


def _asks_figure(sentence: str, target: _Named) -> bool:
    """Whether a figure is asked for, and not what stands behind it."""
    if language_of(sentence) == "zh":
        return _ASKS_FIGURE_ZH.search(sentence) is not None
    return not isinstance(target.expression, Line) or _ASKS_FIGURE.search(sentence) is not None


def _how(sentence: str, years: tuple[int, ...]) -> Change | None:
    if _CAGR.search(sentence):
        return "cagr"
    if _MEAN.search(sentence) and len(years) > 1:
        return "mean"
    if _GROWTH.search(sentence) and years:
        return "growth"
    return None


def _places(question: str) -> int | None:
    """`Round your answer to two decimal places`."""
    match = re.search(r"(one|two|three|four|\d)\s+decimal|保留([一二三四两\d])位", fold(question))
    if match is None:
        return None
    word = match[1] or match[2]
    return {"one": 1, "two": 2, "three": 3, "four": 4, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4}.get(word) or int(
        word
    )


def _unit(expression: Expression) -> Unit:
    """A share of two amounts is a ratio, whatever else it is divided by."""
    return "x" if isinstance(expression, Join) and expression.operator in "*/" else "amount"


def _bare(name: str) -> str:
    return re.sub(
        r"^(?:the|here|please|and|note that)\s+", "", " ".join(name.split()).strip(" ,，"), flags=re.IGNORECASE
    )


def _read(path: Path) -> Iterator[tuple[str, ...]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))
