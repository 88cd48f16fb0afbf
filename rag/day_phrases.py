"""A text to its phrases that tell of days: `since February 2025`, `近一周`, `between March and May`, `last month`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rag.days import DATE, Days, days_of, step_back, unit_of

_COUNT = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a couple of|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半]"
_VALUES = {
    **{
        word: value
        for value, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
    },
    **{word: value for value, word in enumerate("一二三四五六七八九", 1)},
    "twelve": 12,
    "a couple of": 2,
    "两": 2,
}
_BETWEEN = re.compile(
    rf"(?:\b(?:between|from)\s+)?(?P<first>{DATE})\s*(?:\b(?:and|to|until|through)\b|到|至|-|–|~)\s*(?P<last>{DATE})(?:之间|期间)?"
)
_ROLLING = re.compile(
    r"(?:\b(?:in|over|during|within|for)\s+)?(?:\bthe\s+)?\b"
    rf"(?:(?:last|past|previous)\s+(?P<count>{_COUNT})|past)\s+(?P<unit>day|week|month|quarter|year)s?\b"
    rf"|(?:最近|近|过去)的?(?P<count_zh>{_COUNT})个?(?P<unit_zh>天|日|周|星期|礼拜|月|季度|年)(?:以来|之?内|来|里)?"
)
_TO_DATE = re.compile(r"\b(?:year[- ]to[- ]date|ytd|so far this year|this year so far)\b")
_SINCE = re.compile(
    rf"\b(?P<after>after|since)\s+(?P<since>{DATE})|\bfrom\s+(?P<on>{DATE})\s+on(?:wards?\b|(?=\s*(?:$|[,.;:?!])))"
    rf"|(?:自从?|从)?(?P<zh>{DATE})(?:以来|至今|到现在|到目前|之后|以后|起|开始)"
)
_UNTIL = re.compile(rf"\b(?:before|until|till)\s+(?P<en>{DATE})|(?P<zh>{DATE})(?:之前|以前)")
_BARE = re.compile(DATE)
_ONE_WORD = re.compile(r"(?!yesterday|today)[a-z]{3,9}\.?")  # may, march: months only behind a preposition
_IN = re.compile(r"\b(?:in|on|during|of|from|dated)\s+$")
_RECENT = re.compile(
    r"(?:last|previous|this|current) (?:week|month)\b|yesterday|[上本这][一个]{0,2}(?:周|星期|礼拜|月)|[昨今前][天日]"
)


@dataclass(frozen=True, slots=True)
class DayPhrase:
    """The days of `text[start:end]`. `bare`: a date and no more; `loose`: it may tell when reports were published by itself."""

    since: date | None
    until: date | None
    start: int
    end: int
    bare: bool
    loose: bool


def day_phrases(folded: str, today: date) -> Iterator[DayPhrase]:
    """The phrases of a text that tell of days, by kind; what one has taken no later kind reads."""
    rest = folded
    for pattern, read in _KINDS:
        for match in pattern.finditer(rest):
            phrase = read(match, today)
            if phrase is not None:
                yield phrase
                rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]


def _between(match: re.Match[str], today: date) -> DayPhrase | None:
    last = days_of(match["last"], today)
    first = days_of(match["first"], today, last[0].year if last else None)
    if first and last and re.match(r"\d{4}", match["first"]):
        last = days_of(match["last"], today, first[0].year)
    if first is None or last is None or first[0] > last[1]:
        return None
    return DayPhrase(first[0], last[1], *match.span(), bare=_is_year(first) and _is_year(last), loose=False)


def _rolling(match: re.Match[str], today: date) -> DayPhrase:
    count, unit = match["count"] or match["count_zh"] or "1", unit_of(match["unit"] or match["unit_zh"])
    if count == "半":
        since = step_back(today, 6, "month") if unit == "year" else today - timedelta(days=15)
    else:
        since = step_back(today, _value(count), unit)
    # The past three years are a span of figures, the past three weeks are not.
    return DayPhrase(since, today, *match.span(), bare=False, loose=unit in ("day", "week", "month"))


def _to_date(match: re.Match[str], today: date) -> DayPhrase:
    return DayPhrase(date(today.year, 1, 1), None, *match.span(), bare=False, loose=True)


def _since(match: re.Match[str], today: date) -> DayPhrase | None:
    days = days_of(match["since"] or match["on"] or match["zh"], today)
    if days is None:
        return None
    first = days[1] + timedelta(days=1) if match["after"] == "after" else days[0]
    return DayPhrase(first, None, *match.span(), bare=False, loose=True)


def _until(match: re.Match[str], today: date) -> DayPhrase | None:
    days = days_of(match["en"] or match["zh"], today)
    if days is None:
        return None
    whole = match["en"] and not match[0].startswith("before")
    return DayPhrase(None, days[1] if whole else days[0] - timedelta(days=1), *match.span(), bare=False, loose=False)


def _bare(match: re.Match[str], today: date) -> DayPhrase | None:
    days = days_of(match[0], today)
    if days is None or (_ONE_WORD.fullmatch(match[0]) and not _IN.search(match.string[: match.start()])):
        return None
    return DayPhrase(*days, *match.span(), bare=True, loose=_RECENT.search(match[0]) is not None)


_KINDS = (
    (_BETWEEN, _between),
    (_ROLLING, _rolling),
    (_TO_DATE, _to_date),
    (_SINCE, _since),
    (_UNTIL, _until),
    (_BARE, _bare),
)


def _is_year(days: Days) -> bool:
    return (days[1] - days[0]).days > 360


def _value(count: str) -> int:
    """`12`, `two`, `十二`, `二十`."""
    if count.isdigit():
        return int(count)
    if "十" in count:
        tens, ones = count.split("十")
        return _VALUES.get(tens, 1) * 10 + _VALUES.get(ones, 0)
    return _VALUES[count]
