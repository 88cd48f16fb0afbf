"""Texts of a filing or an earnings release in; the fiscal period as its company names it out: FY2018, Q2 FY2023, H1 2024.

A fiscal year has the name the company gives it: the year that ended on January 28, 2023 is fiscal 2023 to one retailer and
fiscal 2022 to another, so the text decides before the calendar does.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

from ingest.metadata.dates import YEAR
from ingest.metadata.evidence import HINT, LABEL, PLACE, TEXT, confidence

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_ORDINAL = r"(first|second|third|fourth|1st|2nd|3rd|4th)"
_FISCAL_YEAR = re.compile(rf"\bfiscal(?:\s+year)?(?:s|\s+ended)?\s+{YEAR}\b|\bFY\s?'?{YEAR}\b", re.IGNORECASE)
_QUARTER_FIRST = re.compile(
    rf"\b{_ORDINAL}[\s-]+(?:fiscal\s+)?quarter(?:\s+and\s+(?:full|fiscal)[\s-]+year)?(?:\s+results)?(?:\s+(?:of|for|in))?,?\s+(?:the\s+)?"
    rf"(?P<fiscal>fiscal(?:\s+year)?\s+|FY\s?)?{YEAR}\b",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"(?P<fiscal>\bfiscal(?:\s+year)?\s+|\bFY\s?)?\b{YEAR}[\s-]+{_ORDINAL}[\s-]+quarter\b", re.IGNORECASE
)
_SHORT = re.compile(
    rf"\bQ([1-4])[\s-]*(?:and\s+(?:full[\s-]year|FY)\s*)?(?P<fiscal>FY|fiscal(?:\s+year)?)?[\s'’-]*(?:{YEAR}|(\d\d))\b|\b([1-4])Q\s?(?P<f2>FY)?'?(?:{YEAR}|(\d\d))\b",
    re.IGNORECASE,
)
_HALF = re.compile(
    rf"\b(?:first|1st)\s+half\s+(?:of\s+)?(?P<fiscal>fiscal\s+(?:year\s+)?|FY\s?)?{YEAR}|\bH1\s+(?P<f2>FY)?\s?{YEAR}|\b1H\s?{YEAR}|\bsix\s+months\s+ended\s+30\s+June,?\s+{YEAR}",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"\b(?:fiscal(?:\s+year)?|full[\s-]year(?:\s+fiscal)?|annual|FY)\s*{YEAR}\b(?:[^.]{{0,40}}\bresults)?|\b{YEAR}\s+(?:full[\s-]year|annual|fiscal year)\b",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    r"\b(three|six|nine|twelve|3|6|9|12|thirteen|twenty[- ]six|thirty[- ]nine|13|26|39)[\s-]+(months?|weeks?)\s+(?:period\s+)?ended\b",
    re.IGNORECASE,
)
_QUARTERS = dict.fromkeys(("three", "3", "thirteen", "13"), 1)
_QUARTERS |= dict.fromkeys(("six", "6", "twenty six", "26"), 2) | dict.fromkeys(("nine", "9", "thirty nine", "39"), 3)
_CHINESE = re.compile(rf"{YEAR}年?(?P<kind>第?[一二三四]季度|半年度?|中期|年度|年[报報])")
_CHINESE_KIND = {"一季": "Q1", "二季": "Q2", "三季": "Q3", "四季": "Q4", "半年": "H1", "中期": "H1"}
_ROC = re.compile(
    r"(?:民國)?\s*(?P<year>1\d\d)\s*年?(?:及\s*1\d\d\s*)?年\s*(?:\d{1,2}\s*月\s*1\s*日至\s*)?(?P<month>3|6|9|12)\s*月\s*3[01]\s*日"
)

_OUTLOOK = 0.35  # of the mentions of the year before

Period = tuple[str, float]
"""A fiscal period and how sure it is."""


def fiscal_year(ended: date, text: str) -> tuple[int, float]:
    """The name of the fiscal year that ended on a day. `text` is the company's own, on one line."""
    usual = (ended - timedelta(days=10)).year  # 52 or 53 weeks may run into the first days of January
    if ended.month == 12 or usual != ended.year:
        return usual, confidence(LABEL, LABEL)
    defined, counts = _defined(ended, text), Counter(int(year) for year in _years(text))
    if ended.month > 6 or counts[ended.year] + counts[ended.year - 1] < 3:
        return ended.year, confidence(LABEL, TEXT if counts[ended.year] > counts[ended.year - 1] else 0.0)
    # a year that is over is written about at length, the year that has begun only as an outlook
    over = counts[ended.year] / max(1, counts[ended.year - 1])
    here, before = defined[ended.year], defined[ended.year - 1]
    winner = (ended.year if here > before else ended.year - 1) if here != before else ended.year - (over < _OUTLOOK)
    clear = over < _OUTLOOK / 2 or over > 2 * _OUTLOOK
    return winner, confidence(LABEL, PLACE if clear else 0.0, TEXT if defined[winner] else 0.0)


def _years(text: str) -> list[str]:
    return [match[1] or match[2] for match in _FISCAL_YEAR.finditer(text)]


def _defined(ended: date, text: str) -> Counter[int]:
    """How often the text puts "fiscal 2017" right beside the day its year ended on."""
    day = rf"{ended:%B}\s+{ended.day}\s*,\s*{ended.year}"
    found: Counter[int] = Counter()
    for pattern in (
        rf"fiscal(?:\s+year)?\s+{YEAR}[^.]{{0,60}}?(?:ended|ending|ends|means|refers)[^.]{{0,50}}?{day}",
        rf"(?:ended|ending)\s+(?:on\s+)?{day}\s*[,;]?\s*\(?\s*[“\"'(]?\s*(?:the\s+)?[“\"]?fiscal(?:\s+year)?\s+{YEAR}",
        rf"fiscal(?:\s+year)?\s+{YEAR}\s*\([^)]{{0,30}}{day}",
    ):
        for match in re.finditer(pattern, text, re.IGNORECASE):
            found[int(match[1])] += 1
    return found


def quarter(ended: date, text: str) -> Period | None:
    """The quarter of a quarterly filing: how many months its statements add up, and the year as the text names it."""
    lengths = [_QUARTERS.get(re.sub(r"[\s-]+", " ", m[1].lower())) for m in _MONTHS.finditer(text)]
    longest = max((number for number in lengths if number), default=None)
    named = Counter((_ORDINALS[m[1].lower()], int(m[3])) for m in _QUARTER_FIRST.finditer(text) if m["fiscal"])
    number = longest or (ended.month - 1) // 3 + 1
    years = [year for (ordinal, year), _ in named.items() if ordinal == number and abs(year - ended.year) <= 1]
    if years:
        return f"Q{number} FY{max(years)}", confidence(LABEL, PLACE if longest else 0.0, HINT)
    day = ended - timedelta(days=10)
    if longest is not None and (day.month - 1) // 3 + 1 == longest:
        return f"Q{longest} {day.year}", confidence(LABEL, PLACE)
    if longest is None:
        return f"Q{(day.month - 1) // 3 + 1} {day.year}", TEXT
    months = 12 - 3 * longest
    year_end = day.year + (day.month + months - 1) // 12
    return f"Q{longest} FY{year_end}", PLACE


def released(text: str) -> Period | None:
    """The period that the title or first lines of an earnings release name."""
    for pattern in (_QUARTER_FIRST, _YEAR_FIRST, _SHORT, _HALF, _WHOLE):
        if match := pattern.search(text):
            return _named(pattern, match), LABEL
    return None


def _named(pattern: re.Pattern[str], match: re.Match[str]) -> str:
    words = [word for word in match.groups() if word]
    year = next((word for word in words if re.fullmatch(r"(?:19|20)\d\d", word)), "")
    year = year or "20" + next(word for word in words if re.fullmatch(r"\d\d", word))
    fiscal = bool(re.search(r"fiscal|FY", match[0], re.IGNORECASE))
    if pattern is _WHOLE:
        return f"FY{year}"
    number = next((_ORDINALS[word.lower()] for word in words if word.lower() in _ORDINALS), None)
    part = "H1" if pattern is _HALF else f"Q{number or next(word for word in words if word in '1234')}"
    return f"{part} {'FY' if fiscal else ''}{year}"


def chinese_period(text: str) -> str | None:
    """2024年年度报告 is FY2024, 2024年半年度报告 H1 2024, 2025年第一季度报告 Q1 2025."""
    match = _CHINESE.search(re.sub(r"\s", "", text))
    if match is None:
        return None
    part = next((part for word, part in _CHINESE_KIND.items() if word in match["kind"]), None)
    return f"{part} {match[1]}" if part else f"FY{match[1]}"


def taiwanese_period(text: str) -> str | None:
    """民國112年1月1日至9月30日 is Q3 2023: the year of the Republic, and the month its statements run to."""
    match = _ROC.search(re.sub(r"(?<=\d)\s+(?=\d)", "", text))
    if match is None:
        return None
    year, month = int(match["year"]) + 1911, int(match["month"])
    return f"FY{year}" if month == 12 else f"H1 {year}" if month == 6 else f"Q{month // 3} {year}"
