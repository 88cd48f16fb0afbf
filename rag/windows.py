"""A question to the days of publication it speaks of: `since February 2025`, `上个月`, `近一周`, `3月份的报告`.

A window is firm where its words stand by words for reports (`reports since May`, `上周发布的`) or where a house is asked what
it says (`what has CICC said since May`). Else it may be meant of the figures asked for and is loose; and only what begins
with a day or is told from today is one at all (`since 2024`, `last month`). `in 2024` alone is a period (rag/periods.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.day_phrases import DayPhrase, day_phrases

_FROM_TODAY = re.compile(
    r"\b(?:last|previous|past|this|current|yesterday|today)\b|上一?个|上[周月季星礼]|[本这近昨]|[今去前][年天日]|过去"
)
_PRINTED_TOO = re.compile(r"今年|年初")  # words that pages have for their own year

# How words for reports look; those of companies (annual report, 年度报告) speak of a period.
_NOUN_ZH = r"研报|(?<!年度)(?<!季度)(?<!财务)(?<!年)报告(?!期)|周报|(?<!\d)月报|日报|点评|纪要|发布|发表|出具"
_NO_FILING = r"(?<!annual )(?<!quarterly )(?<!financial )(?<!earnings )"
_NOUN_EN = (
    rf"{_NO_FILING}\b"
    r"(?:reports|(?:research|broker|analyst) (?:reports?|notes?)|weeklies)\b"
)
# How a house is asked what it says.
_SAYS_EN = r"\b(?:say|says|said|saying|think|thinks|thought|views?|opinions?|comments?|commented|wrote|written|publish|published)"
_SAYS_ZH = r"怎么看|如何看|怎样看|看法|观点|怎么说|提到|评论"
_SAYS = re.compile(rf"{_SAYS_EN}\b|{_SAYS_ZH}")
_SOME_HOUSE = re.compile(r"\b(?:brokers|analysts|houses|strategists|economists)\b|券商|机构|分析师")
_SAID = re.compile(
    r"\b(?:did|has|have)\b[^.?!]*\b(?:say|think|write|publish|comment|said|written|published)\b|\b(?:said|wrote)\b"
)
# Where such words must stand: within a few words of a phrase, and right beside a mere date, which else is one of the figures.
_NEAR = r"[^，。？！?!,;；]{0,12}?"
_BEHIND = re.compile(rf"{_NEAR}(?:{_NOUN_ZH})|['’]?(?:\s+[\w&-]+){{0,2}}?\s+{_NOUN_EN}")
_BEFORE = re.compile(rf"(?:{_NOUN_EN}(?:\s+[\w&-]+){{0,4}}|\bpublished|(?:发布|发表)[于在])\s*$")
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


def find_window(folded: str, today: date, *, house_named: bool = False) -> FoundWindow | None:
    """The first firm window of a folded text, else the first loose one; `house_named`: the text names a publisher."""
    house_named = house_named or _SOME_HOUSE.search(folded) is not None
    found: list[FoundWindow] = []
    for phrase in day_phrases(folded, today):
        firm = _is_bound(folded, phrase) or (house_named and _asks_what_is_said(folded, phrase))
        if firm or phrase.loose:
            words = folded[phrase.start : phrase.end]
            on_pages = not _FROM_TODAY.search(words) or _PRINTED_TOO.search(words) is not None
            until = phrase.until if firm or not phrase.bare else None  # what happened last month is told after it too
            found.append(FoundWindow(phrase.since, until, phrase.start, phrase.end, firm, on_pages))
    return next((one for one in found if one.firm), found[0] if found else None)


def _is_bound(folded: str, phrase: DayPhrase) -> bool:
    """Whether words for reports stand by a phrase."""
    behind, before = (_BEHIND_DATE, _BEFORE_DATE) if phrase.bare else (_BEHIND, _BEFORE)
    return behind.match(folded, phrase.end) is not None or before.search(folded[: phrase.start]) is not None


def _asks_what_is_said(folded: str, phrase: DayPhrase) -> bool:
    """Whether a phrase tells when something was said (`what did it say last month`); else a date tells what about."""
    if not phrase.bare:
        return _SAYS.search(folded) is not None
    if not phrase.loose:
        return False
    if _SAYS_BEHIND_DATE.match(folded, phrase.end) or _SAYS_BEFORE_DATE.search(folded[: phrase.start]):
        return True
    return _SAID.search(folded) is not None and not folded.startswith(("'s", "’s"), phrase.end)
