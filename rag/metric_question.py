"""A question to the metric that it asks for, with the years: `the FY2015 - FY2017 3 year average net profit margin`.

Where a question defines what it means, its own definition counts. Nothing is wanted of a question for a part of the
business, an adjusted or expected figure, a cause, a part of a year, or something that merely has a line's name in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
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
from rag.text import fold, language_of
from rag.wanted import core

Change = Literal["growth", "cagr", "mean"]
_MOST_YEARS = 6
_OF_A_TREND = 3  # years, where none is named
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
_ASKS_FIGURE = re.compile(
    r"\b(?:what(?:'s| is| was| are| were)|how (?:much|many|large|high|big|fast)|calculate|compute|(?:in|de)creased?|gr[eo]wn?|changed?)\b",
    re.IGNORECASE,
)
_ASKS_FIGURE_ZH = re.compile(
    r"多少|几[个倍天成]|多[大高低长快]|计算|什么水平|是否(?:改善|恶化|提高|提升|下降|上升|增长)"
)
_CHANGE_ZH = re.compile(
    r"的?(?:变化|走势|变动|趋势|情况|水平)(?:如何|怎么?样|是什么)?\s*$"
)  # behind the name of a metric
_ASKS_MORE_ZH = re.compile(r"哪|如何|怎|为什么|为何|原因|因素|影响|分析|说明|介绍|什么|措施|策略")
_LAST_YEARS = re.compile(
    r"(?:最近|近|过去)的?([两二三四五])个?年|\b(?:last|past|latest|most recent) (two|three|four|five) (?:fiscal |financial )?years\b",
    re.IGNORECASE,
)
_TREND = re.compile(
    r"improv|declin|deteriorat|worsen|trend|histor|consistent|stable|改善|恶化|趋势|历年|稳定", re.IGNORECASE
)
_NOT_PLAIN = re.compile(  # figures that no statement has
    r"\b(?:exclud\w*|organic\w*|constant[- ]currency|like[- ]for[- ]like|same[- ]store|comparable|pro forma)\b|剔除|扣除|扣非|同店|内生"
    r"|业务|渠道|产品|分部|板块|地区|区域|海外|国内|境内|境外|国际|子公司|事业部|品类|系列|直营|经销|线上|线下|行业|可比|同行|母公司(?!股东|所有者)",
    re.IGNORECASE,
)
_PERCENT_OF = re.compile(r"as (?:a )?(?:%|percent|percentage) of(?: total)?|占")
_TO = re.compile(r"to(?: average)?")
_DECIMALS = re.compile(r"(one|two|three|four|\d)\s+decimal|保留([一二三四两\d])位")
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
}  # fmt: skip
_MAY_STAND_BEHIND = frozenset(["ratio", "for", "in", "of", "by", "at", "during", "as"])
_MAY_STAND_BEFORE = frozenset(
    "the of a an total unadjusted gross net year end ending ended fiscal its their for at by is was were are in much many"  # noqa: SIM905
    " average annual consolidated generate report reported reporting have had what did do show shown 年 财 度 的 末 期 是 司 底 均".split()
)


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
    question = asked.question
    if not is_told(question) or _NOT_PLAIN.search(question):
        return None
    sentence = _sentence(question)
    own = _defined(question, metrics)
    vocabulary = _Vocabulary(metrics, own, {word for name in asked.companies for word in words_of(name)})
    parts = (sentence, *_CALCULATE.findall(question))
    target = max(filter(None, map(vocabulary.target, parts)), key=lambda one: not one.is_line, default=None)
    years = _years(sentence)
    years = _years(core(question)) if years == () else years
    asks = _asks_figure(sentence, target) if target is not None else False
    if target is None or years is None or not (asks or vocabulary.is_all_of(sentence, target)):
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
    """The metrics of the file and the question's own, and the words of the company that may stand before them."""

    def __init__(self, metrics: Metrics, own: Mapping[tuple[str, ...], Metric], company: Set[str]) -> None:
        self._metrics = metrics
        self._names = metrics.names | {words: metric.expression for words, metric in own.items()}
        self._known = metrics.metrics | {metric.expression: metric for metric in own.values()}
        self._company = company

    def target(self, sentence: str) -> Metric | None:
        """What a sentence asks for: a share of two names, else the one that tells most, with the margin put to it."""
        symbols = symbols_of(sentence, self._names)
        places = [(at, self._known[one.value]) for at, one in enumerate(symbols) if one.value in self._known]
        shares = (self._share(symbols, left, right) for left, right in pairwise(places))
        share = next(filter(None, shares), None)
        bare = [(at, metric) for at, metric in places if self._is_bare(symbols[:at], metric)]
        if share is not None or not bare:
            return share
        place, metric = max(bare, key=lambda found: (found[1].defined, not found[1].is_line, -found[0]))
        behind = [s.text for s in symbols[place + 1 : place + 6] if s.text not in "()" and s.value != metric.expression]
        if metric.unit == "amount" and (behind[:1] == ["margin"] or behind[:2] == ["%", "margin"]):
            formula = Join("/", metric.expression, self._names["revenue",])
            return Metric(f"{metric.name} margin", f"{metric.zh}占营业收入比例", "%", formula, defined=metric.defined)
        return metric

    def is_all_of(self, sentence: str, target: Metric) -> bool:
        """Whether a sentence is no more than the name of what it asks for: `Best Buy gross margin 2023`, `百思买的毛利率`."""
        is_zh = language_of(sentence) == "zh"
        sentence = _CHANGE_ZH.sub("", sentence) if is_zh else sentence
        symbols = [one for one in symbols_of(sentence, self._names) if one.kind != "mark"]
        if is_zh:
            named = [one for one in symbols if one.kind != "year" and one.text != "年"]
            ends = bool(named) and named[-1].value is not None and self._known.get(named[-1].value) == target
            return ends and _ASKS_MORE_ZH.search(sentence) is None
        free = _MAY_STAND_BEFORE | self._company
        return all(one.kind in ("year", "name") or one.text in free for one in symbols)

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

    def _is_bare(self, before: Sequence[Symbol], metric: Metric) -> bool:
        """Whether no other word makes a line mean another one: US sales, largest liability, wages as a percent of sales."""
        words = [symbol for symbol in before if symbol.text not in "()"]
        if not metric.is_line or not words:
            return True
        if any(symbol.text in ("percent", "percentage", "%", "占") for symbol in words[-3:]):
            return False
        return words[-1].kind != "word" or words[-1].text in _MAY_STAND_BEFORE or words[-1].text in self._company


def _sentence(question: str) -> str:
    """The part of a question that asks, without what it tells of the one who asks and of the way to answer."""
    asking = _ASKED.split(core(question))[0]
    words = list(_ASKS.finditer(asking))
    return asking[words[-1].start() :] if words else _PART.split(asking)[-1]


def _asks_figure(sentence: str, target: Metric) -> bool:
    """Whether a figure is asked for, and not what stands behind it."""
    if language_of(sentence) == "zh":
        return _ASKS_FIGURE_ZH.search(sentence) is not None
    return not target.is_line or _ASKS_FIGURE.search(sentence) is not None


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
