"""A question to the days of publication it speaks of: `since February 2025`, `上个月`, `近一周`, `3月份的报告`.

A window is firm where its words stand by words for reports (`reports since May`, `上周发布的`) or where a house is asked what
it says (`what has CICC said since May`). Else it may be meant of the figures asked for and is loose; and only what begins
with a day or is told from today is one at all (`since 2024`, `last month`). `in 2024` alone is a period (rag/periods.py).
"""

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
_FROM_TODAY = re.compile(r"last|previous|past|this|current|yesterday|today|[上本这去前昨近]|今[年天日]|过去")
_PRINTED_TOO = re.compile(r"今年|年初")  # words that pages have for their own year

# Words for reports; those of companies (annual report, 年度报告) speak of a period.
_NOUN_ZH = r"研报|(?<!年度)(?<!季度)(?<!财务)(?<!年)报告(?!期)|周报|(?<!\d)月报|日报|点评|纪要|发布|发表|出具"
_NO_FILING = r"(?<!annual )(?<!quarterly )(?<!financial )(?<!earnings )"
_NOUN_EN = (
    rf"{_NO_FILING}\b"
    r"(?:reports|(?:research|broker|analyst) (?:reports?|notes?)|weeklies)\b"
)
_SAYS_EN = r"\b(?:say|says|said|saying|think|thinks|thought|views?|opinions?|comments?|commented|wrote|written|publish|published)"
_SAYS_ZH = r"怎么看|如何看|怎样看|看法|观点|怎么说|提到|评论"
_SAYS = re.compile(rf"{_SAYS_EN}\b|{_SAYS_ZH}")
_SOME_HOUSE = re.compile(r"\b(?:brokers|analysts|houses|strategists|economists)\b|券商|机构|分析师")
_SAID = re.compile(
    r"\b(?:did|has|have)\b[^.?!]*\b(?:say|think|write|publish|comment|said|written|published)\b|\b(?:said|wrote)\b"
)
_NEAR = r"[^，。？！?!,;；]{0,12}?"
_BEHIND = re.compile(rf"{_NEAR}(?:{_NOUN_ZH})|['’]?(?:\s+[\w&-]+){{0,2}}?\s+{_NOUN_EN}")
_BEFORE = re.compile(rf"(?:{_NOUN_EN}(?:\s+[\w&-]+){{0,4}}|\bpublished|(?:发布|发表)[于在])\s*$")
# Right beside a mere date, which else is one of the figures.
_BEHIND_DATE = re.compile(
    rf"份?(?:[^，。？！?!,;；\s年季]{{0,6}}的[^，。？！?!,;；\s年季]{{0,8}}?)?(?:{_NOUN_ZH})|(?:['’]s)?\s+{_NOUN_EN}"
)
_BEFORE_DATE = re.compile(
    rf"(?:{_NOUN_EN}\s+(?:from|of|dated)|{_NO_FILING}\b(?:report|note|weekly|piece)\s+(?:from|dated)|\bpublished(?:\s+(?:in|on|during))?|(?:发布|发表)[于在])\s*$"
)
_SAYS_BEHIND_DATE = re.compile(rf"{_NEAR}(?:{_SAYS_ZH})")
_SAYS_BEFORE_DATE = re.compile(rf"{_SAYS_EN}\s+$")


@dataclass(frozen=True, slots=True)
class FoundWindow:
    """Days of publication and where a text says so: `text[start:end]`. `firm`: reports of these days are asked for.

    `on_pages`: its words may stand on the pages that are looked for.
    """

    since: date | None
    until: date | None
    start: int
    end: int
    firm: bool
    on_pages: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`bare`: a date and no more; `loose`: counts where nothing binds it to reports too."""

    since: date | None
    until: date | None
    start: int
    end: int
    bare: bool
    loose: bool


def find_window(folded: str, today: date, *, house_named: bool = False) -> FoundWindow | None:
    """The first firm window of a folded text, else the first loose one; `house_named`: the text names a publisher."""
    house_named = house_named or _SOME_HOUSE.search(folded) is not None
    found: list[FoundWindow] = []
    for phrase in _phrases(folded, today):
        firm = _is_bound(folded, phrase) or (house_named and _asks_what_is_said(folded, phrase))
        if firm or phrase.loose:
            words = folded[phrase.start : phrase.end]
            on_pages = not _FROM_TODAY.search(words) or _PRINTED_TOO.search(words) is not None
            until = phrase.until if firm or not phrase.bare else None  # what happened last month is told after it too
            found.append(FoundWindow(phrase.since, until, phrase.start, phrase.end, firm, on_pages))
    return next((one for one in found if one.firm), found[0] if found else None)


def _is_bound(folded: str, phrase: _Phrase) -> bool:
    """Whether words for reports stand by a phrase."""
    behind, before = (_BEHIND_DATE, _BEFORE_DATE) if phrase.bare else (_BEHIND, _BEFORE)
    return behind.match(folded, phrase.end) is not None or before.search(folded[: phrase.start]) is not None


def _asks_what_is_said(folded: str, phrase: _Phrase) -> bool:
    """Whether a phrase tells when something was said (`what did it say last month`); else a date tells what about."""
    if not phrase.bare:
        return _SAYS.search(folded) is not None
    if not phrase.loose:
        return False
    if _SAYS_BEHIND_DATE.match(folded, phrase.end) or _SAYS_BEFORE_DATE.search(folded[: phrase.start]):
        return True
    return _SAID.search(folded) is not None and not folded.startswith(("'s", "’s"), phrase.end)


def _phrases(folded: str, today: date) -> Iterator[_Phrase]:
    """The phrases of a text that tell of days, by kind; what one has taken no later kind reads."""
    rest = folded
    for pattern, read in _KINDS:
        for match in pattern.finditer(rest):
            phrase = read(match, today)
            if phrase is not None:
                yield phrase
                rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]


def _between(match: re.Match[str], today: date) -> _Phrase | None:
    last = days_of(match["last"], today)
    first = days_of(match["first"], today, last[0].year if last else None)
    if first and last and re.match(r"\d{4}", match["first"]):
        last = days_of(match["last"], today, first[0].year)
    if first is None or last is None or first[0] > last[1]:
        return None
    return _Phrase(first[0], last[1], *match.span(), bare=_is_year(first) and _is_year(last), loose=False)


def _rolling(match: re.Match[str], today: date) -> _Phrase:
    count, unit = match["count"] or match["count_zh"] or "1", unit_of(match["unit"] or match["unit_zh"])
    if count == "半":
        since = step_back(today, 6, "month") if unit == "year" else today - timedelta(days=15)
    else:
        since = step_back(today, _value(count), unit)
    # The past three years are a span of figures, the past three weeks are not.
    return _Phrase(since, today, *match.span(), bare=False, loose=unit in ("day", "week", "month"))


def _to_date(match: re.Match[str], today: date) -> _Phrase:
    return _Phrase(date(today.year, 1, 1), None, *match.span(), bare=False, loose=True)


def _since(match: re.Match[str], today: date) -> _Phrase | None:
    days = days_of(match["since"] or match["on"] or match["zh"], today)
    if days is None:
        return None
    first = days[1] + timedelta(days=1) if match["after"] == "after" else days[0]
    return _Phrase(first, None, *match.span(), bare=False, loose=True)


def _until(match: re.Match[str], today: date) -> _Phrase | None:
    days = days_of(match["en"] or match["zh"], today)
    if days is None:
        return None
    whole = match["en"] and not match[0].startswith("before")
    return _Phrase(None, days[1] if whole else days[0] - timedelta(days=1), *match.span(), bare=False, loose=False)


def _bare(match: re.Match[str], today: date) -> _Phrase | None:
    days = days_of(match[0], today)
    if days is None or (_ONE_WORD.fullmatch(match[0]) and not _IN.search(match.string[: match.start()])):
        return None
    return _Phrase(*days, *match.span(), bare=True, loose=_RECENT.search(match[0]) is not None)


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
