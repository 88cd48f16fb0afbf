"""Text to the numbers a reader sees in it, with magnitude and percent, and whether two texts agree on one.

Agreement: same value and sign, and the same percent mark; a magnitude (万, 亿, million, bn ...) must scale to the same
value where both sides state one, and is a wildcard where one side states none (a table's unit stands in its title).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_MAGNITUDES: dict[str, Decimal] = {
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "万亿": Decimal(10) ** 12,
    "兆": Decimal(10) ** 12,
    "thousand": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "tn": Decimal(10) ** 12,
}
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-+−–])?(?P<currency>[$¥€£]\s?)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<close>\))?\s?(?P<unit>个百分点|百分点|%|pct|percent|bps|bp|万亿|百万|千万|万|亿|兆|千|trillion|billion|million|thousand|bn|mn|tn)?",
    re.IGNORECASE,
)
_PERCENT = {"%": "%", "pct": "%", "percent": "%", "个百分点": "pp", "百分点": "pp", "bps": "bp", "bp": "bp"}
_FALL = re.compile(
    r"降|减|跌|下滑|下调|亏|负|回落|收窄|declin|decreas|fell|fall|down|drop|loss|lower|negative|reduc|cut|narrow",
    re.IGNORECASE,
)
_IS = "为是达至到约"  # han after which a minus is a sign; after others it may part the ends of a range
_ABOUT = re.compile(
    r"(?:约|大约|接近|将近|近|左右|\b(?:about|around|some|nearly|roughly|approximately|almost)\b|~)[\s$¥€£]*$",
    re.IGNORECASE,
)
_ABOUT_REACH = 16
_FALL_REACH = 16  # characters before a number in which a word may give its sign


@dataclass(frozen=True, slots=True)
class Number:
    """One number: `value` as written (sign applied, no magnitude), `scale` its magnitude or None, `rate` %, pp, bp.

    `signless`: its sign stands in words or brackets (下降 5%, fell 5%, (1,577)), so either sign may be meant.
    """

    text: str
    value: Decimal
    scale: Decimal | None
    rate: str | None
    signless: bool
    start: int
    end: int


def find_numbers(text: str) -> list[Number]:
    """Numbers in order. A sign counts only where no letter or digit stands before it (FY-24, 2023-24 have none), but for 为 and the like."""
    plain = _same_length_fold(text)
    found: list[Number] = []
    for match in _NUMBER.finditer(plain):
        try:
            value = Decimal(match["digits"].replace(",", ""))
        except InvalidOperation:  # pragma: no cover  # the pattern allows only digits
            continue
        before = plain[match.start() - 1] if match.start() else " "
        signed = match["sign"] in ("-", "−") and not ((before.isalnum() and before not in _IS) or before in "%)）")
        bracketed = bool(match["open"] and match["close"]) and match["sign"] is None
        unit = (match["unit"] or "").lower()
        found.append(
            Number(
                text[match.start("digits") : match.end()].strip().rstrip(")"),
                -value if signed else value,
                _MAGNITUDES.get(unit),
                _PERCENT.get(unit),
                bracketed or bool(_FALL.search(plain[max(0, match.start() - _FALL_REACH) : match.start()])),
                match.start("digits"),
                match.end(),
            )
        )
    return found


def _same_length_fold(text: str) -> str:
    """Full-width digits, letters and signs to plain ones, position by position; a full-width comma parts numbers."""
    return "".join(_plain(char) if "\uff00" <= char <= "\uffef" else char for char in text)


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain != "," else char


def agree(claim: Number, evidence: Number) -> bool:
    """Whether the evidence states the claim's number."""
    if claim.rate is not None and evidence.rate is not None and claim.rate != evidence.rate:
        return False
    if claim.value != evidence.value and not (claim.signless or evidence.signless) and claim.value * evidence.value < 0:
        return False
    one, other = abs(claim.value), abs(evidence.value)
    if one * (claim.scale or 1) == other * (evidence.scale or 1):
        return True
    return one == other and (claim.scale is None or evidence.scale is None)


def missing_numbers(claim: str, evidence: Sequence[Number]) -> list[Number]:
    """The claim's numbers that the evidence does not state, as they are or, where the claim says about, rounded."""
    return [
        number
        for number in find_numbers(claim)
        if not any(agree(number, other) for other in evidence)
        and not (_is_about(claim, number) and any(_rounds_to(other, number) for other in evidence))
    ]


def _is_about(claim: str, number: Number) -> bool:
    return _ABOUT.search(claim[max(0, number.start - _ABOUT_REACH) : number.start]) is not None


def _rounds_to(exact: Number, rounded: Number) -> bool:
    """Whether a number is another one to fewer digits (4038亿 is 0.4万亿); both state their magnitude, or neither."""
    if exact.rate != rounded.rate or (exact.scale is None) != (rounded.scale is None):
        return False
    unit = rounded.scale or Decimal(1)
    places = max(0, -int(rounded.value.as_tuple().exponent))
    return abs(abs(exact.value) * (exact.scale or 1) / unit - abs(rounded.value)) <= Decimal(5).scaleb(-places - 1)
