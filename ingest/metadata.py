"""A parsed report and its file name in; title, publisher, date and language out.

Three kinds of reports are told apart: filings (a form of the US regulator, a periodic report of a Chinese company),
company news releases, and research reports. Each fact is the best-scored piece of evidence: size and place for the
title, place and frequency for the publisher, labels and place for the date. A date that isn't evident stays None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from rag.domain import Metadata, ParsedReport
from rag.publishers import Publishers
from rag.text import language_of

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"((?:19|20)\d\d)"
_DATES = tuple(
    (re.compile(pattern, re.IGNORECASE), order)
    for pattern, order in (
        (rf"(?<!\d){_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日", "ymd"),
        (r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日", "ymd"),
        (rf"(?<![\d.,-]){_YEAR}\s?[-－]\s?(\d{{1,2}})\s?[-－]\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"(?<![\d.,]){_YEAR}\s?/\s?(\d{{1,2}})\s?/\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"(?<![\d.,]){_YEAR}\s?\.\s?(\d{{1,2}})\s?\.\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+{_YEAR}\b", "dmy"),
        (rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b", "mdy"),
    )
)
_FILE_DATE = re.compile(r"(?<!\d)(?:((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)|(\d\d)(\d\d)(\d\d))(?=\d{1,3}页|\D|$)")
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A whole date in a text, at `text[start:end]`."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line or table cell of a page, with the size of its block; `top` and `left` are shares of the page."""

    text: str
    page: int
    block: int
    top: float
    left: float
    right: float
    y0: float
    y1: float
    size: float
    upright: bool


def extract_metadata(
    parsed: ParsedReport, file_name: str, publishers: Publishers, today: date | None = None
) -> Metadata:
    """What is known of the report. `today` limits dates: none may lie beyond tomorrow."""
    latest = (today or date.today()) + timedelta(days=1)
    text = "\n".join(page.text for page in parsed.pages)
    language = language_of(text if text.strip() else PurePath(file_name).stem)
    return Metadata("", None, None, language)
