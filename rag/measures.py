"""The numbers that a question states and the units it asks for: `多少亿元`, `how many tonnes`, `in USD millions`, `占比`."""

from __future__ import annotations

import re

from rag.numbers import Number, find_numbers

_PERCENT = re.compile(
    r"百分之几|占比|比重|比例|份额|增速|增长率|[毛净]?利率|\bpercent(?:age)?\b|(?<![\d.])%|\bwhat share\b|\bgrowth rate\b|\bmargins?\b"
)
_UNITS = (
    re.compile(
        r"(?:多少|几)(?P<unit>个?百分点|个?基点|(?:万|百万|亿|万亿)?(?:元|美元|港元|人民币|股|吨|千瓦时|平方米|人)|万亿|亿|万|吨|家|倍|年|个月|天|%)"
    ),
    re.compile(r"(?:单位(?:[:为是])?\s*|[(])(?P<unit>(?:万|百万|亿)?(?:元|美元|港元|股|吨))"),
    re.compile(
        r"\bin (?P<unit>(?:(?:usd|us\$|us dollars?|rmb|cny|eur|hkd|hk\$|gbp) )?(?:thousands?|millions?|billions?)|basis points|bps)\b"
    ),
    re.compile(r"\bhow many (?P<unit>(?:(?:basis|million|billion|metric) )?[a-z]+)\b"),
)
_CODE = re.compile(r"\d{4,6}")


def asked_units(folded: str) -> tuple[str, ...]:
    """The units a folded question asks for, as written; `%` for all words for a share."""
    found = {match.start(): match["unit"] for pattern in _UNITS for match in pattern.finditer(folded)}
    percent = _PERCENT.search(folded)
    if percent:
        found.setdefault(percent.start(), "%")
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def stated_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a question but years, dates, parts of names and tickers."""
    return tuple(dict.fromkeys(number.text for number in find_numbers(text) if _is_figure(text, number)))


def _is_figure(text: str, number: Number) -> bool:
    if number.scale is not None or number.rate is not None or "." in number.text or "," in number.text:
        return True
    beside = text[number.start - 1 : number.start] + text[number.end : number.end + 1]
    return not (_CODE.fullmatch(number.text) or re.search(r"[A-Za-z年月日季号第:/'-]", beside))
