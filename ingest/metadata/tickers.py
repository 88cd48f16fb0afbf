"""A text in; the stock codes in it out, in one way of writing: 600519.SH, 0700.HK, AAPL."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKETS = {"SS": "SH", "SHA": "SH", "SHE": "SZ", "OQ": "", "O": "", "N": "", "US": "", "UW": "", "UN": "", "K": ""}
_REUTERS = "L|DE|PA|T|KS|KQ|TW|TWO|AX|SI|NS|BO|S|SW|AS|MI|MC|TO|KL|BK|JK|SA"  # behind a dot
_BLOOMBERG = "LN|GR|GY|FP|JP|KS|KQ|TT|AU|SP|IN|SW|NA|IM|SM|CN|MK|TB|IJ|BZ"  # behind a blank
_WORDS = frozenset(
    {"ABOUT", "AND", "ARE", "EX", "FOR", "FROM", "IN", "JOIN", "KEY", "NEW", "NON", "NOT", "OF", "OUR", "RISK"}
)
_LETTERS = r"[A-Z][A-Z0-9]{0,4}(?:[./][AB])?"
_CODE = re.compile(
    r"(?<![\w.])(?:"
    r"(?P<china>(?:[A-Z]\d{5}|\d{6}))(?:\s?[. ]\s?(?P<china_at>SH|SZ|SS|BJ|NQ|CH|SHA|SHE))?(?![\w%])"
    r"|(?P<hong_kong>\d{1,5})\s?[. ]\s?HK\b"
    rf"|(?P<exchange>NYSE(?: American| Arca)?|NASDAQ|Nasdaq|AMEX|LSE|LON|ASX|TSX|HKEX|SEHK|XETRA|TYO|TSE)\s?[:：]\s?(?P<listed>{_LETTERS}|\d{{1,5}})\b"
    rf"|(?P<us>{_LETTERS})(?:\.(?:OQ|O|N|K|US)|\s(?:US|UW|UN)(?:\sEquity)?)\b"
    rf"|(?P<abroad>(?:(?!U\.[SK]\b){_LETTERS}|\d{{4,6}}))(?:\.(?P<dotted>{_REUTERS})|\s(?P<spaced>{_BLOOMBERG})(?:\sEquity)?)\b"
    r")"
)


@dataclass(frozen=True, slots=True)
class Code:
    """A stock code in a text, at `text[start:end]`. `sure` where its market is written beside it."""

    ticker: str
    start: int
    end: int
    sure: bool


def find_codes(text: str) -> tuple[Code, ...]:
    """Every stock code written in a text, in order. Six digits alone count where a Chinese market numbers so."""
    found = []
    for match in _CODE.finditer(text):
        ticker = _ticker(match)
        if ticker is not None and not _is_wording(text, match):
            sure = match["china"] is None or match["china_at"] is not None
            found.append(Code(ticker, match.start(), match.end(), sure))
    return tuple(found)


def _ticker(match: re.Match[str]) -> str | None:
    if match["china"]:
        return _chinese(match["china"], match["china_at"])
    if match["hong_kong"]:
        return hong_kong(match["hong_kong"])
    if match["listed"]:
        listed = match["listed"]
        return hong_kong(listed) if listed.isdecimal() else listed
    if match["us"]:
        return match["us"]
    return f"{match['abroad']}.{match['dotted']}" if match["dotted"] else f"{match['abroad']} {match['spaced']}"


def _is_wording(text: str, match: re.Match[str]) -> bool:
    """Whether two words in capitals only look like a code of Bloomberg's, as ABOUT US: those stand in brackets or alone."""
    if " " not in match[0] or not (match["us"] or match["spaced"]) or match[0].endswith("Equity"):
        return False
    alone = not text[: match.start()].strip() and not text[match.end() :].strip()
    marked = bool(re.search(r"[(（\[/,:：]\s*$", text[: match.start()]))
    return match[0].split()[0] in _WORDS or not (alone or marked)


def _chinese(digits: str, market: str | None) -> str | None:
    if market == "NQ":
        return f"{digits}.NQ"
    known = chinese_market(digits) if digits.isdecimal() else None
    market = known if market in (None, "CH") else _MARKETS.get(market or "", market)
    return f"{digits}.{market}" if market else None


def chinese_market(digits: str) -> str | None:
    """The exchange that numbers shares so: 60…, 68…, 900… Shanghai; 00…, 30…, 200… Shenzhen; 43…, 83…, 87…, 92… Beijing."""
    if re.match(r"60[0135]|68[89]|900", digits):
        return "SH"
    if re.match(r"00[0-3]|30[012]|200", digits):
        return "SZ"
    return "BJ" if re.match(r"43|8[37]|92[0-9]|889", digits) else None


def hong_kong(digits: str) -> str:
    """700, 0700 and 00700 as 0700.HK."""
    return f"{int(digits):04d}.HK"
