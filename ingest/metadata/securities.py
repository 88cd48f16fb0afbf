"""The cover of a filing or the first page of a release in; the stock code of its company's shares out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.metadata.evidence import LABEL, PLACE, TEXT, Found, confidence
from ingest.metadata.places import Spot, cells_of, on_a_line
from ingest.metadata.tickers import hong_kong
from rag.domain import Page

_SYMBOL = re.compile(r"[A-Z]{1,5}(?:[.\-/ ][A-Z]{1,2})?")
_ONE_SYMBOL = re.compile(r"[A-Z]{1,5}(?:[.\-/][A-Z]{1,2})?")
_HEAD = re.compile(r"(?:trading|ticker)\s*symbols?", re.IGNORECASE)
_SHARES = re.compile(r"\b(?:common|ordinary|class\s+[a-c]|capital|depositary|shares?|stock|units)\b", re.IGNORECASE)
_DEBT = re.compile(r"\b(?:notes?|bonds?|debentures?|preferred|warrants?|rights)\b|%", re.IGNORECASE)
_EXCHANGE = re.compile(r"new york stock exchange|\bnyse\b|nasdaq|stock market|stock exchange", re.IGNORECASE)
_NO_SYMBOLS = frozenset({"NYSE", "LLC", "USA", "INC", "YES", "NO", "OR", "THE", "NONE", "N/A", "ADS", "PAR"})
_IN_LINE = re.compile(
    r"(?:stock|shares?|units|depositary|per share|par value)[^\n]{0,60}?\s(?P<symbol>[A-Z]{1,5}(?:[./-][A-Z])?)\s+(?:The\s+)?"
    r"(?:New York Stock|NASDAQ|Nasdaq|NYSE)"
)
_IN_TEXT = re.compile(
    r"(?:trad(?:ed|es|ing)|listed|quoted|symbols?)[^.]{0,90}?\bsymbols?\s*[:,]?\s*[“\"'‘]?(?P<symbol>[A-Z]{1,5}(?:\.[A-Z])?)\b",
    re.DOTALL,
)
_LISTED = re.compile(
    r"\((?:[^()]{0,30}\b)?(?P<at>NYSE(?: American)?|NASDAQ(?: ?GS)?|Nasdaq|ASX|AMEX|LSE|TSX|HKEX|SEHK)\s*[:：]\s*(?P<symbol>[A-Z]{1,5}(?:\.[A-Z])?|\d{1,5})\b"
)


def cover_symbol(cover: Page, pages: Sequence[Page]) -> Found[str] | None:
    """The symbol in the securities table of the cover, else that which the text says the shares are traded under."""
    cells = [cell for page in pages if 0 <= page.number - cover.number <= 1 for cell in cells_of(page)]
    heads = [cell for cell in cells if _HEAD.search(cell.text) and len(cell.text) < 40]
    best: tuple[float, str, int] | None = None
    for cell in cells:
        text = _symbol_of(cell.text)
        if text is None:
            continue
        line = " ".join(c.text for c in cells if c.page == cell.page and on_a_line(c, cell))
        weights = _weights(cell, line, heads)
        if len(weights) > (2 if len(text) == 1 else 1) and (best is None or confidence(*weights) > best[0]):
            best = (confidence(*weights), text, cell.page)
    if best is not None:
        return Found(best[1], best[0], best[2])
    flat = re.sub(r"[^\S\n]+", " ", cover.text)
    if (match := _IN_LINE.search(flat)) and match["symbol"] not in _NO_SYMBOLS:
        return Found(match["symbol"], LABEL, cover.number)
    return listed_symbol(pages) or _text_symbol(pages)


def _symbol_of(text: str) -> str | None:
    """The symbol a cell holds; the first of a cell that the layout ran together from lines: MMM MMM."""
    text = " ".join(text.split())
    words = text.split()
    if len(words) > 1 and all(_ONE_SYMBOL.fullmatch(word) for word in words) and (len(words[-1]) > 2 or len(words) > 2):
        text = words[0]
    return text if _SYMBOL.fullmatch(text) and text not in _NO_SYMBOLS else None


def _weights(cell: Spot, line: str, heads: Sequence[Spot]) -> list[float]:
    """Under a head "Trading Symbol", on the line of shares and of an exchange; never on that of notes."""
    if _DEBT.search(line):
        return []
    weights = [LABEL] if any(abs(_middle(h) - _middle(cell)) < 60 and h.page == cell.page for h in heads) else []
    weights += [PLACE] if _SHARES.search(line) else []
    weights += [TEXT] if _EXCHANGE.search(line) else []
    return weights


def _middle(cell: Spot) -> float:
    return (cell.x0 + cell.x1) / 2


def listed_symbol(pages: Sequence[Page]) -> Found[str] | None:
    """The first (NYSE: ABC) of the pages."""
    for page in pages:
        if match := _LISTED.search(" ".join(page.text.split())):
            symbol = hong_kong(match["symbol"]) if match["symbol"].isdecimal() else match["symbol"]
            return Found(symbol, confidence(LABEL, TEXT), page.number)
    return None


def _text_symbol(pages: Sequence[Page]) -> Found[str] | None:
    for page in pages:
        match = _IN_TEXT.search(" ".join(page.text.split()))
        if match and match["symbol"] not in _NO_SYMBOLS:
            return Found(match["symbol"], LABEL, page.number)
    return None
