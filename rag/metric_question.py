"""A question to the metric that it asks for, with the years: `the FY2015 - FY2017 3 year average net profit margin`.

Where a question defines what it means, its own definition counts. Nothing is wanted of a question for a part of the
business, an adjusted or expected figure, a cause, a part of a year, or something that merely has a line's name in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from rag.definition import Symbol, UnclearError, parse, symbols_of, words_of
from rag.domain import Understood
from rag.expression import Constant, Expression, Join, Root, earlier, growth, mean, of_year
from rag.metrics import Metric, Metrics, Unit
from rag.periods import find_periods
from rag.statements import is_told
from rag.text import fold
from rag.wanted import core
from rag.whole import asks_of_whole, without_asides

Change = Literal["growth", "cagr", "mean"]
_MOST_YEARS = 6
_OF_A_TREND = 3  # years, where none is named
_ASKED = re.compile(r"[?？]")
_ASKS = re.compile(r"\b(?:what|how much|how many|which|calculate|compute)\b", re.IGNORECASE)
_CALCULATE = re.compile(r"\bcalculate ([^.?!;；]+)", re.IGNORECASE)
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
_LEADING = re.compile(r"^(?:(?:the|here|please|and|note that)\s+)+", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年?\s*(?:[-–—~～至到])\s*((?:19|20)\d\d)(?!\d)")
_PART_OF_YEAR = re.compile(
    r"季[度报]?|[上下]半年|半年|中报|单月|\d\s?[-—~～至到]\s?\d{1,2}\s?月|年初至今"
    r"|\b(?:quarter(?:ly|s)?|half[- ]year|interim|year[- ]to[- ]date|ytd|(?:three|six|nine) months|first half|second half)\b",
    re.IGNORECASE,
)
_SHORT_NAME = re.compile(r"[(（]([^()（）]+)[)）]")
_CAGR = re.compile(r"\bcagr\b|compound(?:ed)? annual|复合", re.IGNORECASE)
_MEAN = re.compile(r"\baverage\b|平均", re.IGNORECASE)
_GROWTH = re.compile(
    r"\bgrowth\b|\bgr[eo]wn?\b|year[- ]over[- ]year|\byoy\b|\bchanged?\b|\bincreased?\b|\bdecreased?\b"
    r"|同比|增速|增长率|变动率|增长了?多少|变化",
    re.IGNORECASE,
)
_LAST_YEARS = re.compile(
    r"(?:最近|近|过去)的?([两二三四五])个?年|\b(?:last|past|latest|most recent) (two|three|four|five) (?:fiscal |financial )?years\b",
    re.IGNORECASE,
)
_TREND = re.compile(
    r"improv|declin|deteriorat|worsen|trend|histor|consistent|stable|改善|恶化|趋势|历年|稳定", re.IGNORECASE
)
_PERCENT_OF = re.compile(r"as (?:a )?(?:%|percent|percentage) of(?: total)?|占")
_TO = re.compile(r"to(?: average)?")
_DECIMALS = re.compile(r"(one|two|three|four|\d)\s+decimal|保留([一二三四两\d])位")
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
}  # fmt: skip
_MAY_STAND_BEHIND = frozenset(["ratio", "for", "in", "of", "by", "at", "during", "as"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for: a metric, of the years that it names; without a year, of the `newest` that there are.

    `places`: digits after the point that were asked for. `how`: the growth over the years, or their mean, instead of each.
    """

    metric: Metric
    years: tuple[int, ...]
    places: int | None = None
    how: Change | None = None
    newest: int = 1

    def ways(self) -> Iterator[Wanted]:
        """Itself, and itself by the metric's other formulas, for a report that has no line of the first."""
        yield self
        for other in self.metric.others:
            yield replace(self, metric=replace(self.metric, expression=other, others=()))

    @property
    def is_read(self) -> bool:
        """Whether nothing has to be computed."""
        return self.metric.is_line and self.how is None

    def dated(self, years: tuple[int, ...]) -> list[tuple[tuple[int, ...], Expression]]:
        """What to compute, each with the years it is told of; `years` in order."""
        if self.how is None or len(years) < 2:
            return [((year,), of_year(self.metric.expression, year)) for year in years]
        told = [of_year(self.metric.expression, year) for year in years]
        ends = (years[0], years[-1])
        if self.how == "mean":
            return [(ends, mean(told))]
        if self.metric.unit == "%":  # a change of a rate is one in percentage points
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
            return "pp" if self.metric.unit == "%" else "%"
        return self.metric.unit


def asked_metric(asked: Understood, metrics: Metrics) -> Wanted | None:
    """What the question wants from the statements; None where it asks for no line or metric of whole years."""
    question = without_asides(asked.unnamed or asked.question)
    if not is_told(question):
        return None
    sentence = _sentence(question)
    vocabulary = _Vocabulary(metrics, _defined(question, metrics))
    parts = (sentence, *_CALCULATE.findall(question))
    target = max(filter(None, map(vocabulary.target, parts)), key=lambda one: not one.is_line, default=None)
    years = _years(sentence)
    years = _years(core(question)) if years == () else years
    if target is None or years is None:
        return None
    how = _how(sentence, years)
    is_trend = _TREND.search(sentence) is not None
    if len(years) == 1 and (how == "growth" or is_trend):
        years = (years[0] - 1, years[0])
    elif how == "mean" and len(years) == 2:
        years = tuple(range(years[0], years[1] + 1))
    return (
        Wanted(target, years, _places(question), how if len(years) > 1 else None, _newest(question, is_trend))
        if len(years) <= _MOST_YEARS
        else None
    )


def _defined(question: str, metrics: Metrics) -> dict[tuple[str, ...], Metric]:
    """What the question defines itself, by its names; a definition may use the ones after it."""
    own: dict[tuple[str, ...], Metric] = {}
    for match in reversed([match for pattern in _DEFINED for match in pattern.finditer(question)]):
        try:
            expression = parse(match["formula"], metrics.names | {words: one.expression for words, one in own.items()})
        except UnclearError:
            continue
        name = _LEADING.sub("", " ".join(_SHORT_NAME.sub("", match["name"]).split()).strip(" ,，"))
        known = metrics.named(words_of(name))
        unit = known.unit if known else _unit(expression)
        metric = Metric(name, known.zh if known else name, unit, expression, defined=True)
        own |= {words_of(one): metric for one in (name, *_SHORT_NAME.findall(match["name"])) if words_of(one)}
    return own


class _Vocabulary:
    """The metrics of the file and the question's own."""

    def __init__(self, metrics: Metrics, own: Mapping[tuple[str, ...], Metric]) -> None:
        self._metrics = metrics
        self._names = metrics.names | {words: metric.expression for words, metric in own.items()}
        self._known = metrics.metrics | {metric.expression: metric for metric in own.values()}

    def target(self, sentence: str) -> Metric | None:
        """What a sentence asks for: a share of two names, else the one that tells most, with the margin put to it."""
        symbols = symbols_of(sentence, self._names)
        if not asks_of_whole(symbols):
            return None
        places = [(at, self._known[one.value]) for at, one in enumerate(symbols) if one.value in self._known]
        shares = (self._share(symbols, left, right) for left, right in pairwise(places))
        share = next(filter(None, shares), None)
        if share is not None or not places or any(symbol.text == "占" for symbol in symbols):
            return share
        place, metric = max(places, key=lambda found: (found[1].defined, not found[1].is_line, -found[0]))
        behind = [s.text for s in symbols[place + 1 : place + 6] if s.text not in "()" and s.value != metric.expression]
        if metric.unit == "amount" and (behind[:1] == ["margin"] or behind[:2] == ["%", "margin"]):
            formula = Join("/", metric.expression, self._names["revenue",])
            return Metric(f"{metric.name} margin", f"{metric.zh}占营业收入比例", "%", formula, defined=metric.defined)
        return metric

    def _share(self, symbols: Sequence[Symbol], left: tuple[int, Metric], right: tuple[int, Metric]) -> Metric | None:
        """One name as a percentage of another, or the ratio of one to another."""
        (start, one), (end, other) = left, right
        between = " ".join(symbol.text for symbol in symbols[start + 1 : end])
        if _PERCENT_OF.fullmatch(between):
            formula = Join("/", one.expression, other.expression)
            return Metric(f"{one.name} as % of {other.name}", f"{one.zh}占{other.zh}比例", "%", formula)
        behind = [symbol for symbol in symbols[end + 1 : end + 2] if symbol.text not in _MAY_STAND_BEHIND]
        if not _TO.fullmatch(between) or any(symbol.kind == "word" for symbol in behind):
            return None
        other = self._metrics.named(words_of(symbols[end].text.removesuffix(" ratio"))) or other
        whole = mean([other.expression, earlier(other.expression)]) if "average" in between else other.expression
        return Metric(f"{one.name} to {other.name}", f"{one.zh}/{other.zh}", "x", Join("/", one.expression, whole))


def _sentence(question: str) -> str:
    """The part of a question that asks, without what it tells of the one who asks and of the way to answer."""
    asking = _ASKED.split(core(question))[0]
    words = list(_ASKS.finditer(asking))
    return asking[words[-1].start() :] if words else _PART.split(asking)[-1]


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
    match = _DECIMALS.search(fold(question))
    word = match and (match[1] or match[2])
    return None if not word else _COUNTS[word] if word in _COUNTS else int(word)


def _newest(question: str, is_trend: bool) -> int:
    """How many of the newest years are asked for where none is named."""
    match = _LAST_YEARS.search(question)
    return _COUNTS[(match[1] or match[2]).lower()] if match else _OF_A_TREND if is_trend else 1


def _unit(expression: Expression) -> Unit:
    """A share of two amounts is a ratio, whatever else it is divided by."""
    return "x" if isinstance(expression, Join) and expression.operator in "*/" else "amount"


def _years(text: str) -> tuple[int, ...] | None:
    """The whole years that a text names, in order; None where it names a part of one."""
    ends = {int(year) for match in _RANGE.finditer(text) for year in match.groups()}
    periods = find_periods(text)
    if any(period.part for period in periods) or _PART_OF_YEAR.search(text):
        return None
    return tuple(sorted(ends | {period.year for period in periods if period.year}))
