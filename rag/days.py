"""A date in words to its days: `2025年2月`, `March 2025`, `last month`, `去年`. Pure: today is given.

Texts are folded (rag/text.py). A month without a year is the last one that has begun; weeks begin on Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "quarter", "year"]
Days = tuple[date, date]  # the first and the last

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_HAN_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_HAN_MONTH = r"(?<![\d.])(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
_YEAR = r"(?<![\d.,-])((?:19|20)\d{2})(?![\d%]|[.,-]\d)"
_BACK = {
    "last": 1,
    "previous": 1,
    "this": 0,
    "current": 0,
    "上": 1,
    "本": 0,
    "这": 0,
    "去": 1,
    "前": 2,
    "今": 0,
    "昨": 1,
}
_UNITS: dict[str, Unit] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "季度": "quarter",
    "年": "year",
}
_LEAST, _MOST = 1950, 2100
_Read = Callable[[re.Match[str], date], Days]


def month_days(year: int, month: int) -> Days:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def unit_of(word: str) -> Unit:
    """`weeks`, `礼拜`: week."""
    return _UNITS[word.removesuffix("s")]


def step_back(today: date, count: int, unit: Unit) -> date:
    """The same day so many units before; the last of its month where that is shorter."""
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * {"month": 1, "quarter": 3, "year": 12}[unit]
    last = month_days(months // 12, months % 12 + 1)[1]
    return last.replace(day=min(today.day, last.day))


def calendar_unit(today: date, back: int, unit: Unit) -> Days:
    """The day, week, month, quarter or year that holds today, or the one so many before."""
    at = step_back(today, back, unit)
    if unit == "day":
        return at, at
    if unit == "week":
        monday = at - timedelta(days=at.weekday())
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(at.year, 1, 1), date(at.year, 12, 31)
    first = at.month if unit == "month" else (at.month - 1) // 3 * 3 + 1
    return date(at.year, first, 1), month_days(at.year, first + (0 if unit == "month" else 2))[1]


def days_of(words: str, today: date, year: int | None = None) -> Days | None:
    """The days of a text that is a `DATE` and nothing else; None where the calendar, or a report, has none. `year`: that of a bare month."""
    for pattern, read in _READERS:
        match = re.fullmatch(pattern, words)
        if match:
            try:
                first, last = read(match, today)
            except ValueError:
                return None
            if not _LEAST < first.year < _MOST:
                return None
            bare = pattern in _WITHOUT_YEAR and year is not None
            return month_days(year, first.month) if bare and year else (first, last)
    return None


def _latest_month(month: int, today: date) -> Days:
    return month_days(today.year if month <= today.month else today.year - 1, month)


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    return _HAN_MONTHS.index(name) + 1 if name in _HAN_MONTHS else _MONTHS.index(name[:3]) + 1


def _day(year: str, month: str, day: str) -> Days:
    only = date(int(year), _month(month), int(day))
    return only, only


def _whole_year(year: int) -> Days:
    return date(year, 1, 1), date(year, 12, 31)


_WITHOUT_YEAR = (_HAN_MONTH, rf"\b{_MONTH}")
_READERS: tuple[tuple[str, _Read], ...] = (  # the longest of those that begin alike first
    (r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", lambda m, _: _day(m[1], m[2], m[3])),
    (r"(?<!\d)(\d{4})年(\d{1,2})月(\d{1,2})[日号]?", lambda m, _: _day(m[1], m[2], m[3])),
    (rf"{_MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", lambda m, _: _day(m[3], m[1], m[2])),
    (
        rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(\d{{4}})(?!\d)",
        lambda m, _: _day(m[3], m[2], m[1]),
    ),
    (r"(?<!\d)((?:19|20)\d{2})[-/](0?[1-9]|1[0-2])(?![\d-])", lambda m, _: month_days(int(m[1]), int(m[2]))),
    (rf"(?<!\d)(\d{{4}})年{_HAN_MONTH}", lambda m, _: month_days(int(m[1]), _month(m[2]))),
    (rf"{_MONTH},?\s+(?:of\s+)?((?:19|20)\d{{2}})(?!\d)", lambda m, _: month_days(int(m[2]), _month(m[1]))),
    (
        r"([今去前])年(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?",
        lambda m, today: month_days(today.year - _BACK[m[1]], _month(m[2])),
    ),
    (r"(?:[今本]年)?年?初", lambda _, today: month_days(today.year, 1)),
    (r"\b(?:the\s+)?(?:start|beginning) of (?:the|this) year", lambda _, today: month_days(today.year, 1)),
    (r"(?<![以之目])([今去前])年", lambda m, today: calendar_unit(today, _BACK[m[1]], "year")),
    (r"(?<!\d)((?:19|20)\d{2})年初?", lambda m, _: _whole_year(int(m[1]))),
    (
        r"(?<![\d年])(\d{1,2})月(\d{1,2})[日号]",
        lambda m, today: _day(str(_latest_month(int(m[1]), today)[0].year), m[1], m[2]),
    ),
    (_HAN_MONTH, lambda m, today: _latest_month(_month(m[1]), today)),
    (rf"\b{_MONTH}", lambda m, today: _latest_month(_month(m[1]), today)),
    (_YEAR, lambda m, _: _whole_year(int(m[1]))),
    (
        r"\b(?:the\s+)?(last|previous|this|current)\s+(week|month|quarter|year)\b",
        lambda m, today: calendar_unit(today, _BACK[m[1]], unit_of(m[2])),
    ),
    (
        r"([上本这])(?:一?个)?(周|星期|礼拜|月|季度)",
        lambda m, today: calendar_unit(today, _BACK[m[1]], unit_of(m[2])),
    ),
    (r"([昨今前])[天日]", lambda m, today: calendar_unit(today, _BACK[m[1]], "day")),
    (r"\b(yesterday|today)\b", lambda m, today: calendar_unit(today, int(m[1] == "yesterday"), "day")),
)
DATE = "(?:" + "|".join(re.sub(r"\((?!\?)", "(?:", pattern) for pattern, _ in _READERS) + ")"
"""A pattern, without groups, of all that `days_of` reads."""
