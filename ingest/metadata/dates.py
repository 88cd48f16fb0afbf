"""A text or a file name in; the whole dates written in it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"((?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6})\.?"
YEAR = r"((?:19|20)\d\d)"  # one group
_DATES = tuple(
    (re.compile(pattern, re.IGNORECASE), order)
    for pattern, order in (
        (rf"(?<!\d){YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日", "ymd"),
        (r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日", "ymd"),
        (rf"(?<![\d.,]){YEAR}\s?-\s?(\d{{1,2}})\s?-\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"(?<![\d.,]){YEAR}\s?/\s?(\d{{1,2}})\s?/\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"(?<![\d.,]){YEAR}\s?\.\s?(\d{{1,2}})\s?\.\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+{YEAR}\b", "dmy"),
        (rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{YEAR}\b", "mdy"),
    )
)
_FILE_DATE = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)|(\d\d)(\d\d)(\d\d)(?=\d{1,3}页|$))(?!\d(?!\d?\d?页))"
)
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A whole date in a text, at `text[start:end]`."""

    day: date
    start: int
    end: int


def find_dates(text: str, latest: date) -> tuple[FoundDate, ...]:
    """Every whole date written in a text, in order, from 1990 to `latest`."""
    found: dict[int, FoundDate] = {}
    for pattern, order in _DATES:
        for match in pattern.finditer(text):
            parts = {key: _number(group) for key, group in zip(order, match.groups(), strict=True)}
            if day := _valid_date(parts["y"], parts["m"], parts["d"], latest):
                found.setdefault(match.start(), FoundDate(day, match.start(), match.end()))
    return tuple(found[start] for start in sorted(found))


def begins_with_date(text: str) -> bool:
    """Whether a text begins like 2025年2月16日."""
    return bool(_DATES[0][0].match(text))


def file_date(file_name: str, latest: date) -> date | None:
    """The one date of a file name: 20231231, 2023-12-31, or 231231 with nothing but a page count behind it."""
    stem = PurePath(file_name).stem
    for match in _FILE_DATE.finditer(stem):
        century = "" if match[1] else "20"
        day = _valid_date(
            int(century + (match[1] or match[4])), int(match[2] or match[5]), int(match[3] or match[6]), latest
        )
        if day:
            return day
    return None


def _valid_date(year: int, month: int, day: int, latest: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if is_plausible(found, latest) else None


def is_plausible(day: date, latest: date) -> bool:
    """Whether a report may be of that day: from 1990 to `latest`."""
    return _EARLIEST <= day <= latest


def _number(text: str) -> int:
    """A decimal number, an English month, 二〇二五 (digit by digit) or 二十一 (with tens)."""
    if text.isdecimal():
        return int(text)
    if (month := text[:3].casefold()) in _MONTHS:
        return _MONTHS.index(month) + 1
    digits = ["〇一二三四五六七八九".index("〇" if c in "○零" else c) if c != "十" else 10 for c in text]
    if 10 not in digits:
        return int("".join(map(str, digits)))
    tens, _, ones = text.partition("十")
    return (digits[0] if tens else 1) * 10 + (digits[-1] if ones else 0)
