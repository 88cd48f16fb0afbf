"""Years, halves and quarters that a text names, and how well a report's fiscal period answers to them.

A quarter without a year (`二季度`) is of the year named before it, else after it, else of any. Where today is given, `last year` and 去年
are years too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rag.days import calendar_unit
from rag.text import fold

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_SHORT = r"'?(?P<year>(?:19|20)?\d{2})"
_FISCAL = r"(?:of\s+|the\s+|in\s+)*(?:fiscal\s+(?:year\s+)?|fy\s*)?"
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"}
_HAN = {"一": "1", "二": "2", "三": "3", "四": "4", "上": "1", "下": "2"}
_FROM, _TO = r"(?<![a-z0-9])", r"(?![a-z0-9])"  # of words: han may stand beside them
_TWO = r"(?<![a-z0-9.,-])(?P<year>\d{2})"
_QUARTERS = (
    rf"{_FROM}q(?P<part>[1-4])[\s,]*{_FISCAL}{_SHORT}{_TO}",
    rf"{_FROM}{_YEAR}\s*q(?P<part>[1-4]){_TO}",
    rf"{_FROM}(?P<part>[1-4])q\s*{_SHORT}{_TO}",
    rf"{_FROM}(?P<part>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter\s+{_FISCAL}{_YEAR}{_TO}",
    rf"{_YEAR}\s*(?:财?年度?)?\s*第?(?P<part>[一二三四1-4])季",
    rf"{_TWO}q(?P<part>[1-4]){_TO}",
    rf"{_TWO}年第?(?P<part>[一二三四1-4])季",
)
_HALVES = (
    rf"{_FROM}(?P<part>[12])h\s*{_SHORT}{_TO}",
    rf"{_FROM}h(?P<part>[12])[\s,]*{_FISCAL}{_SHORT}{_TO}",
    rf"{_FROM}(?P<part>first|second)\s+half\s+{_FISCAL}{_YEAR}{_TO}",
    rf"{_YEAR}\s*(?:财?年度?)?(?P<part>[上下])半年",
    rf"{_TWO}h(?P<part>[12]){_TO}",
    rf"{_TWO}年(?P<part>[上下])半年",
)
_YEARS = (rf"{_FROM}fy\s*{_SHORT}{_TO}", rf"(?<!\d)(?<!\d[.,])(?<!-){_YEAR}(?!\d|[.,]\d|-\d{{3}})")
_BARE_QUARTERS = (
    rf"{_FROM}q(?P<part>[1-4]){_TO}",
    rf"{_FROM}(?P<part>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter{_TO}",
    r"(?<!前)第?(?P<part>[一二三四])季[度报]",
)
_BARE_HALVES = (rf"{_FROM}h(?P<part>[12]){_TO}", rf"{_FROM}(?P<part>first|second)\s+half{_TO}", r"(?P<part>[上下])半年")
_PATTERNS = [
    *((re.compile(pattern), "Q") for pattern in _QUARTERS),
    *((re.compile(pattern), "H") for pattern in _HALVES),
    *((re.compile(pattern), "") for pattern in _YEARS),
    *((re.compile(pattern), "Q") for pattern in _BARE_QUARTERS),
    *((re.compile(pattern), "H") for pattern in _BARE_HALVES),
]
_LEAST, _MOST = 1950, 2100
_BACK = {"last": 1, "previous": 1, "this": 0, "current": 0, "去": 1, "前": 2, "今": 0, "上": 1, "本": 0, "这": 0}
_RELATIVE_YEAR = re.compile(r"\b(?P<en>last|previous|this|current)\s+year\b|(?<![以之目])(?P<zh>[去前今])年")
_RELATIVE_QUARTER = re.compile(r"\b(?P<en>last|previous|this|current)\s+quarter\b|(?P<zh>[上本这])个?季度")


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a part of one: `Q1` to `Q4`, `H1`, `H2`; "" is the whole year. `year` is None where none is said."""

    year: int | None
    part: str = ""

    def __str__(self) -> str:
        return f"{self.part} {self.year or ''}".strip()


@lru_cache(maxsize=10_000)
def find_periods(text: str, today: date | None = None) -> tuple[Period, ...]:
    """The periods a text names, in order; a year that only says whose quarter is meant is not named apart."""
    rest = fold(text)
    if today is not None:
        rest = _in_numbers(rest, today)
    found: dict[int, Period] = {}
    for pattern, kind in _PATTERNS:
        for match in pattern.finditer(rest):
            part = match["part"] if kind else ""
            digits = _ORDINALS.get(part, _HAN.get(part, part))
            written = match.groupdict().get("year")
            year = None if written is None else int(written) if len(written) == 4 else 2000 + int(written)
            if year is None or _LEAST < year < _MOST:
                found[match.start()] = Period(year, f"{kind}{digits}" if kind else "")
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    return tuple(dict.fromkeys(_with_years([found[at] for at in sorted(found)])))


def _in_numbers(folded: str, today: date) -> str:
    """`去年二季度` as `2024年二季度`, `last quarter` as `q3 2024`."""

    def quarter(match: re.Match[str]) -> str:
        first = calendar_unit(today, _BACK[match["en"] or match["zh"]], "quarter")[0]
        return f" q{(first.month + 2) // 3} {first.year} "

    def year(match: re.Match[str]) -> str:
        return f"{today.year - _BACK[match['en'] or match['zh']]}{'年' if match['zh'] else ''}"

    return _RELATIVE_YEAR.sub(year, _RELATIVE_QUARTER.sub(quarter, folded))


def _with_years(periods: Sequence[Period]) -> Iterator[Period]:
    """A part of no year gets that of the period before it, else of the next one that has a year (Q1 and Q2 2023)."""
    year = next((period.year for period in periods if period.year), None)
    for period in periods:
        year = period.year or year
        yield Period(year, period.part)


def answers_to(fiscal_period: str | None, asked: Sequence[Period]) -> float:
    """How well a filing for a period answers a question about others, in [0, 1].

    1 for the period itself, .9 for the fourth quarter's, whose release has the year too, .5 for the year around it or
    another part of it or the same part of some year, .4 for the year after, whose filing repeats the figures of the year
    before. Of several years the last is the one whose filing shows the others too.
    """
    own = next(iter(find_periods(fiscal_period or "")), None)
    if own is None or not asked:
        return 0.0
    last = max(period.year or 0 for period in asked)
    return max(_fit(own, period) * (1.0 if (period.year or 0) == last else 0.6) for period in asked)


def _fit(own: Period, asked: Period) -> float:
    if own == asked:
        return 1.0
    if asked.year is None or own.year is None:
        return 0.5 if own.part == asked.part else 0.0
    if own == Period(asked.year, "Q4") and not asked.part:
        return 0.9
    if own.year == asked.year:
        return 0.5 if "" in (own.part, asked.part) else 0.2
    return 0.4 if own.year == asked.year + 1 and own.part == asked.part else 0.0
