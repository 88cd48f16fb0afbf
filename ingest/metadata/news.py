"""A parsed report in; issuer and date of a company's news release out."""

from __future__ import annotations

import re
from datetime import date

from ingest.metadata.dates import find_dates
from ingest.metadata.wording import PRICED
from rag.domain import ParsedReport

_NEWS = re.compile(
    r"(?P<name>[A-Z0-9][\w.'’-]*(?: (?:&|and|of|[A-Z0-9][\w.'’&-]*)){0,6}(?:, (?:Inc|Ltd|LLC)\.?)?) ?"
    r"\((?:[^()]{0,30}\b)?(?i:NYSE|NASDAQ|ASX|AMEX|LSE|TSX|HKEX|SEHK)\b[^)]{0,40}\)"
    r"[^.]{0,60}?\b(?i:today|announce[sd]|report(?:s|ed))\b"
)
_NEWS_TITLE = re.compile(
    r"^(?P<name>[A-Z][\w&.,'’ -]{1,50}?) (?i:reports?|announces?|delivers|posts)\b.*\b(?i:results|earnings|quarter|fiscal)\b"
)


def news_issuer(parsed: ParsedReport, title: str) -> str | None:
    """The company whose news the first page or the title tells, or None."""
    text = " ".join(parsed.pages[0].text.split()) if parsed.pages else ""
    named = _NEWS.search(text)
    if named:
        return named["name"]
    titled = _NEWS_TITLE.match(title)
    return titled["name"].strip() if titled else None


def news_date(parsed: ParsedReport, latest: date) -> date | None:
    """The first date of the first page that doesn't end a period: the top line, or the dateline."""
    text = parsed.pages[0].text if parsed.pages else ""
    for found in find_dates(text, latest):
        if not PRICED.search(text[max(0, found.start - 40) : found.start]):
            return found.day
    return None
