"""A text to its numbers with what stands around them (a table's unit, a page's currency, a loss in brackets), and whether
a page states the number of a claim.

A quantity is value times magnitude, with a rate (%, points) and a currency. The digits of the claim say how exactly it is
meant: 7.5% is stated by 7.53%, 18.2 billion by 18,247 in a table in millions, 18,247 billion is not. Where a page states
no unit anywhere the magnitude of its bare numbers is not known and may be any.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from rag.numbers import CURRENCY, MAGNITUDES, Number, all_numbers, currency_of, is_year, same_currency
from rag.text import simplified

BAR = " | "  # parts the cells of a row's line in the evidence of a page
_ONE = Decimal(1)
_ANY_UNIT = tuple(Decimal(10) ** power for power in (0, 3, 4, 6, 8, 9))
_HAN_UNIT = r"(?P<{0}>百万|佰万|千万|十亿|万亿|千|仟|万|亿|兆)?\s?(?:{1})"
_STATED = re.compile(
    rf"单位\s*[:：]?\s*(?:人民币|新台币|台币)?\s*{_HAN_UNIT.format('a', CURRENCY)}"
    rf"|[(（](?:人民币|新台币)?{_HAN_UNIT.format('b', CURRENCY)}(?:[,，、][^()（）]{{0,12}})?[)）]"
    rf"|(?:^|[\t\n|] ?)(?P<h>百万|千|万|亿)(?:{CURRENCY})(?=[\s|]|$)"
    rf"|(?:新台币|人民币)(?P<c>千|仟|万|百万|佰万|亿)元"
    rf"|(?<!tens of )(?<!hundreds of )\bin (?:us|u\.s\. )?(?:{CURRENCY})? ?(?P<d>thousand|million|billion)s?\b(?! of (?:people|customers|users))"
    rf"|[(](?:{CURRENCY}|rmb)?\s?(?P<e>thousand|million|billion|mn|bn|m|k)s?(?: (?:{CURRENCY}))?[)]"
    rf"|\b(?P<f>thousand|million|billion)s (?:of )?(?:{CURRENCY})|(?:[{{(\s]|^)(?:{CURRENCY})\s?(?P<g>mn|bn|million|billion|thousand)s?\b",
    re.IGNORECASE,
)
_SHORT = {"m": "million", "k": "thousand"}
_OWN_UNIT = re.compile(  # a row or a claim whose amounts are not in its table's unit
    r"[%％‰率倍]|比例|占比|比重|同比|环比|增速|增长|每股|股价|股本|股数|周转|天数|人数|家数|数量|单价|均价|目标价"
    r"|\bper\b|\ba share\b|\b(?:P/?[EBS]|EV|RO[AEI]C?|[EDB]PS)\b|\b(?:margins?|yields?|ratios?|rates?|prices?|days|percent|multiples?|turnover|employees|number of)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"净利|利润|盈利|净收益|汇率变动|effects? of (?:foreign |currency )?(?:exchange|currenc|foreign)|现金流量净额|现金净流量|损益|\b(?:net|operating|comprehensive)? ?(?:income|profit|earnings)\b|cash (?:flows? )?(?:provided|from|used)|\bEPS\b",
    re.IGNORECASE,
)
_NO_RESULT = re.compile(r"税|费用|成本|支出|减[:：]|\b(?:tax(?:es)?|expenses?|costs?|less|deferred)\b", re.IGNORECASE)
_PROSE = re.compile(r"[。！？；，]|[.!?;](?:\s|$)|, [a-z]")
_FEW_WORDS = 12
_FIGURE = re.compile(
    r"[(（<>~+\-−–]*(?:US|HK|NT|RMB|[$€£¥])*[(（+\-−–]*\d[\d,.]*[)）%％]*[^\W\d_]{0,4}[)）]?(?![^\W\d_])"
)
_DASHES = frozenset("-–—")
_PERIOD = re.compile(
    r"(?<![A-Za-z\d.])(?:\d{2,4}(?:[HQ][1-4]|M\d{1,2})|[1-4]Q\d{2,4}|[12]H\d{2,4}|(?:FY|CY)\s?\d{2,4})(?![A-Za-z\d])"
)
_CODE_REACH = 6
_ORDINAL = re.compile(r"(?:序\s?号?|编号|排名|排序|No\.?|#|Rank)\s*\d{1,3}", re.IGNORECASE)  # of a row
_NOTE = re.compile(r"\(\d\)")  # of a footnote
_DATE_AFTER = re.compile(r"\s?(?:财?年|月|日|号|季|[1-4]?Q\b)(?!均|报)")
_DATE_BEFORE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s$|\bQ$", re.IGNORECASE
)


@lru_cache(maxsize=256)
def figures_of(text: str) -> tuple[Number, ...]:
    """All numbers in order, those without a magnitude of their own with the units that they may have where they stand.

    In prose that is one; in a row its own unit, else all units that the text states.
    """
    stated = _stated(text)
    everywhere = tuple(dict.fromkeys(unit for unit, _ in stated))
    lines: list[tuple[str, int, list[Number]]] = []
    at = 0
    for line in text.split("\n"):
        if numbers := all_numbers(line):
            lines.append((line, at, numbers))
        at += len(line) + 1
    currencies = {name for _, name in stated if name} | {n.currency for _, _, ns in lines for n in ns if n.currency}
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    return tuple(n for line, at, numbers in lines for n in _placed(line, numbers, at, everywhere, currency))


def _placed(
    line: str, numbers: Sequence[Number], at: int, everywhere: tuple[Decimal, ...], currency: str | None
) -> list[Number]:
    """The numbers of a line with their units, their currency and their sign there."""
    row = is_row(line)
    cells = BAR in line or "\t" in line
    own = _stated(line)
    units = tuple(dict.fromkeys(unit for unit, _ in own)) or (everywhere if row else (_ONE,))
    if row and units and _OWN_UNIT.search(label_of(line)):
        units = (*units, _ONE)
    named = next((name for _, name in own if name), currency) if row else None
    label = label_of(line) if cells else ""
    result = _RESULT.search(label) is not None and not _NO_RESULT.search(label)
    return [_at(number, at, units, named, result) for number in numbers]


def _at(number: Number, at: int, units: tuple[Decimal, ...], named: str | None, result: bool) -> Number:
    """A number of a line that begins at `at`; a year has no unit, a rate no currency."""
    placed = replace(number, start=number.start + at, end=number.end + at)
    if number.rate is not None or is_year(number):
        return placed
    return replace(
        placed,
        units=units,
        currency=named if named is not None and number.currency in (None, "$") else number.currency,
        value=-abs(number.value) if result and number.bracketed else number.value,
        signless=number.signless and not result,
    )


def is_row(line: str) -> bool:
    """Whether a line is of a table: cells, or a few words and figures that make no sentence."""
    if BAR in line or "\t" in line:
        return True
    return not _PROSE.search(line) and len(re.findall(r"[^\W\d_]+", line)) <= _FEW_WORDS


def label_of(line: str) -> str:
    """The words of a row before its first figure; the title, unit and section in a row's line are no part of it."""
    cells = line.split(BAR if BAR in line else "\t")
    figure = next((i for i, cell in enumerate(cells) if is_value(cell)), len(cells))
    if BAR in line:
        return cells[figure - 1] if figure else ""
    return " ".join(cells[:figure])


def is_value(cell: str) -> bool:
    """Whether a cell, after its heading, has a figure: `2023A 1,234`, `$ (594)`, `15.2x`, and not `CSI300`, `序号 1`."""
    words = cell.split()
    if _ORDINAL.fullmatch(cell.strip()):
        return False
    if len(words) > 1 and _NOTE.fullmatch(words[-1]) and words[-2].isalpha():
        return False
    return bool(words) and (words[-1] in _DASHES or _FIGURE.match(words[-1]) is not None)


def is_date(text: str, number: Number) -> bool:
    """Whether a number is a part of a date or period: 9 in 9月30日, 28 in January 28, 21 and 1 in 21H1."""
    around = text[max(0, number.start - _CODE_REACH) : number.end + _CODE_REACH]
    if any(
        code.start() <= number.start - max(0, number.start - _CODE_REACH) < code.end()
        for code in _PERIOD.finditer(around)
    ):
        return True
    if number.scale is not None or number.rate is not None or number.currency is not None:
        return False
    return bool(
        _DATE_AFTER.match(text, number.end) or _DATE_BEFORE.search(text[max(0, number.start - 10) : number.start])
    )


def _stated(text: str) -> list[tuple[Decimal, str | None]]:
    """The units that a text states for its amounts: `单位：百万元`, `(in thousands)`, `$ in millions`."""
    found: list[tuple[Decimal, str | None]] = []
    plain = text if text.isascii() else simplified(text)
    for match in _STATED.finditer(plain):
        word = next((value for value in match.groupdict().values() if value), "").lower()
        around = plain[max(0, match.start() - 12) : match.end() + 2]
        found.append((MAGNITUDES[_SHORT.get(word, word)], currency_of(match[0]) or currency_of(around)))
    return found


def agree(claim: Number, evidence: Number) -> bool:
    """Whether the evidence states the claim's number."""
    if is_year(evidence) and not (claim.scale is None and claim.rate is None and claim.currency is None):
        return False
    if not _same_kind(claim, evidence) or not same_currency(claim.currency, evidence.currency):
        return False
    if claim.value * evidence.value < 0 and not (claim.signless or evidence.signless):
        return False
    return any(_close(abs(evidence.value) * here, claim, there) for here, there in _magnitudes(claim, evidence))


def _same_kind(claim: Number, evidence: Number) -> bool:
    """A rate is no amount; the cell of a table may have its percent mark in the heading."""
    if claim.rate is None:
        return evidence.rate is None or (claim.scale is None and claim.currency is None)
    if evidence.rate is None:
        return evidence.scale is None and (evidence.units != (_ONE,) or evidence.currency is None)
    return claim.rate == evidence.rate


def _magnitudes(claim: Number, evidence: Number) -> list[tuple[Decimal, Decimal]]:
    """What the evidence and the claim may have to be multiplied with to be compared."""
    if claim.rate is not None or evidence.rate is not None:
        return [(_ONE, _ONE)]
    there = (evidence.scale,) if evidence.scale is not None else evidence.units
    if claim.scale is not None:
        return [(unit, claim.scale) for unit in there or (*_ANY_UNIT, claim.scale)]
    told = [unit for unit in claim.units if unit != _ONE]
    scaled = [(unit, _ONE) for unit in there]
    if told and not is_year(claim):
        in_unit = [(unit, mine) for mine in told for unit in there or (mine,)]
        return in_unit if claim.currency is None else in_unit + scaled
    return scaled if claim.currency is not None and scaled else [(_ONE, _ONE), *scaled]


def _close(exact: Decimal, claim: Number, scale: Decimal) -> bool:
    """Whether a value is the claim's to the digits that it is written with; `about` forgives its last noughts."""
    value = abs(claim.value) * scale
    if exact == value:
        return True
    if claim.rate is None and claim.scale is None and is_year(claim):
        return False
    off = abs(exact - value)
    if off > value:
        return False
    half = Decimal(5).scaleb(-claim.places - 1) * scale
    last = Decimal(10) ** _noughts(claim) * scale
    bound = min(last, value / 10)
    if claim.meant == "over" and value < exact:
        return exact < value + bound
    if claim.meant == "under" and value > exact:
        return exact > value - bound
    if claim.meant == "about":
        return off <= max(half, min(last / 2, claim.leeway * scale))
    rounds = claim.figures >= 2 and (claim.places > 0 or claim.scale is not None or claim.rate is not None)
    return rounds and off <= half


def _noughts(claim: Number) -> int:
    """The power of ten of the last significant figure."""
    if claim.places:
        return -claim.places
    digits = str(abs(claim.value))
    return len(digits) - len(digits.rstrip("0"))


def missing_numbers(claim: str, evidence: Sequence[Number]) -> list[Number]:
    """The claim's numbers that the evidence does not state."""
    return [number for number in claimed(claim) if not any(agree(number, other) for other in evidence)]


@lru_cache(maxsize=256)
def claimed(sentence: str) -> tuple[Number, ...]:
    """The numbers that a sentence claims, bare ones in the unit that it states: 营业收入（百万元）：1,234.

    Those in digits, and of those in words rates and amounts.
    """
    units = tuple(dict.fromkeys(unit for unit, _ in _stated(sentence)))
    told = (n for n in all_numbers(sentence) if n.text[:1].isdigit() or n.rate is not None or n.scale is not None)
    return tuple(replace(number, units=units) for number in told)
