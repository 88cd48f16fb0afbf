"""Text to the numbers a reader sees in it: value, magnitude, rate, currency, sign, and how exactly they are meant.

Widths and Traditional characters make no difference. What a number means beside its table's unit: rag/quantities.py.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from rag.text import simplified

Meant = Literal["exact", "about", "over", "under"]

MAGNITUDES: dict[str, Decimal] = {
    "": Decimal(1),
    "千": Decimal(10) ** 3,
    "仟": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "百万": Decimal(10) ** 6,
    "佰万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "十亿": Decimal(10) ** 9,
    "万亿": Decimal(10) ** 12,
    "兆": Decimal(10) ** 12,
    "thousand": Decimal(10) ** 3,
    "k": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "tn": Decimal(10) ** 12,
}
_UNITS = (
    r"个百分点|百分点|(?:percentage[ -]points?|ppts?|pps?)\b|%|pct|percent|per cent|bps|bp\b|basis points?|个?基点"
    r"|万亿|百万|千万|十亿|万|亿|兆|千|trillion|billion|million|thousand|bn|mn|tn|(?<=\d)k\b"
)
_CURRENCIES = (
    ("USD", r"us\$|usd|美元|美金|u\.s\. dollars?|us dollars?"),
    ("HKD", r"hk\$|hkd|港元|港币"),
    ("TWD", r"nt\$|ntd|twd|新台币|台币"),
    ("EUR", r"€|eur|欧元|euros?"),
    ("GBP", r"£|gbp|英镑|pounds? sterling"),
    ("JPY", r"jpy|日元|日圆|yen"),
    ("CNY", r"rmb|cny|人民币|yuan"),
    ("$", r"\$|dollars?"),
    ("¥", r"¥"),
    ("元", r"元"),
)
CURRENCY = "|".join(pattern for _, pattern in _CURRENCIES)
_CURRENCY_NAME = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _CURRENCIES)
_ALIKE: dict[str, frozenset[str]] = {  # signs and words that several currencies have
    "$": frozenset({"USD", "HKD", "TWD", "AUD"}),
    "元": frozenset({"CNY", "TWD", "¥"}),
    "¥": frozenset({"CNY", "JPY", "元"}),
}
_NUMBER = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−–])?(?P<before>(?<![a-z])(?:{CURRENCY})\s?)?(?P<minus>[-−])?(?P<bracket>\((?=[\d,.]+\)))?"
    rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<close>\))?(?:[\s-]?(?P<unit>{_UNITS}))?(?P<after>\s?(?!(?:us|hk|nt)?[$€£¥]\s?[\d(])(?:{CURRENCY}))?",
    re.IGNORECASE,
)
_RATES = {"%": "%", "pct": "%", "percent": "%", "per cent": "%", "bps": "bp", "bp": "bp"}
_FALL = re.compile(
    r"降|减|跌|下滑|下调|亏|负|回落|收窄|损失|流出|declin|decreas|fell|fall|down|drop|loss|lost|losing|lower|negative|reduc|cut|narrow|slid|slip"
    r"|shr[aiu]nk|\bused\b|outflow|drain|deficit|less|took|below",
    re.IGNORECASE,
)
_FALL_REACH = 16  # characters before a number in which a word may give its sign
_IS = "为是达至到约"  # han after which a minus is a sign; after others it may part the ends of a range
_SIGN = rf"[\s(]*(?:{CURRENCY}|[-−])?[\s(]*$"
_MEANT: tuple[tuple[Meant, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "about",
        re.compile(r"(?:约|约为|大约为?|接近|将近|近|\b(?:about|around|some|nearly|almost|roughly|approximately|just (?:over|under)|close to|or so|just shy of)\b|~)" + _SIGN, re.I),
        re.compile(r"\s?[^\W\d_]{0,4}(?:左右|上下|出头| or so\b)", re.I),
    ),
    (
        "over",
        re.compile(r"(?:超过?|逾|高于|大于|突破|\b(?:over|above|more than|exceed(?:ed|s|ing)?|topped)\b)" + _SIGN, re.I),
        re.compile(r"\s?[^\W\d_]{0,3}(?:以上|多(?=[万亿元家个]))|\+", re.I),
    ),
    (
        "under",
        re.compile(r"(?:不足|不到|低于|小于|少于|\b(?:under|below|less than|fewer than)\b)" + _SIGN, re.I),
        re.compile(r"\s?[^\W\d_]{0,3}(?:以下|以内)", re.I),
    ),
)  # fmt: skip
_MEANT_REACH = 20
_JOINED = re.compile(r"\s*(?:[/、~～\-−–—]|至|到|和|与|及|\band\b|\bto\b|\bor\b)\s*", re.IGNORECASE)  # 2.1/3.4亿元
_TENTHS = re.compile(r"(?P<tens>[一二三四五六七八九两])成(?P<half>半)?(?![为本交立功果长分])")
_WORDED = re.compile(
    r"\b(?P<word>half a|one|a|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)"
    r"[\s-](?P<unit>(?:single )?percentage[ -]points?|percent|per cent|trillion|billion|million|thousand)",
    re.IGNORECASE,
)
_HAN_AMOUNT = re.compile(
    rf"(?<![一二三四五六七八九十百千万亿两零〇几数\d.点])(?P<han>[一二三四五六七八九十两]{{1,3}})(?P<unit>万亿|千万|百万|亿|万)(?={CURRENCY})",
    re.IGNORECASE,
)
_WORDS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_HAS_NUMBER = re.compile(r"[\d一二三四五六七八九十〇○零两]|(?:percent|per cent|point|illion|thousand)", re.IGNORECASE)
_HAN_DATE = re.compile(r"(?P<han>[〇○零一二三四五六七八九十]{1,4})(?=年|月|日)")
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Number:
    """One number: `value` as written (sign applied, no magnitude), `scale` its magnitude or None, `rate` %, pp, bp.

    `signless`: its sign stands in words or brackets (下降 5%, fell 5%, (1,577)), so either sign may be meant.
    `units`: the magnitudes that one without its own may have where it stands; none: they are not known.
    """

    text: str
    value: Decimal
    scale: Decimal | None
    rate: str | None
    signless: bool
    start: int
    end: int
    currency: str | None = None
    meant: Meant = "exact"
    bracketed: bool = False
    units: tuple[Decimal, ...] = ()

    @property
    def places(self) -> int:
        """Digits after the point, as written."""
        return max(0, -int(self.value.as_tuple().exponent))

    @property
    def figures(self) -> int:
        """Significant figures: digits but leading noughts, and but those that end a whole number."""
        digits = "".join(map(str, self.value.as_tuple().digits)).lstrip("0")
        return len(digits if self.places else digits.rstrip("0"))

    @property
    def leeway(self) -> Decimal:
        """By how much a value that is told as about this may differ: a fortieth; two points of tenths, which have no more digits (三成)."""
        return Decimal(2) if "成" in self.text else abs(self.value) / 40


def find_numbers(text: str) -> list[Number]:
    """Numbers in digits, in order. A sign counts only where no letter or digit stands before it (FY-24, 2023-24 have none), but for 为 and the like."""
    plain = _plain_text(text)
    return [_number(text, plain, match) for match in _NUMBER.finditer(plain)]


def all_numbers(text: str) -> list[Number]:
    """`find_numbers` and those in words, in order: two percent, 三成, 一一一年九月.

    One that is joined to another has its unit: 2.1/3.4亿元, 15-20%.
    """
    if not _HAS_NUMBER.search(text):
        return []
    plain = _plain_text(text)
    found = [_number(text, plain, match) for match in _NUMBER.finditer(plain)]
    for place in range(len(found) - 2, -1, -1):
        left, right = found[place : place + 2]
        bare = left.scale is None and left.rate is None and not is_year(left)
        if bare and _JOINED.fullmatch(plain[left.end : right.start]) and "=" not in plain[right.end : right.end + 2]:
            found[place] = replace(left, scale=right.scale, rate=right.rate, currency=left.currency or right.currency)
    for match in _TENTHS.finditer(plain):
        value = Decimal(_HAN_DIGITS[match["tens"]] * 10 + (5 if match["half"] else 0))
        found.append(replace(_worded(match, value, None, "%"), meant=_meant_tenths(plain, match)))
    for match in _HAN_AMOUNT.finditer(plain):
        amount = _worded(match, Decimal(_han_value(match["han"])), MAGNITUDES[match["unit"]], None)
        found.append(replace(amount, currency=currency_of(plain[match.end() : match.end() + 4])))
    for match in _WORDED.finditer(plain):
        value = Decimal("0.5") if match["word"].lower() == "half a" else Decimal(_WORDS[match["word"].lower()])
        unit = match["unit"].lower()
        found.append(_worded(match, value, MAGNITUDES.get(unit), _rate(unit)))
    for match in _HAN_DATE.finditer(plain):
        found.append(_worded(match, Decimal(_han_value(match["han"])), None, None))
    return sorted(found, key=lambda number: number.start)


def is_year(number: Number) -> bool:
    return (
        number.scale is None
        and number.rate is None
        and number.currency is None
        and 1950 < number.value < 2100
        and "," not in number.text
        and number.value % 1 == 0
    )


def currency_of(text: str) -> str | None:
    """The currency that a few words name first."""
    plain = _plain_text(text)
    return next((name for name, pattern in _CURRENCY_NAME if pattern.search(plain)), None)


def same_currency(one: str | None, other: str | None) -> bool:
    """Whether two currencies may be one; one that is not stated may be any."""
    if one is None or other is None or one == other:
        return True
    return other in _ALIKE.get(one, ()) or one in _ALIKE.get(other, ())


def _number(text: str, plain: str, match: re.Match[str]) -> Number:
    value = Decimal(match["digits"].replace(",", ""))
    before = plain[match.start() - 1] if match.start() else " "
    signed = match["minus"] is not None or (
        match["sign"] in ("-", "−") and not ((before.isalnum() and before not in _IS) or before in "%)）")
    )
    bracketed = bool((match["open"] or match["bracket"]) and match["close"]) and match["sign"] is None
    unit = (match["unit"] or "").lower()
    end = match.end("unit") if match["unit"] else match.end("close") if match["close"] else match.end("digits")
    named = match["before"] or match["after"]
    return Number(
        text[match.start("digits") : end].strip().rstrip(")"),
        -value if signed else value,
        MAGNITUDES.get(unit) if unit else None,
        _rate(unit),
        bracketed or bool(_FALL.search(plain[max(0, match.start() - _FALL_REACH) : match.start()])),
        match.start("digits"),
        end,
        None if named is None else currency_of(named),
        _meant(plain, match.start("digits"), end),
        bracketed,
    )


def _worded(match: re.Match[str], value: Decimal, scale: Decimal | None, rate: str | None) -> Number:
    return Number(match[0], value, scale, rate, True, match.start(), match.end(), None, "about" if rate else "exact")


def _meant_tenths(plain: str, match: re.Match[str]) -> Meant:
    """六成多 and 超六成 are over 60%; 六成 alone is about that."""
    if plain[match.end() : match.end() + 1] in ("多", "余"):
        return "over"
    meant = _meant(plain, match.start(), match.end())
    return "about" if meant == "exact" else meant


def _rate(unit: str) -> str | None:
    if not unit or unit in MAGNITUDES:
        return None
    if unit in _RATES:
        return _RATES[unit]
    return "bp" if "basis" in unit or "基点" in unit else "pp"


def _meant(plain: str, start: int, end: int) -> Meant:
    before, after = plain[max(0, start - _MEANT_REACH) : start], plain[end : end + 12]
    return next((meant for meant, ahead, behind in _MEANT if ahead.search(before) or behind.match(after)), "exact")


def _han_value(han: str) -> int:
    """`一一一` 111, `二十` 20, `三十一` 31."""
    if "十" in han:
        tens, _, ones = han.partition("十")
        return _HAN_DIGITS.get(tens, 1) * 10 + _HAN_DIGITS.get(ones, 0)
    return int("".join(str(_HAN_DIGITS[char]) for char in han))


def _plain_text(text: str) -> str:
    """Full-width digits, letters and signs to plain ones, Traditional to Simplified, position by position; a full-width comma parts numbers."""
    if text.isascii():
        return text
    return simplified("".join(_plain(char) if "\uff00" <= char <= "\uffef" else char for char in text))


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain != "," else char
