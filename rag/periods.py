"""Years, halves and quarters that a text names, and how well a report's fiscal period answers to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text import fold

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_SHORT = r"'?(?P<year>(?:19|20)?\d{2})"
_FISCAL = r"(?:of\s+|the\s+|in\s+)*(?:fiscal\s+(?:year\s+)?|fy\s*)?"
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"}
_HAN = {"一": "1", "二": "2", "三": "3", "四": "4", "上": "1", "下": "2"}
_QUARTERS = (
    rf"\bq(?P<part>[1-4])[\s,]*{_FISCAL}{_SHORT}\b",
    rf"\b{_YEAR}\s*q(?P<part>[1-4])\b",
    rf"\b(?P<part>[1-4])q\s*{_SHORT}\b",
    rf"\b(?P<part>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter\s+{_FISCAL}{_YEAR}\b",
    rf"{_YEAR}\s*(?:财?年度?)?\s*第?(?P<part>[一二三四1-4])季",
)
_HALVES = (
    rf"\b(?P<part>[12])h\s*{_SHORT}\b",
    rf"\bh(?P<part>[12])[\s,]*{_FISCAL}{_SHORT}\b",
    rf"\b(?P<part>first|second)\s+half\s+{_FISCAL}{_YEAR}\b",
    rf"{_YEAR}\s*(?:财?年度?)?(?P<part>[上下])半年",
)
_YEARS = (rf"\bfy\s*{_SHORT}\b", rf"(?<!\d)(?<!\d[.,])(?<!-){_YEAR}(?!\d|[.,]\d|-\d{{3}})")
_PATTERNS = [
    *((re.compile(pattern), "Q") for pattern in _QUARTERS),
    *((re.compile(pattern), "H") for pattern in _HALVES),
    *((re.compile(pattern), "") for pattern in _YEARS),
]
_LEAST, _MOST = 1950, 2100


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, or a part of one: `Q1` to `Q4`, `H1`, `H2`; "" is the whole year."""

    year: int
    part: str = ""

    def __str__(self) -> str:
        return f"{self.part} {self.year}".strip()


def find_periods(text: str) -> tuple[Period, ...]:
    """The periods a text names, in order; a year that only says whose quarter is meant is not named apart."""
    rest = fold(text)
    found: dict[int, Period] = {}
    for pattern, kind in _PATTERNS:
        for match in pattern.finditer(rest):
            part = match["part"] if kind else ""
            digits = _ORDINALS.get(part, _HAN.get(part, part))
            year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
            if _LEAST < year < _MOST:
                found[match.start()] = Period(year, f"{kind}{digits}" if kind else "")
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def answers_to(fiscal_period: str | None, asked: Sequence[Period]) -> float:
    """How well a filing for a period answers a question about others, in [0, 1].

    1 for the period itself, .9 for the fourth quarter's, whose release has the year too, .5 for the year around it or
    another part of it, .4 for the year after, whose filing repeats the figures of the year before. Of several years the
    last is the one whose filing shows the others too.
    """
    own = next(iter(find_periods(fiscal_period or "")), None)
    if own is None or not asked:
        return 0.0
    last = max(asked).year
    return max(_fit(own, period) * (1.0 if period.year == last else 0.6) for period in asked)


def _fit(own: Period, asked: Period) -> float:
    if own == asked:
        return 1.0
    if own == Period(asked.year, "Q4") and not asked.part:
        return 0.9
    if own.year == asked.year:
        return 0.5 if "" in (own.part, asked.part) else 0.2
    return 0.4 if own.year == asked.year + 1 and own.part == asked.part else 0.0
