"""Tickers in a text (001215 CH, 0700.HK, SH600519, AAPL US): their exchange codes name nobody."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.numbers import Number

_EXCHANGES = (
    "CH|HK|US|SH|SS|SZ|BJ|TT|TW|TWO|JP|JT|KS|KQ|LN|GR|GY|FP|SP|SI|AU|AX|IN|IT|UN|UW|UQ|CN|OQ|DE|PA|SW|NA|IM|MC|BB"
)
_BEHIND = re.compile(rf"(?<![A-Za-z0-9.])(?P<ticker>\d{{4,6}}|[A-Z]{{1,5}})(?:\.|[ -])(?:{_EXCHANGES})(?![A-Za-z0-9])")
_BEFORE = re.compile(r"(?<![A-Za-z0-9])(?:HK|SH|SZ|BJ)[.: ]?(?P<ticker>\d{4,6})(?![A-Za-z0-9])", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<![\d.,-])(?:\d{6}|0\d{3,4})(?![\d.,-]\d|\d)")


def without_exchanges(text: str) -> str:
    """The text with its tickers alone: `千味央厨（001215 CH）` has 001215."""
    for pattern in (_BEHIND, _BEFORE):
        text = pattern.sub(lambda found: found["ticker"], text)
    return text


def numeric_tickers(text: str) -> frozenset[str]:
    """The tickers in digits of a text that names a report: six of them, with a nought before, or with their exchange."""
    coded = {found["ticker"] for pattern in (_BEHIND, _BEFORE) for found in pattern.finditer(text)}
    return frozenset(_NUMERIC.findall(text)) | {ticker for ticker in coded if ticker.isdigit()}


def is_ticker(number: Number, tickers: Collection[str]) -> bool:
    """Whether a number of a sentence is one of some tickers, and has no unit."""
    return number.text.strip("()（） ") in tickers and (number.scale, number.rate, number.currency) == (
        None,
        None,
        None,
    )
