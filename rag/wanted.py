"""A question to what it asks for: its words without how to answer it, and the kinds of statement that would answer it."""

from __future__ import annotations

import re
from typing import Literal

from rag.domain import Understood
from rag.numbers import find_numbers
from rag.periods import find_periods
from rag.sentences import split_sentences
from rag.text import fold

Kind = Literal["figure", "view", "cause", "risk"]
"""figure: a number; view: what somebody thinks or expects; cause: why something is so; risk: what may go wrong."""

_ASKS: dict[Kind, re.Pattern[str]] = {
    "figure": re.compile(
        r"多少|几[个家倍]|多大|多高|比例|占比|增速|同比|金额|规模|率(?!先)|目标价|how (?:much|many|high|large|fast|big)"
        r"|(?:what|which) (?:is|was|were|are|will|does|do|did)\b.{0,80}(?:amount|ratio|margin|rate|growth|revenue|income|sales|price"
        r"|capex|expenditure|total|number|percentage|turnover|assets|liabilities|cash flow|ebitda|earnings|forecast|target)"
        r"|what percent|percent|%|\beps\b"
        r"|(?:收入|营收|利润|净利|毛利|现金流|现金流量净额|资产|负债|成本|费用|销量|产量|产能|市值|每股收益|股息|市占率|市盈率)[?？。]?\s*$"
        r"|^(?:[\w&.'’-]+\s){0,6}(?:revenues?|sales|income|profit|margin|ebitda|capex|cash flow|debt|assets|dividends?|earnings)"
        r"(?:\s(?:in|for|of|as of|at|fy|fiscal|year|the|\S*\d\S*))*[?]?\s*$",
        re.IGNORECASE,
    ),
    "view": re.compile(
        r"看法|观点|怎么看|如何看|如何评价|认为|\b(?:say|says|said|view|think|thinks|believe|opinion|expects?|argue)\b|outlook",
        re.IGNORECASE,
    ),
    "cause": re.compile(
        r"为什么|为何|原因|因素|归因|驱动|导致|拖累|怎么会"
        r"|\b(?:why|drove|driv(?:ers?|es|en|ing)|reasons?|caused?|because|due to)\b",
        re.IGNORECASE,
    ),
    "risk": re.compile(
        r"(?:哪些|什么|主要|面临的?|有何|存在的?|提示的?)[^，。；]{0,8}风险|风险(?:有哪些|是什么|因素|提示)|\brisk factors\b|\b(?:what|which|main|key|principal|major|biggest|its|the|'s) (?:\w+ )?risks\b",
        re.IGNORECASE,
    ),
}
_GIVES: dict[Kind, re.Pattern[str]] = {
    "view": re.compile(
        r"认为|预计|判断|建议|看好|有望|倾向|我们|\bwe (?:expect|believe|see|think|prefer|recommend)|\b(?:expects?|believes?|argues?)\b",
        re.IGNORECASE,
    ),
    "cause": re.compile(
        r"因为|由于|因此|主要系|主要由|得益于|受益于|受.{1,20}影响|所致|使得|导致|源于|来自于|带动|推动"
        r"|\bbecause\b|\bdue (?:primarily |mainly )?to\b|driven|limited by|constrained|\bas a result\b|reflect(?:ing|s|ed)|owing to|attributable|resulted|caused",
        re.IGNORECASE,
    ),
    "risk": re.compile(
        r"^风险提示|风险(?:因素|包括|主要来自|在于|为|：)|不及预期|低于预期|加剧|大幅波动|不利影响"
        r"|\b(?:could|may|might) (?:\w+ )?(?:adversely|negatively|materially|harm|fail|decline|suffer|reduce|be (?:harmed|unable))|\badverse(?:ly)? (?:effect|affect|impact)",
        re.IGNORECASE,
    ),
}
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s?[-–—~至/]\s?(?:19|20)?\d\d\s?年?(?!\d)"
    r"|(?:19|20)\d\d\s?[年/.-]\s?\d{1,2}(?:\s?[月/.-]\s?\d{1,2}\s?日?)?|\d{1,2} \w{3,9} (?:19|20)\d\d|\w{3,9} \d{1,2}, (?:19|20)\d\d"
)
PART_OF_YEAR = re.compile(
    r"第?前?[一二三四1-4]个?季度?|季度|[上下]?半年度?|全年|年度|中期|(?<![a-z])(?:q[1-4]|h[12])(?!\d)|(?<!\d)(?:[1-4]q|[12]h)(?![a-z])"
    r"|\b(?:(?:first|second|third|fourth)(?: quarter| half)?|quarter|half)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(  # how long, or 五大
    r"\d+\s?(?:个月|年|天|周|日|月|大(?=[\u4e00-\u9fff])|months?|years?|days?|weeks?)"
)
_YEAR = re.compile(
    r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)|\bfy\s?\d\d\b|(?<!\d)\d{2}(?=[AEF]\b|财?年)", re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"(?<![\d.,])\d{2}(?=[AEF]\b|年)")
_HAS_YEAR = re.compile(
    r"(?<![\d.,])(?:19|20)\d\d(?![\d,])|(?<!\d)\d\d[AEF]\b|(?:FY|[1-4]Q|Q[1-4]|[12]H|H[12])'?\d\d\b", re.IGNORECASE
)
_PERIOD_PART = re.compile(
    r"(?:19|20)\d\d|(?:fy|cy|q[1-4]|[1-4]q|[12]h|h[12])(?:'?\d\d(?!\d))?|[年月日末初]|第?[一二三四1-4]季度?|[上下]半|[aef]\b"
    r"|\b\d{1,2}(?!\d)|[\s'’/.~～—–()（）-]",
    re.IGNORECASE,
)
_HOW_TO_ANSWER = re.compile(  # sentences about the answer, not about the reports
    r"(?:please\s+)?(?:answer|give|round|provide|respond|base|express|state|explain|assume|approach|you are|we (?:need|want)|be concise"
    r"|(?:save|write|format|return|list) (?:your|the|it|them)(?: answers?| results?)? (?:as|in|to|with))\b"
    r"|if .{0,120}\b(?:metric|useful|relevant|meaningful)\b.{0,160}\b(?:state|explain|say)\b"
    r"|请(?:简要|详细|用|以|给出|结合|分点)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*[(（](?:in|答案|单位|保留)[^()（）]{0,60}[)）]", re.IGNORECASE)

_SPAN = re.compile(  # of years, which a page names one by one
    r"(?:最近|近|过去)的?[一二两三四五六七八九十\d]{1,2}[个]?年(?:以来|之?[内间]|来|里)?的?"
    r"|\s+(?:over|in|during|for) the (?:last|past) (?:\w+ )?years\b",
    re.IGNORECASE,
)


def core(question: str) -> str:
    """The question without sentences, spans of years and asides on how to answer it; all of it where nothing else is left.

    `What is the FY2018 capex (in USD millions)? Answer to one decimal.` is `What is the FY2018 capex?`.
    """
    text = _SPAN.sub("", _ASIDE.sub("", question))
    parts = [text[start:end] for start, end in split_sentences(text)]
    return " ".join(part for part in parts if not _HOW_TO_ANSWER.match(part)) or text


def kinds(question: str) -> frozenset[Kind]:
    """What kinds of statement would answer the question; none where any would."""
    text = fold(core(question))
    return frozenset(kind for kind, pattern in _ASKS.items() if pattern.search(text))


def gives(kind: Kind, text: str, asked: Understood) -> bool:
    """Whether a sentence has what the kind asks for; a figure is one that is no date and does not stand in the question."""
    if kind != "figure":
        return _GIVES[kind].search(fold(text)) is not None
    known = {number.value for number in find_numbers(asked.question)}
    return any(number.value not in known for number in find_numbers(without_dates(text)))


def without_dates(text: str) -> str:
    """The text without its dates, years and lengths of time."""
    return _COUNT.sub("", _YEAR.sub("", _DATE.sub("", text)))


def years_of(text: str) -> frozenset[int]:
    """The years that a text names, in two digits too where a mark says that it is one: `2024E`, `24E`, `FY24`, `24年`."""
    short = {2000 + int(match[0]) for match in _SHORT_YEAR.finditer(text)}
    return frozenset({period.year for period in find_periods(text) if period.year} | short)


def is_period(text: str) -> bool:
    """Whether a text is nothing but a period or a date: `2024E`, `FY2023`, `1H24`, `2024-07-01`, `2019年末`."""
    return _HAS_YEAR.search(text) is not None and not _PERIOD_PART.sub("", text)
